"""What texts, titles and styles hold."""

from __future__ import annotations

import pytest

from newsletter.composer.markup.lint import lint
from tests.mjml_documents import a_document, as_html, cases, in_column, in_text


@pytest.mark.parametrize(
    "html",
    [
        'Words<br>and <a href="https://example.org/" title="a > b">more</a> &amp; > &lt;',
        "<table><tr><td nowrap>x</td></tr></table><hr/>",
        "<!--[if mso]><table><tr><td><![endif]-->x<!--[if mso]></td></tr></table><![endif]-->",
        "<P>old<o:p></o:p></P>",
        "<style>a > b { color: #123456 }</style>",
    ],
)
def test_sound_html_has_no_problem(html: str) -> None:
    assert cases(in_text(html)) == []
    assert as_html(in_text(html))


@pytest.mark.parametrize("html", ["a < b", "x <3", "a<b", "<!-- no end"])
def test_a_stray_bracket_is_found_and_the_engine_stops(html: str) -> None:
    assert cases(in_text(html)) == ["stray-bracket"]
    with pytest.raises(ValueError, match="unable to parse"):
        as_html(in_text(html))


@pytest.mark.parametrize("html", ["<p>a<p>b", "x</p>", "x<br></br>"])
def test_unbalanced_html_is_found_and_the_engine_stops(html: str) -> None:
    assert set(cases(in_text(html))) == {"unbalanced"}
    with pytest.raises(ValueError, match="unexpected"):
        as_html(in_text(html))


def test_crossed_html_is_found_and_the_engine_closes_it_otherwise() -> None:
    markup = in_text("<b><i>a</b>c</i>")

    assert "unbalanced" in cases(markup)
    assert "<b><i>a</i>c</b>" in as_html(markup)


def test_single_quotes_in_html_are_found_and_the_engine_makes_new_attributes_of_them() -> None:
    markup = in_text("<a title='x\" onclick=\"y'>x</a>")

    assert "attribute-quotes" in cases(markup)
    assert 'onclick=\\"y"' in as_html(markup)


@pytest.mark.parametrize("component", ["mj-text", "mj-raw", "mj-table", "mj-button"])
@pytest.mark.parametrize(
    "html",
    [
        "<script>x</script>",
        "<FORM></FORM>",
        "<iframe></iframe>",
        "<input>",
        '<link href="x">',
        '<b onclick="x">y</b>',
        '<img src="x"\nonerror="y">',
    ],
)
def test_forms_scripts_and_frames_are_found(component: str, html: str) -> None:
    """H13; MJML passes them."""
    assert cases(in_column(f"<{component}>{html}</{component}>")) == ["forbidden-html"]


def test_words_about_scripts_are_no_scripts() -> None:
    assert cases(in_text('one = two <a href="https://example.org/?on=1">@import</a>')) == []


@pytest.mark.parametrize(
    "rule", ["@import url(x.css);", "@font-face { font-family: x; src: url(x) }"]
)
def test_styles_that_fetch_are_found(rule: str) -> None:
    """H14."""
    assert cases(a_document(head=f"<mj-style>{rule}</mj-style>")) == ["external-font"]
    assert cases(a_document(head=f"<mj-raw><style>{rule}</style></mj-raw>")) == ["external-font"]


@pytest.mark.parametrize(
    "css",
    [
        "@media print { @media screen { a { color: red } } }",
        "a { color: red",
        "a { color: red } }",
        "a { color: red } " * 500,
    ],
)
def test_styles_that_gmail_drops_whole_are_found(css: str) -> None:
    """H13."""
    assert cases(a_document(head=f"<mj-style>{css}</mj-style>")) == ["style-block"]


def test_rules_for_narrow_screens_are_no_problem() -> None:
    css = "@media (max-width: 480px) { a { color: red } } b { color: red }"

    assert cases(a_document(head=f"<mj-style>{css}</mj-style>")) == []


def test_a_quote_in_the_title_is_found_and_the_engine_breaks_its_label_with_it() -> None:
    markup = a_document(head='<mj-title>The "best" news</mj-title>')

    assert cases(markup) == ["quote-in-title"]
    assert 'aria-label="The \\"best' in as_html(markup)
    assert cases(a_document(head="<mj-title>The &#34;best&#34; news</mj-title>")) == []


@pytest.mark.parametrize("component", ["mj-title", "mj-preview"])
def test_tags_among_words_are_found(component: str) -> None:
    markup = a_document(head=f"<{component}>The <b>best</b></{component}>")

    assert cases(markup) == ["stray-html"]


def test_a_style_in_a_style_of_a_long_document_is_found_where_it_stands() -> None:
    markup = in_text("x") + " " + in_text("<style>@import 'x';</style>")

    assert [problem.case.value for problem in lint(markup)][-1] == "external-font"
