"""Which kind a section is of."""

from __future__ import annotations

from newsletter.composer.kinds.kinds import Catalogue, SectionKind
from newsletter.domain.editions import Section
from newsletter.domain.errors import BadInput


def kind_of(section: Section, position: int, catalogue: Catalogue) -> SectionKind:
    """The kind of `section`, the `position`th of its edition.

    Raises BadInput when no template folder holds that kind, as after a kind's folder is removed.
    """
    kind = catalogue.kinds.get(section.kind)
    if kind is None:
        raise BadInput(
            f"section {position} is of the kind “{section.kind}”, which no template folder holds",
            cure=f"Restore sections/{section.kind}/, or give the section another kind.",
        )
    return kind
