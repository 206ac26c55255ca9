"""Reading the whole audience of another database of ours (`full_export`), a person at a time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Any, TypeVar

import ijson

from newsletter.app.full_export import FORMAT, VERSION
from newsletter.app.list_files.listed_people import Rejected
from newsletter.audience.arrivals import Arrival, Facts, HistoryLine, Wish
from newsletter.domain.errors import BadInput, Fault, FaultyFile
from newsletter.domain.people import (
    Basis,
    MailFormat,
    SubscriptionStatus,
    SuppressionReason,
    Topic,
    Wording,
)
from newsletter.mail.addresses import parse_address

T = TypeVar("T")

_NOT_OURS = "Export it again with `newsletter subscribers export --format json`."


@dataclass(frozen=True, slots=True)
class SuppressionRecord:
    """A suppression as it was there."""

    target: str
    reason: SuppressionReason
    evidence: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Head:
    """What comes before the people: the fingerprints of the keys that links and seals were made
    with, topics whose `id` is not known yet (0), wordings, suppressions."""

    keys: Mapping[int, str]
    topics: Sequence[Topic]
    wordings: Sequence[Wording]
    suppressions: Sequence[SuppressionRecord]


@contextmanager
def open_newsletter_file(file: Path) -> Iterator[NewsletterFile]:
    """The file, whose people are read while they are asked for.

    Raises BadInput when there is no such file, FaultyFile when it is not such an export; the last
    also while the people are read.
    """
    try:
        stream = file.open("rb")
    except OSError as error:
        raise BadInput(f"cannot read {file}: {error.strerror}") from None
    with stream:
        yield NewsletterFile(file, stream)


class NewsletterFile:
    """An export of the whole audience, being read."""

    def __init__(self, file: Path, stream: IO[bytes]) -> None:
        self._file = file
        self._stream = stream
        with self._in_plain_words():
            self.head = _head(_before_the_people(stream))

    def people(self) -> Iterator[Mapping[str, Any]]:
        """Each person's record, as it is written."""
        self._stream.seek(0)
        with self._in_plain_words():
            yield from ijson.items(self._stream, "subscribers.item", use_float=True)

    @contextmanager
    def _in_plain_words(self) -> Iterator[None]:
        try:
            yield
        except (ijson.JSONError, UnicodeDecodeError):
            raise self._faulty("is no JSON, or ends in the middle", _NOT_OURS) from None
        except (LookupError, TypeError, ValueError, AttributeError):
            raise self._faulty("is not laid out as an export of the audience", _NOT_OURS) from None

    def _faulty(self, message: str, cure: str) -> FaultyFile:
        return FaultyFile([Fault(str(self._file), None, message, cure)])


def _before_the_people(stream: IO[bytes]) -> Any:  # noqa: ANN401 - JSON, read by `_head`
    builder = ijson.ObjectBuilder()
    for prefix, event, value in ijson.parse(stream, use_float=True):
        if (prefix, event, value) == ("", "map_key", "subscribers"):
            break
        builder.event(event, value)
    return builder.value


def _head(data: Any) -> Head:  # noqa: ANN401 - JSON, checked here
    if data["format"] != FORMAT or data["version"] != VERSION:
        raise ValueError
    return Head(
        keys={int(key_id): str(text) for key_id, text in data["keys"].items()},
        topics=[
            Topic(0, int(one["public_id"]), str(one["slug"]), dict(one["names"]), one["private"])
            for one in data["topics"]
        ],
        wordings=[
            Wording(one["text"], one["language"], one["version"]) for one in data["wordings"]
        ],
        suppressions=[
            SuppressionRecord(
                one["target"],
                SuppressionReason(one["reason"]),
                one["evidence"],
                _instant(one["at"]),
            )
            for one in data["suppressions"]
        ],
    )


class PersonReader:
    """Makes arrivals of people's records; `topics` are the ids of topics here, by slug."""

    def __init__(
        self, topics: Mapping[str, int], wordings: Sequence[Wording], languages: Sequence[str]
    ) -> None:
        self._topics = topics
        self._wordings = wordings
        self._languages = languages

    def arrival(self, record: Mapping[str, Any]) -> Arrival:
        """The person with all that comes with them; raises Rejected, with the reason."""
        try:
            return self._arrival(record)
        except BadInput as error:
            raise Rejected(error.what) from None
        except (LookupError, TypeError, ValueError, AttributeError):
            raise Rejected("the record is not laid out as an export writes it") from None

    def _arrival(self, record: Mapping[str, Any]) -> Arrival:
        address = parse_address(record["email"])
        if record["language"] not in self._languages:
            raise Rejected(f'the language "{record["language"]}" is none of the site\'s')
        lines = tuple(self._line(one) for one in record["consents"])
        return Arrival(
            address=address.typed,
            canonical=address.canonical,
            facts=Facts(
                name=str(record["name"]),
                language=record["language"],
                format=MailFormat(record["format"]),
                attributes=dict(record["attributes"]),
            ),
            wishes=tuple(self._wish(one, lines) for one in record["subscriptions"]),
            history=lines,
            handle=int(record["handle"], 16),
            created_at=_instant(record["created_at"]),
        )

    def _wish(self, one: Mapping[str, Any], lines: Sequence[HistoryLine]) -> Wish:
        topic_id = self._topics[one["topic"]]
        told = next((line for line in reversed(lines) if line.topic_id == topic_id), None)
        return Wish(
            topic_id=topic_id,
            status=SubscriptionStatus(one["status"]),
            basis=Basis(one["basis"]),
            since=_instant(one["since"]),
            source=told.source if told else "",
            wording=told.wording if told else None,
        )

    def _line(self, one: Mapping[str, Any]) -> HistoryLine:
        return HistoryLine(
            topic_id=self._topics[one["topic"]],
            status=None if one["status"] is None else SubscriptionStatus(one["status"]),
            basis=Basis(one["basis"]),
            source=str(one["source"]),
            wording=None if one["wording"] is None else self._wordings[one["wording"]],
            actor=str(one["actor"]),
            ip=one["ip"],
            at=_instant(one["at"]),
        )


def _instant(text: str) -> datetime:
    instant = datetime.fromisoformat(text)
    if instant.tzinfo is None:
        raise ValueError(text)
    return instant
