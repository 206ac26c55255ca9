"""Why somebody gets what they get, in their language and in words that can be sent to them (T9)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from newsletter.app.story_words import StoryWords
from newsletter.audience.beginnings import Beginning, beginning
from newsletter.audience.profile import Profile
from newsletter.domain.people import (
    IMPORT_PREFIX,
    READER,
    Consent,
    ConsentSource,
    Subscription,
    SubscriptionStatus,
)

_SOURCES: Mapping[str, str] = {
    ConsentSource.STAFF_ADD: "source_staff",
    ConsentSource.SIGN_UP_PAGE: "source_sign_up",
    ConsentSource.SIGN_UP_CONFIRMED: "source_sign_up_confirmed",
    ConsentSource.LEAVING_UNDONE: "source_leaving_undone",
    ConsentSource.PAUSE_OVER: "source_pause_over",
}
"""What the ledger calls a source, and the words of the public pages for it."""


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
    began = beginning(line for line in known.consents if line.topic == one.topic)
    key = "why_gets" if known.suppression is None else "why_on_list"
    yield words.say(key, topic=_topic(known, one, words), day=words.day(one.since))
    yield words.say_of_pages(f"basis_{one.basis.replace('-', '_')}")
    if began is None:
        return
    yield from _source(began.line, words)
    yield _told(began, words)
    day = words.day(began.line.recorded_at)
    if began.line.actor == READER:
        yield words.say("why_recorded_by_you", day=day)
    else:
        yield words.say("why_recorded", actor=began.line.actor, day=day)


def _of_other(known: Profile, one: Subscription, words: StoryWords) -> str:
    topic = _topic(known, one, words)
    if one.status is SubscriptionStatus.PENDING:
        return words.say("why_waits", topic=topic)
    if one.status is not SubscriptionStatus.PAUSED:
        return words.say("why_left", topic=topic, day=words.day(one.since))
    if one.resumes_at is None:
        return words.say("why_rests", topic=topic)
    return words.say("why_rests_until", topic=topic, day=words.day(one.resumes_at))


def _source(line: Consent, words: StoryWords) -> Iterator[str]:
    if line.source in _SOURCES:
        yield words.say_of_pages(_SOURCES[line.source])
    elif line.source == ConsentSource.PREFERENCES_PAGE:
        yield words.say("why_preferences")
    elif line.source.startswith(IMPORT_PREFIX):
        yield words.say_of_pages("source_import")
    elif line.source:
        yield words.say("why_source", source=line.source) + "."


def _told(began: Beginning, words: StoryWords) -> str:
    wording = began.told.wording if began.told is not None else None
    if wording is None:
        return words.say("why_not_told")
    if wording.version:
        return words.say("why_told_version", wording=wording.text, version=wording.version)
    return words.say("why_told", wording=wording.text)


def _topic(known: Profile, one: Subscription, words: StoryWords) -> str:
    return words.name(known.names.get(one.topic, {}), one.topic)
