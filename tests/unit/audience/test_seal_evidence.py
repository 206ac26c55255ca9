"""What a seal says of the time before it."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from newsletter.audience.seal_evidence import (
    ERASED,
    reasons_before,
    sealed_on,
    suppressed_before,
)
from newsletter.domain.people import SuppressionReason

NOW = datetime(2026, 11, 2, 9, tzinfo=UTC)


@given(before=st.sets(st.sampled_from(SuppressionReason)), later=st.sampled_from(SuppressionReason))
def test_the_reasons_that_were_written_down_are_read_again(
    before: set[SuppressionReason], later: SuppressionReason
) -> None:
    evidence = sealed_on(NOW, [(one, NOW) for one in sorted(before)], why=ERASED)

    assert reasons_before(evidence) == before
    assert reasons_before(evidence + suppressed_before(later, NOW)) == before | {later}


def test_it_is_in_words_that_a_person_reads() -> None:
    evidence = sealed_on(NOW, [(SuppressionReason.COMPLAINT, NOW)], why=ERASED)

    assert evidence == "erased on 2026-11-02; was suppressed on 2026-11-02: complaint"
