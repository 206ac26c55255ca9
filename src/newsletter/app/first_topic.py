"""The topic that a new workspace begins with, so that its first edition can be imported at once."""

from __future__ import annotations

from newsletter.app.workspace import open_settings
from newsletter.audience.topics import add_topic
from newsletter.settings.model import Settings
from newsletter.storage.engine import writing

SLUG = "monthly-bulletin"
_NAMES = {"en": "Monthly bulletin", "cy": "Bwletin misol"}


def add_first_topic(settings: Settings, *, actor: str) -> None:
    """Adds the topic to a fresh workspace."""
    with open_settings(settings) as workspace, writing(workspace.engine) as connection:
        add_topic(connection, SLUG, names=_NAMES, private=False, actor=actor, now=workspace.now())
