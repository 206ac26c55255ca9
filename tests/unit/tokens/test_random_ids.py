"""Ids that leave the house."""

from __future__ import annotations

import os
import secrets

import pytest

from newsletter.tokens.random_ids import new_handle, new_public_id


def test_no_id_is_zero_which_stands_for_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(secrets, "randbelow", lambda bound: 0)
    drawn = iter([bytes(8), b"\0\0\0\0\0\0\0\7"])
    monkeypatch.setattr(os, "urandom", lambda length: next(drawn)[:length])

    assert (new_handle(), new_public_id()) == (7, 1)


def test_every_id_fits_its_place_in_a_token(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(secrets, "randbelow", lambda bound: bound - 1)
    monkeypatch.setattr(os, "urandom", lambda length: b"\xff" * length)

    assert (new_handle(), new_public_id()) == (2**64 - 1, 2**32 - 1)


def test_ids_are_not_the_same_twice() -> None:
    assert len({new_handle() for _ in range(100)}) == 100
