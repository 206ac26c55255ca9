"""The checks of what an author wrote: words, links and images."""

from __future__ import annotations

from collections.abc import Sequence

from newsletter.composer.checks.alternative_texts import check_alternative_texts
from newsletter.composer.checks.author_links import author_links
from newsletter.composer.checks.doubled_words import check_doubled_words, check_stray_letters
from newsletter.composer.checks.examined import Writing
from newsletter.composer.checks.foreign_markup import check_foreign_markup
from newsletter.composer.checks.hidden_characters import check_hidden_characters
from newsletter.composer.checks.image_files import check_image_files
from newsletter.composer.checks.inbox_lines import check_inbox_lines
from newsletter.composer.checks.link_addresses import check_link_addresses
from newsletter.composer.checks.link_labels import check_link_labels, check_link_places
from newsletter.composer.checks.link_languages import check_link_languages
from newsletter.composer.checks.past_dates import check_announced_dates, check_event_dates
from newsletter.composer.checks.pasted_lists import check_pasted_lists
from newsletter.composer.checks.personal_data import check_personal_data
from newsletter.composer.checks.placeholders import check_placeholders
from newsletter.composer.checks.readability import check_readability
from newsletter.composer.checks.text_languages import check_text_languages
from newsletter.composer.checks.texts import Text, texts_of
from newsletter.composer.findings.findings import FindingList
from newsletter.i18n.word_lists import word_lists


def check_writing(writing: Writing, findings: FindingList) -> None:
    """Note in `findings` all that is wrong with what an author wrote in one language."""
    texts = tuple(texts_of(writing))
    _check_words(writing, texts, findings)
    _check_links(writing, texts, findings)
    lists = word_lists(writing.language)
    check_alternative_texts(texts, writing.images, lists, findings)
    check_image_files(writing.images, writing.language, findings)


def _check_words(writing: Writing, texts: Sequence[Text], findings: FindingList) -> None:
    language, lists = writing.language, word_lists(writing.language)
    check_inbox_lines(texts, language, findings)
    check_placeholders(writing.passages, texts, lists, findings)
    check_pasted_lists(writing.passages, texts, findings)
    check_foreign_markup(writing.passages, findings)
    check_doubled_words(texts, lists, findings)
    check_stray_letters(texts, lists, findings)
    check_readability(texts, language, findings)
    check_text_languages(texts, language, findings)
    check_event_dates(writing.passages, writing.today, findings)
    check_announced_dates(texts, language, writing.today, findings)
    check_hidden_characters(writing.passages, findings)
    check_personal_data(texts, findings)


def _check_links(writing: Writing, texts: Sequence[Text], findings: FindingList) -> None:
    lists = word_lists(writing.language)
    links = author_links(writing, texts)
    check_link_addresses(links, findings)
    check_link_languages(links, writing, findings)
    check_link_places(texts, lists, findings)
    check_link_labels(links, lists, findings)
