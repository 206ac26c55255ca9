"""The headers of every answer: what a browser may do with it, and who may keep it (T9, X16)."""

from __future__ import annotations

_PAGE_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
    "frame-ancestors 'none'; base-uri 'none'"
)

_EVERYWHERE = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex",
}

PAGE_HEADERS = _EVERYWHERE | {"Content-Security-Policy": _PAGE_POLICY, "Cache-Control": "no-store"}
"""Of our own pages: their addresses hold tokens, so nothing is kept and nothing passed on."""

LASTING_HEADERS = _EVERYWHERE | {
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cache-Control": "public, max-age=31536000, immutable",
}
"""Of files whose address changes with their content."""


def edition_headers(media_origin: str) -> dict[str, str]:
    """Of an edition in the browser: a mail's own HTML, which is trusted with nothing (X4).

    Its links may leave the sandbox, or they would open pages that cannot send their forms.
    """
    policy = (
        "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; "
        f"img-src 'self' {media_origin}; style-src 'unsafe-inline'; form-action 'none'; "
        "frame-ancestors 'none'; base-uri 'none'"
    )
    return PAGE_HEADERS | {"Content-Security-Policy": policy}
