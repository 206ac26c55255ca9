"""What must be in both parts of a mail, what was lost on the way, and what was left behind."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.mails import DARK, HEAD, TEXT_FOOTER, a_mail, findings_of, found, mark

TEXT = f"News\n====\n\n{TEXT_FOOTER}\n"
WORDS = "The east quay reopens in May after two years of work on its old walls."


@pytest.mark.parametrize(
    ("markup", "says"),
    [
        (f"<mj-text>{mark('name')}</mj-text>", "{name} stands in"),
        ('<mj-button href="https://a.example/?a=1&amp;b=2">a</mj-button>', "https://a.example/?a"),
        ("<mj-style>.gone { margin:0 }</mj-style>", "The styles of “.gone” for “all”"),
        (
            "<mj-style>@media print { p { margin:0 } }</mj-style>",
            "The styles of “p” for “print”",
        ),
    ],
)
def test_what_the_engine_lost_is_found(markup: str, says: str) -> None:
    """lost-in-compilation; composer notes 2."""
    (message,) = found("lost-in-compilation", a_mail(markup=markup))

    assert says in message


def test_what_was_lost_is_placed_in_its_template() -> None:
    """lost-in-compilation."""
    markup = '\x01layout/layout.mjml.j2:7\x02<mj-button href="https://gone.example">'

    (finding,) = findings_of(a_mail(markup=markup))

    assert (finding.file, finding.line) == ("layout/layout.mjml.j2", 7)


def test_what_is_in_the_mail_was_not_lost() -> None:
    """lost-in-compilation."""
    markup = f"<mj-style>{DARK}\x01layout/layout.mjml.j2:7\x02</mj-style>"
    markup += f'<mj-text><a href="https://a.example/?a=1&amp;b=2">{mark("email")}</a></mj-text>'

    mail = a_mail("<p><a href='https://a.example/?a=1&amp;b=2'>a</a></p>", markup=markup)

    assert found("lost-in-compilation", mail) == []


def test_styles_that_came_to_hold_for_some_media_only_were_lost() -> None:
    """lost-in-compilation: what merging blocks of styles does."""
    markup = f"<mj-style>{DARK}</mj-style>"
    head = HEAD.replace("<style>", '<style media="print">')

    assert found("lost-in-compilation", a_mail(markup=markup, head=head))


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("<p>Dear {{ name }}</p>", "“{{” of a template is left in the HTML, at “"),
        ("<p>{% if a %}a</p>", "“{%” of a template"),
        ("<p>[object Object]</p>", "“[object ” of a template"),
        ("<p>xq0123456789Z3Z6qx</p>", "“xq0123456789Z3Z6qx” of a template"),
        ("<p>None</p>", "A template wrote “None” where a value is missing, in the HTML."),
        ("<p> undefined </p>", "A template wrote “undefined”"),
        ("<img src='a' width='None' height='9' alt=''>", '<img> has width="None"'),
    ],
)
def test_what_templates_leave_behind_is_found(content: str, says: str) -> None:
    """template-residue; H19."""
    assert says in found("template-residue", a_mail(content))[0]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (f"{TEXT}\n{{{{ url }}}}", "“{{” of a template is left in the text"),
        (f"{TEXT}\n\x01a\x02", "of a template is left in the text"),
        (f"{TEXT}\nNone", "A template wrote “None” where a value is missing, in the text."),
    ],
)
def test_what_templates_leave_behind_in_the_text_is_found(text: str, says: str) -> None:
    """template-residue; H19."""
    assert says in found("template-residue", a_mail(text=text))[0]


@pytest.mark.parametrize(
    "content",
    [
        "<p>None of us knew {this}.</p>",
        "<table><caption>Delays</caption><tr><th scope='col'>Line</th></tr><tr><td>None</td></tr>",
    ],
)
def test_what_an_author_means_is_no_residue(content: str) -> None:
    """template-residue; H19."""
    mail = a_mail(content)

    assert [one for one in found("template-residue", mail) if "“{" not in one] == []


def test_a_section_that_the_text_part_leaves_out_is_found_at_its_place() -> None:
    """text-part; H18."""
    mail = a_mail(f"<div data-section='2'><p>{WORDS}</p></div>", text=TEXT)

    (finding,) = findings_of(mail)

    assert (finding.section, finding.level) == (2, "must")
    assert "only 0 % of the words of the HTML, and lacks such as “reopens”" in finding.message


def test_words_of_the_text_part_that_the_html_leaves_out_are_found() -> None:
    """text-part; H18."""
    (message,) = found("text-part", a_mail(text=f"{TEXT}\n{WORDS}\n"))

    assert message.startswith("The HTML has only ")


def test_a_tenth_of_the_words_may_differ() -> None:
    """text-part; H18."""
    same = f"<div data-section='2'><p>{WORDS}</p></div>"
    text = f"{TEXT}\n{WORDS.replace('reopens', 'OPENS')}\n"

    assert found("text-part", a_mail(same, text=text)) == []


@pytest.mark.parametrize(
    ("href", "shown"),
    [
        ("https://a.example/b", "https://a.example/b"),
        ("mailto:a@a.example", "a@a.example"),
        ("tel:01632960145", "01632 960 145"),
    ],
)
def test_each_address_is_in_the_text_part(href: str, shown: str) -> None:
    """text-part; H18."""
    mail = a_mail(f"<p>See <a href='{href}'>a map</a></p>", text=f"{TEXT}\nSee a map: {shown}\n")
    without = replace(mail, text=f"{TEXT}\nSee a map\n")

    assert [one for one in found("text-part", mail) if "address" in one] == []
    assert [one for one in found("text-part", without) if "address" in one] == [
        f"The text part does not show the address of the link “a map”, {href}."
    ]


@pytest.mark.parametrize(
    ("text", "is_found"),
    [
        ("\nThe quay\n--------\n", False),
        ("\n> The\n> quay\n> ~~~~\n", False),
        ("\nTHE QUAY\n========\n", False),
        ("\nThe quay\n", True),
        ("\nThe quay\n\n-----\n", True),
    ],
)
def test_headings_are_marked_in_the_text_part(text: str, is_found: bool) -> None:
    """text-part; H18."""
    messages = found("text-part", a_mail("<h2>The quay</h2>", text=TEXT + text))

    assert ("The text part does not show “The quay” as a heading." in messages) is is_found


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("words " * 14, "has 83 characters, “words words"),
        ("a <br> b", "holds “<br>”"),
        ("a&nbsp;b", "holds “&nbsp;”"),
        ("mso-hide", "holds “mso-”"),
        ("a\u200c\u200c \u200cb", "invisible characters in a row"),
        ("x" * 90, None),
        ("words " * 14 + "https://a.example", None),
        ("5 < 6 and 7 > 6", None),
    ],
)
def test_the_text_part_looks_like_text(line: str, says: str | None) -> None:
    """text-part; H18."""
    messages = [
        one
        for one in found("text-part", a_mail(text=f"{TEXT}\n{line.strip()}\n"))
        if not one.startswith("The HTML has only")
    ]

    assert says in messages[0] if says else messages == []
