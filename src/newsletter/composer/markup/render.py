"""Templates to MJML and text, and MJML to HTML."""

from __future__ import annotations

import re
import traceback
from collections.abc import Callable, Mapping
from functools import lru_cache
from pathlib import Path

from jinja2 import (
    Environment,
    FileSystemLoader,
    StrictUndefined,
    TemplateError,
    TemplateNotFound,
)
from jinja2.sandbox import ImmutableSandboxedEnvironment

from newsletter.composer.markup.engine import mjml2html
from newsletter.composer.markup.lint import lint
from newsletter.composer.markup.markup_problem import MarkupCase
from newsletter.composer.markup.nesting import MOST_NESTED, too_deep_at
from newsletter.composer.markup.places import (
    mark_places,
    place_before,
    place_of_byte,
    without_places,
)
from newsletter.composer.words.plain_text import underline, wrap
from newsletter.composer.words.text_layouts import pairs, quoted, table
from newsletter.domain.errors import SurroundingsFailed

_FILTERS = frozenset(
    {"default", "escape", "e", "first", "int", "join", "last", "length", "list", "lower", "replace"}
    | {"round", "trim", "upper"}
)
_PLAIN = (".txt.j2", ".css.j2")
_MARKUP = ".mjml.j2"
_MOST_TEXT = 5_000_000
"""The most characters that a template may make: Gmail cuts a mail at about 100,000."""

_STOPS_ENGINE = frozenset(
    {
        MarkupCase.ATTRIBUTE_QUOTES,
        MarkupCase.DECLARATION,
        MarkupCase.INCLUDE,
        MarkupCase.STRAY_BRACKET,
        MarkupCase.UNBALANCED,
        MarkupCase.UNSUPPORTED_COMPONENT,
    }
)
_BYTE = re.compile(r"at position (\d+)")


def fill_template(folders: tuple[Path, ...], template: str, context: Mapping[str, object]) -> str:
    """The template with `context` in it, and in a markup template the places of its tags.

    Raises SurroundingsFailed with the template's name and line when it cannot be filled, or makes
    more than anybody could mail.
    """
    environment = _environment(folders)
    try:
        return _within_bounds(environment.get_template(template).render(context))
    except TemplateNotFound as error:
        raise SurroundingsFailed(
            f"the template {error.name} is not there",
            cure="Restore the file in templates/email, or remove the section kind's folder.",
        ) from error
    except (TemplateError, TypeError, ValueError, ArithmeticError, LookupError) as error:
        raise SurroundingsFailed(
            f"the template cannot be filled: {error}",
            where=_template_line(error, template, folders),
            cure="Mend the template; a section template sees its own fields, brand, language and"
            " strings.",
        ) from error


def mjml_as_html(markup: str, template: str) -> str:
    """MJML made HTML, without comments but Outlook's own and without fonts from elsewhere (H14).

    `markup` may hold the places of its tags, as `fill_template` leaves them. Raises
    SurroundingsFailed, which names the place, or `template` when there is none: when tags are
    nested deeper than the engine survives, or when it finds no MJML.
    """
    deep = too_deep_at(markup)
    if deep is not None:
        raise SurroundingsFailed(
            f"more than {MOST_NESTED} tags are nested in one another, or not closed",
            where=str(place_before(markup, deep) or template),
            cure="Close what is open in the templates, and nest fewer.",
        )
    try:
        return mjml2html(without_places(markup), disable_comments=True, fonts={})
    except ValueError as error:
        raise _not_mjml(markup, str(error), template) from error


def _not_mjml(markup: str, fault: str, template: str) -> SurroundingsFailed:
    """The engine's fault in our words, since its own are few and count bytes, or name no place."""
    what = "the markup that the templates make is not MJML"
    byte = _BYTE.search(fault)
    place = str(place_of_byte(markup, int(byte[1])) or template) if byte else template
    for problem in lint(markup):
        if problem.case in _STOPS_ENGINE or problem.place == place:
            place, fault, cure = problem.place or place, problem.message.rstrip("."), problem.fix
            break
    else:
        cure = "Look for a tag or words that do not belong there."
    return SurroundingsFailed(f"{what}: {fault}", where=place, cure=cure)


def _within_bounds(text: str) -> str:
    # Afterwards is early enough: templates have nothing to count with but what they are given.
    if len(text) > _MOST_TEXT:
        raise ValueError(f"it makes more than {_MOST_TEXT:,} characters")
    return text


class _MarkingLoader(FileSystemLoader):
    """Templates from folders, the first of which wins; in markup, each tag says its place."""

    def get_source(
        self, environment: Environment, template: str
    ) -> tuple[str, str, Callable[[], bool]]:
        source, file, is_fresh = super().get_source(environment, template)
        return (
            mark_places(source, template) if template.endswith(_MARKUP) else source,
            file,
            is_fresh,
        )


class _Environment(ImmutableSandboxedEnvironment):
    """The sandbox of all templates (X1)."""

    def getattr(self, obj: object, attribute: str) -> object:
        """`card.heading` is the item of a mapping, before any attribute of its own: no method is
        wanted, one of a field's name would hide it, and failing first takes long."""
        if type(obj) is dict and attribute in obj:
            return obj[attribute]
        return super().getattr(obj, attribute)


@lru_cache(maxsize=16)
def _environment(folders: tuple[Path, ...]) -> ImmutableSandboxedEnvironment:
    environment = _Environment(
        loader=_MarkingLoader(folders),
        # By name, for everything but text: select_autoescape does not know .mjml (X1).
        autoescape=lambda name: name is None or not name.endswith(_PLAIN),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.globals.clear()
    for name in set(environment.filters) - _FILTERS:
        del environment.filters[name]
    environment.filters |= {"wrap": wrap, "underline": underline}
    environment.filters |= {"table": table, "pairs": pairs, "quoted": quoted}
    return environment


def _template_line(error: Exception, template: str, folders: tuple[Path, ...]) -> str:
    """`template:line` of the innermost template that the error passed through."""
    place = template
    line = getattr(error, "lineno", None)
    if line is not None:
        return f"{getattr(error, 'name', None) or template}:{line}"
    for frame in traceback.extract_tb(error.__traceback__):
        for folder in folders:
            if Path(frame.filename).is_relative_to(folder):
                place = f"{Path(frame.filename).relative_to(folder).as_posix()}:{frame.lineno}"
                break
    return place
