from __future__ import annotations

from pathlib import Path

import pytest

from newsletter.composer.markup.places import place_before, without_places
from newsletter.composer.markup.render import fill_template, mjml_as_html
from newsletter.domain.errors import SurroundingsFailed


def fill(folder: Path, source: str, name: str = "x.mjml.j2", **context: object) -> str:
    (folder / name).write_text(source, encoding="utf-8")
    return fill_template((folder,), name, context)


def test_values_are_escaped_in_markup_and_not_in_text(tmp_path: Path) -> None:
    """X1: autoescape for everything but the text part."""
    assert fill(tmp_path, "{{ a }}", a='<"&') == "&lt;&#34;&amp;"
    assert fill(tmp_path, "{{ a }}", "x.txt.j2", a='<"&') == '<"&'


def test_an_unknown_name_is_an_error_with_template_and_line(tmp_path: Path) -> None:
    """X1: StrictUndefined."""
    with pytest.raises(SurroundingsFailed) as caught:
        fill(tmp_path, "one\ntwo\n{{ three }}\n")

    assert caught.value.where == "x.mjml.j2:3"


def test_a_fault_in_an_included_template_names_that_template(tmp_path: Path) -> None:
    (tmp_path / "parts").mkdir()
    (tmp_path / "parts" / "y.mjml.j2").write_text("\n{{ three }}", encoding="utf-8")

    with pytest.raises(SurroundingsFailed) as caught:
        fill(tmp_path, '{% include "parts/y.mjml.j2" %}')

    assert caught.value.where == "parts/y.mjml.j2:2"


def test_a_template_that_makes_more_than_anybody_could_mail_is_stopped(tmp_path: Path) -> None:
    """X1: nested loops over an edition's own lists, say."""
    loops = "{% for a in many %}{% for b in many %}{{ words }}{% endfor %}{% endfor %}"

    with pytest.raises(SurroundingsFailed, match="more than 5,000,000 characters"):
        fill(tmp_path, loops, many=range(80), words="x" * 1000)


def test_markup_knows_the_lines_of_its_tags_and_text_knows_none(tmp_path: Path) -> None:
    markup = fill(tmp_path, "{% if a %}\n<mj-text>\n{% endif %}\n\n  <b>{{ a }}</b>", a="<i>")

    assert place_before(markup, markup.index("<mj-text>")) == ("x.mjml.j2", 2)
    assert place_before(markup, markup.index("<b>")) == ("x.mjml.j2", 5)
    assert without_places(markup) == "<mj-text>\n\n  <b>&lt;i&gt;</b>"
    assert fill(tmp_path, "<b>", "x.txt.j2") == "<b>"


def test_a_fault_of_syntax_names_template_and_line(tmp_path: Path) -> None:
    with pytest.raises(SurroundingsFailed) as caught:
        fill(tmp_path, "one\n{% if %}\n")

    assert caught.value.where == "x.mjml.j2:2"


@pytest.mark.parametrize(
    "source",
    [
        "{{ ''.__class__.__mro__ }}",
        "{{ lipsum.__globals__ }}",
        "{{ cycler }}",
        "{{ range(9) }}",
        "{{ namespace() }}",
        "{{ '<b>'|safe }}",
        "{{ ''|attr('__class__') }}",
        "{{ '%s'|format(1) }}",
        "{{ {'a': 1}|xmlattr }}",
        "{{ words.update(a=1) }}",
    ],
)
def test_templates_cannot_reach_out_of_the_sandbox(tmp_path: Path, source: str) -> None:
    """X1: sandbox, and no globals or filters but a few."""
    with pytest.raises(SurroundingsFailed):
        fill(tmp_path, source, words={})


def test_a_missing_template_is_named(tmp_path: Path) -> None:
    with pytest.raises(SurroundingsFailed, match=r"sections/quote/section\.mjml\.j2"):
        fill_template((tmp_path,), "sections/quote/section.mjml.j2", {})


def test_the_first_folder_wins(tmp_path: Path) -> None:
    for name in ("own", "shipped"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "x.txt.j2").write_text(name)

    assert fill_template((tmp_path / "own", tmp_path / "shipped"), "x.txt.j2", {}) == "own"


@pytest.mark.parametrize("path", ["/etc/passwd", "x.mjml", "file:///etc/passwd", "http://x.test/"])
def test_mjml_includes_are_refused(path: str) -> None:
    """X8: mj-include has no loader."""
    with pytest.raises(SurroundingsFailed):
        mjml_as_html(f'<mjml><mj-body><mj-include path="{path}" /></mj-body></mjml>', "layout")


def test_broken_mjml_that_no_template_made_is_an_error_that_names_the_layout() -> None:
    with pytest.raises(SurroundingsFailed) as caught:
        mjml_as_html("<mjml><mj-body>", "layout/layout.mjml.j2")

    assert caught.value.where == "layout/layout.mjml.j2"


@pytest.mark.parametrize(
    ("source", "line", "message"),
    [
        ("<mjml>\n<mj-body>\n<mj-raw>\n<p>é\n</mj-raw></mj-body></mjml>", 4, "<p> is not closed"),
        ("<mjml>\n<mj-body>\n<mj-raw>a < b</mj-raw></mj-body></mjml>", 3, "begins no tag"),
        ('<mjml>\n<mj-body><mj-include path="x" /></mj-body></mjml>', 2, "<mj-include>"),
        ("<mjml>\n<mj-head>é\n<mj-style>a</mj-style></mj-head></mjml>", 2, "“é”"),
        ("<mjml>\n<mj-head>\n<mj-style>é</mj-style>\n<mj-text>x</mj-text></mj-head></mjml>", 4,
         "<mj-text> cannot stand in <mj-head>"),
        ('<mjml><mj-body/><mj-head>\n<mj-breakpoint width="4px">é</mj-breakpoint></mj-head></mjml>',
         2, "unexpected token"),
    ],
)  # fmt: skip
def test_broken_mjml_is_an_error_that_names_template_and_line(
    tmp_path: Path, source: str, line: int, message: str
) -> None:
    """The engine itself counts bytes, or names no place at all."""
    markup = fill(tmp_path, source)

    with pytest.raises(SurroundingsFailed, match=message) as caught:
        mjml_as_html(markup, "layout/layout.mjml.j2")

    assert caught.value.where == f"x.mjml.j2:{line}"


def test_nesting_that_would_end_the_process_is_an_error(tmp_path: Path) -> None:
    """20,000 levels overflow the engine's stack, which Python cannot catch."""
    deep = f"<mjml>\n<mj-body><mj-raw>\n{'<b>' * 20_000}{'</b>' * 20_000}</mj-raw></mj-body></mjml>"

    with pytest.raises(SurroundingsFailed, match="nested") as caught:
        mjml_as_html(fill(tmp_path, deep), "layout/layout.mjml.j2")

    assert caught.value.where == "x.mjml.j2:3"


def test_mjml_brings_no_fonts_and_no_comments_but_outlooks() -> None:
    """H14: MJML's own default font is fetched from elsewhere."""
    source = (
        "<mjml><mj-body><mj-section><mj-column><!-- a note -->"
        '<mj-text font-family="Ubuntu">x<!-- aside --></mj-text>'
        "</mj-column></mj-section></mj-body></mjml>"
    )

    html = mjml_as_html(source, "layout/layout.mjml.j2")

    assert "font-family:Ubuntu" in html
    assert "https://" not in html
    assert "note" not in html
    assert "aside" not in html
    assert "<!--[if mso" in html
