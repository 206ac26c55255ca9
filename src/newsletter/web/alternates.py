"""The same page in other languages, for browsers and search engines (RFC 8288, `hreflang`)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

DEFAULT = "x-default"
"""What a reader of any other language is shown."""


@dataclass(frozen=True, slots=True)
class Alternates:
    """A public page's own address and those of it in each language, all absolute.

    `tongues` maps a tag, `x-default` among them, to the address.
    """

    canonical: str
    tongues: dict[str, str]

    @property
    def header(self) -> str:
        """The same as a Link header."""
        others = (
            f'<{address}>; rel="alternate"; hreflang="{tag}"'
            for tag, address in self.tongues.items()
        )
        return ", ".join((f'<{self.canonical}>; rel="canonical"', *others))


def alternates(
    base_url: str, path: Callable[[str], str], language: str, languages: Iterable[str]
) -> Alternates:
    """Those of a page in `language` that there is in `languages`, the first of which readers of any
    other are shown; `path` gives its path in each."""
    tongues = {tag: base_url + path(tag) for tag in languages}
    default = next(iter(tongues.values()))
    return Alternates(base_url + path(language), tongues | {DEFAULT: default})
