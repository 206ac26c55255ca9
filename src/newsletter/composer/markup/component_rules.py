"""What may be wrong with a component’s standing where it does."""

from __future__ import annotations

from newsletter.composer.markup.markup_problem import MarkupCase, Trap
from newsletter.composer.markup.mjml_facts import UNSUPPORTED, components, parents_of
from newsletter.domain.suggestions import nearest

_REFUSED = {
    "mj-include": Trap(
        MarkupCase.INCLUDE,
        "<mj-include> is not read, lest a template show other files of this machine (X8).",
        'Write {% include "layout/….mjml.j2" %}.',
    ),
    "mj-font": Trap(
        MarkupCase.EXTERNAL_FONT,
        "<mj-font> fetches a font from elsewhere, which tells others who reads (H14).",
        "Leave it out, and name a font that every machine has.",
    ),
} | {
    name: Trap(
        MarkupCase.UNSUPPORTED_COMPONENT,
        f"<{name}> cannot be used: {reason}.",
        "Make it of sections, columns, texts, tables, images and buttons.",
    )
    for name, reason in UNSUPPORTED.items()
}

NO_BODY = Trap(
    MarkupCase.ONE_BODY,
    "The document has no <mj-body>, so the mail would be empty.",
    "Put the sections into one <mj-body>.",
)


def component_trap(name: str, parent: str | None) -> Trap | None:
    """What is wrong with the component `name` inside `parent`, which is None for the document.

    Nothing is said of the children of unknown components.
    """
    known = components()
    if name in _REFUSED:
        return _REFUSED[name]
    if name not in known:
        return _unknown(name)
    if parent is None:
        return None if name == "mjml" else _misplaced(name, "beside <mjml>")
    if parent in known and name not in known[parent].children:
        return _misplaced(name, f"in <{parent}>")
    return None


def second(name: str) -> Trap:
    """What is said of a second `mj-head` or `mj-body`."""
    return Trap(
        MarkupCase.ONE_BODY,
        f"There is a second <{name}>, and only one of the two counts.",
        "Keep one, and put into it what both hold.",
    )


def among_html(name: str) -> Trap:
    """What is said of a component among the HTML of another."""
    return _misplaced(name, "among HTML")


def between_components(text: str) -> Trap:
    """What is said of words or HTML between components, `text` being without markers."""
    if text.startswith("<"):
        return Trap(
            MarkupCase.STRAY_HTML,
            f"HTML stands where only components should: {_start_of(text)}",
            "Put it into <mj-text>, <mj-table> or <mj-raw>.",
        )
    return Trap(
        MarkupCase.STRAY_TEXT,
        f"Words stand where only components should: “{_start_of(text)}”",
        "Put them into <mj-text>: elsewhere they are lost, or break the table around them.",
    )


def _unknown(name: str) -> Trap:
    meant = nearest(name.lower(), components())
    cure = f"Did you mean <{meant}>?" if meant else "Leave it out, or write HTML in <mj-text>."
    return Trap(MarkupCase.UNKNOWN_COMPONENT, f"MJML has no component <{name}>.", cure)


def _misplaced(name: str, where: str) -> Trap:
    holders = [f"<{parent}>" for parent in parents_of(name)] or ["<mj-body>"]
    return Trap(
        MarkupCase.WRONG_PARENT,
        f"<{name}> cannot stand {where}.",
        f"Put it into {' or '.join(holders)}.",
    )


def _start_of(text: str) -> str:
    """As much of `text` as tells which it is."""
    words = " ".join(text.split())
    return words if len(words) <= 40 else f"{words[:39]}…"
