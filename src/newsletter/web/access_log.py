"""Logs without tokens: whoever reads a log must not be able to unsubscribe people (T9), nor learn
from it who they are."""

from __future__ import annotations

import copy
import logging
import re
from typing import Any

from uvicorn.config import LOGGING_CONFIG
from uvicorn.logging import AccessFormatter, DefaultFormatter

from newsletter.web.own_addresses import spellings

_PAGES_OF_TOKENS = ("u", "unsubscribe", "preferences", "view", "confirm")
_WORDS = "|".join(sorted(word for page in _PAGES_OF_TOKENS for word in spellings(page)))
# Spelt with whatever letters and however many slashes: a page that is not found is logged, too.
_TOKEN_IN_PATH = re.compile(rf"(?<=/)({_WORDS})(/+)[^\s/?\"]+", re.IGNORECASE)
# Wherever else one may turn up: in a traceback, or in an address that was spelt in another way.
_WHOLE_TOKEN = re.compile(r"(?<![\w-])[\w-]{47}(?![\w-])", re.ASCII)

# A form that somebody wrote for their own website may put what is typed into the address.
_QUERY = re.compile(r"\?[^\s\"]+")


def without_tokens(text: str) -> str:
    """`text` with every token in it, whole or garbled, shown as `***`."""
    return _WHOLE_TOKEN.sub("***", _TOKEN_IN_PATH.sub(r"\1\2***", text))


class MaskedFormatter(DefaultFormatter):
    """Uvicorn's formatter of messages and tracebacks, tokens masked."""

    def format(self, record: logging.LogRecord) -> str:
        """One record as text."""
        return without_tokens(super().format(record))


class MaskedAccessFormatter(AccessFormatter):
    """Uvicorn's formatter of the access log, tokens and queries masked."""

    def format(self, record: logging.LogRecord) -> str:
        """One request as a line."""
        return _QUERY.sub("?***", without_tokens(super().format(record)))


def masked_log_config() -> dict[str, Any]:
    """Uvicorn's own log configuration with tokens masked, for our own loggers too."""
    config = copy.deepcopy(LOGGING_CONFIG)
    config["formatters"]["default"]["()"] = MaskedFormatter
    config["formatters"]["access"]["()"] = MaskedAccessFormatter
    config["loggers"]["newsletter"] = {"handlers": ["default"], "level": "INFO", "propagate": False}
    return config
