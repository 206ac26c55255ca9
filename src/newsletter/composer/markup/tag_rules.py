"""What may be wrong with one MJML tag, whatever stands around it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache

from newsletter.composer.markup.attribute_values import in_words, is_fit_value, lacks_unit
from newsletter.composer.markup.markup_problem import MarkupCase, Trap
from newsletter.composer.markup.mjml_facts import DROPPED, components
from newsletter.domain.suggestions import nearest

_ATTRIBUTE = r'\s+([^\s=<>"\'/]+)\s*=\s*"([^"]*)"'
_PAIR = re.compile(_ATTRIBUTE)
_WELL_WRITTEN = re.compile(rf"(?:{_ATTRIBUTE})*+\s*/?")
_NETWORKS_WITH_SHARING = frozenset(
    {"facebook", "google", "linkedin", "pinterest", "tumblr", "twitter", "x", "xing"}
)
_INNER_WIDTHS = frozenset({"inner-border", "inner-border-left", "inner-border-right"})


@lru_cache(maxsize=2048)
def tag_traps(name: str, attributes: str, *, is_default: bool) -> tuple[Trap, ...]:
    """What is wrong with the tag of the known component `name`; `attributes` is all after its name.

    `is_default` is said of a child of `mj-attributes`, which is not itself shown.
    """
    pairs = _PAIR.findall(attributes)
    values = dict(pairs)
    traps = [*_of_writing(name, attributes, [attribute for attribute, _ in pairs])]
    for attribute, value in values.items():
        traps += _of_attribute(name, attribute, value)
    if not is_default:
        traps += _of_images(name, values)
    return tuple(traps)


def _of_writing(name: str, attributes: str, names: list[str]) -> Iterator[Trap]:
    if not _WELL_WRITTEN.fullmatch(attributes):
        yield Trap(
            MarkupCase.ATTRIBUTE_QUOTES,
            f'<{name}> has an attribute that is not of the form name="value".',
            "Use double quotes: in single ones, a quote in the value makes new attributes.",
        )
    for twice in sorted({one for one in names if names.count(one) > 1}):
        yield Trap(
            MarkupCase.REPEATED_ATTRIBUTE,
            f"<{name}> has “{twice}” twice, and only the last counts.",
            "Keep one of them.",
        )


def _of_attribute(name: str, attribute: str, value: str) -> Iterator[Trap]:
    kinds = components()[name].attributes
    if attribute in DROPPED.get(name, ()):
        yield Trap(
            MarkupCase.DROPPED_ATTRIBUTE,
            f"“{attribute}” of <{name}> has no effect: mjml-python drops it.",
            "Leave it out and reach the same with another attribute or a css-class.",
        )
    elif attribute not in kinds:
        meant = nearest(attribute, kinds)
        yield Trap(
            MarkupCase.UNKNOWN_ATTRIBUTE,
            f"<{name}> has no attribute “{attribute}”, so it would be dropped.",
            f"Did you mean “{meant}”?" if meant else f"Use some of: {', '.join(sorted(kinds))}.",
        )
    else:
        yield from _of_use(name, attribute, value)
        yield from _of_value(name, attribute, value, kinds[attribute])


def _of_use(name: str, attribute: str, value: str) -> Iterator[Trap]:
    """Attributes that MJML knows and that do not do what they say."""
    if attribute == "mj-class" and len(value.split()) > 1:
        yield Trap(
            MarkupCase.SEVERAL_CLASSES,
            f"<{name}> has several classes in “mj-class”: the first wins here, elsewhere the last.",
            "Keep one class, and make one that holds what both say.",
        )
    if (name, attribute) == ("mj-style", "inline"):
        yield Trap(
            MarkupCase.INLINE_STYLE,
            "<mj-style inline> is not inlined: its rules would stay in the head.",
            "Move the rules to layout/inline.css.j2, which is.",
        )
    if attribute in _INNER_WIDTHS:
        yield Trap(
            MarkupCase.INNER_BORDER,
            f"“{attribute}” of <{name}> is not taken off the width of what is inside.",
            "Use “border” instead.",
        )
    if (name, attribute) == ("mj-navbar", "hamburger"):
        yield Trap(
            MarkupCase.FORBIDDEN_HTML,
            "“hamburger” makes a form field, which mail programs take out (H13).",
            "Leave it out.",
        )


def _of_value(name: str, attribute: str, value: str, kind: str) -> Iterator[Trap]:
    if lacks_unit(kind, value):
        yield Trap(
            MarkupCase.UNITLESS_ZERO,
            f'<{name} {attribute}="{value}"> has a zero without unit, and so a wrong width inside.',
            "Write 0px for 0.",
        )
    elif not is_fit_value(kind, value):
        yield Trap(
            MarkupCase.BAD_VALUE,
            f'<{name} {attribute}="{value}"> has a value that MJML does not know.',
            f"Write {in_words(kind)}.",
        )
    elif attribute.startswith("padding") and "%" in value:
        yield Trap(
            MarkupCase.PERCENT_PADDING,
            f'<{name} {attribute}="{value}"> is not taken off the width of what is inside.',
            "Write the padding in px.",
        )


def _of_images(name: str, values: Mapping[str, str]) -> Iterator[Trap]:
    if name in {"mj-image", "mj-social-element"} and "alt" not in values:
        yield Trap(
            MarkupCase.MISSING_ALT,
            f"<{name}> has no “alt”, and mjml-python gives it none.",
            'Give it alt="{{ … }}", or alt="" when it only decorates.',
        )
    if name != "mj-social-element":
        return
    if "src" not in values:
        yield Trap(
            MarkupCase.EXTERNAL_IMAGE,
            "<mj-social-element> without “src” fetches its icon from MJML’s makers (H14).",
            "Give it an image of your own.",
        )
    if "href" in values and values.get("name") in _NETWORKS_WITH_SHARING:
        yield Trap(
            MarkupCase.SHARE_LINK,
            f'<mj-social-element name="{values["name"]}"> turns the link into one that shares it.',
            f'Write name="{values["name"]}-noshare".',
        )
