"""What single cells of a list may say of a person, each refused with its reason when it is none."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from ipaddress import ip_address

from newsletter.domain.control_characters import character_name
from newsletter.domain.errors import BadInput
from newsletter.domain.people import LONGEST_NAME, Basis, MailFormat
from newsletter.i18n.language_facts import english_name, locale_of, own_name
from newsletter.mail.header_rules import check_header_text

LONGEST_SOURCE = 300
LONGEST_WORDING = 10_000

_FORMATS = {
    "html": MailFormat.HTML,
    "text": MailFormat.TEXT,
    "plain": MailFormat.TEXT,
    "plain text": MailFormat.TEXT,
}
_UNFIT_IN_WORDING = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")


def read_name(text: str) -> str:
    """A name on one line; raises BadInput for control characters (M12) and for too long a one."""
    return _line("name", text, LONGEST_NAME)


def read_source(text: str) -> str:
    """Where a person came from, on one line; raises BadInput."""
    return _line("source", text, LONGEST_SOURCE)


def read_wording(text: str) -> str:
    """The words that a person agreed to, exactly, in one line or more (L1); raises BadInput."""
    found = _UNFIT_IN_WORDING.search(text)
    if found is not None:
        raise BadInput(f"the wording has {character_name(found[0])} in it")
    if len(text) > LONGEST_WORDING:
        raise BadInput(f"the wording is longer than {LONGEST_WORDING:,} characters")
    return text


def read_basis(text: str) -> Basis:
    """A lawful basis by its name (L2); raises BadInput, naming all."""
    try:
        return Basis(text.lower())
    except ValueError:
        raise BadInput(f'the basis "{text}" is none of: {", ".join(Basis)}') from None


def read_format(text: str) -> MailFormat:
    """A format of mail by its name; raises BadInput."""
    try:
        return _FORMATS[text.lower()]
    except KeyError:
        raise BadInput(f'the format "{text}" is neither html nor text') from None


@lru_cache(maxsize=4096)
def ip_or_none(text: str) -> str | None:
    """An IP address in its usual form, None for what is none."""
    try:
        return str(ip_address(text))
    except ValueError:
        return None


def language_words(languages: Sequence[str], also: Mapping[str, str]) -> dict[str, str]:
    """The words that a list may use for the site's languages, in lower case, each with its tag.

    They are the tag, and the language's name in itself, in English and in the site's languages
    ("Saesneg"), and the words of a mapping.
    """
    words = {
        word.casefold(): tag
        for tag in reversed(languages)
        for word in (*_names(tag, languages), english_name(tag), own_name(tag), tag)
    }
    return words | {word.casefold(): tag for word, tag in also.items()}


def _names(tag: str, languages: Sequence[str]) -> list[str]:
    locale, others = locale_of(tag), [other for other in map(locale_of, languages) if other]
    names = [locale.get_display_name(other) for other in others] if locale else []
    return [name for name in names if name]


def _line(what: str, text: str, longest: int) -> str:
    if len(text) > longest:
        raise BadInput(f"the {what} is longer than {longest} characters", cure="Shorten it.")
    if not text.isprintable():  # which is fast and true of nearly every one
        check_header_text(f"the {what}", text)
    return text
