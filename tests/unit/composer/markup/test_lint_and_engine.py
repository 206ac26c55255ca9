"""The linter against the engine itself, over documents by chance."""

from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st

from newsletter.composer.markup.lint import lint
from tests.mjml_documents import a_document, as_html, in_column, in_text

HTML = st.lists(
    st.sampled_from(
        [
            *("<b>", "</b>", "<p>", "</p>", "<br>", '<a href="x">', "</a>", "<i/>", "a < b", "é"),
            *("<!--", "-->", "<a b='c'>", "<td nowrap>", "</td>", "<!x>", '"', "'", ">", "\n"),
        ]
    ),
    max_size=8,
).map("".join)  # fmt: skip
PARTS = st.lists(
    st.sampled_from(
        [
            *("<mj-text>", "</mj-text>", "<mj-column>", "</mj-column>", "<mj-section>", "<mj-raw>"),
            *("</mj-section>", "<mj-spacer />", '<mj-text color="#fff">', "</mj-raw>", "x", "<"),
            *("<!-- x -->", "<mj-section", "<mj-text color='x'>", "<p>", "</p>", "\n", '"'),
        ]
    ),
    max_size=10,
).map("".join)  # fmt: skip


@given(HTML)
@example("<!-->")
def test_a_text_without_a_problem_is_a_text_that_the_engine_takes(html: str) -> None:
    if not lint(in_text(html)):
        assert as_html(in_text(html))


@given(PARTS)
def test_a_document_without_a_problem_is_one_that_the_engine_takes(parts: str) -> None:
    for markup in (a_document(parts), in_column(parts)):
        if not lint(markup):
            assert as_html(markup)


@given(st.text(st.sampled_from("<>/mj-text =\"'!\x01\x02:1{}\n"), max_size=80))
def test_no_text_stops_the_linter(text: str) -> None:
    assert isinstance(lint(text), tuple)
