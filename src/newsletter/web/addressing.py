"""What a request's address says: the language and the token in its path."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import quote

from starlette.exceptions import HTTPException
from starlette.requests import Request

from newsletter.web.site_pages import SitePages


def known_language(request: Request, site: SitePages) -> str:
    """The language in the path; a 404 when the site does not speak it."""
    language: str = request.path_params["language"]
    if language not in site.languages:
        raise HTTPException(404)
    return language


def token_in(request: Request) -> str:
    """The token in the path, of whatever form."""
    token: str = request.path_params["token"]
    return token


def own_path(request: Request) -> str:
    """The request's path, as a link may have it."""
    return quote(request.scope["path"])


def twin_paths(request: Request) -> Callable[[str], str]:
    """The request's path in each language, for a path that begins with one."""
    rest = own_path(request).lstrip("/").partition("/")[2]
    return lambda tag: f"/{tag}/{rest}"
