"""Mails that hold every kind of section there is, in each design and each language, and stacked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from io import BytesIO

from PIL import Image, ImageDraw

from newsletter.composer.brands.brand_file import plain_brand
from newsletter.composer.brands.designs import design_names
from newsletter.composer.compose import image_sources
from newsletter.composer.edition_files.edition_file import read_sample
from newsletter.domain.brand import Brand, Logo, SocialAccount
from newsletter.domain.compiled import STACKED, CompiledEdition, CompiledLanguage
from newsletter.domain.editions import EditionContent, Form, Section
from newsletter.resources import templates_folder
from tests.builders import a_brand, a_catalogue, an_edition, composed, filled

LANGUAGES = ("en", "cy")
DESIGNS = tuple(design_names([templates_folder()]))
MEDIA_URL = "https://news.example.org/media"
READER = "reader@example.org"

_ORDER = (
    *("masthead", "letter", "contents", "article", "notice", "figures", "cards", "events"),
    *("quote", "table", "image", "documents", "call-to-action", "divider", "contact", "social"),
)
"""The order in which an editor might put them; kinds that are not named here come last."""


@dataclass(frozen=True)
class SampleMail:
    """A mail as a browser gets it: its page, and what it may fetch, by address."""

    design: str
    language: str
    brand: Brand
    html: str
    media: Mapping[str, bytes]

    @property
    def name(self) -> str:
        return f"{self.design}-{self.language}"


def sample_mails() -> Iterator[SampleMail]:
    """One mail for each design and language, and one with all of its languages."""
    for design in DESIGNS:
        for language in (*LANGUAGES, STACKED):
            yield sample_mail(design, language)


def sample_mail(design: str, language: str) -> SampleMail:
    compiled = _compiled(design, Form.STACKED if language == STACKED else Form.SEPARATE)
    return _opened(design, brand_in(design), compiled, compiled.languages[language])


def sample_mail_of(content: EditionContent, design: str, language: str) -> SampleMail:
    """The mail of an edition without images."""
    compiled = composed(content, {}, brand=brand_in(design))
    return _opened(design, brand_in(design), compiled, compiled.languages[language])


def hard_words() -> EditionContent:
    """An edition whose words and numbers are longer than anybody lays tables out for."""
    services = ["Gwasanaeth", "Ymgynghoriadau", "Gwirfoddolwyr", "Cydymffurfiaeth", "Buddsoddiadau"]
    numbers = ("£1,250,000", "£62,000,000", "12", "123,456,789")
    cards = [{"heading": name, "body": "Gair neu ddau."} for name in ("Un", "Dau", "Tri")]
    table = {
        "caption": "Gwasanaethau'r cyngor yn ôl ardal",
        "columns": services,
        "rows": [["Gwasanaethau cymdeithasol", "12", "345", "Ardderchog", "£62,000,000"]],
    }
    village = "Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch"
    places = {
        "caption": "Y lle sydd â'r enw hiraf",
        "columns": ["Lle", "Pobl"],
        "rows": [[village, "3,107"], ["Y Cei", village]],
    }
    figures = [{"value": number, "label": "yn y flwyddyn"} for number in numbers]
    content = an_edition(
        Section("table", table),
        Section("table", places),
        Section("figures", {"figures": figures}),
        Section("cards", {"cards": cards}),
    )
    return replace(content, languages=("cy",))


def brand_in(design: str) -> Brand:
    """A brand in the colours of its design, with all that a brand may have."""
    plain = plain_brand([templates_folder()], design)
    words = a_brand()
    return replace(
        plain,
        name=words.name,
        title=words.title,
        from_name=words.from_name,
        postal_address=words.postal_address,
        legal={
            "en": "A public body of the Aber valley",
            "cy": "Corff cyhoeddus yng Nghwm Aber",
        },
        welcome={
            "en": "We welcome correspondence in Welsh. It will not lead to a delay.",
            "cy": "Rydym yn croesawu gohebiaeth yn Gymraeg. Ni fydd hynny’n arwain at oedi.",
        },
        social=(
            SocialAccount("Mastodon", {"": "https://social.example.org/@aber"}),
            SocialAccount("YouTube", {"": "https://video.example.org/aber"}),
        ),
        logo=Logo({"": _dark_logo_on_nothing()}, 180, words.name),
    )


def every_kind(form: Form = Form.SEPARATE) -> EditionContent:
    """An edition with the sample of each kind, found by folder."""
    kinds = a_catalogue().kinds
    names = sorted(kinds, key=lambda name: _ORDER.index(name) if name in _ORDER else len(_ORDER))
    content = an_edition(
        *(read_sample(kinds[name], LANGUAGES) for name in names),
        preheader={
            "en": "Everything that a bulletin may hold, once.",
            "cy": "Popeth a all fod mewn bwletin, unwaith.",
        },
    )
    return replace(content, form=form)


def sample_images() -> dict[str, bytes]:
    """The images that the samples of all kinds name."""
    catalogue = a_catalogue()
    return {
        source: (kind.folder / source).read_bytes()
        for kind in catalogue.kinds.values()
        for source in image_sources(an_edition(read_sample(kind, LANGUAGES)), catalogue)
    }


@cache
def _compiled(design: str, form: Form) -> CompiledEdition:
    return composed(every_kind(form), sample_images(), brand=brand_in(design))


def _opened(
    design: str, brand: Brand, compiled: CompiledEdition, mail: CompiledLanguage
) -> SampleMail:
    media = {f"{MEDIA_URL}/{one.name}": one.content for one in compiled.media}
    html = filled(mail.html, email=READER)
    return SampleMail(design, mail.language, brand, html, media)


@cache
def _dark_logo_on_nothing() -> bytes:
    """A logo that would be lost on a dark surface but for its edge."""
    logo = Image.new("RGBA", (720, 200), (0, 0, 0, 0))
    draw = ImageDraw.Draw(logo)
    ink = (18, 42, 66, 255)
    draw.ellipse((10, 10, 190, 190), outline=ink, width=22)
    draw.polygon([(50, 150), (100, 50), (150, 150)], fill=ink)
    draw.text((230, 20), "ABER", fill=ink, font_size=110)
    draw.rectangle((234, 150, 700, 168), fill=ink)
    out = BytesIO()
    logo.save(out, "PNG")
    return out.getvalue()
