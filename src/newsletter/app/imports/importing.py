"""Importing whatever it is: a list of another program, or the whole audience of ours."""

from __future__ import annotations

from newsletter.app.imports.list_import import import_list
from newsletter.app.imports.newsletter_import import import_newsletter_file
from newsletter.app.imports.order import ImportOrder, ImportResult
from newsletter.app.imports.tally import Tally, Watcher, nobody
from newsletter.app.progress import Progress
from newsletter.app.workspace import Workspace
from newsletter.domain.errors import BadInput

OURS = "newsletter"
"""The preset of our own exports, as CSV or as JSON."""

_BEGINNING = 64
_BLANK = b"\xef\xbb\xbf \t\r\n"


def import_subscribers(
    workspace: Workspace,
    order: ImportOrder,
    *,
    progress: Progress | None = None,
    watch: Watcher = nobody,
) -> ImportResult:
    """Imports the list that `order` names; `watch` is told what became of each row.

    Raises what `import_list` and `import_newsletter_file` do, and BadInput when a list of another
    program comes without a topic.
    """
    tally = Tally(watch)
    if is_ours(order):
        return import_newsletter_file(workspace, order, tally=tally, progress=progress)
    if not order.topic:
        raise BadInput(
            "no topic is given, and the list names none",
            cure="Add --topic T; see the topics with `newsletter topics list`.",
        )
    return import_list(workspace, order, tally=tally, progress=progress)


def is_ours(order: ImportOrder) -> bool:
    """Whether the list is our own JSON, which names its topics and bases itself.

    Raises BadInput when it cannot be read.
    """
    if order.preset not in (None, OURS):
        return False
    try:
        with order.file.open("rb") as stream:
            return stream.read(_BEGINNING).lstrip(_BLANK).startswith((b"{", b"["))
    except OSError as error:
        raise BadInput(
            f"cannot read {order.file}: {error.strerror}", cure="Name the file with the list."
        ) from None
