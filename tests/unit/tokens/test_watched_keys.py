"""The keys of a process that runs for weeks, while others add to them."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from newsletter.domain.errors import SurroundingsFailed
from newsletter.tokens.key_ring import KeyRing, add_key, create_key_ring
from newsletter.tokens.tokens import Purpose, Tokens
from newsletter.tokens.watched_keys import WatchedKeys


def test_a_key_that_another_process_adds_reads_and_signs_at_once(tmp_path: Path) -> None:
    """T4."""
    file = tmp_path / "keys.json"
    create_key_ring(file)
    tokens = WatchedKeys(file).made(Tokens)
    old = tokens().token(Purpose.UNSUBSCRIBE, handle=7)

    elsewhere = Tokens(add_key(file)).token(Purpose.UNSUBSCRIBE, handle=8)

    assert tokens().read(Purpose.UNSUBSCRIBE, old) is not None
    assert tokens().read(Purpose.UNSUBSCRIBE, elsewhere) is not None
    assert tokens().token(Purpose.UNSUBSCRIBE, handle=8) == elsewhere


def test_a_message_id_stays_what_it_was(tmp_path: Path) -> None:
    """M9."""
    file = tmp_path / "keys.json"
    create_key_ring(file)
    tokens = WatchedKeys(file).made(Tokens)
    before = tokens().message_id_local(7, 1)

    add_key(file)

    assert tokens().message_id_local(7, 1) == before


def test_what_is_made_of_the_same_keys_is_made_once(tmp_path: Path) -> None:
    file = tmp_path / "keys.json"
    create_key_ring(file)
    made: list[KeyRing] = []

    def make(ring: KeyRing) -> int:
        made.append(ring)
        return len(made)

    thing = WatchedKeys(file).made(make)

    assert (thing(), thing()) == (1, 1)
    add_key(file)
    assert (thing(), thing()) == (2, 2)


def test_an_older_file_put_in_its_place_counts(tmp_path: Path) -> None:
    """A backup without the new key: what that signed is read by nobody until it is back."""
    file, backup = tmp_path / "keys.json", tmp_path / "backup.json"
    create_key_ring(file)
    shutil.copy(file, backup)
    tokens = WatchedKeys(file).made(Tokens)
    old = tokens().token(Purpose.UNSUBSCRIBE, handle=7)
    add_key(file)
    new = tokens().token(Purpose.UNSUBSCRIBE, handle=7)

    backup.replace(file)

    assert tokens().read(Purpose.UNSUBSCRIBE, new) is None
    assert tokens().read(Purpose.UNSUBSCRIBE, old) is not None


@pytest.mark.parametrize("slip", ["gone", "garbled", "open to all"])
def test_a_slip_with_the_file_stops_nobody(tmp_path: Path, slip: str) -> None:
    file = tmp_path / "keys.json"
    create_key_ring(file)
    keys = WatchedKeys(file)
    before = keys.ring

    if slip == "gone":
        file.unlink()
    elif slip == "garbled":
        file.write_text("{}")
    else:
        add_key(file)
        file.chmod(0o644)

    assert keys.ring == before


def test_without_keys_nothing_begins(tmp_path: Path) -> None:
    with pytest.raises(SurroundingsFailed, match="there are no keys"):
        _ = WatchedKeys(tmp_path / "keys.json").ring
