"""What must not leave is refused: by the template where it can be, else when it is filled."""

from __future__ import annotations

from dataclasses import replace

import pytest

from newsletter.domain.compiled import Slot
from newsletter.domain.errors import BadInput
from newsletter.mail.header_rules import HeaderValueError
from newsletter.mail.message import write_template
from newsletter.mail.message_facts import MessageFacts
from tests.sample_messages import COMPILED, FACTS, HEADERS, VALUES, a_message


@pytest.mark.parametrize("character", ["\r\n", "\n", "\0", "\x07", "\x7f", "\x85", "\u2028"])
def test_a_control_character_in_a_value_for_the_subject_is_refused(character: str) -> None:
    """M12."""
    compiled = replace(COMPILED, subject=("I ", Slot("name")))

    with pytest.raises(BadInput, match="Subject"):
        a_message(compiled, name=f"Siân{character}Bcc: x@example.org")


@pytest.mark.parametrize(
    "fact",
    ["from_name", "list_name", "from_address", "reply_to", "list_id", "unsubscribe_address"],
)
def test_a_control_character_in_a_fact_is_refused_before_anything_is_sent(fact: str) -> None:
    """M12."""
    facts = replace(FACTS, **{fact: "news@example.org\r\nBcc: x@example.org"})

    with pytest.raises(BadInput):
        write_template(COMPILED, facts)


def test_a_control_character_in_the_subject_is_refused_before_anything_is_sent() -> None:
    """M12."""
    for subject in (("News\n",), ("News ", Slot("name", "a\0b"))):
        with pytest.raises(BadInput, match="the subject"):
            write_template(replace(COMPILED, subject=subject), FACTS)


def test_a_sender_that_only_some_servers_can_write_is_refused() -> None:
    """M13."""
    with pytest.raises(BadInput, match="reply-to address"):
        write_template(COMPILED, replace(FACTS, reply_to="siân@example.org"))


@pytest.mark.parametrize("list_id", ["monthly", "a b.example.org", "a" * 250 + ".example.org"])
def test_a_list_id_is_a_name_under_a_domain(list_id: str) -> None:
    """M18."""
    with pytest.raises(BadInput, match="List-ID"):
        write_template(COMPILED, replace(FACTS, list_id=list_id))


@pytest.mark.parametrize(
    "broken",
    [
        replace(FACTS, base_url="http://news.example.org"),
        replace(FACTS, base_url="https://news.example.org/a b"),
        replace(FACTS, base_url="https://news.example.org/>,<https://x.test"),
        replace(FACTS, domain="mail.example.org>\r\nBcc: x"),
        replace(FACTS, feedback_id="a\r\nBcc: x"),
    ],
)
def test_a_broken_fact_of_our_own_is_refused_before_anything_is_sent(broken: MessageFacts) -> None:
    """M4, M12, M15."""
    with pytest.raises(HeaderValueError):
        write_template(COMPILED, broken)


@pytest.mark.parametrize(
    "token",
    ["", "t" * 46, "t" * 48, "t" * 46 + " ", "t" * 46 + ".", "t" * 45 + "\r\n", "t" * 46 + "ŵ"],
    ids=ascii,
)
@pytest.mark.parametrize(
    "place", ["message_id", "unsubscribe_tag", "view", "unsubscribe", "preferences"]
)
def test_what_is_no_token_never_leaves(place: str, token: str) -> None:
    """M4, M12, M15: nor does a message with a dead link."""
    values, headers = VALUES, HEADERS
    if hasattr(HEADERS, place):
        headers = replace(HEADERS, **{place: token})
    else:
        values = replace(VALUES, tokens=replace(VALUES.tokens, **{place: token}))

    with pytest.raises(HeaderValueError, match="no token"):
        write_template(COMPILED, FACTS).fill(values, headers)
