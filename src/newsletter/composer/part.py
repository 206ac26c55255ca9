"""The two parts of a mail, HTML and plain text: which templates make them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Part:
    """One of the two parts: its layout, its template in each section kind's folder, and which of a
    section's values those see (`html` or `text`)."""

    layout: str
    section: str
    values: str


HTML = Part("layout/layout.mjml.j2", "section.mjml.j2", "html")
TEXT = Part("layout/layout.txt.j2", "section.txt.j2", "text")
