"""What can be suppressed, and how it is written."""

from __future__ import annotations

import pytest

from newsletter.audience.suppressed_targets import Target, parse_listed_target, parse_target
from newsletter.domain.errors import BadAddress
from newsletter.tokens.erasure_seals import ErasureSeals
from newsletter.tokens.key_ring import KeyRing
from tests.builders import some_seals


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("Siân@Example.org", "siân@example.org"),
        ("@Example.org", "@example.org"),
        ("example.org", "@example.org"),
        (" tŷ.example ", "@xn--t-foa.example"),
    ],
)
def test_an_address_or_a_domain_is_known_by_its_canonical_form(typed: str, text: str) -> None:
    assert parse_target(typed) == Target(text)


@pytest.mark.parametrize("typed", ["", "@", "sian", "a@b@example.org", "exa mple.org", "@\n.org"])
def test_what_is_neither_is_refused_with_the_cure(typed: str) -> None:
    with pytest.raises(BadAddress) as caught:
        parse_target(typed)

    assert caught.value.cure is not None
    assert "example.org" in caught.value.cure


def test_an_address_is_masked_and_a_domain_is_not() -> None:
    """T9"""
    seal = some_seals().seal("sian@example.org")

    shown = [Target(text).shown for text in ("sian@example.org", "@example.org", seal)]

    assert shown == ["s***@example.org", "@example.org", "somebody erased"]


def test_a_list_may_hold_seals_of_keys_that_are_here() -> None:
    """L4"""
    seals = some_seals()
    seal = seals.seal("sian@example.org")

    assert parse_listed_target(seal, seals) == Target(seal)
    with pytest.raises(BadAddress, match="lacks the key"):
        parse_listed_target(seal.replace(":1-", ":7-"), seals)
    other = ErasureSeals(KeyRing(1, {1: b"another workspace's own key, of 32"}))
    with pytest.raises(BadAddress, match="lacks the key"):
        parse_listed_target(other.seal("sian@example.org"), seals)
    with pytest.raises(BadAddress, match="no seal"):
        parse_listed_target(seal[:-1], seals)
