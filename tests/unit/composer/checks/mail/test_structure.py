"""What assistive technology reads of a mail: languages, headings, tables, ids, ARIA, links."""

from __future__ import annotations

import pytest

from tests.mails import DARK, FOOTER, HEAD, METAS, a_mail, findings_of, found, mail_of, rules_broken

SOUND_TABLE = (
    "<table><caption>Fares</caption><tr><th scope='col'>Who</th><th scope='col'>Fare</th></tr>"
    "<tr><td>Adult</td><td>£4</td></tr></table>"
)


def test_a_sound_mail_breaks_no_rule() -> None:
    assert rules_broken(a_mail("<h2>Fares</h2><p>They rise in May.</p>" + SOUND_TABLE)) == {
        "text-part"  # its headings: the builder writes no underlines
    }


@pytest.mark.parametrize(
    ("html", "says"),
    [
        ('<html dir="ltr"><body><div lang="cy" dir="ltr"/>', "<html> lacks “lang”"),
        ('<html lang="cy"><body><div lang="cy" dir="ltr"/>', "<html> lacks “dir”"),
        ('<html lang="cy" dir="ltr"><body><div dir="ltr"/>', "<div> lacks “lang”"),
        ('<html lang="cymraeg" dir="ltr"><body/>', '<html> has lang="cymraeg"'),
        ('<html lang="cy" dir="down"><body/>', '<html> has dir="down"'),
        (
            '<html lang="cy" dir="ltr"><body><p lang="cy" dir="ltr"><i lang="?">a</i></p>',
            '<i> has lang="?"',
        ),
    ],
)
def test_what_does_not_say_its_language_is_found(html: str, says: str) -> None:
    """lang-missing; H1, H3, H10."""
    (message,) = found("lang-missing", mail_of(html))

    assert says in message


@pytest.mark.parametrize("title", ["", "<title> </title>"])
def test_a_mail_without_a_title_is_found(title: str) -> None:
    """title-missing; H2."""
    assert found("title-missing", a_mail(head=title + METAS))


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("<h1>Again</h1>", "a second main heading, “Again”"),
        ("<h3>Deep</h3>", "“Deep” is of level 3 under one of level 1"),
        ("<h2> <img alt=''></h2>", "A heading of level 2 has no words"),
    ],
)
def test_headings_out_of_order_are_found(content: str, says: str) -> None:
    """heading-order; H6."""
    (message,) = found("heading-order", a_mail(content))

    assert says in message


def test_headings_may_go_up_by_any_number_of_levels() -> None:
    """heading-order; H6."""
    content = "<h2>a</h2><h3>b</h3><h4>c</h4><h2>d</h2>"

    assert found("heading-order", a_mail(content)) == []


@pytest.mark.parametrize(
    ("body", "says"),
    [("<h2>a</h2><h1>b</h1>", "“a” stands before"), ("<p>a</p>", "has no main heading")],
)
def test_a_late_or_missing_main_heading_is_found(body: str, says: str) -> None:
    """heading-order; H6."""
    (message,) = found("heading-order", mail_of(f"<html><body>{body}</body></html>"))

    assert says in message


@pytest.mark.parametrize("role", ["presentation", "none"])
def test_a_table_that_arranges_says_so(role: str) -> None:
    """table-role; H4."""
    cells = "<tr><td>{}</td></tr></table>"
    outer = f'<table role="{role}">{cells}'

    assert found("table-role", a_mail(outer.format(SOUND_TABLE))) == []
    assert found("table-role", a_mail(outer.format("<table>" + cells)))


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("<table>", "<table role='presentation'>", 'has role="presentation"'),
        (" scope='col'>Who", ">Who", "“Who” of a table lacks scope"),
        ("<caption>Fares</caption>", "", "has no caption"),
        (
            "<td>Adult</td>",
            "",
            "Row 1 under the headings of the table “Fares” has not 2 cells, but 1",
        ),
    ],
)
def test_a_table_of_data_that_cannot_be_heard_is_found(old: str, new: str, says: str) -> None:
    """table-headers; H4."""
    (message,) = found("table-headers", a_mail(SOUND_TABLE.replace(old, new)))

    assert says in message


def test_a_cell_may_be_as_wide_as_several() -> None:
    """table-headers; H4."""
    wide = SOUND_TABLE.replace("<td>Adult</td><td>£4</td>", "<td colspan='2'>Free</td>")

    assert found("table-headers", a_mail(wide)) == []


def test_an_id_that_is_given_twice_is_found() -> None:
    """id-duplicate; H9."""
    (message,) = found("id-duplicate", a_mail("<p id='s1'>a</p><p id='s1'>b</p><p id='s2'>c</p>"))

    assert message == "The id “s1” is given to 2 elements."


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("<p role='paragraf'>a</p>", "<p> has the role “paragraf”"),
        ("<p aria-labell='a'>a</p>", "<p> has “aria-labell”"),
        ("<p aria-describedby='gone'>a</p>", "<p> names the id “gone”"),
        (
            "<p><a href='https://a.example' aria-hidden='true'>a</a></p>",
            "link to https://a.example",
        ),
    ],
)
def test_aria_that_nothing_understands_is_found(content: str, says: str) -> None:
    """aria-invalid; H9."""
    (message,) = found("aria-invalid", a_mail(content))

    assert says in message


def test_aria_that_is_understood_is_no_fault() -> None:
    """aria-invalid; H9."""
    content = "<div role='group' aria-labelledby='a' aria-hidden='true'><p id='a'>a</p></div>"

    assert found("aria-invalid", a_mail(content)) == []


@pytest.mark.parametrize("value", ["width=device-width, user-scalable=no", "maximum-scale=1"])
def test_a_viewport_that_keeps_readers_from_zooming_is_found(value: str) -> None:
    """zoom-blocked; H9."""
    head = HEAD + f'<meta name="viewport" content="{value}">'

    assert found("zoom-blocked", a_mail(head=head))
    assert found("zoom-blocked", a_mail()) == []


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("<a href='https://a.example'></a>", "The link to https://a.example has no words."),
        ("<a href='https://a.example'><img alt=''></a>", "The link to https://a.example has no"),
        ("<a>a</a>", "“a” leads nowhere"),
        ("<a href=''>a</a>", "“a” leads nowhere"),
        ("<a href='#s9'>a</a>", "“a” leads to #s9, which the mail does not have"),
    ],
)
def test_a_link_without_words_or_address_is_found(content: str, says: str) -> None:
    """link-empty; H5, H8, H19."""
    (message,) = found("link-empty", a_mail(content))

    assert says in message


@pytest.mark.parametrize(
    "content",
    [
        "<a href='https://a.example'><img alt='A map'></a>",
        "<a href='https://a.example' aria-label='A map'></a>",
        "<p id='s9'><a href='#s9'>a</a></p>",
        "<a name='s9'></a><p><a href='#s9'>a</a></p>",
    ],
)
def test_a_link_may_be_named_by_an_image_or_lead_to_a_place_in_the_mail(content: str) -> None:
    """link-empty; H5, H8."""
    assert found("link-empty", a_mail(content)) == []


def test_a_finding_names_the_section() -> None:
    mail = a_mail("<div data-section='3'><p>a</p><h4>Deep</h4></div>")

    assert [one.section for one in findings_of(mail) if one.rule == "heading-order"] == [3]


def test_images_say_their_size_and_what_they_show() -> None:
    """alt-missing, image-size; H5, H16."""
    sized = "<img src='https://news.example.org/media/a.png' width='40' height='30' alt=''>"

    assert found("image-size", a_mail(sized)) == []
    assert found("alt-missing", a_mail(sized)) == []
    assert "lacks “height”" in found("image-size", a_mail(sized.replace("height='30'", "")))[0]
    assert found("image-size", a_mail(sized.replace("'40'", "'100%'")))
    assert found("alt-missing", a_mail(sized.replace("alt=''", "")))


@pytest.mark.parametrize(
    "content",
    [
        "<img src='https://tracker.example/a.png' width='1' height='1' alt=''>",
        "<img src='data:image/png;base64,AAAA' width='1' height='1' alt=''>",
        "<img src='https://news.example.org/media.png' width='1' height='1' alt=''>",
        "<div style=\"background-image:url('https://tracker.example/a.png')\"></div>",
        "<table role='none' background='https://tracker.example/a.png'></table>",
    ],
)
def test_what_is_fetched_from_elsewhere_is_found(content: str) -> None:
    """third-party; H14."""
    assert found("third-party", a_mail(content))


@pytest.mark.parametrize(
    "css", ["@import url(https://a.example/a.css);", "@font-face { font-family:A; src:url(a) }"]
)
def test_styles_that_fetch_are_found(css: str) -> None:
    """third-party; H14."""
    assert found("third-party", a_mail(head=f"<title>a</title><style>{css}{DARK}</style>"))


def test_the_footer_of_these_tests_is_what_every_mail_owes() -> None:
    """unsubscribe-missing, postal-address-missing, footer-incomplete."""
    owed = {"unsubscribe-missing", "postal-address-missing", "footer-incomplete"}

    assert rules_broken(a_mail(footer=FOOTER)) & owed == set()
    assert rules_broken(a_mail(footer="")) & owed == owed
