"""The facts of an edition, one to a line, as the sheet says them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from newsletter.app.edition_sheet.readers import ReaderNumbers
from newsletter.app.edition_sheet.record import EditionRecord
from newsletter.app.edition_sheet.sheet_words import SheetWords
from newsletter.domain.deliveries import DeliveryState
from newsletter.domain.stored_editions import Snapshot, StoredEdition


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact: what it is of, and what it is.

    `tag` is of the language that the value is in, "" for words that somebody wrote in a language
    that nobody knows, None for the sheet's own.
    """

    name: str
    value: str
    tag: str | None = None
    is_code: bool = False


def edition_facts(record: EditionRecord, words: SheetWords) -> Iterator[Fact]:
    """What is to be known of the edition before its mails are looked at."""
    stored = record.stored
    yield Fact(words.say("state"), _state(stored, words))
    yield Fact(words.say("revision"), words.number(stored.revision))
    yield from _approval(record.snapshot, record.noted, words)
    yield Fact(words.say("due"), _due(stored, words))
    name, tag = words.named(record.topic.names, stored.topic)
    yield Fact(words.say("topic"), name, tag)
    senders = dict.fromkeys(f"{one.from_name} <{one.from_address}>" for one in record.mails)
    yield Fact(words.say("sender"), ", ".join(senders), "")
    yield Fact(words.say("form"), words.one_of("form", record.content.form))
    yield Fact(words.say("file"), stored.source_file, "", is_code=True)


def outcome(readers: ReaderNumbers, words: SheetWords) -> Iterator[tuple[str, str]]:
    """How many emails are in each state, those left out by their reasons; their sum is everyone."""
    for state, number in readers.states.items():
        if state is not DeliveryState.SKIPPED:
            yield words.delivery(state), words.number(number)
    for reason, number in readers.skips.items():
        yield f"{words.delivery(DeliveryState.SKIPPED)}: {words.skip(reason)}", words.number(number)


def _state(stored: StoredEdition, words: SheetWords) -> str:
    state = words.one_of("state", stored.state)
    if stored.held_reason is None:
        return state
    return f"{state}: {words.one_of('held', stored.held_reason)}"


def _approval(snapshot: Snapshot | None, noted: str, words: SheetWords) -> Iterator[Fact]:
    if snapshot is None:
        yield Fact(words.say("digest"), words.say("no_digest"))
        yield Fact(words.say("approved_by"), words.say("nobody"))
        return
    yield Fact(words.say("digest"), snapshot.digest, "", is_code=True)
    yield Fact(words.say("approved_by"), snapshot.approved_by, "")
    yield Fact(words.say("approved_at"), words.moment(snapshot.approved_at))
    if noted:
        yield Fact(words.say("noted"), noted, "")
    else:
        yield Fact(words.say("noted"), words.say("nothing_noted"))


def _due(stored: StoredEdition, words: SheetWords) -> str:
    if stored.scheduled_at is None:
        return words.say("no_time")
    return words.moment(stored.scheduled_at, stored.scheduled_zone)
