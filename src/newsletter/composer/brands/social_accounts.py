"""The sender's accounts elsewhere, as `brand.toml` lists them."""

from __future__ import annotations

from collections.abc import Mapping

from newsletter.composer.sources.faults import Faults
from newsletter.composer.sources.toml_source import read_words_table
from newsletter.domain.brand import SocialAccount

_CURE = 'write [social] and below it Mastodon = "https://…", or an address for each language'


def read_social_accounts(table: object, faults: Faults) -> tuple[SocialAccount, ...]:
    """The accounts, in order: a name, and one https address or one for each language."""
    if table is None:
        return ()
    if not isinstance(table, dict):
        faults.add(None, "social: this is not a table", _CURE)
        return ()
    return tuple(
        SocialAccount(str(name), _urls(name, value, faults)) for name, value in table.items()
    )


def _urls(name: str, value: object, faults: Faults) -> Mapping[str, str]:
    path = f"social.{name}"
    urls = {"": value} if isinstance(value, str) else read_words_table(value, path, faults)
    for url in urls.values():
        if not url.startswith("https://") or any(sign in url for sign in " <>\"'"):
            faults.add(None, f'{path}: "{url}" is not an https address', _CURE)
    return urls
