"""Small MJML documents, what the linter says of them, and what the engine makes of them."""

from __future__ import annotations

from newsletter.composer.markup.engine import mjml2html
from newsletter.composer.markup.lint import lint


def a_document(body: str = "", *, head: str = "", root: str = "") -> str:
    """A whole document around the content of its body and head."""
    return f"<mjml{root}><mj-head>{head}</mj-head><mj-body>{body}</mj-body></mjml>"


def in_section(content: str, *, head: str = "") -> str:
    """A whole document around the content of a section."""
    return a_document(f"<mj-section>{content}</mj-section>", head=head)


def in_column(content: str, *, head: str = "") -> str:
    """A whole document around the content of a column."""
    return in_section(f"<mj-column>{content}</mj-column>", head=head)


def in_text(html: str) -> str:
    """A whole document around the HTML of a text."""
    return in_column(f"<mj-text>{html}</mj-text>")


def cases(markup: str) -> list[str]:
    """The cases of the problems that the linter finds."""
    return [problem.case.value for problem in lint(markup)]


def as_html(markup: str) -> str:
    """What the engine makes of the document."""
    return mjml2html(markup, disable_comments=True, fonts={})
