"""What is asked for: the language and the token in an address, or a 404 when there are none."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import TypeVar
from urllib.parse import quote

from starlette.exceptions import HTTPException
from starlette.requests import Request

from newsletter.web.site_pages import SitePages

_Found = TypeVar("_Found")


def language_asked(request: Request, site: SitePages) -> str:
    """The language in the address; raises HTTPException 404 when the site does not speak it."""
    language: str = request.path_params["language"]
    return found(language if language in site.languages else None)


def token_asked(request: Request) -> str:
    """The token in the address, as it was sent."""
    token: str = request.path_params["token"]
    return token


def found(thing: _Found | None) -> _Found:
    """`thing`; raises HTTPException 404, the same for every reason, when there is none (T7)."""
    if thing is None:
        raise HTTPException(HTTPStatus.NOT_FOUND)
    return thing


def path_asked(request: Request) -> str:
    """The path of the address, as a link may have it."""
    return quote(request.scope["path"])


def twin_paths(request: Request) -> Callable[[str], str]:
    """That path in each language, for one that begins with a language."""
    rest = path_asked(request).lstrip("/").partition("/")[2]
    return lambda tag: f"/{tag}/{rest}"
