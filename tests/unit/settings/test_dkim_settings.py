"""The settings of [dkim]: none is needed, and each fault is named with its key, value and cure."""

from __future__ import annotations

from pathlib import Path

import pytest

from newsletter.domain.errors import FaultyFile
from newsletter.settings.reading import FILE_NAME, read_settings
from newsletter.settings.tables import Dkim

REQUIRED = """\
[site]
name = "Corff"
base_url = "https://news.example.org"
languages = ["cy", "en"]

[sender]
address = "news@example.org"

[mail]
domain = "news.example.org"
bounce_address = "bounces@news.example.org"
"""


def dkim(folder: Path, *lines: str) -> Dkim:
    file = folder / FILE_NAME
    file.write_text("\n".join((REQUIRED, "[dkim]", *lines)))
    return read_settings(file).dkim


def test_nothing_of_it_is_needed_and_empty_means_not_given(tmp_path: Path) -> None:
    assert dkim(tmp_path) == dkim(tmp_path, 'selector = ""', 'key_file = ""') == Dkim()


@pytest.mark.parametrize("selector", ["news-2026-11", "a", "n.ews", "a" * 63])
def test_a_selector_is_a_name_of_the_dns(tmp_path: Path, selector: str) -> None:
    assert dkim(tmp_path, f'selector = "{selector}"').selector == selector


@pytest.mark.parametrize(
    "selector", ["News", "news_2026", "-a", "a-", "a..b", "a b", "ŵ", "a" * 64]
)
@pytest.mark.parametrize("key", ["selector", "ed25519_selector"])
def test_what_cannot_be_a_name_of_the_dns_is_refused(
    tmp_path: Path, key: str, selector: str
) -> None:
    with pytest.raises(FaultyFile) as caught:
        dkim(tmp_path, f'{key} = "{selector}"')

    [fault] = caught.value.faults
    assert fault.message.startswith(f"dkim.{key} = {selector!r}: must be small letters")


def test_a_domain_is_one_in_small_letters(tmp_path: Path) -> None:
    with pytest.raises(FaultyFile, match=r"dkim\.domain = 'Example\.org'"):
        dkim(tmp_path, 'domain = "Example.org"')


def test_the_environment_may_name_the_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEWSLETTER_DKIM__KEY_FILE", "/srv/keys/news.pem")

    assert dkim(tmp_path, 'key_file = "data/a.pem"').key_file == Path("/srv/keys/news.pem")


def test_a_misspelt_key_is_told_what_may_be_meant(tmp_path: Path) -> None:
    with pytest.raises(FaultyFile, match="did you mean selector"):
        dkim(tmp_path, 'selectr = "news"')


@pytest.mark.parametrize("key", ["selector", "key_file", "ed25519_selector", "ed25519_key_file"])
def test_whoever_names_anything_of_a_key_wants_mail_signed(tmp_path: Path, key: str) -> None:
    assert dkim(tmp_path, f'{key} = "news"').is_wanted
    assert not dkim(tmp_path, 'domain = "example.org"').is_wanted
