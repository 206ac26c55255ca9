"""The language and the token in an address, and the 404 when there are none."""

from __future__ import annotations

from http import HTTPStatus
from typing import TypeVar

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
