"""Ids of sections: given at the first import, kept ever after."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from dataclasses import replace

from newsletter.domain.editions import Section


def new_section_id() -> str:
    """A fresh id of eight characters."""
    return secrets.token_hex(4)


def with_ids(
    sections: Sequence[Section],
    earlier: Sequence[Section],
    new_id: Callable[[], str] = new_section_id,
) -> tuple[Section, ...]:
    """The sections, each with an id.

    A file without ids is imported again and again while it is being written, so a section without
    one takes the id of the earlier section that it plainly is: the one with the same fields, else
    the one of the same kind at the same place among those of its kind. Else it gets a new one.
    """
    taken = {section.id for section in sections if section.id}
    free = [section for section in earlier if section.id and section.id not in taken]
    first = [section if section.id else _claim(section, free, _same_fields) for section in sections]
    last = [section if section.id else _claim(section, free, _same_kind) for section in first]
    return tuple(section if section.id else replace(section, id=new_id()) for section in last)


def _claim(
    section: Section, free: list[Section], is_same: Callable[[Section, Section], bool]
) -> Section:
    for candidate in free:
        if is_same(section, candidate):
            free.remove(candidate)
            return replace(section, id=candidate.id)
    return section


def _same_fields(one: Section, other: Section) -> bool:
    return one.kind == other.kind and one.fields == other.fields


def _same_kind(one: Section, other: Section) -> bool:
    return one.kind == other.kind
