"""Notices composed: the same look, templates and care as editions, for one person and at once.

Each kind has a folder under `transactional/` of the template folders, `notice.mjml.j2` and
`notice.txt.j2`, which fill the layout there; a workspace may have its own. They see `brand`,
`language`, `direction`, `title` (the heading), `strapline`, `preheader`, `topics` (each `name`,
`language` where it is another one, `direction`, `unsubscribe`, `leave`), `action` (`url`, `label`),
`block_address`, and `words`: those of the catalogue `notices`, filled.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from newsletter.composer.brands.brand_context import brand_title
from newsletter.composer.brands.designs import template_folders
from newsletter.composer.brands.shown_logo import shown_logo
from newsletter.composer.layout_context import shared_context
from newsletter.composer.mail_writer import SHEET
from newsletter.composer.markup.finish import finish
from newsletter.composer.markup.inline import inline_styles, parse
from newsletter.composer.markup.render import fill_template, mjml_as_html
from newsletter.composer.pictures.shelf import PictureShelf
from newsletter.composer.words.plain_text import tidy
from newsletter.domain.brand import Brand
from newsletter.domain.compiled import CompiledMedia
from newsletter.domain.notices import ComposedNotice, NoticeKind
from newsletter.i18n import Strings, strings
from newsletter.i18n.formats import clock, plain_day
from newsletter.i18n.language_facts import direction


@dataclass(frozen=True, slots=True)
class NoticeTopic:
    """A topic that a notice names: its name, in which language that is, and the address of the page
    that leaves it, where the notice offers that."""

    name: str
    language: str
    unsubscribe: str = ""


@dataclass(frozen=True, slots=True)
class NoticeContent:
    """What one notice has to say.

    `language` is the one wanted; `address` the reader's own and `other_address` the second one of a
    change; `asked_at` and `until`, the end of its link, are in the time zone of the site. `action`
    is where its button leads, `block_address` where further requests are stopped; "" for none.
    """

    kind: NoticeKind
    language: str
    address: str
    asked_at: datetime
    until: datetime
    topics: tuple[NoticeTopic, ...] = ()
    other_address: str = ""
    action: str = ""
    block_address: str = ""


@dataclass(frozen=True, slots=True)
class NoticeWriter:
    """What all notices of a workspace are composed with; `folders` are searched for templates in
    order, pictures are found under `media_url`."""

    brand: Brand
    folders: tuple[Path, ...]
    media_url: str

    def compose(self, content: NoticeContent) -> tuple[ComposedNotice, tuple[CompiledMedia, ...]]:
        """The notice, and the pictures that have to be there when it is opened.

        In a language that we have no words in it is in English. Raises SurroundingsFailed when a
        template fails, BadInput for a logo that is no image.
        """
        pictures = PictureShelf({}, self.media_url)
        context = self._context(content, pictures)
        language = str(context["language"])
        markup = self._filled(content.kind, "mjml", context)
        document = parse(mjml_as_html(markup, _template(content.kind, "mjml")))
        inline_styles(document, fill_template(self._places, SHEET, context))
        html = finish(document, languages=(language,), pictures=pictures.shown).html
        text = tidy(self._filled(content.kind, "txt", context))
        composed = ComposedNotice(language, str(context["subject"]), text, html)
        return composed, tuple(one.media for one in pictures.shown.values())

    def markup(self, content: NoticeContent) -> str:
        """The MJML that the templates make of it, with the places of its tags; raises what
        `compose` does."""
        context = self._context(content, PictureShelf({}, self.media_url))
        return self._filled(content.kind, "mjml", context)

    def _context(self, content: NoticeContent, pictures: PictureShelf) -> dict[str, object]:
        words = strings("notices", content.language)
        language = _spoken(content.language, words.language)
        logo = shown_logo(self.brand, language, pictures)
        shared = shared_context(self.brand, language, logo)
        return {
            **shared,
            **_said(content, language, words),
            "direction": direction(language),
            "strapline": brand_title(self.brand, language),
            "block": shared,  # under the name by which editions know it, who have several
        }

    @property
    def _places(self) -> tuple[Path, ...]:
        return template_folders(self.brand.design, self.folders)

    def _filled(self, kind: NoticeKind, part: str, context: Mapping[str, object]) -> str:
        return fill_template(self._places, _template(kind, part), context)


class _Words:
    """The words of the catalogue, each filled when it is asked for."""

    def __init__(self, words: Strings, values: Mapping[str, str]) -> None:
        self._words = words
        self._values = values

    def __getitem__(self, key: str) -> str:
        return self._words[key].format_map(self._values)


def _said(content: NoticeContent, language: str, words: Strings) -> dict[str, object]:
    key = _key(content.kind)
    filled = _Words(words, _values(content, language))
    label = words[f"{key}_button"] if content.action else ""
    return {
        "subject": words[f"{key}_subject"],
        "title": words[f"{key}_heading"],
        "preheader": words[f"{key}_text"],
        "words": filled,
        "topics": [_topic(one, language, words) for one in content.topics],
        "action": {"url": content.action, "label": label},
        "block_address": content.block_address,
    }


def _values(content: NoticeContent, language: str) -> dict[str, str]:
    return {
        "email": content.address,
        "new_address": content.other_address,
        "day": plain_day(content.asked_at.date(), language),
        "time": clock(content.asked_at.time(), language),
        "until_day": plain_day(content.until.date(), language),
        "until_time": clock(content.until.time(), language),
    }


def _topic(topic: NoticeTopic, language: str, words: Strings) -> dict[str, str]:
    is_foreign = _primary(topic.language) != _primary(language)
    return {
        "name": topic.name,
        "language": topic.language if is_foreign else "",
        "direction": direction(topic.language),
        "unsubscribe": topic.unsubscribe,
        "leave": words["leave"].format(topic=topic.name),
    }


def _spoken(wanted: str, ours: str) -> str:
    """What the notice is really in: `cy-GB` is served by our `cy`, one that we do not have is not
    claimed."""
    return wanted if _primary(wanted) == ours else ours


def _primary(language: str) -> str:
    return language.split("-", maxsplit=1)[0]


def _key(kind: NoticeKind) -> str:
    return kind.replace("-", "_")


def _template(kind: NoticeKind, part: str) -> str:
    return f"transactional/{kind}/notice.{part}.j2"
