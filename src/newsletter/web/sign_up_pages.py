"""The page where people sign up, and the one where readers have their link sent to them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from newsletter.domain.admission import Verdict
from newsletter.domain.people import Topic
from newsletter.domain.sign_ups import SignUp
from newsletter.web.address_form import AddressForm
from newsletter.web.asked import language_asked
from newsletter.web.consent import Consent
from newsletter.web.desks.signing_up import SigningUpDesk
from newsletter.web.forms import Form
from newsletter.web.own_addresses import own_address
from newsletter.web.page_writer import PageWriter
from newsletter.web.site_pages import SitePages


@dataclass(frozen=True, slots=True)
class _Choices:
    """What there is to choose from, and the slugs and the language that are chosen."""

    topics: Sequence[Topic]
    chosen: Sequence[str]
    language: str


class SignUpPages:
    """Shows the forms, and has the desk write down what they are sent with."""

    def __init__(self, desk: SigningUpDesk, site: SitePages, writer: PageWriter) -> None:
        self._desk = desk
        self._site = site
        self._consent = Consent(site)
        self._sign_up = AddressForm("subscribe", desk.nonce, site, writer)
        self._my_link = AddressForm("my-link", desk.nonce, site, writer)

    def routes(self) -> list[Route]:
        """The addresses."""
        return [*self._sign_up.routes(self.subscribe), *self._my_link.routes(self.my_link)]

    def subscribe(self, request: Request, form: Form) -> Response:
        """The form to sign up with, and what comes of it."""
        language = language_asked(request, self._site)
        topics = self._desk.topics()
        if request.method != "POST":
            wanted = request.query_params.getlist("topic")
            return self._shown(language, form, _Choices(topics, _of(topics, wanted), language))
        choices = self._choices(form, topics, language)
        faults = self._sign_up.faults(form)
        if not choices.chosen:
            faults["topic"] = "topic_missing"
        if faults:
            return self._shown(language, form, choices, faults=faults)
        wanted_by_them = self._wanted(form, choices, language)
        admission = self._desk.sign_up(wanted_by_them, self._sign_up.sent(request, form))
        over = self._sign_up.answer(admission, language)
        return over or self._shown(language, form, choices, verdict=admission.verdict)

    def my_link(self, request: Request, form: Form) -> Response:
        """The form that asks for one's link, and what comes of it."""
        language = language_asked(request, self._site)
        page = self._my_link
        faults = page.faults(form) if request.method == "POST" else {}
        if faults or request.method != "POST":
            return page.shown(language, form, faults=faults)
        admission = self._desk.my_link(page.typed(form), language, page.sent(request, form))
        over = page.answer(admission, language)
        return over or page.shown(language, form, verdict=admission.verdict)

    def _choices(self, form: Form, topics: Sequence[Topic], language: str) -> _Choices:
        # Where there is only one, nobody has been asked which.
        chosen = _of(topics, form.get("topic", ())) if len(topics) > 1 else _of(topics)
        wanted = form.get("language", ("",))[-1]
        return _Choices(topics, chosen, wanted if wanted in self._site.languages else language)

    def _wanted(self, form: Form, choices: _Choices, language: str) -> SignUp:
        return SignUp(
            address=self._sign_up.typed(form),
            topics=choices.chosen,
            language=choices.language,
            page_language=language,
            consent=self._consent.text(language, choices.topics),
        )

    def _shown(
        self,
        language: str,
        form: Form,
        choices: _Choices,
        *,
        faults: dict[str, str] | None = None,
        verdict: Verdict | None = None,
    ) -> Response:
        return self._sign_up.shown(
            language,
            form,
            faults=faults,
            query={"topic": choices.chosen} if choices.chosen else None,
            verdict=verdict,
            topics=choices.topics,
            chosen=choices.chosen,
            chosen_language=choices.language,
            consent=self._consent.words(language, choices.topics),
            privacy=own_address(language, "privacy"),
        )


def _of(topics: Sequence[Topic], wanted: Collection[str] | None = None) -> list[str]:
    """The slugs of these topics that are wanted, or of all: any other is not there (T15)."""
    return [one.slug for one in topics if wanted is None or one.slug in wanted]
