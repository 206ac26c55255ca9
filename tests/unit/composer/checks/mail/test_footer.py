"""What every mail must show in both of its parts."""

from __future__ import annotations

import pytest

from tests.mails import FOOTER, TEXT_FOOTER, a_mail, found, mark

LINK = f'<a href="{mark("unsubscribe")}">Unsubscribe</a>'


@pytest.mark.parametrize(
    "instead",
    [
        "",
        f'<a href="{mark("unsubscribe")}"></a>',
        f'<a href="{mark("unsubscribe")}"><img alt="Unsubscribe"></a>',
        f'<span style="display:none">{LINK}</span>',
        f'<span style="font-size:0;max-height:0px">{LINK}</span>',
    ],
)
def test_a_way_out_that_nobody_sees_is_missing(instead: str) -> None:
    """unsubscribe-missing; L3, D1."""
    footer = FOOTER.replace(LINK, instead)

    assert found("unsubscribe-missing", a_mail(footer=footer)) == [
        "The mail has no link for unsubscribing that can be seen."
    ]


def test_the_text_part_needs_a_way_out_too() -> None:
    """unsubscribe-missing; L3, D1."""
    text = TEXT_FOOTER.replace(mark("unsubscribe"), "")

    assert found("unsubscribe-missing", a_mail(text=text)) == [
        "The text part does not show the unsubscribe address."
    ]


def test_a_mail_of_several_languages_has_a_way_out_in_each() -> None:
    """unsubscribe-missing; L8."""
    both = {"language": "mul", "languages": ("en", "cy")}
    ways = [f'<a href="{mark("unsubscribe", one)}">Out</a>' for one in ("en", "cy")]
    text = TEXT_FOOTER + mark("unsubscribe", "en") + mark("unsubscribe", "cy")

    whole = a_mail(footer=FOOTER + "".join(ways), text=text, **both)
    without_welsh = a_mail(footer=FOOTER + ways[0], text=text, **both)

    assert found("unsubscribe-missing", whole) == []
    assert found("unsubscribe-missing", without_welsh)


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"postal_address": ()}, "The brand has no postal address."),
        ({"footer": FOOTER.replace("1 Bridge Street", "")}, "The mail does not show “1 Bridge"),
        ({"text": "Town Hall"}, "The text part does not show “1 Bridge Street”"),
    ],
)
def test_a_mail_without_the_senders_address_is_found(changed: dict[str, str], says: str) -> None:
    """postal-address-missing; L3, D1."""
    assert says in " ".join(found("postal-address-missing", a_mail(**changed)))


def test_an_address_may_be_wrapped() -> None:
    """postal-address-missing."""
    text = TEXT_FOOTER.replace("1 Bridge Street", "1 Bridge\nStreet")

    assert found("postal-address-missing", a_mail(text=text)) == []


@pytest.mark.parametrize("name", ["view", "preferences", "why", "email"])
def test_each_part_of_the_footer_is_missed(name: str) -> None:
    """footer-incomplete; design 3."""
    without = {"footer": FOOTER.replace(mark(name), ""), "text": TEXT_FOOTER}
    without_in_text = {"text": TEXT_FOOTER.replace(mark(name), "")}

    assert found("footer-incomplete", a_mail(**without)) == [f"The mail does not show {{{name}}}."]
    assert found("footer-incomplete", a_mail(**without_in_text)) == [
        f"The text part does not show {{{name}}}."
    ]
