"""The ids that leave the house: random, so that they tell nothing and cannot be counted through."""

from __future__ import annotations

import os
import secrets


def new_handle() -> int:
    """A subscriber's handle: 64 random bits, never 0, which in a token stands for nobody."""
    # Not `secrets.randbelow`, which takes twenty times as long: an import makes a million of them.
    return int.from_bytes(os.urandom(8)) or new_handle()


def new_public_id() -> int:
    """The public id of a topic or an edition: 32 random bits, never 0, which in a token stands for
    none."""
    return 1 + secrets.randbelow(2**32 - 1)
