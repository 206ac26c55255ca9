"""From the people's records in our own JSON export to arrivals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from newsletter.app.imports.json_values import attributes, epoch, handle, instant, text
from newsletter.app.list_files.cell_values import ip_or_none, read_name
from newsletter.app.list_files.listed_people import Rejected
from newsletter.audience.arrivals import Arrival, Facts, HistoryLine, Wish
from newsletter.domain.errors import BadInput
from newsletter.domain.people import Basis, MailFormat, SubscriptionStatus, Wording
from newsletter.mail.addresses import parse_address

_LONGEST_ACTOR = 200


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
        address = parse_address(text(record["email"]))
        if record["language"] not in self._languages:
            raise Rejected(f'the language "{record["language"]}" is none of the site\'s')
        lines = tuple(self._line(one) for one in record["consents"])
        return Arrival(
            address=address.typed,
            canonical=address.canonical,
            facts=Facts(
                name=read_name(text(record["name"])),
                language=record["language"],
                format=MailFormat(record["format"]),
                attributes=attributes(record["attributes"]),
            ),
            wishes=tuple(self._wish(one, lines) for one in record["subscriptions"]),
            history=lines,
            handle=handle(record["handle"]),
            created_at=instant(record["created_at"]),
            epoch=epoch(record.get("epoch", 0)),
        )

    def _wish(self, one: Mapping[str, Any], lines: Sequence[HistoryLine]) -> Wish:
        topic_id = self._topics[one["topic"]]
        resumes_at = one.get("resumes_at")
        told = next((line for line in reversed(lines) if line.topic_id == topic_id), None)
        return Wish(
            topic_id=topic_id,
            status=SubscriptionStatus(one["status"]),
            basis=Basis(one["basis"]),
            since=instant(one["since"]),
            source=told.source if told else "",
            wording=told.wording if told else None,
            resumes_at=instant(resumes_at) if resumes_at is not None else None,
        )

    def _line(self, one: Mapping[str, Any]) -> HistoryLine:
        return HistoryLine(
            topic_id=self._topics[one["topic"]],
            status=None if one["status"] is None else SubscriptionStatus(one["status"]),
            basis=Basis(one["basis"]),
            source=text(one["source"]),
            wording=None if one["wording"] is None else self._wording(one["wording"]),
            actor=text(one["actor"], _LONGEST_ACTOR),
            ip=None if one["ip"] is None else _ip(one["ip"]),
            at=instant(one["at"]),
        )

    def _wording(self, place: int) -> Wording:
        if place < 0:
            raise ValueError(place)
        return self._wordings[place]


def _ip(value: object) -> str:
    found = ip_or_none(text(value))
    if found is None:
        raise ValueError
    return found
