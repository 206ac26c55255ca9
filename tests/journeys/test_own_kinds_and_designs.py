"""A workspace's own section kind, its own template and its own design: folders, and no code."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.terminal import Terminal

EDITION = Path("editions/first-edition/edition.yaml")
RECIPE = Path("templates/email/sections/recipe")


def _write(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")


@pytest.fixture
def recipes(newsletter: Terminal, workspace: Path) -> Terminal:
    """A workspace with a kind that lives nowhere else."""
    _write(
        RECIPE / "section.toml",
        '[labels]\nen = "Recipe"\ncy = "Rysáit"\n'
        '[fields.heading]\ntype = "words"\nrequired = true\n'
        '[fields.steps]\ntype = "list"\nmin_items = 1\n[fields.steps.item]\ntype = "words"\n',
    )
    _write(
        RECIPE / "section.mjml.j2",
        '<mj-section><mj-column><mj-text>\n<h2 id="{{ section.anchor }}">{{ heading }}</h2>\n<ol>\n'
        "{% for step in steps %}<li>{{ step }}</li>{% endfor %}\n</ol>\n"
        "</mj-text></mj-column></mj-section>\n",
    )
    _write(
        RECIPE / "section.txt.j2",
        "{{ heading | underline }}\n\n{% for step in steps %}\n{{ loop.index }}. {{ step }}\n"
        "{% endfor %}\n",
    )
    _write(
        RECIPE / "sample.yaml",
        'kind: recipe\nheading: {en: "Bara brith", cy: "Bara brith"}\n'
        'steps:\n  - {en: "Soak the fruit", cy: "Mwydwch y ffrwythau"}\n',
    )
    with EDITION.open("a", encoding="utf-8") as file:
        sample = (RECIPE / "sample.yaml").read_text(encoding="utf-8").splitlines()
        file.write("\n".join(["  - " + sample[0], *("    " + line for line in sample[1:])]) + "\n")
    return newsletter


def test_a_folder_is_a_kind_for_every_command(recipes: Terminal) -> None:
    listed = {kind["kind"] for kind in recipes("sections", "--json").json}
    schema = recipes("sections", "recipe", "--json-schema").json

    assert {"recipe", "article"} <= listed
    assert schema["properties"]["steps"]["type"] == "array"
    assert "Soak the fruit" in recipes("sections", "recipe").out


def test_a_section_of_it_is_composed_in_both_parts(recipes: Terminal) -> None:
    answer = recipes("compose", EDITION, "--json")

    assert answer.code == 0, answer.err
    welsh = answer.json["languages"]["cy"]
    assert ">Mwydwch y ffrwythau</li>" in Path(welsh["html"]).read_text(encoding="utf-8")
    assert "1. Mwydwch y ffrwythau" in Path(welsh["text"]).read_text(encoding="utf-8")


def test_it_goes_through_import_and_export_without_loss(recipes: Terminal) -> None:
    assert recipes("edition", "import", EDITION).code == 0

    exported = recipes("edition", "export", "first-edition").out

    assert "kind: recipe" in exported
    assert "Mwydwch y ffrwythau" in exported


def test_what_mjml_does_not_know_in_it_is_found_at_its_line(recipes: Terminal) -> None:
    """H20."""
    file = RECIPE / "section.mjml.j2"
    file.write_text(
        file.read_text(encoding="utf-8").replace("<mj-column>", '<mj-column\n  colour="red">'),
        "utf-8",
    )

    answer = recipes("check", EDITION, "--json")

    assert answer.code == 1
    (finding,) = [one for one in answer.json["findings"] if one["rule"] == "mjml"]
    assert finding["file"] == "sections/recipe/section.mjml.j2"
    assert finding["line"] == 1
    assert "colour" in finding["message"]


def test_a_template_with_a_fault_is_named_with_its_line(recipes: Terminal) -> None:
    (RECIPE / "section.mjml.j2").write_text("<mj-section>\n{% if heading %}\n", encoding="utf-8")

    answer = recipes("compose", EDITION)

    assert answer.code == 3
    assert "sections/recipe/section.mjml.j2:" in answer.err
    assert "Traceback" not in answer.err


NIGHT = {
    **dict.fromkeys(("page", "surface", "tint", "line", "band"), "#101418"),
    **dict.fromkeys(("text", "heading", "link", "muted", "band_text"), "#f0f2f4"),
    "button": "#7fb0ff",
    "button_text": "#101418",
    "accent": "#7fb0ff",
}


def test_a_brand_may_use_a_design_of_the_workspaces_own(recipes: Terminal) -> None:
    colours = "\n".join(f'{role} = "{colour}"' for role, colour in NIGHT.items())
    shape = 'padding = "24px"\nradius = "0px"\npanel_radius = "0px"\nbutton_radius = "0px"'
    _write(
        Path("templates/email/designs/night/design.toml"),
        f'[labels]\nen = "Night"\n[shape]\n{shape}\n[colours]\n{colours}\n',
    )
    Path("brand/brand.toml").write_text(
        'design = "night"\nname = { en = "A", cy = "B" }\n', "utf-8"
    )

    html = Path(recipes("compose", EDITION, "--json").json["languages"]["en"]["html"])

    assert "background-color:#101418" in html.read_text(encoding="utf-8")
