"""Single rows as they were understood, for the person who rehearses an import."""

from __future__ import annotations

from collections.abc import Iterator

from newsletter.app.list_files.listed_people import ListedPerson, SkippedRow


def understood(row: ListedPerson | SkippedRow) -> str:
    """One line on what a row comes to: `line 2: dai@example.org, name "Dai", subscribed since …`.

    It holds personal data: for a screen, never for a log.
    """
    if isinstance(row, SkippedRow):
        return f"line {row.line}: passed over, {row.reason}"
    return f"line {row.line}: {', '.join([row.address.typed, *_facts(row)])}"


def _facts(person: ListedPerson) -> Iterator[str]:
    known = {
        "name": person.name,
        "language": person.language,
        "format": person.format,
        **{
            name: ", ".join(value) if isinstance(value, list) else value
            for name, value in person.attributes.items()
        },
        "basis": person.basis,
        "source": person.source,
        "wording": person.wording,
        "IP": person.ip,
    }
    since = f" since {person.since:%Y-%m-%d %H:%M} UTC" if person.since else ""
    yield f"{person.standing}{since}"
    yield from (f'{what} "{value}"' for what, value in known.items() if value not in (None, ""))
    if person.evidence:
        yield person.evidence
