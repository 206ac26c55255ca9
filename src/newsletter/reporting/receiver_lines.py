"""The receivers of an edition, the biggest one by one and the rest as one line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from newsletter.reporting.figures import Figures, total


@dataclass(frozen=True, slots=True)
class ReceiverLine:
    """One receiver, or the rest of them: what became of the edition's mail there (`edition`), and
    of that of all recent editions (`recent`).

    `receiver` is a domain, None of the rest, which are so many `receivers`.
    """

    receiver: str | None
    receivers: int
    edition: Figures
    recent: Figures


def receiver_lines(
    edition: Mapping[str, Figures], recent: Mapping[str, Figures], most: int
) -> tuple[Sequence[ReceiverLine], ReceiverLine | None]:
    """The `most` receivers with the most deliveries of the edition, and the rest of them; that is
    None when there is none."""
    ranked = sorted(edition, key=lambda name: (-edition[name].number, name))
    nothing = Figures()
    lines = [
        ReceiverLine(name, 1, edition[name], recent.get(name, nothing)) for name in ranked[:most]
    ]
    rest = ranked[most:]
    if not rest:
        return lines, None
    others = total(edition[name] for name in rest)
    others_recent = total(recent[name] for name in rest if name in recent)
    return lines, ReceiverLine(None, len(rest), others, others_recent)
