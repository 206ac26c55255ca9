"""Copies of a mail that look the same on every machine: by day, by night, without its pictures.

What a reader's mail program decides is decided in the copy, so that whoever looks at it sees what
the copy is of, whatever their own machine is set to. Pictures are in the copy itself: it shows
before anything is published, and asks nobody for anything. (A browser does not let a page in a
sandbox load a picture from the disk.)
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from newsletter.domain.compiled import CompiledMedia

_NIGHT_QUERY = re.compile(r"\(\s*prefers-color-scheme\s*:\s*dark\s*\)")
_DAY_QUERY = re.compile(r"\(\s*prefers-color-scheme\s*:\s*light\s*\)")
_BOTH_SCHEMES = re.compile(
    r"(color-schemes?\s*:\s*|name=\"(?:supported-)?color-schemes?\"\s+content=\")light dark"
)
_PICTURE = re.compile(r"(<img\b[^>]*?\bsrc=\")([^\"]*)")
_LEADING_AWAY = re.compile(r"<a\b(?=[^>]*\bhref=\"[^#\"])")
_ALWAYS, _NEVER = "(min-width:0px)", "(max-width:0px)"
_INVERSION = (
    "<style>html{background:#fff;filter:invert(1) hue-rotate(180deg)}"
    "img{filter:invert(1) hue-rotate(180deg)}</style>"
)
_NO_PICTURE = "data:,"
# X4, beside the frame's sandbox: nothing runs, and nothing is loaded.
_POLICY = (
    '<meta http-equiv="Content-Security-Policy" content="default-src \'none\';'
    " img-src data:; style-src 'unsafe-inline'\">"
)


@dataclass(frozen=True, slots=True)
class Look:
    """One way in which mail programs show a mail: its name in the name of a file, and what makes a
    copy of a mail look so."""

    name: str
    of: Callable[[str], str]


def self_contained(html: str, media_url: str, media: Iterable[CompiledMedia], beside: str) -> str:
    """The mail with its pictures in it, and links that open beside it, not in its frame.

    `media_url` is where the files of `media` are published; those that are no pictures are linked
    to in `beside`, a relative address.
    """
    pictures = {
        f"{media_url}/{one.name}": f"data:{one.media_type};base64,{b64encode(one.content).decode()}"
        for one in media
    }
    shown = _PICTURE.sub(lambda found: found[1] + pictures.get(found[2], found[2]), html)
    near = shown.replace(f"{media_url}/", f"{beside}/").replace("<head>", f"<head>{_POLICY}", 1)
    return _LEADING_AWAY.sub('<a target="_blank" rel="noopener"', near)


def _by_day(html: str) -> str:
    return _settled(html, "light", night=_NEVER, day=_ALWAYS)


def _by_night(html: str) -> str:
    return _settled(html, "dark", night=_ALWAYS, day=_NEVER)


def _inverted(html: str) -> str:
    return _by_day(html).replace("</head>", f"{_INVERSION}</head>", 1)


def _without_pictures(html: str) -> str:
    return _PICTURE.sub(rf"\g<1>{_NO_PICTURE}", _by_day(html))


def _settled(html: str, scheme: str, *, night: str, day: str) -> str:
    queried = _DAY_QUERY.sub(day, _NIGHT_QUERY.sub(night, html))
    return _BOTH_SCHEMES.sub(rf"\g<1>{scheme}", queried)


LIGHT = Look("light", _by_day)
DARK = Look("dark", _by_night)
INVERTED = Look("inverted", _inverted)
"""Roughly what programs do that take no notice of a mail's own dark colours."""
NO_IMAGES = Look("no-images", _without_pictures)
LOOKS = (LIGHT, DARK, INVERTED, NO_IMAGES)
