"""Reading a brand: what it may say, what it is unless it says, and what is refused."""

from __future__ import annotations

import re
import struct
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from newsletter.composer.brands.brand_colours import PAIRS, ROLES, Pair
from newsletter.composer.brands.brand_file import plain_brand, read_brand
from newsletter.composer.brands.contrast import contrast_ratio
from newsletter.domain.brand import Brand
from newsletter.domain.errors import FaultyFile
from newsletter.resources import templates_folder

DESIGNS = [templates_folder()]
PLAIN = plain_brand(DESIGNS)

BRAND = """\
fonts = "Verdana, Arial, sans-serif"

[name]
en = "Glan-y-Môr Harbour Trust"
cy = "Ymddiriedolaeth Harbwr Glan-y-Môr"

[title]
en = "The Harbour Bulletin"
cy = "Bwletin yr Harbwr"

[from_name]
en = "Harbour Trust"

[postal_address]
en = "The Quay\\nGlan-y-Môr"
cy = "Y Cei\\nGlan-y-Môr"

[colours]
band = "#0B3D2E"

[logo]
src = "logo.png"
width = 180
alt = { en = "An anchor" }
"""


def picture(kind: str = "PNG") -> bytes:
    into = BytesIO()
    Image.new("RGB", (20, 10), "#14365d").save(into, kind)
    return into.getvalue()


def brand_folder(folder: Path, toml: str = BRAND, logo: bytes | None = None) -> Path:
    (folder / "brand.toml").write_text(toml, encoding="utf-8")
    (folder / "logo.png").write_bytes(picture() if logo is None else logo)
    return folder


def faults_of(folder: Path) -> list[str]:
    with pytest.raises(FaultyFile) as caught:
        read_brand(folder, DESIGNS)
    place = str(folder / "brand.toml")
    return [str(fault).removeprefix(f"{place}: ") for fault in caught.value.faults]


def unreadable(brand: Brand) -> list[Pair]:
    return [
        pair
        for palette in (brand.colours, brand.dark)
        for pair in PAIRS
        if contrast_ratio(palette[pair.front], palette[pair.ground]) < pair.least
    ]


def test_a_brand_is_read_with_its_logo(tmp_path: Path) -> None:
    brand = read_brand(brand_folder(tmp_path), DESIGNS)

    assert brand.title == {"en": "The Harbour Bulletin", "cy": "Bwletin yr Harbwr"}
    assert brand.postal_address["cy"] == "Y Cei\nGlan-y-Môr"
    assert brand.fonts == "Verdana, Arial, sans-serif"
    assert brand.logo is not None
    assert (brand.logo.width, brand.logo.content("cy")) == (180, picture())


def test_what_is_not_given_in_a_language_is_the_name(tmp_path: Path) -> None:
    brand = read_brand(brand_folder(tmp_path), DESIGNS)

    assert brand.from_name == {"en": "Harbour Trust", "cy": "Ymddiriedolaeth Harbwr Glan-y-Môr"}
    assert brand.logo is not None
    assert brand.logo.alt == {"en": "An anchor", "cy": "Ymddiriedolaeth Harbwr Glan-y-Môr"}


def test_a_brand_may_give_some_of_the_colours(tmp_path: Path) -> None:
    brand = read_brand(brand_folder(tmp_path), DESIGNS)

    assert brand.colours == {**PLAIN.colours, "band": "#0b3d2e"}


def test_a_name_is_enough(tmp_path: Path) -> None:
    brand = read_brand(brand_folder(tmp_path, 'name = { en = "Harbour Trust" }'), DESIGNS)

    assert brand.title == brand.from_name == brand.name == {"en": "Harbour Trust"}
    assert (brand.colours, brand.fonts, brand.logo) == (PLAIN.colours, PLAIN.fonts, None)


def test_the_built_in_brand_speaks_english_and_welsh_and_can_be_read() -> None:
    for words in (PLAIN.name, PLAIN.title, PLAIN.from_name, PLAIN.postal_address):
        assert words.keys() == {"en", "cy"}
    assert unreadable(PLAIN) == []


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("[title]", "[tittle]", 'tittle: there is no such key; did you mean "title"?'),
        ("band =", "bnd =", 'colours.bnd: there is no such colour; did you mean "band"?'),
        ("#0B3D2E", "green", "colours.band: 'green' is not a colour; write six hexadecimal digits"),
        ("#0B3D2E", "#abc", "colours.band: '#abc' is not a colour"),
        ('"#0B3D2E"', "3", "colours.band: 3 is not a colour"),
        ("[colours]\n", "", 'postal_address.band: "band" is not a language tag'),
        ("[name]", "[nome]", "name is missing; write [name]"),
        ('en = "Harbour Trust"', r'en = "Harbour\r\nBcc: x"', "from_name.en: there is a line"),
        ('en = "Harbour Trust"', r'en = "Harbour\u0000"', "from_name.en: there is the"),
        ("Verdana, Arial", "Verdana; color: red", "is not a list of fonts"),
        ("logo.png", "none.png", "logo.src cannot be read: none.png (No such file or directory)"),
        ("logo.png", "../logo.png", "logo.src leads out of the folder: ../logo.png"),
        ("logo.png", "brand.toml", "logo.src: brand.toml is text; save it as PNG, JPEG or GIF"),
        ("width = 180", "", "logo.width is missing; write the width in pixels"),
        ("width = 180", "width = 577", "logo.width is no width"),
        ("width = 180", "widht = 180", 'logo.widht: there is no such key; did you mean "width"?'),
        ('src = "logo.png"', "", "logo.src is missing"),
    ],
)  # fmt: skip
def test_faults_name_the_key_and_the_cure(tmp_path: Path, old: str, new: str, words: str) -> None:
    assert old in BRAND

    faults = faults_of(brand_folder(tmp_path, BRAND.replace(old, new, 1)))

    assert any(words in fault for fault in faults), faults


@pytest.mark.parametrize("palette", ["colours", "dark"])
@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: f"{pair.front} on {pair.ground}")
def test_words_that_cannot_be_read_on_their_ground_are_refused(
    tmp_path: Path, pair: Pair, palette: str
) -> None:
    """WCAG 2.2, 1.4.3: #808080 on #7f7f7f is next to nothing."""
    table = f'[{palette}]\n{pair.front} = "#808080"\n{pair.ground} = "#7f7f7f"\n'

    faults = faults_of(brand_folder(tmp_path, f'name = {{ en = "A" }}\n{table}'))

    words = f"{pair.front} #808080 on {pair.ground} #7f7f7f has a contrast of only 1.01:1"
    assert any(fault.startswith(f"{palette}: {words}") for fault in faults), faults


def test_a_pair_that_fails_is_told_the_nearest_colour_that_passes(tmp_path: Path) -> None:
    toml = 'name = { en = "A" }\n[colours]\nlink = "#5599dd"\n'

    (fault, *_) = faults_of(brand_folder(tmp_path, toml))

    better = re.search(r'the nearest is link = "(#[0-9a-f]{6})"', fault)
    assert better is not None
    assert contrast_ratio(better[1], PLAIN.colours["surface"]) >= 4.5
    assert contrast_ratio(better[1], PLAIN.colours["surface"]) < 4.8


def test_the_dark_palette_follows_the_brands_own_colours(tmp_path: Path) -> None:
    toml = 'name = { en = "A" }\n[colours]\nheading = "#6b1d5e"\nbutton = "#6b1d5e"\n'

    dark = read_brand(brand_folder(tmp_path, toml), DESIGNS).dark

    red, green, blue = (int(dark["heading"][at : at + 2], 16) for at in (1, 3, 5))
    assert red > blue > green
    assert contrast_ratio(dark["heading"], dark["surface"]) >= 4.5


def test_a_logo_may_differ_by_language(tmp_path: Path) -> None:
    folder = brand_folder(
        tmp_path, BRAND.replace('"logo.png"', '{ en = "logo.png", cy = "l.png" }')
    )
    (folder / "l.png").write_bytes(picture("GIF"))

    logo = read_brand(folder, DESIGNS).logo

    assert logo is not None
    assert (logo.content("en"), logo.content("cy")) == (picture(), picture("GIF"))
    assert logo.content("fr") == picture()


def test_legal_lines_a_welcome_and_accounts_are_read(tmp_path: Path) -> None:
    toml = (
        'name = { en = "A" }\n'
        '[legal]\nen = """Charity 1234567\nCompany 7654321"""\n'
        '[welcome]\nen = "We welcome letters in Welsh."\n'
        '[social]\nMastodon = "https://social.example/@a"\n'
        'Facebook = { en = "https://f.example/en", cy = "https://f.example/cy" }\n'
    )

    brand = read_brand(brand_folder(tmp_path, toml), DESIGNS)

    assert brand.legal["en"].splitlines() == ["Charity 1234567", "Company 7654321"]
    assert brand.welcome == {"en": "We welcome letters in Welsh."}
    assert [(one.name, one.urls) for one in brand.social] == [
        ("Mastodon", {"": "https://social.example/@a"}),
        ("Facebook", {"en": "https://f.example/en", "cy": "https://f.example/cy"}),
    ]


def test_an_account_without_https_is_refused(tmp_path: Path) -> None:
    toml = 'name = { en = "A" }\n[social]\nMastodon = "javascript:alert(1)"\n'

    (fault,) = faults_of(brand_folder(tmp_path, toml))

    assert 'social.Mastodon: "javascript:alert(1)" is not an https address' in fault


@pytest.mark.parametrize("design", ["civic", "journal", "panels"])
def test_a_brand_chooses_a_design_and_gets_its_look(tmp_path: Path, design: str) -> None:
    toml = f'design = "{design}"\nname = {{ en = "A" }}'

    brand = read_brand(brand_folder(tmp_path, toml), DESIGNS)

    expected = plain_brand(DESIGNS, design)
    assert (brand.design, brand.colours, brand.shape) == (design, expected.colours, expected.shape)
    assert unreadable(brand) == []


def test_a_misspelt_design_is_told_the_nearest(tmp_path: Path) -> None:
    (fault,) = faults_of(brand_folder(tmp_path, 'design = "jurnal"\nname = { en = "A" }'))

    assert fault == """design: there is no 'jurnal'; did you mean "journal"?"""


def test_a_named_stack_stands_for_its_fonts(tmp_path: Path) -> None:
    toml = 'fonts = "serif"\nname = { en = "A" }'

    brand = read_brand(brand_folder(tmp_path, toml), DESIGNS)

    assert brand.fonts == brand.heading_fonts == "Georgia, 'Times New Roman', serif"


def test_fonts_that_not_everybody_has_need_one_that_everybody_has(tmp_path: Path) -> None:
    (fault,) = faults_of(brand_folder(tmp_path, 'fonts = "Gill Sans"\nname = { en = "A" }'))

    assert "does not end in a family that everybody has" in fault


def test_the_ratio_is_the_one_of_wcag() -> None:
    assert contrast_ratio("#000000", "#ffffff") == pytest.approx(21)
    assert contrast_ratio("#777777", "#ffffff") == pytest.approx(4.478, abs=0.001)
    assert contrast_ratio("#767676", "#ffffff") == pytest.approx(4.542, abs=0.001)


def test_a_ratio_just_below_the_least_is_not_shown_as_enough(tmp_path: Path) -> None:
    toml = 'name = { en = "A" }\n[colours]\nlink = "#777777"\n'

    (fault, *_) = faults_of(brand_folder(tmp_path, toml))

    assert "a contrast of only 4.4" in fault
    assert "4.5:1 is the least" in fault


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "BMP"])
def test_a_logo_may_be_any_image_that_can_be_sent(tmp_path: Path, kind: str) -> None:
    brand = read_brand(brand_folder(tmp_path, logo=picture(kind)), DESIGNS)

    assert brand.logo is not None


@pytest.mark.parametrize(
    ("logo", "what"),
    [
        (b"", "an empty file"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "an SVG drawing"),
        (picture()[:50], "a PNG image that is broken or was cut off"),
    ],
    ids=["empty", "svg", "cut off"],
)
def test_other_bytes_are_no_logo(tmp_path: Path, logo: bytes, what: str) -> None:
    """X9."""
    faults = faults_of(brand_folder(tmp_path, logo=logo))

    assert faults == [f"logo.src: logo.png is {what}; save it as PNG, JPEG or GIF"]


def test_a_logo_of_too_many_pixels_is_refused(tmp_path: Path) -> None:
    """X9: a picture that unpacks to hundreds of megabytes."""
    small = picture("GIF")
    huge = small[:6] + struct.pack("<HH", 15_000, 15_000) + small[10:]

    (fault,) = faults_of(brand_folder(tmp_path, logo=huge))

    assert "is an image of more than 40,000,000 pixels" in fault


def test_a_link_does_not_lead_the_logo_out_of_the_folder(tmp_path: Path) -> None:
    """X9."""
    brand = tmp_path / "brand"
    brand.mkdir()
    brand_folder(brand)
    (tmp_path / "outside.png").write_bytes(picture())
    (brand / "logo.png").unlink()
    (brand / "logo.png").symlink_to(tmp_path / "outside.png")

    assert "leads out of the folder" in faults_of(brand)[0]


def test_a_folder_without_a_brand_is_a_fault(tmp_path: Path) -> None:
    assert faults_of(tmp_path) == ["cannot be read: No such file or directory"]


@given(st.from_regex(re.compile("#[0-9a-f]{6}"), fullmatch=True), st.sampled_from(ROLES))
def test_no_brand_that_is_read_has_words_that_cannot_be_read(
    tmp_path_factory: pytest.TempPathFactory, colour: str, name: str
) -> None:
    folder = tmp_path_factory.mktemp("brand")
    (folder / "brand.toml").write_text(f'name = {{ en = "A" }}\n[colours]\n{name} = "{colour}"\n')

    try:
        brand, faults = read_brand(folder, DESIGNS), ()
    except FaultyFile as error:
        brand, faults = PLAIN, error.faults

    assert unreadable(brand) == []
    # The dark palette follows, so that only what was written can be at fault.
    assert all(fault.message.startswith("colours: ") for fault in faults)
