"""The topics, as staff look after them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from newsletter.app.workspace import Workspace
from newsletter.audience import topics
from newsletter.domain.errors import BadInput
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


def offered_topics(workspace: Workspace, slugs: Sequence[str]) -> list[Topic]:
    """The topics that these slugs name, for anybody to sign up for; all public ones, by slug, when
    there is no slug.

    Raises BadInput for a topic that is not there or is private, and when none is left.
    """
    with reading(workspace.engine) as connection:
        named = [topics.topic(connection, slug) for slug in dict.fromkeys(slugs)]
        found = named or [one for one in topics.all_topics(connection) if not one.private]
    for one in found:
        if one.private:
            raise BadInput(
                f"topic {one.slug} is private: nobody can sign up for it",
                cure="Name topics that `newsletter topics list` does not call private.",
            )
    if not found:
        raise BadInput(
            "there is no topic that people can sign up for",
            cure="Add one with `newsletter topics add`.",
        )
    return found


def all_topics(workspace: Workspace) -> list[Topic]:
    """Every topic, by slug."""
    with reading(workspace.engine) as connection:
        return topics.all_topics(connection)
