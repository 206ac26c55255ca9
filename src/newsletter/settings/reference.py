"""The settings explained: as the newsletter.toml of a new workspace, and as a page of the docs."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from textwrap import wrap

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from newsletter.domain.attributes import TAGS
from newsletter.settings.model import Settings
from newsletter.settings.tables import Attribute, CheckLevel, ReceiverLimits


@dataclass(frozen=True, slots=True)
class _Many:
    """A table of which a file may hold many: its heading, what it is for, and an example."""

    heading: str
    words: str
    example: tuple[str, ...]


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
    parts += [_example(many) for many in _MANY]
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
    parts += [f"## {many.heading}\n\n{many.words}" for many in _MANY]
    return "\n\n".join(parts) + "\n"


def _example(many: _Many) -> str:
    """Tables as they might be written, in comments."""
    return "\n".join(f"# {line}" for line in (*wrap(many.words, 96), *many.example))


def _words(model: type[BaseModel], before: str, after: str = "") -> str:
    keys = " ".join(f"`{name}`: {field.description}" for name, field in model.model_fields.items())
    return f"{before} {keys} {after}".rstrip()


_MANY = (
    _Many(
        "[[relays]]",
        "Several relays in place of [relay], which then stays empty: one table for each, in this"
        " file only. Their keys are those of [relay], and each has a url. The mail is shared out"
        " among them by weight; while one is down the others take its share. NEWSLETTER_RELAY_URL"
        " in the environment names one in place of all of them.",
        (
            "[[relays]]",
            'url = "smtp+starttls://user:password@mail1.example.org:587"',
            "weight = 2",
            "[[relays]]",
            'url = "smtps://user:password@mail2.example.org:465"',
        ),
    ),
    _Many(
        '[receivers."DOMAIN"]',
        _words(
            ReceiverLimits,
            f"{ReceiverLimits.__doc__} One table for each, in this file only. Without one a"
            " receiver gets mail as fast as it takes it, by five connections, and more slowly once"
            " it complains.",
        ),
        ('[receivers."gmail.com"]', 'rate = "2000/h"'),
    ),
    _Many(
        "[checks.RULE]",
        _words(
            CheckLevel,
            f"{CheckLevel.__doc__} One table for each rule, in this file only.",
            "The rules are listed in docs/reference/checks.md.",
        ),
        ("[checks.link-vague]", 'level = "advice"', 'reason = "…"'),
    ),
    _Many(
        "[attributes.NAME]",
        _words(
            Attribute,
            f"{Attribute.__doc__} One table for each, in this file only.",
            f"The list `{TAGS}` is always there. Lists fill attributes from columns of their name,"
            " segments ask for them, and texts write a text as {county|fallback}.",
        ),
        ("[attributes.county]", 'type = "text"'),
    ),
)


def _default(field: FieldInfo) -> object:
    return "" if field.is_required() or field.default is None else field.default


def _toml(value: object) -> str:
    if isinstance(value, timedelta):
        minutes = int(value.total_seconds() // 60)
        return f'"{minutes // 60}h"' if minutes % 60 == 0 else f'"{minutes}m"'
    return json.dumps(value, ensure_ascii=False)
