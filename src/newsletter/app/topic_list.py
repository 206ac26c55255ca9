"""The topics, as staff look after them."""

from __future__ import annotations

from collections.abc import Mapping

from newsletter.app.workspace import Workspace
from newsletter.audience import topics
from newsletter.domain.people import Topic
from newsletter.storage.engine import reading, writing


def add_topic(
    workspace: Workspace, slug: str, *, names: Mapping[str, str], private: bool, actor: str
) -> Topic:
    """Adds a topic; `names` maps a language to what readers see.

    Raises BadInput for a slug or a name that cannot be used, Refused when the slug is taken.
    """
    with writing(workspace.engine) as connection:
        return topics.add_topic(
            connection, slug, names=names, private=private, actor=actor, now=workspace.now()
        )


def all_topics(workspace: Workspace) -> list[Topic]:
    """Every topic, by slug."""
    with reading(workspace.engine) as connection:
        return topics.all_topics(connection)
