"""What a `section.toml` may say of a section kind, read into fields or refused with every fault."""

from __future__ import annotations

import re
from pathlib import Path

from newsletter.composer.kinds.field_toml import read_fields
from newsletter.composer.kinds.kinds import OWN_KEYS, SectionKind
from newsletter.composer.sources.faults import Faults
from newsletter.composer.sources.toml_source import read_toml, read_words_table, refuse_unknown

KIND_NAME = re.compile(r"[a-z][a-z0-9-]*")


def read_section_toml(file: Path) -> SectionKind:
    """The kind that `file` declares, named for its folder.

    Raises `FaultyFile`, naming the keys (`fields.heading.type`), when it declares none.
    """
    faults = Faults(str(file))
    table = read_toml(file, faults)
    name = file.parent.name
    if not KIND_NAME.fullmatch(name):
        faults.add(None, f'a kind cannot be called "{name}"', "use small letters, digits and -")
    refuse_unknown(table, ("labels", "fields", "parts"), "", faults)
    labels = read_words_table(table.get("labels"), "labels", faults)
    if not labels:
        faults.add(None, "labels are missing", 'write [labels] with en = "…" for each language')
    # A kind of which nothing is to be said, such as a rule between sections, has no fields.
    fields = read_fields(table["fields"], "fields", faults) if "fields" in table else ()
    for field in fields:
        if field.name in OWN_KEYS:
            cure = f"use another name than {', '.join(OWN_KEYS)}, which every section has"
            faults.add(None, f'fields.{field.name}: a field cannot be called "{field.name}"', cure)
    if not isinstance(table.get("parts", False), bool):
        faults.add(None, "parts: this is not a yes or no", "write true or false")
    faults.raise_if_any()
    return SectionKind(name, labels, fields, file.parent, parts=table.get("parts", False))
