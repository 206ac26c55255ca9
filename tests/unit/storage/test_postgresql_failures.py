"""What PostgreSQL says when it cannot go on, and what a person is told."""

from __future__ import annotations

import pytest

from newsletter.domain.errors import DatabaseBusy
from newsletter.storage.postgresql_failures import connection_lost, failure, not_connected

WHERE = "postgresql://db.example.org/news"


@pytest.mark.parametrize(
    ("code", "says"),
    [
        ("25006", "may not be written"),
        ("42501", "may not do this"),
        ("53100", "disk is full; nothing of this was kept"),
        ("53200", "out of memory"),
        ("58030", "disk failed"),
        ("XX001", "damaged"),
        ("XX002", "index"),
    ],
)
def test_a_server_that_cannot_go_on_is_named_with_a_cure(code: str, says: str) -> None:
    told = failure(code, WHERE)

    assert told is not None
    assert told.where == WHERE
    assert says in told.what
    assert told.cure


@pytest.mark.parametrize("code", ["55P03", "40P01", "57014"])
def test_another_program_that_holds_the_database_is_busy(code: str) -> None:
    assert isinstance(failure(code, WHERE), DatabaseBusy)


@pytest.mark.parametrize("code", [None, "23505", "42601"])
def test_a_broken_constraint_and_a_wrong_statement_are_our_own_fault(code: str | None) -> None:
    assert failure(code, WHERE) is None


def test_a_lost_connection_does_not_say_that_nothing_was_kept() -> None:
    """A commit may have come through before the answer to it was lost."""
    told = connection_lost(WHERE)

    assert "may not be kept" in told.what
    assert "server runs" in str(told.cure)


@pytest.mark.parametrize(
    ("said", "says"),
    [
        ('connection failed: … failed: FATAL:  database "news" does not exist', "no such database"),
        ('… failed: FATAL:  password authentication failed for user "mair"', "the password"),
        ("… failed: fe_sendauth: no password supplied", "the password"),
        ('… failed: FATAL:  role "mair" does not exist', "does not know the user"),
        ('… failed: FATAL:  no pg_hba.conf entry for host "192.0.2.1"', "from here"),
        ("failed to resolve host 'db.example.org': [Errno -2]", "host is not known"),
        ('invalid connection option "sslmod"', "unknown option"),
        ("… failed: FATAL:  sorry, too many clients already", "too many connections"),
    ],
)
def test_a_connection_that_is_not_made_says_what_to_do(said: str, says: str) -> None:
    told = not_connected(said, WHERE)

    assert says in told.what
    assert told.where == WHERE
    assert told.cure


def test_what_nobody_foresaw_is_told_in_the_servers_words() -> None:
    told = not_connected("… failed: Connection refused\n\tIs the server running?", WHERE)

    assert "cannot be reached (… failed: Connection refused)" in told.what
    assert "server runs" in str(told.cure)
