"""What the shipped templates make, in every design: no check of the finished mail finds a fault."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import pytest

from newsletter.composer.brands.designs import design_names
from newsletter.composer.compose import image_sources
from newsletter.composer.edition_files.edition_file import read_sample
from newsletter.composer.findings.look_rules import LOOK_RULES
from newsletter.composer.findings.mail_program_rules import MAIL_PROGRAM_RULES
from newsletter.composer.findings.mail_rules import MAIL_RULES
from newsletter.composer.findings.part_rules import PART_RULES
from newsletter.domain.brand import Logo
from newsletter.domain.editions import EditionContent, Form, Section
from newsletter.resources import templates_folder
from tests.builders import a_brand_with_everything, a_catalogue, an_edition, an_image, composed

RULES = {rule.name for rule in (*MAIL_RULES, *LOOK_RULES, *PART_RULES, *MAIL_PROGRAM_RULES)}
OF_EVERYTHING = RULES - {"html-size"}  # one edition of every kind is longer than any real one
DESIGNS = design_names([templates_folder()])


@cache
def everything() -> tuple[EditionContent, dict[str, bytes]]:
    """An edition with a section of every kind, its own sample, and the images in it."""
    kinds = a_catalogue().kinds.values()
    samples = sorted((read_sample(kind, ("en", "cy")) for kind in kinds), key=_masthead_first)
    images = {
        source: (kind.folder / source).read_bytes()
        for kind in kinds
        for source in image_sources(an_edition(read_sample(kind, ("en", "cy"))), a_catalogue())
    }
    return an_edition(*samples), images


def _masthead_first(section: Section) -> bool:
    return section.kind != "masthead"


@pytest.mark.parametrize("form", Form)
@pytest.mark.parametrize("design", DESIGNS)
def test_every_kind_in_every_design_keeps_the_rules(design: str, form: Form) -> None:
    content, images = everything()
    logo = Logo({"": an_image()}, 190, {"en": "The council's arms", "cy": "Arfau'r cyngor"})
    brand = a_brand_with_everything(design=design, logo=logo)

    edition = composed(replace(content, form=form), images, brand=brand)

    assert [one for one in edition.findings if one.rule in OF_EVERYTHING] == []
