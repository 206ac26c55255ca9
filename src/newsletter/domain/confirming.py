"""What the page of a confirm link may show of the request behind it (T3, T12)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from typing import Any

from newsletter.domain.requests import RequestKind

SHOWN_AFTERWARDS = timedelta(days=1)
"""How long after it was confirmed a request still says so, to whoever presses the button twice."""


class Stage(StrEnum):
    """How far a request is.

    `open`: its button may be pressed. `done`: it was, and nothing comes of pressing it again.
    `over`: too late, for either. `stopped`: the address wants no mail, and nothing was done.
    """

    OPEN = "open"
    DONE = "done"
    OVER = "over"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class Download:
    """A file to be kept under `name`, in place of a page."""

    name: str
    content: bytes
    media_type: str


@dataclass(frozen=True, slots=True)
class Confirmation:
    """The request of a confirm link, as its page shows it.

    `kind` is None when only the link is left of it, `masked_address` is then empty (T9); `facts`
    are what the pages of its kind say beside that, by the names that their templates have for it;
    `download` is given in place of a page, once.
    """

    stage: Stage
    kind: RequestKind | None = None
    masked_address: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)
    download: Download | None = None
