"""Addresses are read once, strictly, and kept in three forms."""

from __future__ import annotations

import unicodedata

import pytest
from email_validator import EmailNotValidError, validate_email
from hypothesis import example, given, settings
from hypothesis import strategies as st

from newsletter.domain.errors import BadInput
from newsletter.mail.addresses import EmailAddress, mask, parse_address

LOCAL_PARTS = st.text("abzABZ019._+-'=?!", min_size=1, max_size=12) | st.sampled_from(
    ["Info", "NEWS", "postmaster", "Post.Master", "a" * 64, "a" * 65, "A" * 64, "x" * 240]
)
LABELS = st.text("abzABZ019-", min_size=1, max_size=5) | st.sampled_from(
    ["a" * 63, "a" * 64, "xn--t-foa", "XN--t-foa", "xn--a", "ab--c", "ab-c--d", "a--b", "example"]
)
SPECIAL_TOP_LEVELS = ["local", "Local", "arpa", "invalid", "localhost", "onion", "test", "TEST"]
TOP_LEVELS = st.sampled_from(
    ["org", "ORG", "wales", *SPECIAL_TOP_LEVELS, "o", "c0m", "xn--p1ai", "-x", ""]
)
NEARLY_PLAIN = st.builds(
    lambda local, labels, top: f"{local}@{'.'.join([*labels, top])}",
    LOCAL_PARTS,
    st.lists(LABELS, max_size=4),
    TOP_LEVELS,
)


def test_an_address_keeps_what_was_typed_beside_what_makes_the_person_unique() -> None:
    address = parse_address("  Sian.Jones+News@Example.ORG ")

    assert address.typed == "Sian.Jones+News@Example.ORG"
    assert address.canonical == "sian.jones+news@example.org"
    assert address.wire == "Sian.Jones+News@example.org"
    assert not address.needs_smtputf8


def test_a_welsh_domain_goes_out_as_an_a_label() -> None:
    """M13."""
    address = parse_address("post@tŷ.example.org")

    assert address.wire == "post@xn--t-foa.example.org"
    assert address.canonical == address.wire
    assert not address.needs_smtputf8


def test_a_welsh_local_part_needs_smtputf8() -> None:
    """M13."""
    address = parse_address("Siân@example.org")

    assert address.needs_smtputf8
    assert address.wire == "Siân@example.org"
    assert address.canonical == "siân@example.org"


def test_two_ways_to_type_the_same_accent_are_one_person() -> None:
    composed = parse_address("siân@example.org")
    decomposed = parse_address(unicodedata.normalize("NFD", "siân@example.org"))

    assert composed == decomposed


@pytest.mark.parametrize("domain", ["example.org", "news.example.com", "capture.test"])
def test_example_and_test_domains_are_addresses(domain: str) -> None:
    assert parse_address(f"reader@{domain}").wire == f"reader@{domain}"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "@"),
        ("reader", "@"),
        ("reader@example.org, other@example.org", "a comma"),
        ("reader;x@example.org", "a semicolon before the @"),
        ("Reader <reader@example.org>", "a space before the @"),
        ("reader@<example.org", "a < after the @"),
        ("reader(x)@example.org", "a ( before the @"),
        ("rea der@example.org", "a space before the @"),
        ("reader@exam ple.org", "a space after the @"),
        ('"reader"@example.org', "a quotation mark"),
        ("reader@[192.0.2.1]", "a [ after the @"),
        ("rea\u200bder@example.org", "ZERO WIDTH SPACE"),
        ("reader@example", "period"),
        ("reader@test", "no dot after the @"),
        ("reader@printer.local", "special-use"),
        ("a..b@example.org", "two periods"),
        ("=?utf-8?q?x?=@example.org", "=?"),
    ],
)
def test_what_is_no_bare_address_is_refused_in_plain_words(text: str, why: str) -> None:
    """M14."""
    with pytest.raises(BadInput) as refused:
        parse_address(text)

    assert why in refused.value.what
    assert refused.value.cure is not None


@pytest.mark.parametrize("character", ["\r", "\n", "\0", "\t", "\x07", "\x7f", "\x85", "\u2028"])
def test_a_control_character_never_gets_into_an_address(character: str) -> None:
    """M12."""
    for text in (f"a{character}b@example.org", f"a@example.org{character}"):
        with pytest.raises(BadInput, match="the address has"):
            parse_address(text)


def test_a_local_part_has_at_most_64_octets() -> None:
    """M14; octets, not characters."""
    assert parse_address("a" * 64 + "@example.org").needs_smtputf8 is False
    assert parse_address("ŷ" * 32 + "@example.org").needs_smtputf8 is True

    for local in ("a" * 65, "ŷ" * 32 + "a"):
        with pytest.raises(BadInput):
            parse_address(f"{local}@example.org")


def test_an_address_with_its_angle_brackets_has_at_most_256_octets() -> None:
    """M14."""
    domain = ".".join(["a" * 47] * 3 + ["b" * 45])

    for local in ("a" * 64, "ŷ" * 32):
        assert len(parse_address(f"{local}@{domain}").wire.encode()) == 254
        with pytest.raises(BadInput, match="too long"):
            parse_address(f"{local}@{domain}b")


def test_a_masked_address_shows_one_letter_and_the_domain() -> None:
    """T9."""
    assert mask("angharad@example.org") == "a***@example.org"


def judged_by_the_library(text: str) -> EmailAddress | None:
    """What email-validator and our own three rules make of an address of printable ASCII."""
    try:
        found = validate_email(text, check_deliverability=False, test_environment=True)
    except EmailNotValidError:
        return None
    wire = f"{found.local_part}@{found.ascii_domain}"
    if "=?" in wire or "." not in found.ascii_domain or len(found.local_part) > 64:
        return None
    return EmailAddress(text, wire.lower(), wire, needs_smtputf8=False)


def read_or_none(text: str) -> EmailAddress | None:
    try:
        return parse_address(text)
    except BadInput:
        return None


@settings(max_examples=300)
@given(NEARLY_PLAIN)
@example("Info@Example.org")
@example("reader@xn--t-foa.example.org")
@example("reader@ab--c.example.org")
@example("a" * 64 + "@" + ".".join(["b" * 63, "c" * 63, "d" * 57, "org"]))
@example("a" * 64 + "@" + ".".join(["b" * 63, "c" * 63, "d" * 58, "org"]))
def test_the_short_way_agrees_with_the_library(text: str) -> None:
    assert read_or_none(text) == judged_by_the_library(text)


@given(st.text(max_size=40) | st.from_regex(r"\A\w{1,10}@\w{1,10}\.[a-z]{2,6}\Z"))
def test_any_text_is_an_address_or_bad_input(text: str) -> None:
    """M12, M14: what is let through holds nothing that a header or SMTP command could misread."""
    try:
        address = parse_address(text)
    except BadInput:
        return

    assert address.wire.count("@") == 1
    assert not set(address.wire) & set('<>,;:()[]"\\ \r\n\t\0')
    assert address.wire.rpartition("@")[2].isascii()
    assert parse_address(address.canonical).canonical == address.canonical
