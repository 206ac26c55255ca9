"""Where a row's person stands, by its status, its reason for leaving and its suppression."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from newsletter.app.list_files.cells import first_of
from newsletter.app.list_files.columns import Columns
from newsletter.app.list_files.holdings import Holds, Verdict, passed_over, suppressed
from newsletter.app.list_files.listed_people import Rejected
from newsletter.app.list_files.presets import Preset
from newsletter.domain.people import SuppressionReason
from newsletter.mail.header_rules import without_controls

LONGEST_EVIDENCE = 300
"""Characters that one cell may give to what shows a departure."""

_COMPLAINT = re.compile(r"(\b|_)(spam|abuse)(\b|_)", re.IGNORECASE)
_JUDGED_BY = frozenset(
    {Holds.STATUS, Holds.SUPPRESSION, Holds.TOPIC, Holds.REASON, Holds.CAMPAIGN, Holds.CAMPAIGN_ID}
)
_KNOWN_SUPPRESSIONS = {
    reason.value: reason for reason in SuppressionReason if reason is not SuppressionReason.ERASED
}


class Judge:
    """Gives the verdict on each row of a list for one topic.

    A status is matched whole: "inactive" is not "active".
    """

    def __init__(
        self, columns: Columns, preset: Preset, topic: str, statuses: Mapping[str, Verdict]
    ) -> None:
        self._topic = topic
        self._statuses = statuses
        self._otherwise = preset.otherwise
        self._cells = {held.value: first_of(columns.places.get(held, ())) for held in Holds}
        self.says_same_of_all = _JUDGED_BY.isdisjoint(columns.places)

    def judge(self, cells: Sequence[str]) -> Verdict:
        """The verdict on a row; raises Rejected for a status that there is not."""
        if self.says_same_of_all:
            return self._otherwise
        if suppression := self._cells["suppression"](cells):
            reason = _KNOWN_SUPPRESSIONS.get(suppression.lower(), SuppressionReason.IMPORTED)
            evidence = f"suppressed in the list: {_evidence_of(suppression)}"
            return self._beside(cells, suppressed(reason, evidence))
        its_topic = self._cells["topic"](cells)
        if its_topic not in ("", self._topic):
            return passed_over(f'is of the topic "{_evidence_of(its_topic)}"')
        return self._of_departure(cells, self._by_status(cells))

    def _beside(self, cells: Sequence[str], verdict: Verdict) -> Verdict:
        """The verdict on somebody suppressed, with what their row says of the subscription."""
        if self._cells["topic"](cells) not in ("", self._topic):
            return verdict._replace(beside=None)
        if not self._cells["status"](cells):
            return verdict
        told = self._by_status(cells)
        return verdict._replace(beside=told.beside or told.standing)

    def _by_status(self, cells: Sequence[str]) -> Verdict:
        status = self._cells["status"](cells)
        if not status:
            return self._otherwise
        try:
            return self._statuses[status.casefold()]
        except KeyError:
            known = ", ".join(self._statuses)
            raise Rejected(f'the status "{status}" is none of: {known}') from None

    def _of_departure(self, cells: Sequence[str], verdict: Verdict) -> Verdict:
        get = self._cells
        told = {
            "campaign": get["campaign"](cells) or get["campaign_id"](cells),
            "reason": get["reason"](cells),
            "in their words": get["remark"](cells),
        }
        parts = [f'{what} "{_evidence_of(text)}"' for what, text in told.items() if text]
        if _COMPLAINT.search(told["reason"]):
            verdict = suppressed(SuppressionReason.COMPLAINT, f"{verdict.evidence} as spam".strip())
        if not parts:
            return verdict
        return verdict._replace(evidence=", ".join(filter(None, [verdict.evidence, *parts])))


def _evidence_of(text: str) -> str:
    return without_controls(text[:LONGEST_EVIDENCE])
