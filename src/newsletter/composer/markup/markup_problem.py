"""What the linter says about the markup that templates make."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple


class MarkupCase(StrEnum):
    """The ways in which markup goes wrong, most of them in silence."""

    UNKNOWN_COMPONENT = "unknown-component"
    UNSUPPORTED_COMPONENT = "unsupported-component"
    WRONG_PARENT = "wrong-parent"
    ONE_BODY = "one-body"
    UNBALANCED = "unbalanced"
    DEEP_NESTING = "deep-nesting"
    STRAY_BRACKET = "stray-bracket"
    STRAY_TEXT = "stray-text"
    STRAY_HTML = "stray-html"
    DECLARATION = "declaration"
    INCLUDE = "include"
    EXTERNAL_FONT = "external-font"
    EXTERNAL_IMAGE = "external-image"
    UNKNOWN_ATTRIBUTE = "unknown-attribute"
    DROPPED_ATTRIBUTE = "dropped-attribute"
    REPEATED_ATTRIBUTE = "repeated-attribute"
    MISSING_ALT = "missing-alt"
    ATTRIBUTE_QUOTES = "attribute-quotes"
    BAD_VALUE = "bad-value"
    UNITLESS_ZERO = "unitless-zero"
    PERCENT_PADDING = "percent-padding"
    INNER_BORDER = "inner-border"
    SEVERAL_CLASSES = "several-classes"
    INLINE_STYLE = "inline-style"
    SHARE_LINK = "share-link"
    QUOTE_IN_TITLE = "quote-in-title"
    FORBIDDEN_HTML = "forbidden-html"
    STYLE_BLOCK = "style-block"


class Trap(NamedTuple):
    """One thing that is wrong, wherever it stands; `fix` says what to write instead."""

    case: MarkupCase
    message: str
    fix: str


@dataclass(frozen=True, slots=True)
class MarkupProblem:
    """One thing that is wrong, at its place.

    `template` and `line` (counted from 1) are those of the nearest tag at or before it that a
    template holds; both are None in markup that no template made.
    """

    case: MarkupCase
    message: str
    fix: str
    template: str | None
    line: int | None

    @property
    def place(self) -> str | None:
        """`template:line`, or None when no template made the markup."""
        return f"{self.template}:{self.line}" if self.template else None
