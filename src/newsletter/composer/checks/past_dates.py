"""Days that are over by the day on which the edition is composed: date-past."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from newsletter.composer.checks.phrases import any_of
from newsletter.composer.checks.texts import Text, beginning, everything, group_of
from newsletter.composer.checks.written_dates import WrittenDate, dates_in
from newsletter.composer.findings.findings import FindingList
from newsletter.composer.kinds.kinds import FieldType
from newsletter.composer.kinds.moments import read_moment
from newsletter.composer.reading.passages import Passage
from newsletter.i18n import formats
from newsletter.i18n.word_lists import WordLists, word_lists

_FARTHEST = 60
"""How many characters a day may stand behind the words that announce it."""

_WITHOUT_YEAR = timedelta(days=92)
"""How long ago a day without a year is taken to be over, rather than next year's."""

_SENTENCE_END = re.compile(r"[.!?]\s")


def check_event_dates(passages: Iterable[Passage], today: date, findings: FindingList) -> None:
    """Note each entry whose last day is over."""
    entries: dict[object, list[tuple[date, Passage]]] = defaultdict(list)
    for passage in passages:
        moment = read_moment(passage.source) if passage.field.type is FieldType.DATE else None
        if moment:
            entries[group_of(passage.place)].append((moment[0], passage))
    for days in entries.values():
        last, passage = max(days, key=lambda entry: entry[0])
        if last < today:
            day = formats.day(last, "en")
            findings.add("date-past", "event", passage.place, day=day)


def check_announced_dates(
    texts: Sequence[Text], language: str, today: date, findings: FindingList
) -> None:
    """Note each day that words such as “register by” announce, and that is over.

    A day that a text looks back on is history and no fault; so only a day right behind such words
    counts, in a sentence that is not in the past tense.
    """
    lists = word_lists(language)
    all_words = everything(texts)
    announcing = [phrase for phrase in lists["still_to_come"] if phrase in all_words]
    for text in texts if announcing else ():
        if not any(phrase in text.lowered for phrase in announcing):
            continue
        for found in dates_in(text.lowered, language):
            if _is_over(found, today) and _is_announced(text.lowered, found.start, lists):
                written = beginning(_sentence_round(text.words, found.start), 80)
                findings.add("date-past", "announced", text.place, written=written)


def _is_over(found: WrittenDate, today: date) -> bool:
    day = found.nearest_to(today)
    earliest = date.min if found.year else today - _WITHOUT_YEAR
    return day is not None and earliest <= day < today


def _is_announced(words: str, position: int, lists: WordLists) -> bool:
    sentence = _sentence_round(words, position)
    before = _SENTENCE_END.split(words[max(0, position - _FARTHEST) : position])[-1]
    is_to_come = any_of(lists["still_to_come"]).search(before) is not None
    return is_to_come and not any_of(lists["looks_back"]).search(sentence)


def _sentence_round(words: str, position: int) -> str:
    start = max((end.end() for end in _SENTENCE_END.finditer(words, 0, position)), default=0)
    end = _SENTENCE_END.search(words, position)
    return words[start : end.start() if end else len(words)]
