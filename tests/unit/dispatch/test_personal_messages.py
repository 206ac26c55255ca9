"""One reader's message: their own links and tags in it, and in the format that they prefer."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from newsletter.dispatch.claims import Claim
from newsletter.dispatch.personal_messages import (
    INERT_TOKENS,
    Addressee,
    EditionTokens,
    PersonalMessages,
    write_message,
)
from newsletter.domain.compiled import Slot
from newsletter.domain.errors import BadAddress, BadInput
from newsletter.domain.people import MailFormat
from newsletter.mail.message import write_template
from newsletter.tokens.key_ring import create_key_ring
from newsletter.tokens.tokens import INERT_TAG, INERT_TOKEN, Purpose, TokenClaims, Tokens
from tests.dkim_keys import records, signatures
from tests.dkim_verifiers import dkimpy_verifies
from tests.independent_decoder import read_part
from tests.sample_messages import COMPILED, FACTS, bodies, body

NOW = datetime(2026, 10, 5, 9, 30, tzinfo=UTC)
BOUNCES = "bounces@example.org"
TEMPLATE = write_template(COMPILED, FACTS)


@pytest.fixture
def tokens(tmp_path: Path) -> Tokens:
    return Tokens(create_key_ring(tmp_path / "keys.json"))


def test_the_envelope_and_the_headers_carry_the_readers_own_tags() -> None:
    """M9, M11, M15, M22."""
    envelope, message = write_message(
        TEMPLATE,
        Addressee("siân@example.org", "Siân"),
        INERT_TOKENS,
        bounce_address=BOUNCES,
        now=NOW,
    )

    assert envelope.sender == f"bounces+{INERT_TAG}@example.org"
    assert envelope.recipient == "siân@example.org"
    assert envelope.needs_smtputf8
    head = read_part(message)
    assert head.one("Message-ID") == f"<{INERT_TAG}@mail.example.org>"
    assert f"/u/{INERT_TOKEN}>, <mailto:leave+{INERT_TAG}@" in head.one("List-Unsubscribe")
    assert f"https://news.example.org/cy/unsubscribe/{INERT_TOKEN}" in bodies(message)[1]


def test_who_prefers_text_gets_no_html() -> None:
    addressee = Addressee("reader@example.org", "Siân", MailFormat.TEXT)

    _, message = write_message(TEMPLATE, addressee, INERT_TOKENS, bounce_address=BOUNCES, now=NOW)

    assert read_part(message).one("Content-Type") == "text/plain; charset=utf-8"
    assert "Annwyl Siân" in body(read_part(message))


def test_an_address_that_cannot_be_written_is_refused() -> None:
    """M12."""
    with pytest.raises(BadAddress):
        write_message(
            TEMPLATE,
            Addressee("a\nb@example.org", ""),
            INERT_TOKENS,
            bounce_address=BOUNCES,
            now=NOW,
        )


def test_each_token_names_what_its_link_needs_and_no_more(tokens: Tokens) -> None:
    """T1, T2: the view is the same for all readers."""
    own = EditionTokens(tokens, topic=8, edition=9).of(7, 0)

    assert tokens.read(Purpose.UNSUBSCRIBE, own.links.unsubscribe) == TokenClaims(7, 8, 9)
    assert tokens.read(Purpose.PREFERENCES, own.links.preferences) == TokenClaims(7, 8, 9)
    assert tokens.read(Purpose.VIEW, own.links.view) == TokenClaims(0, 0, 9)


def test_a_claim_is_written_in_its_own_language(tokens: Tokens) -> None:
    english = write_template(replace(COMPILED, language="en", languages=("en",)), FACTS)
    messages = PersonalMessages(
        {("cy", ""): TEMPLATE, ("en", ""): english}, tokens, BOUNCES, topic=8, edition=9
    )

    _, message = messages.write(
        Claim(1, 7, "reader@example.org", "Gwen", "example.org", "en", 0), NOW
    )

    assert read_part(message).one("Content-Language") == "en"
    assert "https://news.example.org/en/unsubscribe/" in bodies(message)[0]


def test_a_claim_is_written_in_its_variant_and_format_with_what_is_known(tokens: Tokens) -> None:
    for_farmers = replace(
        COMPILED,
        html=("<p>Gwair, ", Slot("county", "Cymru"), Slot("herd", "praidd"), "</p>"),
        text=(Slot("name"), ": ", Slot("county", "Cymru"), "; ", Slot("herd", "praidd")),
        segments=("farmers", "press"),
    )
    templates = {("cy", ""): TEMPLATE, ("cy", "farmers,press"): write_template(for_farmers, FACTS)}
    messages = PersonalMessages(templates, tokens, BOUNCES, topic=8, edition=9)
    claim = Claim(
        1,
        7,
        "reader@example.org",
        "Gwen",
        "example.org",
        "cy",
        1,
        variant=for_farmers.variant,
        format=MailFormat.TEXT,
        attributes={"county": "Sir Gâr", "herd": 5, "name": "nobody"},
    )

    _, message = messages.write(claim, NOW)

    part = read_part(message)
    assert part.one("Content-Type").startswith("text/plain")
    assert body(part).rstrip() == "Gwen: Sir Gâr; praidd"


def test_messages_are_signed_by_whoever_may_sign_for_the_sender(tokens: Tokens) -> None:
    """A4: the snapshot's own From address is what counts."""
    templates = {("cy", ""): TEMPLATE}
    claim = Claim(1, 7, "reader@example.org", "Gwen", "example.org", "cy", 1)

    signed = PersonalMessages(
        templates, tokens, BOUNCES, topic=8, edition=9, signatures=signatures()
    )

    assert dkimpy_verifies(signed.write(claim, NOW)[1], records())
    with pytest.raises(BadInput, match=r"example\.net cannot sign for .* news@example\.org"):
        PersonalMessages(
            templates, tokens, BOUNCES, topic=8, edition=9, signatures=signatures("example.net")
        )
