"""Mail kept in a Maildir."""

from __future__ import annotations

import asyncio
import mailbox
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from newsletter.dispatch.maildir_transport import MaildirTransport
from newsletter.domain.deliveries import DeliveryState, Outcome
from newsletter.domain.errors import RelayUnreachable
from tests.handing_over import ANN, handed_over

MESSAGE = b"Subject: Newyddion\r\n\r\n.Bore da.\r\n"


@contextmanager
def file_size_limit(octets: int) -> Iterator[None]:
    """Lets no file of this process grow beyond `octets`: the nearest thing to a full disk."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (octets, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def keep(folder: Path, *messages: bytes) -> list[Outcome]:
    async def hand_over() -> list[Outcome]:
        to = MaildirTransport(folder)
        await to.open()
        try:
            return [await handed_over(to, ANN, message) for message in messages]
        finally:
            await to.close()

    return asyncio.run(hand_over())


def test_a_message_is_kept_byte_for_byte(tmp_path: Path) -> None:
    """M7."""
    outcomes = keep(tmp_path / "data" / "outbox", MESSAGE)

    assert outcomes == [Outcome(DeliveryState.ACCEPTED, None, None, "written to the outbox")]
    [file] = (tmp_path / "data" / "outbox" / "new").iterdir()
    assert file.read_bytes() == MESSAGE


def test_a_message_that_was_only_begun_is_seen_by_nobody(tmp_path: Path) -> None:
    async def begin_and_close() -> list[list[str]]:
        to = MaildirTransport(tmp_path)
        assert await to.begin(ANN, MESSAGE) is None
        lying = [[file.name for file in (tmp_path / name).iterdir()] for name in ("tmp", "new")]
        await to.close()
        return lying

    drafts, finished = asyncio.run(begin_and_close())

    assert (len(drafts), finished) == (1, [])
    assert [list((tmp_path / name).iterdir()) for name in ("tmp", "new")] == [[], []]


def test_a_message_that_cannot_be_put_in_its_place_is_deferred(tmp_path: Path) -> None:
    async def lose_the_folder() -> Outcome:
        to = MaildirTransport(tmp_path)
        assert await to.begin(ANN, MESSAGE) is None
        (tmp_path / "new").rmdir()
        return await to.finish()

    outcome = asyncio.run(lose_the_folder())

    assert outcome.state is DeliveryState.DEFERRED
    assert list((tmp_path / "tmp").iterdir()) == []


def test_messages_lie_in_the_order_in_which_they_were_written(tmp_path: Path) -> None:
    messages = [b"Subject: %d\r\n\r\n" % number for number in range(30)]

    keep(tmp_path, *messages)

    files = sorted((tmp_path / "new").iterdir())
    assert [file.read_bytes() for file in files] == messages


def test_two_transports_into_one_folder_lose_nothing(tmp_path: Path) -> None:
    async def both() -> None:
        transports = [MaildirTransport(tmp_path), MaildirTransport(tmp_path)]
        await asyncio.gather(
            *(handed_over(to, ANN, MESSAGE) for to in transports for _ in range(10))
        )

    asyncio.run(both())

    assert len(list((tmp_path / "new").iterdir())) == 20
    assert list((tmp_path / "tmp").iterdir()) == []


def test_any_mail_program_can_read_it(tmp_path: Path) -> None:
    keep(tmp_path / "outbox", MESSAGE)

    box = mailbox.Maildir(tmp_path / "outbox", create=False)

    assert [message["Subject"] for message in box] == ["Newyddion"]


def test_nobody_else_can_read_it(tmp_path: Path) -> None:
    """X13: a message holds its reader's address and links."""
    keep(tmp_path / "outbox", MESSAGE)

    [file] = (tmp_path / "outbox" / "new").iterdir()
    assert file.stat().st_mode & 0o077 == 0
    assert file.parent.stat().st_mode & 0o077 == 0


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "outbox").write_text("a file is in the way")

    with pytest.raises(RelayUnreachable) as caught:
        keep(tmp_path / "outbox", MESSAGE)

    assert caught.value.where == str(tmp_path / "outbox")
    assert "relay.url" in (caught.value.cure or "")


def test_a_message_that_the_disk_does_not_take_is_deferred_and_leaves_no_draft(
    tmp_path: Path,
) -> None:
    async def send_into_a_full_disk() -> Outcome:
        with file_size_limit(len(MESSAGE)):
            return await handed_over(MaildirTransport(tmp_path), ANN, MESSAGE * 2)

    outcome = asyncio.run(send_into_a_full_disk())

    assert outcome.state is DeliveryState.DEFERRED
    assert "could not be written to the outbox: File too large" in outcome.reply
    assert [list((tmp_path / name).iterdir()) for name in ("tmp", "new")] == [[], []]
