"""The small sign in a browser's tab: an envelope in the brand's colours."""

from __future__ import annotations

from newsletter.web.site_look import SiteLook

_ICON = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">
<rect width="32" height="32" rx="7" fill="{band}"/>
<g fill="none" stroke-width="2.5" stroke-linejoin="round">
<path d="M6 10h20v13H6z" stroke="{band_text}"/>
<path d="m6 10 10 8 10-8" stroke="{accent}"/>
</g>
</svg>
"""

ICON_TYPE = "image/svg+xml"


def icon(look: SiteLook) -> bytes:
    """The finished picture, an SVG of a few hundred bytes."""
    colours = look.colours
    return _ICON.format(
        band=colours["band"], band_text=colours["band_text"], accent=colours["accent"]
    ).encode()
