"""Attributes that MJML does not know, that the engine drops, or that it misreads."""

from __future__ import annotations

import re

import pytest

from newsletter.composer.markup.lint import lint
from newsletter.composer.markup.mjml_facts import DROPPED, components
from tests.mjml_documents import a_document, as_html, cases, in_column, in_section

IMAGE = '<mj-image src="https://example.org/a.png" alt="" padding="0px" />'
A_VALUE = {"unit(px)": "37px", "unit(px,%){1,4}": "37px", "color": "#abcdef"}
BARE = {
    "mj-button": in_column('<mj-button href="https://example.org/"{}>x</mj-button>'),
    "mj-hero": a_document('<mj-hero background-url="https://example.org/a.png"{}></mj-hero>'),
    "mj-image": in_column('<mj-image src="https://example.org/a.png" alt=""{} />'),
    "mj-section": a_document("<mj-section{}><mj-column></mj-column></mj-section>"),
    "mj-social": in_column("<mj-social{}></mj-social>"),
    "mj-social-element": in_column(
        '<mj-social><mj-social-element src="https://example.org/a.png" alt=""{}>x'
        "</mj-social-element></mj-social>"
    ),
    "mj-spacer": in_column("<mj-spacer{} />"),
    "mj-table": in_column("<mj-table{}><tr><td>x</td></tr></mj-table>"),
    "mj-text": in_column("<mj-text{}>x</mj-text>"),
    "mj-wrapper": a_document("<mj-wrapper{}><mj-section></mj-section></mj-wrapper>"),
    "mj-body": "<mjml><mj-body{}></mj-body></mjml>",
    "mjml": "<mjml{}><mj-body></mj-body></mjml>",
}


def image_width(markup: str) -> str:
    found = re.search(r'<img[^>]* width="(\d+)"', as_html(markup))
    assert found
    return found[1]


@pytest.mark.parametrize(
    "attribute", ['aria-label="a"', 'role="button"', 'data-x="a"', 'id="a"', 'colour="#ffffff"']
)
def test_an_unknown_attribute_is_found_and_the_engine_drops_it(attribute: str) -> None:
    plain, markup = (
        in_column(f'<mj-button href="https://example.org/"{more}>x</mj-button>')
        for more in ("", f" {attribute}")
    )

    assert cases(markup) == ["unknown-attribute"]
    assert as_html(markup) == as_html(plain)


def test_an_unknown_attribute_is_met_with_the_nearest_known() -> None:
    (problem,) = lint(in_column('<mj-text colour="#ffffff">x</mj-text>'))

    assert "“color”" in problem.fix


@pytest.mark.parametrize(
    ("name", "attribute"),
    [(name, attribute) for name in sorted(DROPPED) for attribute in sorted(DROPPED[name])],
)
def test_an_attribute_that_the_engine_drops_is_found(name: str, attribute: str) -> None:
    """Fails when a newer engine knows one of them: take it out of the facts then."""
    kind = components()[name].attributes.get(attribute, "string")
    value = "none" if kind.startswith("enum") else A_VALUE.get(kind, "3px solid #abcdef")
    markup = BARE[name].format(f' {attribute}="{value}"')

    assert "dropped-attribute" in cases(markup)
    assert as_html(markup) == as_html(BARE[name].format(""))


def test_an_attribute_that_stands_twice_is_found_and_the_last_counts() -> None:
    markup = in_column('<mj-text color="#111111" color="#222222">x</mj-text>')

    assert cases(markup) == ["repeated-attribute"]
    assert "#111111" not in as_html(markup)


@pytest.mark.parametrize("name", ["mj-section", "mj-column"])
@pytest.mark.parametrize("padding", ["0 32px", "10px 0 10px 32px"])
def test_a_zero_without_unit_is_found_and_the_engine_loses_the_width(
    name: str, padding: str
) -> None:
    def around(padding: str) -> str:
        paddings = {"mj-section": "0px", "mj-column": "0px", name: padding}
        section, column = (f'{one} padding="{paddings[one]}"' for one in paddings)
        return a_document(f"<{section}><{column}>{IMAGE}</mj-column></mj-section>")

    assert cases(around(padding)) == ["unitless-zero"]
    assert image_width(around(padding)) == "600"
    assert image_width(around("0px 32px")) == "536"


def test_a_padding_in_per_cent_is_found_and_the_engine_does_not_take_it_off() -> None:
    def around(padding: str) -> str:
        return in_section(f'<mj-column padding="{padding}">{IMAGE}</mj-column>')

    assert cases(around("10% 20%")) == ["percent-padding"]
    assert image_width(around("10% 20%")) == "600"


def test_an_inner_border_is_found_and_the_engine_does_not_take_it_off() -> None:
    def around(attribute: str) -> str:
        return in_section(f'<mj-column padding="0px" {attribute}>{IMAGE}</mj-column>')

    assert cases(around('inner-border="20px solid #ffffff"')) == ["inner-border"]
    assert image_width(around('inner-border="20px solid #ffffff"')) == "600"
    assert image_width(around('border="20px solid #ffffff"')) == "560"


def test_several_classes_are_found_and_the_engine_lets_the_first_win() -> None:
    markup = in_column(
        '<mj-text mj-class="a b">x</mj-text>',
        head='<mj-attributes><mj-class name="a" color="#111111" />'
        '<mj-class name="b" color="#222222" /></mj-attributes>',
    )

    assert cases(markup) == ["several-classes"]
    assert "#111111" in as_html(markup)
    assert "#222222" not in as_html(markup)


def test_an_inline_style_is_found_and_the_engine_does_not_inline_it() -> None:
    markup = in_column(
        '<mj-text css-class="a">x</mj-text>',
        head='<mj-style inline="inline">.a { color: #123456 }</mj-style>',
    )

    assert cases(markup) == ["inline-style"]
    assert as_html(markup).count("#123456") == 1
    assert "<style" in as_html(markup).partition("#123456")[0].rpartition(">.a")[0][-30:]


def test_single_quotes_are_found_and_the_engine_makes_new_attributes_of_what_they_hold() -> None:
    markup = in_column('<mj-image src="a.png" alt=\'x" onerror="alert(1)\' />')

    assert "attribute-quotes" in cases(markup)
    assert 'onerror=\\"alert(1)' in as_html(markup)


def test_an_attribute_without_quotes_is_found_and_the_engine_stops() -> None:
    markup = in_column('<mj-image src=a.png alt="" />')

    assert cases(markup) == ["attribute-quotes"]
    with pytest.raises(ValueError, match="unable to parse"):
        as_html(markup)


@pytest.mark.parametrize(
    ("attribute", "fix"),
    [
        ('color="blakc"', "a colour such as #14365d"),
        ('font-size="16"', "a number with its unit, px"),
        ('font-size="big"', "a number with its unit, px"),
        ('align="middle"', "one of: left, right, center, justify"),
        ('padding=""', "a number with its unit, px or %"),
    ],
)
def test_a_bad_value_is_found_and_the_engine_sends_it(attribute: str, fix: str) -> None:
    markup = in_column(f"<mj-text {attribute}>x</mj-text>")

    (problem,) = lint(markup)

    assert problem.case == "bad-value"
    assert fix in problem.fix
    assert as_html(markup)


@pytest.mark.parametrize(
    "markup",
    ['<mj-image src="a.png" />', '<mj-social><mj-social-element src="a.png" /></mj-social>'],
)
def test_an_image_without_alt_is_found_and_the_engine_gives_it_none(markup: str) -> None:
    assert cases(in_column(markup)) == ["missing-alt"]
    assert "alt=" not in as_html(in_column(markup))


def test_an_icon_from_elsewhere_is_found() -> None:
    """H14."""
    markup = in_column(
        '<mj-social><mj-social-element name="youtube" alt="" href="https://example.org/" />'
        "</mj-social>"
    )

    assert cases(markup) == ["external-image"]
    assert "mailjet" in as_html(markup)


def test_a_share_link_is_found_and_the_engine_puts_it_for_the_link() -> None:
    def linking(network: str) -> str:
        return in_column(
            f'<mj-social><mj-social-element name="{network}" src="https://example.org/a.png"'
            ' alt="" href="https://example.org/page" /></mj-social>'
        )

    assert cases(linking("facebook")) == ["share-link"]
    assert 'href="https://example.org/page"' not in as_html(linking("facebook"))
    assert cases(linking("facebook-noshare")) == []
    assert 'href="https://example.org/page"' in as_html(linking("facebook-noshare"))


def test_a_hamburger_menu_is_found_and_the_engine_makes_a_form_field() -> None:
    """H13."""
    markup = in_column('<mj-navbar hamburger="hamburger"></mj-navbar>')

    assert cases(markup) == ["forbidden-html"]
    assert "<input" in as_html(markup)


def test_language_and_direction_belong_to_the_root() -> None:
    assert cases(a_document(root=' lang="cy" dir="ltr"')) == []
    assert cases(a_document(root=' lang="cy" dir="down"')) == ["bad-value"]


def test_default_attributes_are_held_to_the_component_they_are_for() -> None:
    def defaults(component: str) -> str:
        return a_document(head=f"<mj-attributes>{component}</mj-attributes>")

    assert cases(defaults('<mj-text font-size="16" />')) == ["bad-value"]
    assert cases(defaults('<mj-all colour="#ffffff" />')) == ["unknown-attribute"]
    assert cases(defaults('<mj-image align="left" />')) == []
