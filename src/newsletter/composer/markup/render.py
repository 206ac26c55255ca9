"""Templates to MJML and text, and MJML to HTML."""

from __future__ import annotations

import traceback
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

import mjml
from jinja2 import FileSystemLoader, StrictUndefined, TemplateError, TemplateNotFound
from jinja2.sandbox import ImmutableSandboxedEnvironment

from newsletter.composer.words.plain_text import underline, wrap
from newsletter.domain.errors import SurroundingsFailed

if not callable(getattr(mjml, "mjml2html", None)):
    # PyPI's "mjml" installs into the same folder and turns the function into a module.
    raise ImportError(  # noqa: TRY004  # the wrong type is the sign, a broken install the fault
        "The package “mjml” has overwritten “mjml-python”, which this program needs. "
        "Run: pip uninstall mjml; pip install --force-reinstall mjml-python"
    )

_FILTERS = frozenset(
    {"default", "escape", "e", "first", "int", "join", "last", "length", "list", "lower", "replace"}
    | {"round", "trim", "upper"}
)
_PLAIN = (".txt.j2", ".css.j2")


def fill_template(folders: tuple[Path, ...], template: str, context: Mapping[str, object]) -> str:
    """The template with `context` in it.

    Raises SurroundingsFailed with the template's name and line when it cannot be filled.
    """
    environment = _environment(folders)
    try:
        return environment.get_template(template).render(context)
    except TemplateNotFound as error:
        raise SurroundingsFailed(
            f"the template {error.name} is not there",
            cure="Restore the file in templates/email, or remove the section kind's folder.",
        ) from error
    except (TemplateError, TypeError, ValueError, ArithmeticError, LookupError) as error:
        raise SurroundingsFailed(
            f"the template cannot be filled: {error}",
            where=_template_line(error, template),
            cure="Mend the template; a section template sees its own fields, brand, language and"
            " strings.",
        ) from error


def mjml_as_html(source: str, template: str) -> str:
    """MJML made HTML, without comments but Outlook's own and without fonts from elsewhere (H14).

    `template` is what an error names. Raises SurroundingsFailed.
    """
    try:
        return mjml.mjml2html(source, disable_comments=True, fonts={})
    except ValueError as error:
        raise SurroundingsFailed(
            f"the markup that the templates make is not MJML: {error}",
            where=template,
            cure="Look for an unclosed tag, an mj-include or an unquoted attribute in the"
            " templates.",
        ) from error


@lru_cache(maxsize=16)
def _environment(folders: tuple[Path, ...]) -> ImmutableSandboxedEnvironment:
    environment = ImmutableSandboxedEnvironment(
        loader=FileSystemLoader(folders),
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
    return environment


def _template_line(error: Exception, template: str) -> str:
    """`template:line` of the innermost template that the error passed through."""
    place = template
    line = getattr(error, "lineno", None)
    if line is not None:
        return f"{getattr(error, 'name', None) or template}:{line}"
    for frame in traceback.extract_tb(error.__traceback__):
        if frame.filename.endswith(".j2"):
            parts = Path(frame.filename).parts[-3:]
            place = f"{'/'.join(parts)}:{frame.lineno}"
    return place
