"""From the rows of a list to people."""

from __future__ import annotations

from newsletter.app.list_files.cells import first_of
from newsletter.app.list_files.columns import find_columns
from newsletter.app.list_files.holdings import Holds
from newsletter.app.list_files.listed_people import ListedPerson, Rejected, SkippedRow
from newsletter.app.list_files.mappings import NO_MAPPING, ListMapping
from newsletter.app.list_files.person_fields import Destination, PersonFields
from newsletter.app.list_files.preset_choice import choose_preset
from newsletter.app.list_files.reading_notes import ReadingNotes
from newsletter.app.list_files.standings import Judge
from newsletter.app.list_files.tables import ListRow, ListTable
from newsletter.domain.errors import BadInput
from newsletter.domain.list_standings import Standing
from newsletter.mail.addresses import parse_address

_GONE = (Standing.UNSUBSCRIBED, Standing.SUPPRESSED)


class RowReader:
    """Reads the rows of one table, which its header and a preset or a mapping make sense of.

    Without a preset's name the columns tell which it is; `preset` is the one that is used. Raises
    BadInput for a name that there is not, FaultyFile when the header does not fit.
    """

    def __init__(
        self,
        table: ListTable,
        destination: Destination,
        *,
        preset: str | None = None,
        mapping: ListMapping = NO_MAPPING,
    ) -> None:
        self.preset = choose_preset(preset, table)
        columns = find_columns(table, self.preset, mapping, destination.kinds)
        statuses = {**self.preset.statuses, **mapping.statuses}
        self._judge = Judge(columns, self.preset, destination.topic, statuses)
        self._address = first_of(columns.places[Holds.EMAIL])
        self._fields = PersonFields(columns, destination, mapping)
        self._notes = ReadingNotes(table.header, columns)

    def read(self, row: ListRow) -> ListedPerson | SkippedRow:
        """The person on a row, or why it is passed over; raises Rejected when it cannot be used.

        Of who has left, only the address and the status are held to: the departure counts, though
        the language beside it be unknown.
        """
        line, cells, fault = row
        if fault is not None:
            raise Rejected(fault)
        standing, suppression, evidence, skipped, beside = self._judge.judge(cells)
        if standing is None:
            return SkippedRow(line, skipped)
        text = self._address(cells)
        if not text:
            raise Rejected("there is no email address")
        try:
            address = parse_address(text)
            fields = self._fields
            told = fields.leniently(cells) if standing in _GONE else fields.strictly(cells)
        except BadInput as error:
            raise Rejected(error.what) from None
        if self.preset.dated and told.get("since") is None:
            return SkippedRow(line, "the list does not say when they subscribed, so they never did")
        return ListedPerson(line, address, standing, evidence, suppression, beside, **told)

    @property
    def notes(self) -> tuple[str, ...]:
        """How the list is read and what of it is not, in sentences; whole once all rows are."""
        return (
            *self._notes.of_columns(self.preset.described),
            *self._notes.of_undeclared(list(self._fields.undeclared)),
            *self._notes.of_left_out(self._fields.left_out),
        )
