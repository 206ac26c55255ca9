from __future__ import annotations

import re

import pytest

from newsletter.composer.markup.finish import finish
from newsletter.composer.markup.inline import inline_styles, parse
from newsletter.composer.pictures.images import Picture, PictureShape, read_picture
from tests.builders import an_image


def finished(body: str, *pictures: Picture, language: str = "en", head: str = "") -> str:
    document = parse(
        f"<!doctype html><html><head><title>t</title>{head}</head><body>{body}</body></html>"
    )
    shown = {picture.url: picture for picture in pictures}
    return finish(document, languages=(language,), pictures=shown).html


SIGN = '<i data-section="{}" data-language="{}"></i>'


def test_elements_are_placed_in_their_sections_and_the_signs_are_gone() -> None:
    body = f"{SIGN.format(1, 'en')}<div><p>a</p></div>{SIGN.format(2, 'en')}<div>b</div>"
    document = parse(f"<html><body><div>{body}{SIGN.format('', 'en')}<p>c</p></div></body></html>")

    done = finish(document, languages=("en",), pictures={})

    placed = {element.text: done.sections.get(element) for element in document.iter("p", "div")}
    assert (placed["a"], placed["b"], placed["c"]) == (1, 2, None)
    assert "data-section" not in done.html


def test_what_stands_in_another_language_says_so() -> None:
    """H10, WCAG 3.1.2: MJML cannot, so the finish does."""
    body = f"{SIGN.format(1, 'cy')}<div>a</div>{SIGN.format(1, 'en')}<div>b</div>"
    document = parse(f"<html><body><div>{body}</div></body></html>")

    html = finish(document, languages=("cy", "en"), pictures={}).html

    assert '<div lang="cy" dir="ltr"><div>a</div><div lang="en" dir="ltr">b</div>' in html


def test_every_block_of_the_body_says_language_and_direction() -> None:
    """H1, H3."""
    html = finished("<div>preheader</div><!-- note --><table><tr><td>x</td></tr></table>")

    assert '<html lang="en" dir="ltr">' in html
    assert '<div lang="en" dir="ltr">' in html
    assert '<table lang="en" dir="ltr">' in html


def test_the_doctype_comes_first() -> None:
    """Composer notes 2: without it mail programs show the mail in quirks mode."""
    assert finished("<p>x</p>").startswith("<!DOCTYPE html><html")


def test_an_image_has_both_sizes_in_its_proportions() -> None:
    """H16."""
    picture = read_picture(
        an_image(size=(1152, 700)), "https://news.example.org/media", PictureShape(576)
    )

    html = finished(f'<img src="{picture.url}" width="288" height="auto">', picture)

    assert 'width="288" height="175"' in html


def test_an_image_in_a_column_of_some_per_cent_has_whole_sizes() -> None:
    """MJML gives 231.68 pixels to what stands in 43 % of the text."""
    picture = read_picture(
        an_image(size=(464, 464)), "https://news.example.org/media", PictureShape(232)
    )

    html = finished(f'<img src="{picture.url}" width="231.68" height="auto">', picture)

    assert 'width="232" height="232"' in html


@pytest.mark.parametrize(
    ("language", "label"), [("en", "Read more"), ("en", "Read more…"), ("cy", "Darllen mwy")]
)
def test_a_vague_link_says_what_of(language: str, label: str) -> None:
    """H8: a label that says nothing alone is heard with its heading."""
    html = finished(f'<h2>Y  <b>Llyfrgell</b></h2><a href="x">{label}</a>', language=language)

    assert f'aria-label="{label}: Y Llyfrgell"' in html


def test_a_vague_link_is_not_about_the_section_before_its_own() -> None:
    link = '<div><a href="x">Read more</a></div>'
    first, second = SIGN.format(1, "en"), SIGN.format(2, "en")

    assert "aria-label" not in finished(f"{first}<div><h2>Hi</h2></div>{second}{link}")
    assert "aria-label" in finished(f"{first}<div><h2>Hi</h2></div>{link}")


def test_a_clear_link_is_left_alone() -> None:
    assert "aria-label" not in finished('<h2>Hi</h2><a href="x">Read the report</a>')


def test_links_do_not_open_windows() -> None:
    assert "target" not in finished('<a href="x" target="_blank">Read the report</a>')


@pytest.mark.parametrize(
    ("quoted", "meant"),
    [(r"w\u{302}yr", "w\u0302yr"), (r"a\\b", r"a\b"), (r"a\u{a0}b", "a\u00a0b")],
)
def test_the_quoting_that_mjml_leaves_in_attributes_is_undone(quoted: str, meant: str) -> None:
    """Composer notes 1, bug 7: attributes come out quoted as Rust quotes strings."""
    document = parse(finished(f'<img alt="{quoted}">'))

    assert document.find(".//img").get("alt") == meant


def test_adjacent_outlook_conditions_become_one() -> None:
    html = finished("<p><!--[if mso | IE]><b><![endif]--><!--[if mso | IE]><i><![endif]-->x</p>")

    assert "<!--[if mso | IE]><b><i><![endif]-->x" in html


def test_what_an_author_writes_about_html_stays() -> None:
    words = 'class="a-outlook" vertical-align="middle" style="a: b; c: d;" &lt;!--[if mso | IE]&gt;'

    assert f'<p lang="en" dir="ltr">{words}</p>' in finished(f"<p>{words}</p>")


def test_two_styles_for_different_media_stay_two() -> None:
    """Composer notes 2: merged, the narrow-screen rules would die."""
    head = '<style media="print">a{}</style><style>b{}</style>'

    assert head in finished("<p>x</p>", head=head)


def test_inlining_leaves_the_styles_of_the_head_as_they_are() -> None:
    """Composer notes 2: every @media rule survives, with its !important."""
    rules = "@media (max-width:479px) { h1 { font-size:26px !important; } }"
    sheet = f'<style>p {{ margin: 13px }}</style><style media="print">{rules}</style>'
    document = parse(f"<html><head>{sheet}</head><body><p>x</p><h1>y</h1></body></html>")

    inline_styles(document, "h1 { color: #14365d; } p { margin: 0; }")
    html = finish(document, languages=("en",), pictures={}).html

    assert sheet in html
    assert re.search(r'<h1 style="color:#14365d"[^>]*>y', html)
    assert re.search(r'<p style="margin:0"[^>]*>x', html)


def test_inlining_leaves_the_attributes_that_outlook_reads() -> None:
    """Composer notes 2: premailer would write width="100%" over MJML's width="600"."""
    document = parse('<table><tr><td width="600">x</td></tr></table>')

    inline_styles(document, "td { width: 100%; background-color: #ffffff; text-align: center; }")

    assert set(document.find(".//td").attrib) == {"width", "style"}
    assert document.find(".//td").get("width") == "600"
