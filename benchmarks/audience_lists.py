"""A list of many people, the same at every run, and the workspace that it goes into."""

from __future__ import annotations

import csv
import random
from datetime import UTC, datetime, timedelta
from pathlib import Path

from newsletter.app.new_workspace import prepare_data
from newsletter.app.topic_list import add_topic
from newsletter.app.workspace import open_settings
from newsletter.settings.reading import read_settings

TOPIC = "monthly-bulletin"
COUNTIES = ("Powys", "Ceredigion", "Gwynedd", "Sir Gâr", "Sir Benfro", "Conwy", "Môn", "Torfaen")
SEGMENT = 'language = cy and county in ("Powys", "Ceredigion")'
HEADER = ("email", "name", "language", "county", "since", "ip")

_SETTINGS = """\
[site]
name = "Benchmark"
base_url = "https://news.example.org"
languages = ["en", "cy"]

[sender]
address = "news@example.org"

[mail]
domain = "news.example.org"
bounce_address = "bounces@news.example.org"

[audience]
basis = "consent"

[attributes.county]
type = "text"
"""


def write_list(file: Path, number: int, *, first: int = 0) -> None:
    """`number` people in no order, those from `first` on; every one with consent and address."""
    dice = random.Random(number + first)
    people = list(range(first, first + number))
    dice.shuffle(people)
    begin = datetime(2019, 1, 1, tzinfo=UTC)
    with file.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(HEADER)
        for person in people:
            local = f"{dice.choice('abcdefghilmnoprstw')}.person{person}"
            since = begin + timedelta(seconds=dice.randrange(7 * 365 * 86_400))
            writer.writerow(
                (
                    f"{local}@d{person % 20_011}.example.org",
                    f"Person Rhif {person % 9973}",
                    ("en", "cy")[person % 3 == 0],
                    COUNTIES[person % len(COUNTIES)],
                    f"{since:%Y-%m-%d %H:%M:%S}",
                    f"192.0.2.{person % 256}",
                )
            )


def make_workspace(folder: Path) -> Path:
    """A workspace with an empty list and one topic; gives its newsletter.toml."""
    folder.mkdir()
    file = folder / "newsletter.toml"
    file.write_text(_SETTINGS, encoding="utf-8")
    settings = read_settings(file, use_environment=False)
    prepare_data(settings)
    with open_settings(settings) as workspace:
        names = {"en": "Monthly bulletin", "cy": "Bwletin misol"}
        add_topic(workspace, TOPIC, names=names, private=False, actor="benchmark")
    return file
