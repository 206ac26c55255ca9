"""Reading the whole audience of another database of ours (`full_export`), a person at a time."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Any

import ijson

from newsletter.app.full_export import FORMAT, VERSION
from newsletter.app.imports.json_values import instant, text
from newsletter.audience.suppressed_targets import Target, parse_target
from newsletter.audience.suppressions import NewSuppression
from newsletter.domain.errors import BadInput, Fault, FaultyFile
from newsletter.domain.people import SuppressionReason, Topic, Wording

_NOT_OURS = "Export it again with `newsletter subscribers export --format json`."


@dataclass(frozen=True, slots=True)
class Head:
    """What comes before the people: the fingerprints of the keys that links and seals were made
    with, topics whose `id` is not known yet (0) and when they were made, by slug, wordings,
    suppressions."""

    keys: Mapping[int, str]
    topics: Sequence[Topic]
    topics_made: Mapping[str, datetime]
    wordings: Sequence[Wording]
    suppressions: Sequence[NewSuppression]


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

    def people(self) -> Iterator[tuple[Mapping[str, Any], str]]:
        """Each person's record, and the same as JSON in ASCII: half of a surrogate pair is no fault
        of the file but of the record."""
        self._stream.seek(0)
        with self._in_plain_words():
            for record in ijson.items(self._stream, "subscribers.item", use_float=True):
                yield record, json.dumps(record)

    @contextmanager
    def _in_plain_words(self) -> Iterator[None]:
        try:
            yield
        except (ijson.JSONError, UnicodeDecodeError):
            raise self._faulty("is no JSON, or ends in the middle", _NOT_OURS) from None
        except (LookupError, TypeError, ValueError, AttributeError, RecursionError):
            raise self._faulty("is not laid out as an export of the audience", _NOT_OURS) from None

    def _faulty(self, message: str, cure: str) -> FaultyFile:
        return FaultyFile([Fault(str(self._file), None, message, cure)])


def _before_the_people(stream: IO[bytes]) -> Any:  # noqa: ANN401 - JSON, read by `_head`
    builder = ijson.ObjectBuilder()
    events = ijson.parse(stream, use_float=True)
    for prefix, event, value in events:
        if (prefix, event, value) == ("", "map_key", "subscribers"):
            break
        builder.event(event, value)
    if next(events, None) != ("subscribers", "start_array", None):
        raise ValueError
    return builder.value


def _head(data: Any) -> Head:  # noqa: ANN401 - JSON, checked here
    if data["format"] != FORMAT or data["version"] != VERSION:
        raise ValueError
    return Head(
        keys={int(key_id): str(text) for key_id, text in data["keys"].items()},
        topics=[_topic(one) for one in data["topics"]],
        topics_made={one["slug"]: instant(one["created_at"]) for one in data["topics"]},
        wordings=[_wording(one) for one in data["wordings"]],
        suppressions=[_suppression(one) for one in data["suppressions"]],
    )


def _topic(one: Mapping[str, Any]) -> Topic:
    public_id = int(one["public_id"])
    if not 0 <= public_id < 2**32:
        raise ValueError(public_id)
    names = {text(language, 16): text(name) for language, name in one["names"].items()}
    return Topic(0, public_id, text(one["slug"], 64), names, bool(one["private"]))


def _wording(one: Mapping[str, Any]) -> Wording:
    return Wording(text(one["text"]), text(one["language"], 16), text(one["version"], 64))


def _suppression(one: Mapping[str, Any]) -> NewSuppression:
    target = Target(text(one["target"], 340))
    if not target.is_seal and parse_target(target.text) != target:
        raise ValueError
    return NewSuppression(
        target=target,
        reason=SuppressionReason(one["reason"]),
        evidence=text(one["evidence"]),
        at=instant(one["at"]),
    )
