"""The settings explained: as the newsletter.toml of a new workspace, and as a page of the docs."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import timedelta
from textwrap import wrap

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from newsletter.domain.attributes import TAGS
from newsletter.settings.model import Settings
from newsletter.settings.tables import Attribute, CheckLevel


def tables() -> Iterator[tuple[str, type[BaseModel]]]:
    """Each table of newsletter.toml with its model, in the order of the file."""
    for name, field in Settings.model_fields.items():
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            yield name, field.annotation


def settings_toml(given: Mapping[str, Mapping[str, object]]) -> str:
    """A newsletter.toml with every key explained: `given` values set, defaults in comments."""
    parts = []
    for table, model in tables():
        lines = [f"# {model.__doc__}", f"[{table}]"]
        for key, field in model.model_fields.items():
            lines += [f"# {line}" for line in wrap(field.description or "", 96)]
            values = given.get(table, {})
            if key in values:
                lines.append(f"{key} = {_toml(values[key])}")
            else:
                lines.append(f"# {key} = {_toml(_default(field))}")
        parts.append("\n".join(lines))
    parts.append("\n".join(_check_example()))
    parts.append("\n".join(_attribute_example()))
    return "\n\n".join(parts) + "\n"


def settings_page() -> str:
    """The settings reference as Markdown."""
    parts = [
        "# Settings",
        "Every setting stands in `newsletter.toml`, or in the environment, which wins: "
        "`NEWSLETTER_SITE__BASE_URL` for `base_url` under `[site]`. Lists in the environment are "
        "parted by commas. Relative paths are relative to the folder of `newsletter.toml`.",
    ]
    for table, model in tables():
        parts.append(f"## [{table}]\n\n{model.__doc__}")
        rows = ["| key | default | meaning |", "|---|---|---|"]
        for key, field in model.model_fields.items():
            default = "**required**" if field.is_required() else f"`{_toml(_default(field))}`"
            meaning = (field.description or "").replace("|", "\\|")
            rows.append(f"| `{key}` | {default} | {meaning} |")
        parts.append("\n".join(rows))
    parts.append("## [checks.RULE]\n\n" + _check_words())
    parts.append("## [attributes.NAME]\n\n" + _attribute_words())
    return "\n\n".join(parts) + "\n"


def _check_example() -> list[str]:
    lines = [f"# {line}" for line in wrap(_check_words(), 96)]
    return [*lines, "# [checks.link-vague]", '# level = "advice"', '# reason = "…"']


def _check_words() -> str:
    keys = " ".join(
        f"`{name}`: {field.description}" for name, field in CheckLevel.model_fields.items()
    )
    return (
        f"{CheckLevel.__doc__} One table for each rule, in this file only. {keys}"
        " The rules are listed in docs/reference/checks.md."
    )


def _attribute_example() -> list[str]:
    lines = [f"# {line}" for line in wrap(_attribute_words(), 96)]
    return [*lines, "# [attributes.county]", '# type = "text"']


def _attribute_words() -> str:
    keys = " ".join(
        f"`{name}`: {field.description}" for name, field in Attribute.model_fields.items()
    )
    return (
        f"{Attribute.__doc__} One table for each, in this file only. {keys}"
        f" The list `{TAGS}` is always there. Lists fill attributes from columns of their name,"
        " segments ask for them, and texts write a text as {county|fallback}."
    )


def _default(field: FieldInfo) -> object:
    return "" if field.is_required() or field.default is None else field.default


def _toml(value: object) -> str:
    if isinstance(value, timedelta):
        minutes = int(value.total_seconds() // 60)
        return f'"{minutes // 60}h"' if minutes % 60 == 0 else f'"{minutes}m"'
    return json.dumps(value, ensure_ascii=False)
