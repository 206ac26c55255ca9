"""What people agree to who sign up, in plain words: as it stands on the page, and as it is kept."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from newsletter.domain.people import Topic
from newsletter.web.site_pages import SitePages
from newsletter.web.wording import Wording


class Consent:
    """The words of the house of `site`."""

    def __init__(self, site: SitePages) -> None:
        self._site = site
        self._wordings = {one: Wording(one, site.timezone) for one in site.languages}

    def words(self, language: str, topics: Sequence[Topic]) -> Markup:
        """What stands on a page in `language` that offers `topics`."""
        wording = self._wordings[language]
        house = self._site.name_in(language)
        if len(topics) == 1:
            topic = wording.name(topics[0].names)
            return wording.say("consent_one", organisation=house, topic=topic)
        return wording.say("consent_several", organisation=house)

    def text(self, language: str, topics: Sequence[Topic]) -> str:
        """The same without its markup, for the record (L1)."""
        return self.words(language, topics).striptags()
