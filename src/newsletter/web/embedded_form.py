"""A sign-up form for pages of others: plain HTML, with nothing in it but the form."""

from __future__ import annotations

from collections.abc import Sequence

from newsletter.domain.people import Topic
from newsletter.i18n.language_facts import own_name
from newsletter.web.consent import Consent
from newsletter.web.own_addresses import own_address
from newsletter.web.page_writer import templates
from newsletter.web.site_pages import SitePages
from newsletter.web.wording import Wording


def embedded_form(site: SitePages, topics: Sequence[Topic], language: str) -> str:
    """The form in `language` that offers `topics`, and sends what is filled in to the sign-up page.

    It carries no nonce, since the page that it stands on may be as old as it likes: our own page
    shows what was filled in, and asks for its button to be pressed (T14).
    """
    wording, consent = Wording(language, site.timezone), Consent(site)
    return (
        templates()
        .get_template("embedded_form.html.j2")
        .render(
            wording=wording,
            say=wording.say,
            form_address=site.base_url + own_address(language, "subscribe"),
            topics=topics,
            own_names={one: own_name(one) for one in site.languages},
            language=language,
            consent=consent.words(language, topics),
            privacy=site.base_url + own_address(language, "privacy"),
        )
    )
