"""Editions made to hurt: a clear error or harmless text, no crash, no fetch, within a second.

`--disable-socket` guards the tests, so that a fetch would be an error.
"""

from __future__ import annotations

import struct
import time
import zlib
from pathlib import Path

import pytest

from tests.terminal import Answer, Terminal

HEAD = """\
edition: "e"
topic: monthly-bulletin
languages: [en]
subject: "News"
sections:
"""
LETTER = '  - kind: letter\n    heading: "Hello"\n    body: {}\n'.format
ARTICLE = (
    '  - kind: article\n    heading: "Hello"\n    body: "Words"\n'
    '    image: {{src: "{}", alt: "A bridge"}}\n'
).format


def huge_png(width: int = 50_000, height: int = 50_000) -> bytes:
    """A PNG of a few bytes that says it has 2.5 thousand million pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        check = zlib.crc32(kind + data)
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", check)

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = (
        chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0" * 1000)) + chunk(b"IEND", b"")
    )
    return b"\x89PNG\r\n\x1a\n" + body


def checked(newsletter: Terminal, folder: Path, text: str | bytes) -> Answer:
    """What `check` answers to an edition file of that text, within a second of this process."""
    file = folder / "edition.yaml"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    began = time.process_time()
    answer = newsletter("check", file, "--json")
    # Twice the second that is asked for: the first one of a run loads the libraries, too.
    assert time.process_time() - began < 2
    assert "Traceback" not in answer.err
    return answer


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\nd: [*c, *c]\n", "refers to another value"),
        (HEAD + LETTER("[" * 5000 + "]" * 5000), "nested"),
        (HEAD + "  - " * 5000 + "x", "nested"),
        (b"edition: \xff\xfe", "UTF-8"),
        ("# " + "x" * 5_000_000, "1,000,000 is the most"),
        (HEAD + LETTER('"a\\u0007b"'), "control character U+0007"),
        (HEAD + LETTER('"a\\ud800b"'), "edition.yaml:8"),
        (HEAD + ARTICLE("../../etc/passwd"), "leads out of the folder"),
        (HEAD + ARTICLE("/etc/passwd"), "starts at the root of the disk"),
        (HEAD + ARTICLE("https://example.org/a.png"), "is an address, not a file"),
        (HEAD + ARTICLE("a\\\\b.png"), "has a backslash"),
    ],
    ids=[
        *("aliases", "brackets", "dashes", "not UTF-8", "5 MB", "BEL", "half a surrogate"),
        *("traversal", "root", "address", "backslash"),
    ],
)  # fmt: skip
def test_what_cannot_be_an_edition_is_2_in_plain_words(
    newsletter: Terminal, tmp_path: Path, text: str | bytes, words: str
) -> None:
    answer = checked(newsletter, tmp_path, text)

    assert answer.code == 2
    assert words in answer.err
    assert len(answer.err) < 4000


@pytest.mark.parametrize(
    "body",
    [
        "> " * 4990 + "x",
        "- " * 4990 + "x",
        "[" * 4000 + "x" + "](https://www.aber.example)" * 200,
        "*" * 9900 + "x",
        "_a " * 3300,
        "![" * 2000,
        "<div>" * 1990,
    ],
    ids=["quotes", "items", "brackets", "stars", "emphases", "images", "tags"],
)
def test_deep_markdown_is_harmless(newsletter: Terminal, tmp_path: Path, body: str) -> None:
    text = HEAD + LETTER("|\n      " + body)

    answer = checked(newsletter, tmp_path, text)

    assert answer.code in (0, 1)
    assert answer.json["languages"]["en"]["subject"] == "News"


def test_a_long_edition_is_composed_and_told_that_it_is_too_long(
    newsletter: Terminal, tmp_path: Path
) -> None:
    body = "|\n" + "      Many words that say little.\n\n" * 330
    text = HEAD + "".join(LETTER(body) for _ in range(12))

    answer = checked(newsletter, tmp_path, text)

    assert answer.code == 1
    assert "html-size" in {finding["rule"] for finding in answer.json["findings"]}


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (huge_png(), "pixels"),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "SVG"),
        (b"%PDF-1.7", "PDF"),
        (b"", "image"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 100, "image"),
        (b"GIF89a" + b"\xff" * 50, "image"),
        (b"\xff\xd8\xff\xe0" + b"\0" * 50, "image"),
    ],
    ids=["50,000 x 50,000", "SVG", "PDF", "empty", "broken PNG", "broken GIF", "broken JPEG"],
)
def test_what_is_no_picture_is_a_finding_and_1(
    newsletter: Terminal, tmp_path: Path, content: bytes, words: str
) -> None:
    """X9, H16."""
    (tmp_path / "a.png").write_bytes(content)

    answer = checked(newsletter, tmp_path, HEAD + ARTICLE("a.png"))

    assert answer.code == 1
    (finding,) = [one for one in answer.json["findings"] if one["rule"] == "image-format"]
    assert words in finding["message"]
    assert finding["field"] == "image.src"


def test_a_link_out_of_the_folder_is_not_followed(newsletter: Terminal, tmp_path: Path) -> None:
    """X9: the file behind it is as if it were not there."""
    folder = tmp_path / "edition"
    folder.mkdir()
    (tmp_path / "secret.png").write_bytes(b"secret")
    (folder / "a.png").symlink_to(tmp_path / "secret.png")

    answer = checked(newsletter, folder, HEAD + ARTICLE("a.png"))

    assert answer.code == 1
    assert "image-missing" in {finding["rule"] for finding in answer.json["findings"]}
    assert "secret" not in answer.out


@pytest.mark.parametrize(
    "words",
    [
        "<script>alert(1)</script>",
        "{{7*7}}",
        "{% raw %}",
        "\u202eabc\u202c",
        "${7*7}",
        "<%= 7*7 %>",
    ],
)
def test_code_is_text(newsletter: Terminal, tmp_path: Path, words: str) -> None:
    """X2: authors have no template language."""
    file = tmp_path / "edition.yaml"
    file.write_text(HEAD + LETTER(f"'Before {words} after'"), encoding="utf-8")

    answer = newsletter("compose", file, "--json", "--out", tmp_path / "out")

    html = (tmp_path / "out" / "en.html").read_text(encoding="utf-8")
    assert answer.code in (0, 1)
    assert "<script" not in html
    assert "49" not in html.partition("Before")[2].partition("after")[0]
