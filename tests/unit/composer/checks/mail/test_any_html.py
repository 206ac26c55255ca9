"""Whatever HTML a template makes, the checks say what is wrong with it, and go on."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from newsletter.composer.findings.rules import RULES
from tests.mails import findings_of, mail_of, mark

TAGS = ("a", "b", "body", "caption", "div", "h1", "h3", "img", "p", "style", "table", "td", "th")
ATTRIBUTES = ("alt", "bgcolor", "class", "colspan", "dir", "height", "href", "id", "lang", "role")
STYLES = ("color:#fff", "background:red", "font-size:0", "line-height:%", "display:none", "a:;{")
VALUES = st.sampled_from(["", "a", "#a", "9", "100%", "None", "url(", "²", mark("view"), *STYLES])


@st.composite
def tags(draw: st.DrawFn) -> str:
    """A start tag of any sort, its attributes at random."""
    names = draw(st.lists(st.sampled_from((*ATTRIBUTES, "style", "aria-label")), max_size=3))
    attributes = "".join(f' {name}="{draw(VALUES)}"' for name in names)
    return f"<{draw(st.sampled_from(TAGS))}{attributes}>"


SOUP = st.lists(
    st.one_of(
        tags(),
        st.sampled_from([f"</{tag}>" for tag in TAGS]),
        st.sampled_from(["<!--[if mso]><table>", "<![endif]-->", "<!--", "a b", "{{", "\u200b"]),
        st.text(alphabet="ab<>&;\"'=/ {}%ŵ", max_size=9),
    ),
    max_size=25,
).map("".join)


@given(SOUP)
def test_no_html_is_too_odd_to_be_checked(soup: str) -> None:
    for finding in findings_of(mail_of(f"<html><body>{soup}", text=soup, markup=soup)):
        assert finding.rule in RULES
        assert finding.message


@given(SOUP)
def test_nor_is_any_without_a_body(soup: str) -> None:
    assert findings_of(mail_of(f"<html><head><title>{soup}"))
