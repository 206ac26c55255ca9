"""Looking after the people on the list: adding one, showing them, unsubscribing one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from newsletter.app.workspace import Workspace
from newsletter.audience import leaving, subscribers
from newsletter.audience.grounds import Grounds
from newsletter.audience.joining import add_person
from newsletter.audience.judging import Joined
from newsletter.audience.person import Person, site_language
from newsletter.audience.topics import topic
from newsletter.domain.attributes import AttributeValue, read_value
from newsletter.domain.errors import BadInput
from newsletter.domain.people import Basis, ConsentSource, Subscriber
from newsletter.domain.suggestions import nearest
from newsletter.storage.engine import reading, writing


def lawful_basis(workspace: Workspace, given: Basis | None) -> Basis:
    """The basis given, else the settings'; raises BadInput when neither says one (L2)."""
    basis = given or workspace.settings.audience.basis
    if basis is None:
        raise BadInput(
            "no lawful basis is given",
            cure=f"Say --basis ({', '.join(Basis)}), or set audience.basis.",
        )
    return basis


def given_attributes(workspace: Workspace, pairs: Sequence[str]) -> dict[str, AttributeValue]:
    """The attributes that `NAME=VALUE` each say; raises BadInput for one that is not declared, has
    no value, or one of another type."""
    types = workspace.settings.attribute_types
    found: dict[str, AttributeValue] = {}
    for pair in pairs:
        name, _, text = (part.strip() for part in pair.partition("="))
        if name not in types:
            near = nearest(name, types)
            raise BadInput(
                f'no attribute is called "{name}"',
                cure=f"Did you mean {near}?" if near else f"There are: {', '.join(types)}.",
            )
        if not text:
            raise BadInput(f"the attribute {name} has no value", cure=f"Write {name}=VALUE.")
        try:
            found[name] = read_value(types[name], text)
        except BadInput as error:
            raise BadInput(f"{name}: {error.what}", cure=error.cure) from None
    return found


def add(workspace: Workspace, person: Person, topic_slug: str, grounds: Grounds) -> Joined:
    """Adds one person, who reads one of the site's languages, to a topic.

    Raises BadInput for another language or an unknown topic, Refused for somebody who left or is
    suppressed.
    """
    languages = workspace.settings.site.languages
    person = replace(person, language=site_language(person.language, languages))
    with writing(workspace.engine) as connection:
        return add_person(
            connection,
            person,
            topic(connection, topic_slug),
            grounds,
            default_language=languages[0],
            seals=workspace.seals,
        )


def unsubscribe(workspace: Workspace, address: str, topic_slug: str | None, *, actor: str) -> int:
    """Unsubscribes a person from a topic, or from all; gives the number of topics left."""
    now = workspace.now()
    source = ConsentSource.STAFF_UNSUBSCRIBE
    with writing(workspace.engine) as connection:
        person = subscribers.subscriber(connection, address)
        if topic_slug is None:
            return leaving.leave_all(connection, person.id, source=source, actor=actor, at=now)
        topic_id = topic(connection, topic_slug).id
        left = leaving.leave(connection, person.id, topic_id, source=source, actor=actor, at=now)
        return int(left)


def everyone(workspace: Workspace) -> list[Subscriber]:
    """Everybody on the list, in the order in which they came."""
    with reading(workspace.engine) as connection:
        return list(subscribers.all_subscribers(connection))
