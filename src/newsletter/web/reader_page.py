"""A page of one reader: for whoever the desk knows, and for whom nothing is known any more."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from typing import TypeAlias

from starlette.exceptions import HTTPException
from starlette.responses import Response

from newsletter.domain.readers import Forgotten, Reader
from newsletter.tokens.tokens import Purpose
from newsletter.web.page_writer import PageWriter
from newsletter.web.site_pages import SitePages

Answer: TypeAlias = Reader | Forgotten | None
"""What the desk says of a token; None is a 404 wherever a page is written (T7)."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked for: `language` is None where the address has none and the reader's own
    counts."""

    purpose: Purpose
    token: str
    language: str | None


@dataclass(frozen=True, slots=True)
class ReaderPage:
    """Writes the pages whose addresses hold a reader's token."""

    site: SitePages
    writer: PageWriter

    def page(self, template: str, asked: Asked, answer: Answer, **facts: object) -> Response:
        """The page for the reader; for one who is forgotten there is one page only.

        Raises HTTPException 404 when the desk knows no reader.
        """
        if answer is None:
            raise HTTPException(HTTPStatus.NOT_FOUND)
        language = asked.language or self._language_of(answer)
        return self.writer.page(
            "forgotten.html.j2" if isinstance(answer, Forgotten) else f"{template}.html.j2",
            language,
            lambda tag: f"/{tag}/{asked.purpose}/{asked.token}",
            form_address=f"/{language}/{asked.purpose}/{asked.token}",
            reader=answer,
            **facts,
        )

    def _language_of(self, reader: Reader | Forgotten) -> str:
        languages = self.site.languages
        if isinstance(reader, Reader) and reader.language in languages:
            return reader.language
        return languages[0]
