"""The golden files: what each kind's sample becomes in each language, in the civic design.

`make golden` writes them anew; look at the difference before it is committed.
"""

from __future__ import annotations

import re
from pathlib import Path

from lxml import etree

from newsletter.composer.compose import image_sources
from newsletter.composer.edition_files.edition_file import read_sample
from newsletter.composer.kinds.kinds import SectionKind
from newsletter.composer.markup.inline import parse
from newsletter.domain.compiled import CompiledEdition
from newsletter.domain.editions import Section
from tests.builders import a_brand_with_everything, a_catalogue, an_edition, composed, filled

FOLDER = Path(__file__).parent / "golden"
LANGUAGES = ("en", "cy")

# The name of a picture is the hash of what Pillow made of it, which differs from one release to
# the next.
_PICTURE = re.compile(r"/media/[0-9a-f]{32}\.(png|jpg|gif)")


def compile_sample(kind: SectionKind) -> tuple[Section, CompiledEdition]:
    """The kind's sample, and the edition that holds nothing else."""
    section = read_sample(kind, LANGUAGES)
    content = an_edition(section)
    images = {
        source: (kind.folder / source).read_bytes()
        for source in image_sources(content, a_catalogue())
    }
    return section, composed(content, images, brand=a_brand_with_everything())


def golden_files(kind: SectionKind) -> dict[Path, str]:
    """Each golden file of the kind with what it should hold."""
    _, edition = compile_sample(kind)
    files = {}
    for language, compiled in edition.languages.items():
        files[FOLDER / f"{kind.name}.{language}.html"] = _sections_of(filled(compiled.html))
        files[FOLDER / f"{kind.name}.{language}.txt"] = filled(compiled.text)
    return files


def _sections_of(html: str) -> str:
    """The blocks between the bar at the top and the footer, a line for each tag."""
    (page,) = parse(html).xpath("//div[@role='article']")
    children = list(page)
    bar, *_, footer = (
        place for place, child in enumerate(children) if child.get("class") == "edge"
    )
    blocks = children[bar + 1 : footer]
    shown = (etree.tostring(block, method="html", encoding="unicode") for block in blocks)
    return _PICTURE.sub(r"/media/PICTURE.\1", "".join(shown).replace("><", ">\n<")) + "\n"


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for each in a_catalogue().kinds.values():
        for file, text in golden_files(each).items():
            file.write_text(text, encoding="utf-8")
