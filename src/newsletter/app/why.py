"""Why somebody gets what they get, in their language and in words that can be sent to them (T9)."""

from __future__ import annotations

from collections.abc import Iterator

from newsletter.app.story_words import StoryWords
from newsletter.audience.profile import Profile
from newsletter.domain.people import (
    IMPORT_PREFIX,
    READER,
    Consent,
    ConsentSource,
    Subscription,
    SubscriptionStatus,
)


def why(known: Profile, words: StoryWords) -> str:
    """One paragraph for each subscription, the topics that they get first; it says nothing about
    the heading. Of somebody who gets nothing, or whose address is suppressed, it says that."""
    paragraphs = []
    if known.suppression is not None:
        paragraphs.append(words.say("why_stopped", day=words.day(known.suppression.at)))
    gets = [one for one in known.subscriptions if one.status is SubscriptionStatus.ACTIVE]
    paragraphs += [" ".join(_of_active(known, one, words)) for one in gets]
    paragraphs += [_of_other(known, one, words) for one in known.subscriptions if one not in gets]
    if not gets:
        paragraphs.insert(0, words.say_of_pages("why_nothing"))
    elif known.suppression is None:
        paragraphs.append(words.say("why_leave"))
    return "\n\n".join(paragraphs)


def _of_active(known: Profile, one: Subscription, words: StoryWords) -> Iterator[str]:
    grounds = _grounds(known, one)
    key = "why_gets" if known.suppression is None else "why_on_list"
    yield words.say(key, topic=_topic(known, one, words), day=words.day(one.since))
    yield words.say_of_pages(f"basis_{one.basis.replace('-', '_')}")
    if grounds is None:
        return
    yield from _source(grounds, words)
    yield _told(grounds, words)
    day = words.day(grounds.recorded_at)
    if grounds.actor == READER:
        yield words.say("why_recorded_by_you", day=day)
    else:
        yield words.say("why_recorded", actor=grounds.actor, day=day)


def _of_other(known: Profile, one: Subscription, words: StoryWords) -> str:
    topic = _topic(known, one, words)
    if one.status is SubscriptionStatus.PENDING:
        return words.say("why_waits", topic=topic)
    if one.status is SubscriptionStatus.PAUSED:
        return words.say("why_rests", topic=topic)
    return words.say("why_left", topic=topic, day=words.day(one.since))


def _source(grounds: Consent, words: StoryWords) -> Iterator[str]:
    if grounds.source == ConsentSource.STAFF_ADD:
        yield words.say_of_pages("source_staff")
    elif grounds.source == ConsentSource.PREFERENCES_PAGE:
        yield words.say("why_preferences")
    elif grounds.source.startswith(IMPORT_PREFIX):
        yield words.say_of_pages("source_import")
    elif grounds.source:
        yield words.say("why_source", source=grounds.source) + "."


def _told(grounds: Consent, words: StoryWords) -> str:
    if grounds.wording is None:
        return words.say("why_not_told")
    wording, version = grounds.wording.text, grounds.wording.version
    if version:
        return words.say("why_told_version", wording=wording, version=version)
    return words.say("why_told", wording=wording)


def _grounds(known: Profile, one: Subscription) -> Consent | None:
    """The line of the ledger that made the subscription active, the last one that did."""
    lines = (
        line
        for line in reversed(known.consents)
        if line.topic == one.topic and line.status is SubscriptionStatus.ACTIVE
    )
    return next(lines, None)


def _topic(known: Profile, one: Subscription, words: StoryWords) -> str:
    return words.name(known.names.get(one.topic, {}), one.topic)
