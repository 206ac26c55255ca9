"""One masthead of several languages: what differs between them stands below each other."""

from __future__ import annotations

from collections.abc import Mapping

from markupsafe import Markup

from newsletter.composer.reading.section_reader import Context


def stacked(contexts: Mapping[str, Context]) -> Context:
    """The fields of all languages as one: equal values once, words behind each other."""
    first = next(iter(contexts.values()))
    return {
        name: _together({language: context[name] for language, context in contexts.items()})
        for name in first
    }


def _together(values: Mapping[str, object]) -> object:
    different = {language: value for language, value in values.items() if value}
    first = next(iter(different.values()), next(iter(values.values())))
    if all(value == first for value in different.values()):
        return first
    if isinstance(first, Markup):
        return Markup("<br>").join(
            Markup('<span lang="{}">{}</span>').format(language, value)
            for language, value in different.items()
        )
    if isinstance(first, str):
        return "\n".join(str(value) for value in different.values())
    return first
