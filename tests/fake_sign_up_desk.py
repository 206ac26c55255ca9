"""A stand-in for the desk where people sign up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from newsletter.domain.admission import Admission, SentForm, Verdict
from newsletter.domain.errors import NewsletterError
from newsletter.domain.people import Topic
from newsletter.domain.sign_ups import SignUp

BULLETIN = Topic(
    1, 11, "monthly-bulletin", {"en": "Monthly bulletin", "cy": "Bwletin misol"}, False
)
EVENTS = Topic(2, 12, "events", {"en": "Events", "cy": "Digwyddiadau"}, False)


@dataclass
class FakeSigningUp:
    """Says `admission` of every form; `failure` is raised in its stead, when given. `asked` are the
    sign-ups, `links` the addresses and languages of those who want their link, `sent` what came
    with either."""

    public_topics: Sequence[Topic] = (BULLETIN, EVENTS)
    admission: Admission = field(default_factory=lambda: Admission(Verdict.TAKEN))
    failure: NewsletterError | None = None
    asked: list[SignUp] = field(default_factory=list)
    links: list[tuple[str, str]] = field(default_factory=list)
    sent: list[SentForm] = field(default_factory=list)

    def topics(self) -> Sequence[Topic]:
        """The topics that anybody may see."""
        return self.public_topics

    def nonce(self, sent: str = "") -> str:
        """The one that was sent, or the only new one."""
        return sent or "a-new-nonce"

    def sign_up(self, wanted: SignUp, sent: SentForm) -> Admission:
        """Takes note."""
        self.asked.append(wanted)
        return self._admitted(sent)

    def my_link(self, address: str, language: str, sent: SentForm) -> Admission:
        """Takes note."""
        self.links.append((address, language))
        return self._admitted(sent)

    def _admitted(self, sent: SentForm) -> Admission:
        if self.failure is not None:
            raise self.failure
        self.sent.append(sent)
        return self.admission
