"""Somebody to add to the list, and what may be said of them, wherever they are added from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from newsletter.domain.attributes import AttributeValue
from newsletter.domain.errors import BadInput
from newsletter.domain.people import LONGEST_NAME, MailFormat
from newsletter.mail.addresses import EmailAddress
from newsletter.mail.header_rules import check_header_text


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody to add. An empty name and an empty language say nothing: what is known stays.

    Raises BadInput for a name that is too long, or that no header can hold.
    """

    address: EmailAddress
    name: str = ""
    language: str = ""
    format: MailFormat | None = None
    attributes: Mapping[str, AttributeValue] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if len(self.name) > LONGEST_NAME:
            raise BadInput(f"the name is longer than {LONGEST_NAME} characters", cure="Shorten it.")
        check_header_text("the name", self.name)  # it is printed into messages (M12)


def site_language(text: str, languages: Sequence[str]) -> str:
    """The one of the site's `languages` that the text means, in capitals or not.

    Raises BadInput when it is none of them.
    """
    for tag in languages:
        if tag.lower() == text.lower():
            return tag
    raise BadInput(
        f'the language "{text}" is none of the site\'s: {", ".join(languages)}',
        cure="Use one of those, or add the language to site.languages.",
    )
