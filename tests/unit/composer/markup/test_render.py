from __future__ import annotations

from pathlib import Path

import pytest

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

    assert str(caught.value.where).endswith("x.mjml.j2:3")


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


def test_broken_mjml_is_an_error_that_names_the_template() -> None:
    with pytest.raises(SurroundingsFailed) as caught:
        mjml_as_html("<mjml><mj-body>", "layout/layout.mjml.j2")

    assert caught.value.where == "layout/layout.mjml.j2"


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
