"""What is to be imported and on what grounds, and what an import answers."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from newsletter.app.imports.tally import Row, Tally
from newsletter.audience.import_records import OUTCOMES
from newsletter.domain.errors import BadInput
from newsletter.domain.people import Basis, Wording
from newsletter.mail.header_rules import without_controls


@dataclass(frozen=True, slots=True)
class ImportOrder:
    """What to import and on what grounds, where the list itself does not say.

    `topic` is the slug of what they subscribe to, `source` where the list comes from ("" for the
    file's name), `wording` what the people were told. Where `basis` is None the settings say it;
    where `preset` is, the columns.
    """

    file: Path
    topic: str
    basis: Basis | None
    actor: str
    source: str = ""
    wording: Wording | None = None
    preset: str | None = None
    mapping: Path | None = None
    dry_run: bool = False


@dataclass(frozen=True, slots=True)
class ImportResult:
    """What an import did, or would do: every row read is in exactly one of the five numbers.

    `import_id` and `reject_file` are None for a rehearsal, `reject_file` also when nothing was
    rejected; `shown` are the first few rows of each outcome; `preview` the first rows as they were
    understood, by the names of what they were taken for.
    """

    import_id: int | None
    counts: Mapping[str, int]
    reasons: Mapping[str, Mapping[str, int]]
    reject_file: Path | None
    shown: Mapping[str, Sequence[Row]]
    notes: tuple[str, ...]
    preview: Sequence[Mapping[str, str]] = ()

    @property
    def read(self) -> int:
        """How many rows the file has."""
        return sum(self.counts.values())

    @property
    def usable(self) -> bool:
        """Whether a single row could be made sense of."""
        return self.read > self.counts["rejected"]

    @property
    def has_changed_anything(self) -> bool:
        """Whether there is something to take back."""
        return bool(self.counts["added"] or self.counts["updated"])

    def as_json(self) -> dict[str, Any]:
        """The answer with the keys that the command line promises, and the reasons."""
        return {
            "import_id": self.import_id,
            "read": self.read,
            **{name: self.counts[name] for name in OUTCOMES},
            "reject_file": None if self.reject_file is None else str(self.reject_file),
            "reasons": {name: dict(counted) for name, counted in self.reasons.items() if counted},
        }


def result_of(
    tally: Tally,
    *,
    import_id: int | None,
    reject_file: Path | None,
    notes: Sequence[str],
    preview: Sequence[Mapping[str, str]] = (),
) -> ImportResult:
    """The answer for a list of which every row was counted."""
    return ImportResult(
        import_id=import_id,
        counts=tally.all_counts(),
        reasons=tally.reasons,
        reject_file=reject_file,
        shown=tally.shown,
        notes=tuple(notes),
        preview=preview,
    )


def named(file: Path) -> str:
    """The file's whole path as every database can keep it: the name of a file may be no text."""
    return without_controls(str(file.resolve()))


def fingerprint(order_words: Sequence[str], files: Sequence[Path]) -> str:
    """The same for the same orders and the same bytes, so that an import goes on where it stopped.

    Raises BadInput when a file cannot be read.
    """
    digest = hashlib.sha256("\x1f".join(order_words).encode(errors="surrogatepass"))
    for file in files:
        try:
            with file.open("rb") as stream:
                digest.update(hashlib.file_digest(stream, "sha256").digest())
        except OSError as error:
            raise BadInput(f"cannot read {file}: {error.strerror}") from None
    return digest.hexdigest()
