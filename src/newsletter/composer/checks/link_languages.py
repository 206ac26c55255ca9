"""Whether links lead to pages in the language of their words: link-language."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from urllib.parse import parse_qs, urlsplit

from newsletter.composer.checks.author_links import AuthorLink
from newsletter.composer.checks.examined import Writing
from newsletter.composer.checks.link_addresses import host_of
from newsletter.composer.checks.phrases import any_of
from newsletter.composer.findings.findings import FindingList
from newsletter.i18n.language_facts import english_name
from newsletter.i18n.word_lists import word_lists

_DEPTH = 2
"""How far down the path an address names its language."""

_KEYS = ("lang", "language", "locale", "hl", "l")


def check_link_languages(
    links: Iterable[AuthorLink], writing: Writing, findings: FindingList
) -> None:
    """Note each link whose address names another of the edition's languages, and not its own.

    A link whose words say so themselves (“in Welsh”) may lead there.
    """
    others = [one for one in writing.languages if one != writing.language]
    says_so = any_of(word_lists(writing.language)["other_languages"])
    for link in links if others else ():
        other = _other_language(link.address, writing.language, others)
        if other and not says_so.search((link.label or "").lower()):
            findings.add(
                "link-language",
                "other",
                link.place,
                url=link.address,
                other_language=english_name(other),
            )


def _other_language(address: str, own: str, others: Sequence[str]) -> str | None:
    """Which of `others` the address names, None when it names its own as well, or none."""
    parts = _parts_that_tell(address)
    if not parts or _names(parts, address, own):
        return None
    return next((other for other in others if _names(parts, address, other)), None)


def _parts_that_tell(address: str) -> frozenset[str]:
    """The parts of a web address that may name its language: host, path, ending, query."""
    host = host_of(address)
    if not host or not address.startswith("http"):
        return frozenset()
    split = urlsplit(address.lower())
    path = [part for part in split.path.split("/") if part]
    query = parse_qs(split.query)
    ending = path[-1].rpartition(".")[2] if path else ""
    said = [value for key in _KEYS for value in query.get(key, ())]
    return frozenset((host.partition(".")[0], *path[:_DEPTH], ending, *said))


def _names(parts: frozenset[str], address: str, language: str) -> bool:
    lists = word_lists(language)
    written = {language.lower(), language.partition("-")[0].lower(), *lists["in_addresses"]}
    site = host_of(address).removeprefix("www.")
    return not parts.isdisjoint(written) or site in lists["own_sites"]
