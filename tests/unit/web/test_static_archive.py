"""The archive as files: every link in it leads to one of them, or out into the world."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from posixpath import dirname, join, normpath

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from newsletter.domain.errors import SurroundingsFailed
from newsletter.domain.readers import Media
from newsletter.web.site import create_site
from newsletter.web.static_archive.files import ArchiveFiles, link_between
from newsletter.web.static_archive.static_archive import read_archive
from tests.fake_archive_desk import FakeArchive, many_editions
from tests.fakes import FakeDesk
from tests.public_pages import a_house

BASE = "https://news.example.org"
PICTURE = "0123456789abcdef0123456789abcdef.png"
MAIL = f"""<!DOCTYPE html><html lang="{{language}}"><head>
<meta http-equiv="Content-Type" content="text/html; charset=UTF-8"><title>News</title></head>
<body><h1>News {{slug}}</h1><p>Tŷ'r Felin</p>
<!--[if mso]><table><tr><td><![endif]-->
<img src="{BASE}/media/{PICTURE}" alt="The weir">
<a href="{BASE}/en/archive/monthly-bulletin/2026-03#part">In the archive</a>
<a href="{BASE}/en/archive/monthly-bulletin/none">Nowhere</a>
<a href="{BASE}/en/archive/../../etc/passwd">Tricks</a>
<a href="{BASE}/en/my-link">Unsubscribe</a>
<a href="#part">Below</a>
<a href="https://example.org/">Elsewhere</a>
<a href="mailto:news@example.org">Write</a>
</body></html>"""


def a_desk(**archive: object) -> FakeDesk:
    return FakeDesk(
        archive=FakeArchive(**({"document": MAIL} | archive)),  # type: ignore[arg-type]  # by name
        media_files={PICTURE: Media(b"\x89PNG", "image/png")},
    )


def files_of(desk: FakeDesk) -> dict[str, bytes]:
    """Every file of the archive, by its name."""
    house = a_house()
    found = read_archive(create_site(desk.desks, house), house, lambda _done, _total: None)
    return {name: found.content(name) for name in found.names}


FILES = files_of(a_desk())
EDITION = "en/archive/monthly-bulletin/2026-03/index.html"


def documents(files: Mapping[str, bytes]) -> Iterator[tuple[str, html.HtmlElement]]:
    for name, content in files.items():
        if name.endswith(".html"):
            yield name, html.document_fromstring(content.decode())


def links(files: Mapping[str, bytes]) -> Iterator[tuple[str, str]]:
    """The file and the address of whatever a browser follows or loads by itself."""
    for name, document in documents(files):
        found = document.xpath(
            "//a/@href | //img/@src | //link[@rel='stylesheet']/@href"
            " | //link[@type='application/atom+xml' or @type='application/feed+json']/@href"
        )
        yield from ((name, str(address)) for address in found)


def is_relative(address: str) -> bool:
    return not address.startswith(("https:", "mailto:", "/"))


def test_every_page_has_the_file_that_its_permanent_address_names() -> None:
    assert FILES.keys() == {
        "index.html",
        "static/site.css",
        "static/icon.svg",
        f"media/{PICTURE}",
        "cy/archive/monthly-bulletin/2026-02.txt",
        "cy/archive/monthly-bulletin/2026-02/index.html",
        *(
            f"{language}/{file}"
            for language in ("en", "cy")
            for file in (
                "index.html",
                "archive/index.html",
                "archive/monthly-bulletin/index.html",
                "archive/monthly-bulletin.atom",
                "archive/monthly-bulletin.json",
                "archive/monthly-bulletin/2026-01.txt",
                "archive/monthly-bulletin/2026-01/index.html",
                "archive/monthly-bulletin/2026-03.txt",
                "archive/monthly-bulletin/2026-03/index.html",
            )
        ),
    }


def test_every_link_of_ours_leads_to_a_file_wherever_the_folder_is() -> None:
    """From a disk as well: no link is to a folder, and none to the root of a server."""
    for name, address in links(FILES):
        if is_relative(address) and not address.startswith("#"):
            file = normpath(join(dirname(name), address.partition("#")[0]))
            assert file in FILES, (name, address)


def test_no_link_needs_the_program() -> None:
    outside = {address for _, address in links(FILES) if not is_relative(address)}

    assert outside == {"https://example.org/", "mailto:news@example.org"}
    for _, document in documents(FILES):
        assert not document.xpath("//form | //script | //iframe")
        assert not document.xpath("//footer//a[not(@href)]")


def test_a_link_that_only_the_program_could_answer_is_left_as_words() -> None:
    document = html.document_fromstring(FILES[EDITION].decode())

    found = {one.text: one.get("href") for one in document.xpath("//main//a")}
    assert found["Unsubscribe"] is found["Nowhere"] is found["Tricks"] is None
    assert found["In the archive"] == "index.html#part"
    assert found["Below"] == "#part"


def test_the_mail_is_what_it_was() -> None:
    text = FILES[EDITION].decode()

    assert "Tŷ'r Felin" in text
    assert "<!--[if mso]><table><tr><td><![endif]-->" in text
    assert text.startswith("<!DOCTYPE html>\n<html")
    assert f'src="../../../../media/{PICTURE}"' in text
    assert FILES[f"media/{PICTURE}"] == b"\x89PNG"


@pytest.mark.parametrize(
    ("name", "style"),
    [("index.html", "style-src 'self' file:"), (EDITION, "style-src 'unsafe-inline'")],
)
def test_a_page_is_trusted_with_nothing_here_either(name: str, style: str) -> None:
    """X4: the policy stands in the page, before all that it is about."""
    document = html.document_fromstring(FILES[name].decode())

    first = document.xpath("//head/*")[0]
    assert first.get("http-equiv") == "Content-Security-Policy"
    assert first.get("content").startswith("default-src 'none'; img-src 'self' file:; ")
    assert style in first.get("content")


def test_permanent_addresses_and_feeds_stay_absolute() -> None:
    document = html.document_fromstring(FILES[EDITION].decode())

    permanent = f"{BASE}/en/archive/monthly-bulletin/2026-03"
    assert document.xpath("//link[@rel='canonical']/@href") == [permanent]
    assert permanent.encode() in FILES["en/archive/monthly-bulletin.atom"]


def test_the_root_lists_the_languages() -> None:
    root = html.document_fromstring(FILES["index.html"].decode())

    assert root.xpath("//main//a/@href") == ["en/archive/index.html", "cy/archive/index.html"]


def test_the_same_archive_gives_the_same_bytes() -> None:
    assert files_of(a_desk()) == FILES


def test_a_long_list_keeps_its_pages() -> None:
    files = files_of(a_desk(editions=many_editions(70), document="<html><head></head></html>"))

    assert "en/archive/monthly-bulletin/page/3/index.html" in files
    assert "en/archive/monthly-bulletin/e0/index.html" in files


def test_a_picture_that_is_gone_stops_it() -> None:
    desk = a_desk()
    desk.media_files = {}

    with pytest.raises(SurroundingsFailed, match=PICTURE):
        files_of(desk)


def test_a_database_that_does_not_answer_stops_it() -> None:
    desk = a_desk(failure=SurroundingsFailed("the database does not answer"))

    with pytest.raises(SurroundingsFailed, match="could not be read"):
        files_of(desk)


NAMES = st.from_regex(r"[a-z0-9][a-z0-9-]{0,8}", fullmatch=True)
PATHS = st.lists(NAMES, max_size=4).map(lambda names: "/".join(["/en/archive", *names]))
SOME_FILES = ArchiveFiles(BASE, f"{BASE}/media", ("en", "cy"))


@given(path=PATHS, other=PATHS)
def test_a_relative_link_leads_from_any_page_to_any_other(path: str, other: str) -> None:
    here, there = SOME_FILES.file(path), SOME_FILES.file(other)

    assert normpath(join(dirname(here), link_between(here, there))) == there


@given(st.text(max_size=30).map(lambda text: f"/en/archive/{text}"))
def test_no_file_lies_outside_of_the_folder(path: str) -> None:
    if SOME_FILES.is_part(path):
        file = SOME_FILES.file(path)

        assert normpath(file) == file
        assert not file.startswith(("/", ".."))
        assert file.startswith("en/archive")


@given(st.lists(st.one_of(PATHS, PATHS.map(lambda path: f"{path}.txt")), unique=True))
def test_no_two_pages_share_a_file(paths: list[str]) -> None:
    assert len({SOME_FILES.file(path) for path in paths}) == len(paths)
