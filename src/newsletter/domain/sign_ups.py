"""What somebody asks for who signs up, as the page took it in."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SignUp:
    """`address` is as it was typed and known to be one; `topics` are slugs; `language` is the one
    that the newsletters are wanted in. `consent` is what stood on the page, word for word, in
    `page_language` (L1)."""

    address: str
    topics: Collection[str]
    language: str
    page_language: str
    consent: str
