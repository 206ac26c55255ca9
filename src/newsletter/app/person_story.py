"""A person's whole story as a text that can be read, in order (UK GDPR Art. 15, L5)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from newsletter.app.story_words import StoryWords
from newsletter.app.why import why
from newsletter.audience.profile import Profile
from newsletter.audience.requests.asked_for import AskedFor
from newsletter.audience.suppressed_targets import Target
from newsletter.domain.attributes import AttributeValue
from newsletter.domain.people import READER, Consent, SubscriptionStatus, SuppressionReason
from newsletter.i18n import strings
from newsletter.i18n.language_facts import own_name


@dataclass(frozen=True, slots=True)
class Received:
    """What became of one edition that was meant for the person; `reason` is that of a skip.

    `at` is when that became of it, None when nothing has happened since the audience was frozen.
    """

    edition: str
    state: str
    reason: str | None
    language: str
    at: datetime | None

    def as_json(self) -> dict[str, str | None]:
        """For scripts, with the instant in ISO 8601."""
        return {
            "edition": self.edition,
            "state": self.state,
            "reason": self.reason,
            "language": self.language,
            "at": self.at.isoformat() if self.at else None,
        }


@dataclass(frozen=True, slots=True)
class Noticed:
    """What became of one mail about something that was asked for; `reason` is that of a skip, `at`
    when that became of it."""

    kind: str
    state: str
    reason: str | None
    at: datetime

    def as_json(self) -> dict[str, str | None]:
        """For scripts, with the instant in ISO 8601."""
        return {
            "kind": self.kind,
            "state": self.state,
            "reason": self.reason,
            "at": self.at.isoformat(),
        }


@dataclass(frozen=True, slots=True)
class Story:
    """All that is known of a person."""

    known: Profile
    received: Sequence[Received]
    noticed: Sequence[Noticed]


def story_text(story: Story, words: StoryWords, reader_words: StoryWords) -> str:
    """The story in the language of `words`; why the person gets what they get is told in that of
    `reader_words`, theirs, so that it can be sent to them as it stands."""
    known = story.known
    if known.person is None:
        parts = [_not_on_list(known, words), *_asked(story, words)]
        return _written(known.address, parts)
    why_heading = strings("email", reader_words.wanted)["why"]
    parts = [
        _facts(known, words),
        _part(words.say("subscriptions"), _subscriptions(known, words), words),
        *_stopped(known, words),
        f"{why_heading}\n{'-' * len(why_heading)}\n{why(known, reader_words)}",
        _part(words.say("ledger"), _ledger(known, words), words),
        _part(words.say("deliveries"), _deliveries(story.received, words), words),
        *_departures(known, words),
        *_asked(story, words),
    ]
    return _written(words.say("title", email=known.address), parts)


def _written(title: str, parts: Sequence[str]) -> str:
    return "\n\n".join([f"{title}\n{'=' * len(title)}", *parts]) + "\n"


def _part(heading: str, lines: Iterator[str], words: StoryWords) -> str:
    return "\n".join([heading, "-" * len(heading), *(list(lines) or [words.say("nothing")])])


def _stopped(known: Profile, words: StoryWords) -> Iterator[str]:
    if known.suppression is not None:
        yield _part(words.say("suppression"), _suppression(known, words), words)


def _departures(known: Profile, words: StoryWords) -> Iterator[str]:
    if known.departures:
        yield _part(words.say("reasons"), _reasons(known, words), words)


def _asked(story: Story, words: StoryWords) -> Iterator[str]:
    if story.known.asked_for:
        yield _part(words.say("requests"), _requests(story.known.asked_for, words), words)
    if story.noticed:
        yield _part(words.say("notices"), _notices(story.noticed, words), words)


def _not_on_list(known: Profile, words: StoryWords) -> str:
    stands = known.suppression
    if stands is not None and stands.reason is SuppressionReason.ERASED:
        return "\n".join([words.say("erased"), stands.evidence])
    return "\n".join([words.say("not_on_list"), *_suppression(known, words)])


def _facts(known: Profile, words: StoryWords) -> str:
    person = known.person
    assert person is not None  # noqa: S101 - its caller asked
    facts = {
        words.say("email"): person.address,
        words.say("name"): person.name,
        words.say("language"): own_name(person.language),
        words.say("format"): words.one_of("format", person.format),
        words.say("came"): words.day(known.came) if known.came else "",
        **{name: _value(value, words) for name, value in person.attributes.items()},
    }
    return "\n".join(f"{name}: {value}" for name, value in facts.items() if value)


def _value(value: AttributeValue, words: StoryWords) -> str:
    if isinstance(value, bool):
        return words.say("yes" if value else "no")
    return ", ".join(value) if isinstance(value, list) else str(value)


def _subscriptions(known: Profile, words: StoryWords) -> Iterator[str]:
    for one in known.subscriptions:
        is_pause = one.status is SubscriptionStatus.PAUSED and one.resumes_at is not None
        yield words.say(
            "subscription_until" if is_pause else "subscription",
            topic=_topic(known, one.topic, words),
            status=words.one_of("status", one.status),
            day=words.day(one.since),
            until=words.day(one.resumes_at) if one.resumes_at else "",
        )


def _suppression(known: Profile, words: StoryWords) -> Iterator[str]:
    one = known.suppression
    if one is None:
        return
    target = Target(one.target)
    key = "suppressed_domain" if target.is_domain else "suppressed"
    reason = words.one_of("suppressed", one.reason)
    yield words.say(key, day=words.day(one.at), reason=reason, domain=target.text)
    if one.evidence:
        yield words.say("evidence", evidence=one.evidence)


def _ledger(known: Profile, words: StoryWords) -> Iterator[str]:
    for line in known.consents:
        topic = _topic(known, line.topic, words)
        status = words.one_of("status", line.status or "removed")
        yield f"{words.moment(line.at)}  {topic}: {status}"
        yield f"    {'; '.join(_grounds(line, words))}"
        if line.wording is not None:
            yield f"    {_told(line, words)}"


def _grounds(line: Consent, words: StoryWords) -> Iterator[str]:
    if line.source:
        yield words.say("source", source=words.source(line.source))
    if line.import_id is not None:
        yield words.say("import", number=line.import_id)
    yield words.say("basis", basis=words.basis(line.basis))
    is_own = line.actor == READER
    yield words.say("recorded_by_person" if is_own else "recorded", actor=line.actor)
    if line.ip:
        yield words.say("ip", ip=line.ip)


def _told(line: Consent, words: StoryWords) -> str:
    wording = line.wording
    assert wording is not None  # noqa: S101 - its caller asked
    facts = [own_name(wording.language)] if wording.language else []
    if wording.version:
        facts.append(words.say("version", version=wording.version))
    if not facts:
        return words.say("told_plainly", wording=wording.text)
    return words.say("told", facts=", ".join(facts), wording=wording.text)


def _deliveries(received: Sequence[Received], words: StoryWords) -> Iterator[str]:
    for one in received:
        reason = words.one_of("skip", one.reason) if one.reason else ""
        state = words.say(f"delivery_{one.state}", reason=reason)
        when = f"{words.moment(one.at)}  " if one.at else ""
        yield f"{when}{one.edition}: {state}"


def _reasons(known: Profile, words: StoryWords) -> Iterator[str]:
    for one in known.departures:
        reason = words.one_of("reason", one.reason)
        yield f"{words.moment(one.at)}  {_topic(known, one.topic, words)}: {reason}"


def _requests(asked_for: Sequence[AskedFor], words: StoryWords) -> Iterator[str]:
    for one in asked_for:
        facts = [words.one_of("asked", one.outcome or "waiting")]
        if one.confirmed_at is not None:
            facts.append(words.say("asked_confirmed", moment=words.moment(one.confirmed_at)))
        kind = words.one_of("request", one.kind)
        yield f"{words.moment(one.at)}  {kind}: {'; '.join(facts)}"


def _notices(noticed: Sequence[Noticed], words: StoryWords) -> Iterator[str]:
    for one in noticed:
        reason = words.one_of("skip", one.reason) if one.reason else ""
        state = words.say(f"delivery_{one.state}", reason=reason)
        yield f"{words.moment(one.at)}  {words.one_of('notice', one.kind)}: {state}"


def _topic(known: Profile, slug: str, words: StoryWords) -> str:
    return words.name(known.names.get(slug, {}), slug)
