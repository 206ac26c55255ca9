"""Components that are unknown, misplaced, or not closed, and what stands between them."""

from __future__ import annotations

import pytest

from newsletter.composer.markup.lint import lint
from newsletter.composer.markup.places import mark_places
from tests.mjml_documents import a_document, as_html, cases, in_column, in_section, in_text


def test_a_sound_document_has_no_problem() -> None:
    markup = in_column(
        '<mj-text css-class="lead">Words &amp; <b>more</b><br></mj-text><!-- an aside -->\n'
        '<mj-image src="a.png" alt="" width="300px" />',
        head='<mj-title>News</mj-title><mj-attributes><mj-all padding="0px" />'
        '<mj-class name="big" font-size="20px" /></mj-attributes>',
    )

    assert lint(markup) == ()


def test_a_problem_names_the_template_and_the_line_of_its_tag() -> None:
    section = mark_places("<mj-section>\n\n<mj-foo />\n</mj-section>", "sections/x.mjml.j2")
    layout = mark_places("<mjml>\n<mj-body>\n", "layout.mjml.j2")

    (problem,) = lint(layout + section + "</mj-body></mjml>")

    assert (problem.template, problem.line) == ("sections/x.mjml.j2", 3)


def test_markup_that_no_template_made_has_problems_without_a_place() -> None:
    (problem,) = lint(in_column("<mj-foo />"))

    assert (problem.template, problem.line) == (None, None)


def test_problems_come_in_the_order_of_the_document() -> None:
    assert cases("<mjml><mj-body><mj-section><mj-foo></mj-section>words</mj-body></mjml>") == [
        "unknown-component",
        "unbalanced",
        "stray-text",
    ]


@pytest.mark.parametrize("name", ["mj-foo", "mj-txt", "MJ-TEXT"])
def test_an_unknown_component_is_found_and_the_engine_sends_it(name: str) -> None:
    markup = in_column(f"<{name}>x</{name}>")

    assert cases(markup) == ["unknown-component"]
    assert f"<{name}>" in as_html(markup)


@pytest.mark.parametrize(("name", "meant"), [("mj-txt", "<mj-text>"), ("MJ-TEXT", "<mj-text>")])
def test_an_unknown_component_is_met_with_the_nearest_known(name: str, meant: str) -> None:
    (problem,) = lint(in_column(f"<{name} />"))

    assert meant in problem.fix


def test_a_text_in_a_section_is_in_the_wrong_parent() -> None:
    markup = in_section("<mj-text>x</mj-text>")

    (problem,) = lint(markup)

    assert problem.case == "wrong-parent"
    assert "<mj-column> or <mj-hero>" in problem.fix
    assert "mj-column-per" not in as_html(markup)


def test_a_component_among_html_is_in_the_wrong_parent_and_the_engine_sends_it() -> None:
    markup = in_text('<mj-image src="a.png" alt="" />')

    assert cases(markup) == ["wrong-parent"]
    assert "<mj-image" in as_html(markup)


def test_a_component_beside_the_root_is_in_the_wrong_parent() -> None:
    assert cases("<mj-body></mj-body>") == ["wrong-parent"]


def test_a_second_body_is_found_and_the_engine_loses_one() -> None:
    body = "<mj-body><mj-raw>{}</mj-raw></mj-body>"
    markup = f"<mjml>{body.format('first')}{body.format('second')}</mjml>"

    html = as_html(markup)

    assert cases(markup) == ["one-body"]
    assert not ("first" in html and "second" in html)


def test_a_document_without_a_body_is_found_and_the_engine_makes_an_empty_mail() -> None:
    markup = "<mjml><mj-head></mj-head></mjml>"

    assert cases(markup) == ["one-body"]
    assert "<body></body>" in as_html(markup)


def test_an_unbalanced_raw_is_found_and_the_engine_lets_it_swallow_the_rest() -> None:
    markup = a_document("<mj-raw><div></mj-raw><mj-section>x</mj-section><mj-raw></div></mj-raw>")

    assert "unbalanced" in cases(markup)
    assert "<mj-section>" in as_html(markup)


def test_crossed_components_are_found_and_the_engine_minds_no_names() -> None:
    markup = a_document("<mj-section><mj-column></mj-section></mj-column>")

    assert cases(markup) == ["unbalanced", "unbalanced"]
    assert "mj-column-per-100" in as_html(markup)


@pytest.mark.parametrize(
    "markup",
    [
        "<mjml><mj-body>",
        in_section("<mj-column>"),
        in_column("<mj-text>x"),
        in_column("</mj-text>"),
        in_column("<mj-text>x</mj-text></mj-text>"),
    ],
)
def test_a_component_that_is_not_closed_or_not_open_is_unbalanced(markup: str) -> None:
    assert set(cases(markup)) == {"unbalanced"}


def test_text_in_a_section_is_stray_and_the_engine_puts_it_between_outlooks_cells() -> None:
    markup = in_section("words<mj-column></mj-column>")

    assert cases(markup) == ["stray-text"]
    assert "<tr><![endif]-->words<!--[if mso | IE]><td" in as_html(markup)


def test_text_in_a_column_is_stray_and_the_engine_breaks_its_table_with_it() -> None:
    markup = in_column("words")

    assert cases(markup) == ["stray-text"]
    assert "<tbody>words</tbody>" in as_html(markup)


def test_html_in_a_column_is_stray_and_the_engine_sends_it() -> None:
    markup = in_column("<div>words</div>")

    assert cases(markup) == ["stray-html"]
    assert "<div>words</div>" in as_html(markup)


def test_long_stray_words_are_told_by_their_beginning() -> None:
    (problem,) = lint(in_column("word " * 50))

    assert problem.message.endswith("word…”")


@pytest.mark.parametrize(
    "start", ["<!DOCTYPE html>", "<?xml version='1.0'?>", "<![CDATA[x]]>", "<?php ?>"]
)
def test_declarations_are_found_and_the_engine_stops(start: str) -> None:
    assert cases(start + a_document()) == ["declaration"]
    assert "declaration" in cases(in_text(start))
    with pytest.raises(ValueError, match="root template"):
        as_html(start + a_document())


def test_nesting_beyond_a_hundred_is_found() -> None:
    """20,000 levels end the process, and some hundred do in a thread with a small stack."""
    assert cases(in_text("<b>" * 100 + "</b>" * 100)) == ["deep-nesting"]
    assert cases(a_document("<mj-wrapper>" * 99 + "</mj-wrapper>" * 99))[-1] == "deep-nesting"
    assert cases(in_text("<b>" * 95 + "</b>" * 95)) == []


@pytest.mark.parametrize("where", ["body", "head"])
def test_includes_are_found_and_the_engine_stops(where: str) -> None:
    """X8; and in the body the included part would lose its width."""
    include = '<mj-include path="x.mjml" />'
    markup = a_document(include) if where == "body" else a_document(head=include)

    assert cases(markup) == ["include"]
    with pytest.raises(ValueError, match="unable to load"):
        as_html(markup)


def test_html_attributes_are_found_and_the_engine_stops() -> None:
    markup = a_document(
        head='<mj-html-attributes><mj-selector path=".a"><mj-html-attribute name="b">c'
        "</mj-html-attribute></mj-selector></mj-html-attributes>"
    )

    assert set(cases(markup)) >= {"unsupported-component"}
    with pytest.raises(ValueError, match="unexpected element"):
        as_html(markup)


@pytest.mark.parametrize(
    "markup",
    [
        '<mj-carousel><mj-carousel-image src="https://example.org/a.png" /></mj-carousel>',
        "<mj-accordion><mj-accordion-element><mj-accordion-title>a</mj-accordion-title>"
        "</mj-accordion-element></mj-accordion>",
    ],
)
def test_components_that_make_form_fields_are_found(markup: str) -> None:
    """H13."""
    assert "unsupported-component" in cases(in_column(markup))
    assert "<input" in as_html(in_column(markup))


def test_fonts_from_elsewhere_are_found() -> None:
    """H14."""
    font = '<mj-font name="Lato" href="https://fonts.example.org/lato.css" />'

    assert cases(a_document(head=font)) == ["external-font"]


def test_children_of_an_unknown_component_are_not_blamed_for_it() -> None:
    assert cases(in_column("<mj-foo><mj-text>x</mj-text></mj-foo>")) == ["unknown-component"]
