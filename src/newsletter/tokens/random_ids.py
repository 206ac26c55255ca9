"""The ids that leave the house: random, so that they tell nothing and cannot be counted through."""

from __future__ import annotations

import secrets


def new_handle() -> int:
    """A subscriber's handle: 64 random bits, never 0, which in a token stands for nobody."""
    return 1 + secrets.randbelow(2**64 - 1)


def new_public_id() -> int:
    """The public id of a topic or an edition: 32 random bits, never 0, which in a token stands for
    none."""
    return 1 + secrets.randbelow(2**32 - 1)
