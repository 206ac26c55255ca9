"""Which components MJML has, what each may hold and say, and where our engine departs from it.

`mjml_components.json` holds the definitions of npm mjml 4.18 (MIT licence), taken from its own
components: under `components` each one’s attributes with the type of their values, their defaults,
and whether it is `ending`, that is, holds HTML and no components; under `children` which components
each may hold. Differences of our engine, mjml-python, stand below; each has a test that shows it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

DEFAULTS = "mj-attributes"
"""The component that holds others as the bearers of default attributes."""

_EVERYWHERE = {"css-class": "string", "mj-class": "string"}
_OF_ROOT = {"lang": "string", "dir": "enum(ltr,rtl,auto)"}

UNSUPPORTED: Mapping[str, str] = {
    "mj-html-attributes": "mjml-python does not know it, and stops",
    "mj-selector": "mjml-python does not know it, and stops",
    "mj-html-attribute": "mjml-python does not know it, and stops",
    "mj-carousel": "it makes form fields, which mail programs take out, with ids by chance (H13)",
    "mj-accordion": "it makes form fields, which mail programs take out (H13)",
}
"""Components that no template may use, and why."""

DROPPED: Mapping[str, frozenset[str]] = {
    "mjml": frozenset({"owa"}),
    "mj-body": frozenset({"id"}),
    "mj-button": frozenset({"title"}),
    "mj-hero": frozenset({"border-radius", "container-background-color", "mode"}),
    "mj-image": frozenset({"border-bottom", "border-top", "sizes"}),
    "mj-section": frozenset({"text-padding"}),
    "mj-social": frozenset({"table-layout"}),
    "mj-social-element": frozenset({"icon-position", "sizes", "srcset"}),
    "mj-spacer": frozenset(
        {"border", "border-bottom", "border-left", "border-right", "border-top"}
    ),
    "mj-table": frozenset({"font-weight", "role"}),
    "mj-text": frozenset({"background-color"}),
    "mj-wrapper": frozenset({"gap", "text-padding"}),
}
"""Attributes that MJML knows and our engine drops without a word."""


@dataclass(frozen=True, slots=True)
class Component:
    """What MJML says of one component; `attributes` maps each to the type of its value."""

    attributes: Mapping[str, str]
    children: frozenset[str]
    is_ending: bool


@cache
def components() -> Mapping[str, Component]:
    """The components by name, `mjml` and those of `mj-attributes` among them."""
    file = files(__package__).joinpath("mjml_components.json")
    facts = json.loads(file.read_text(encoding="utf-8"))
    known = {
        name: Component(
            fact["attrs"] | _EVERYWHERE,
            frozenset(facts["children"].get(name, ())),
            fact["ending"],
        )
        for name, fact in facts["components"].items()
    }
    anything = {name: kind for one in known.values() for name, kind in one.attributes.items()}
    # Our engine takes no mj-raw beside head and body.
    known["mjml"] = Component(_OF_ROOT, frozenset({"mj-head", "mj-body"}), is_ending=False)
    known["mj-all"] = Component(anything, frozenset(), is_ending=False)
    known["mj-class"] = Component(anything | {"name": "string"}, frozenset(), is_ending=False)
    bearers = frozenset(known) - {"mjml", "mj-head", "mj-body", DEFAULTS}
    known[DEFAULTS] = Component({}, bearers, is_ending=False)
    return known


@cache
def parents_of(name: str) -> tuple[str, ...]:
    """The components that may hold `name`, in the order of the alphabet."""
    holders = (parent for parent, one in components().items() if name in one.children)
    return tuple(sorted(set(holders) - {DEFAULTS} - set(UNSUPPORTED)))
