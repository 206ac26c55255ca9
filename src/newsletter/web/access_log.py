"""Keeping tokens out of the logs (T9): nobody who reads a log may use what stands in it."""

from __future__ import annotations

import copy
import logging
import re
from typing import Any

from uvicorn.config import LOGGING_CONFIG

_KEPT = 4  # version, key and purpose: enough to see which kind of link it was, and no person
_TOKEN = re.compile(
    # After the name of a page with a token, whatever follows, even when it is garbled; and
    # whatever has the form of a token, wherever it stands.
    r"(?P<page>/(?:u|unsubscribe|preferences|view)/)(?P<garbled>[^/?#\s\"']+)"
    r"|(?<![\w-])(?P<token>[\w-]{47})(?![\w-])"
)
_EXCEPTIONS = logging.Formatter()


def mask_tokens(text: str) -> str:
    """`text` with every token cut to its first four characters."""
    return _TOKEN.sub(_masked, text)


class MaskTokens(logging.Filter):
    """Masks the tokens in a record's message, arguments and traceback."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Lets every record through, masked."""
        record.msg = _masked_value(record.msg)
        if isinstance(record.args, tuple):
            record.args = tuple(_masked_value(one) for one in record.args)
        if record.exc_info and not record.exc_text:
            # A formatter takes this text as it is and does not write its own.
            record.exc_text = mask_tokens(_EXCEPTIONS.formatException(record.exc_info))
        return True


def masked_log_config() -> dict[str, Any]:
    """Uvicorn's own logging, with `MaskTokens` before every handler, and our warnings in it."""
    config = copy.deepcopy(LOGGING_CONFIG)
    config["filters"] = {"mask_tokens": {"()": MaskTokens}}
    for handler in config["handlers"].values():
        handler["filters"] = ["mask_tokens"]
    config["loggers"]["newsletter"] = {"handlers": ["default"], "propagate": False}
    return config


def _masked(match: re.Match[str]) -> str:
    secret = match["token"] or match["garbled"]
    return f"{match['page'] or ''}{secret[:_KEPT]}…"


def _masked_value(value: object) -> object:
    # Numbers stay numbers, for the formats that want them.
    return mask_tokens(value) if isinstance(value, str) else value
