"""The section kinds that authors may use: found in template folders."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from newsletter.composer.kinds.kinds import Catalogue, SectionKind
from newsletter.composer.kinds.section_toml import KIND_NAME, read_section_toml
from newsletter.composer.sources.faults import Faults


def load_catalogue(folders: Sequence[Path]) -> Catalogue:
    """Every kind under `sections/` of the folders, in the order of their names.

    The first folder that declares a kind wins. A folder may hold templates alone for a kind that
    another one declares. Raises `FaultyFile` for the first `section.toml` that is wrong, and for a
    kind that no folder declares.
    """
    declared: dict[str, SectionKind] = {}
    undeclared: dict[str, Path] = {}
    for folder in folders:
        for section in _section_folders(folder):
            if not (section / "section.toml").is_file():
                undeclared.setdefault(section.name, section)
            elif section.name not in declared:
                declared[section.name] = read_section_toml(section / "section.toml")
    for name in undeclared.keys() - declared.keys():
        cure = "add one, or name the folder after a kind whose templates it overrides"
        Faults(str(undeclared[name])).stop(None, "this kind has no section.toml", cure)
    return Catalogue({name: declared[name] for name in sorted(declared)}, tuple(folders))


def _section_folders(folder: Path) -> list[Path]:
    sections = folder / "sections"
    if not sections.is_dir():
        return []
    # Only what can be a kind, or says that it is one: not .git, __pycache__ and their like.
    return sorted(
        each
        for each in sections.iterdir()
        if each.is_dir() and (KIND_NAME.fullmatch(each.name) or (each / "section.toml").is_file())
    )
