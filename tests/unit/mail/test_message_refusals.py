"""What must not leave is refused: by the template where it can be, else when it is filled."""

from __future__ import annotations

from dataclasses import replace

import pytest

from newsletter.domain.compiled import Slot
from newsletter.domain.errors import BadInput
from newsletter.mail.header_rules import HeaderValueError
from newsletter.mail.message import PersonalHeaders, write_template
from newsletter.mail.slots import MissingAddressError
from tests.sample_messages import COMPILED, FACTS, HEADERS, TOKEN, a_message


@pytest.mark.parametrize("character", ["\r\n", "\n", "\0", "\x07", "\x7f", "\x85", "\u2028"])
def test_a_control_character_in_a_value_for_the_subject_is_refused(character: str) -> None:
    """M12."""
    compiled = replace(COMPILED, subject=("I ", Slot("name")))

    with pytest.raises(BadInput, match="Subject"):
        a_message(compiled, name=f"Siân{character}Bcc: x@example.org")


@pytest.mark.parametrize("fact", ["from_name", "list_name", "from_address", "reply_to", "list_id"])
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
        replace(HEADERS, message_id=f"{TOKEN}@mail.example.org"),
        replace(HEADERS, message_id="<a@mail.example.org>\r\nBcc: x"),
        replace(HEADERS, unsubscribe_url="http://news.example.org/u/x"),
        replace(HEADERS, unsubscribe_url="https://news.example.org/u/a b"),
        replace(HEADERS, unsubscribe_url="https://news.example.org/>,<https://x.test/"),
        replace(HEADERS, unsubscribe_mailto="a@example.org>\r\nBcc: x"),
    ],
)
def test_a_broken_value_of_our_own_never_leaves(broken: PersonalHeaders) -> None:
    """M4, M12, M15."""
    with pytest.raises(HeaderValueError):
        a_message(headers=broken)


def test_a_message_with_a_dead_link_never_leaves() -> None:
    with pytest.raises(MissingAddressError):
        a_message(unsubscribe="")
