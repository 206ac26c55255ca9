from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html as lxml_html

from newsletter.composer.words.merge_values import Marks
from newsletter.composer.words.problems import LinkProblem, MergeFault, MergeProblem
from newsletter.composer.words.richtext import read_rich_text
from newsletter.domain.compiled import Slot


def as_html(source: str) -> str:
    return str(read_rich_text(source, Marks([source]), pytest.fail).html)


def problems_of(source: str) -> list[MergeProblem | LinkProblem]:
    problems: list[MergeProblem | LinkProblem] = []
    read_rich_text(source, Marks([source]), problems.append)
    return problems


def test_paragraphs_emphasis_and_links_are_rendered() -> None:
    assert as_html("**Bold** and *soft*, [here](https://example.org/a?b=1&c=2).") == (
        "<p><strong>Bold</strong> and <em>soft</em>,"
        ' <a href="https://example.org/a?b=1&amp;c=2">here</a>.</p>'
    )


def test_html_that_an_author_types_is_text() -> None:
    """X4: nothing that an author types becomes markup of its own."""
    assert as_html("<script>alert(1)</script> <b>x</b>") == (
        "<p>&lt;script&gt;alert(1)&lt;/script&gt; &lt;b&gt;x&lt;/b&gt;</p>"
    )


def test_headings_stand_below_the_sections_own() -> None:
    """H6: no author's heading is beside the section's."""
    assert as_html("# One\n\n## Two\n\n### Three\n\n#### Four\n\n###### Six") == (
        "<h3>One</h3>\n<h3>Two</h3>\n<h3>Three</h3>\n<h4>Four</h4>\n<h4>Six</h4>"
    )


def test_a_numbered_list_keeps_its_first_number() -> None:
    assert '<ol start="2023">' in as_html("2023. A year")


def test_a_rule_under_a_paragraph_does_not_make_it_a_heading() -> None:
    assert as_html("Words\n---") == "<p>Words</p>\n<hr>"


def test_code_and_images_are_not_part_of_rich_text() -> None:
    assert "<code" not in as_html("`code`\n\n    indented")
    assert "<img" not in as_html("![alt](https://example.org/a.png)")


def test_a_line_break_between_two_elements_stays_a_space() -> None:
    """MJML drops a line break that stands alone between two elements."""
    assert as_html("*one*\n*two*") == "<p><em>one</em> <em>two</em></p>"


def test_a_phrase_in_another_language_may_hold_emphasis() -> None:
    """H10: language of parts."""
    assert as_html("Say [diolch **yn fawr**]{lang=cy}!") == (
        '<p>Say <span lang="cy">diolch <strong>yn fawr</strong></span>!</p>'
    )


def test_doubled_braces_after_brackets_do_not_make_a_phrase() -> None:
    assert as_html("[words]{{lang=cy}}") == "<p>[words]{lang=cy}</p>"


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "java&#115;cript:alert(1)",
        "data:text/html,x",
        "vbscript:x",
        "file:///etc/passwd",
        "www.example.org",
        "/page",
        "",
    ],
)
def test_only_web_mail_and_telephone_addresses_become_links(url: str) -> None:
    """H19: no javascript:, no data:, no empty href."""
    source = f"Go [there]({url}) now"
    problems: list[object] = []

    words = read_rich_text(source, Marks([source]), problems.append)

    assert words.html == "<p>Go there now</p>"
    assert len(problems) == 1
    assert isinstance(problems[0], LinkProblem)


def test_a_link_may_lead_to_an_address_of_ours() -> None:
    marks = Marks([])

    words = read_rich_text("[Leave]({unsubscribe})", marks, pytest.fail)

    assert marks.split(words.html) == ('<p><a href="', Slot("unsubscribe"), '">Leave</a></p>')
    assert marks.split(words.text) == ("Leave\n(", Slot("unsubscribe"), ")")


def test_a_value_inside_emphasis_is_a_slot() -> None:
    marks = Marks([])

    words = read_rich_text("**{name|_friend_}**!", marks, pytest.fail)

    assert marks.split(words.html) == ("<p><strong>", Slot("name", "_friend_"), "</strong>!</p>")


def test_a_value_inside_a_web_address_is_reported() -> None:
    problems = problems_of("[x](https://example.org/?n={name|y})")

    assert problems == [MergeProblem(MergeFault.IN_URL, "{name}")]


def test_an_address_among_words_is_reported() -> None:
    problems = problems_of("Look at {why} please")

    assert [p.fault for p in problems if isinstance(p, MergeProblem)] == [
        MergeFault.ADDRESS_IN_WORDS
    ]


def test_deep_nesting_is_cut_before_it_reaches_mjml() -> None:
    """Composer notes, trap 8: 20,000 nested tags kill the process."""
    assert as_html("> " * 5000 + "deep").count("<blockquote>") <= 20


_MARKDOWN = st.text(alphabet="ab <>&\"'*_[]()!#>-.1\n\\`:/{}|=lang", max_size=80)


@given(_MARKDOWN)
def test_whatever_is_written_the_html_is_of_the_allowed_tags(source: str) -> None:
    words = read_rich_text(source, Marks([source]), lambda problem: None)

    tree = lxml_html.fragment_fromstring(str(words.html), create_parent="root")
    allowed = set("root p h3 h4 ul ol li strong em a blockquote br hr span".split())  # noqa: SIM905
    assert {element.tag for element in tree.iter()} <= allowed
    assert all(link.startswith(("http", "mailto", "tel")) for link in tree.xpath("//@href"))


@pytest.mark.parametrize("sign", ["> ", "- ", "1. ", "[", "*", "![", "<b>", "[x](", "]{lang=cy}"])
def test_however_deep_a_text_is_nested_it_is_read_and_bounded(sign: str) -> None:
    """Composer notes 1, trap 8: deep nesting ends the process in MJML's parser."""
    source = sign * (20_000 // len(sign)) + "x"

    html = read_rich_text(source, Marks([source]), lambda _: None).html

    assert max_depth(html) < 100


def max_depth(html: str) -> int:
    depth = deepest = 0
    for slash in re.findall(r"<(/?)(?:blockquote|[ou]l|li|em|strong|span|a|p)\b", html):
        depth += -1 if slash else 1
        deepest = max(deepest, depth)
    return deepest
