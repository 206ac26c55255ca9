"""The MJML engine, mjml-python, made sure of when the program starts to compose."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module

from newsletter.domain.errors import SurroundingsFailed

_CURE = "Run: pip uninstall mjml; pip install --force-reinstall mjml-python"


def load_engine() -> Callable[..., str]:
    """The function that makes HTML of MJML.

    Raises SurroundingsFailed when it is not there: PyPI’s “mjml” installs into the same folder
    and turns the function into a module, and removing it takes files of ours with it.
    """
    try:
        engine = import_module("mjml").mjml2html
    except (ImportError, AttributeError) as error:
        raise SurroundingsFailed(
            f"the package “mjml-python”, which makes the mails, cannot be loaded: {error}",
            cure=_CURE,
        ) from error
    if not callable(engine):
        raise SurroundingsFailed(
            "the package “mjml” has overwritten “mjml-python”, which makes the mails", cure=_CURE
        )
    function: Callable[..., str] = engine
    return function


mjml2html = load_engine()
