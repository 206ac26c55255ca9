"""The kinds of section explained, as a page of the docs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from newsletter.composer.kinds.kinds import Catalogue, Field, FieldType, SectionKind

_LANGUAGE = "en"
_INTRODUCTION = """\
Every kind of section that an edition may hold, with its fields and a sample. `newsletter sections`
lists those of your own workspace, which may hold more.

Words and rich text are written once for each language of the edition. What is *neutral* may be
written once for all of them, and so may an address (url). A number in the name of a field is a
place in a list: `cards.1.heading` is the heading of the first card."""
_TABLE_HEAD = "| field | type | needed | limits | what it is |\n|---|---|---|---|---|"


def sections_page(catalogue: Catalogue) -> str:
    """The reference of all kinds in `catalogue` as Markdown, each with its fields and sample."""
    parts = ["# Kinds of section", _INTRODUCTION]
    for kind in catalogue.kinds.values():
        parts += _kind_parts(kind)
    return "\n\n".join(parts) + "\n"


def _kind_parts(kind: SectionKind) -> Iterator[str]:
    labels = ", ".join(f"{label} ({language})" for language, label in kind.labels.items())
    yield f"## {kind.name}"
    yield f"{labels}."
    rows = list(_rows(kind.fields, ""))
    if rows:
        yield "\n".join([_TABLE_HEAD, *rows])
    yield f"```yaml\n{kind.sample_file.read_text(encoding='utf-8').strip()}\n```"


def _rows(fields: Sequence[Field], before: str) -> Iterator[str]:
    for field in fields:
        yield from _rows_of(field, f"{before}{field.name}")


def _rows_of(field: Field, path: str) -> Iterator[str]:
    """The field's own row of the table, and those of the fields inside it."""
    words = field.type.value + (", neutral" if field.neutral else "")
    help_ = field.help.get(_LANGUAGE, "")
    cells = (f"`{path}`", words, "yes" if field.required else "", _limits(field), help_)
    yield "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"
    yield from _rows(field.fields, f"{path}.")
    if field.item is not None:
        yield from _rows_of(field.item, f"{path}.1")


def _limits(field: Field) -> str:
    match field.type:
        case FieldType.CHOICE:
            return " or ".join(f"`{option}`" for option in field.options)
        case FieldType.IMAGE:
            return _image_limits(field)
        case FieldType.LIST:
            return f"{field.min_items} to {field.max_items or 'any number'}"
        case _:
            return f"{field.max_length:,} characters" if field.max_length else ""


def _image_limits(field: Field) -> str:
    rule = field.image
    places = [f"`position: {place}` {width} px" for place, width in rule.positions.items()]
    shown = ", ".join(places) or f"{rule.width} px"
    return f"{shown}, cut to {_proportions(rule.crop)}" if rule.crop else f"{shown} wide"


def _proportions(crop: Fraction) -> str:
    return f"{crop.numerator}:{crop.denominator}"
