"""Addresses in a language's own words: /cy/tanysgrifio is /cy/subscribe.

The second word of a path may be said in the language that the first one names. It is the same page,
for a POST as well, and nothing is redirected (T6).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache

from starlette.types import ASGIApp, Receive, Scope, Send

from newsletter.i18n import languages, strings


def own_address(language: str, word: str) -> str:
    """The address in `language` of the page that `word` names: `subscribe`; "" is its home."""
    return f"/{language}/{_own_words(language).get(word, word)}"


def spellings(word: str) -> frozenset[str]:
    """Every word by which an address may name the page of `word`, in whatever language."""
    return frozenset(_own_words(one).get(word, word) for one in ("", *languages()))


class OwnAddresses:
    """Hands each request on to `app` under the plain address; `spoken` are the site's languages."""

    def __init__(self, app: ASGIApp, spoken: Sequence[str]) -> None:
        self._app = app
        self._plain_words = {
            one: {own: plain for plain, own in _own_words(one).items()} for one in spoken
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hands a request on, its path in plain words."""
        if scope["type"] == "http":
            scope = {**scope, "path": self._plain(scope["path"])}
        await self._app(scope, receive, send)

    def _plain(self, path: str) -> str:
        root, _, rest = path.partition("/")
        language, _, rest = rest.partition("/")
        word, slash, rest = rest.partition("/")
        plain = self._plain_words.get(language, {}).get(word)
        return path if root or plain is None else f"/{language}/{plain}{slash}{rest}"


@cache
def _own_words(language: str) -> Mapping[str, str]:
    table = strings("addresses", language)
    return {plain: table[plain] for plain in sorted(table.keys())}
