"""Reading the settings: the environment wins, every fault says key, value and cure."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from newsletter.domain.errors import BadInput, FaultyFile
from newsletter.domain.findings import Level
from newsletter.settings.model import Settings
from newsletter.settings.reading import (
    find_settings_file,
    find_settings_file_above,
    read_settings,
)
from newsletter.settings.values import host_and_port

GOOD = """
[site]
name = "Rivers"
base_url = "https://news.example.org/"
languages = ["en", "cy"]
[sender]
address = "news@example.org"
[mail]
domain = "news.example.org"
bounce_address = "bounces@news.example.org"
"""


def _read(folder: Path, text: str) -> Settings:
    file = folder / "newsletter.toml"
    file.write_text(text, encoding="utf-8")
    return read_settings(file)


def _faults(folder: Path, text: str) -> str:
    with pytest.raises(FaultyFile) as faulty:
        _read(folder, text)
    return str(faulty.value)


def test_what_is_not_given_has_its_default(tmp_path: Path) -> None:
    settings = _read(tmp_path, GOOD)

    assert settings.site.base_url == "https://news.example.org"
    assert settings.media_url == "https://news.example.org/media"
    assert settings.reply_to == "news@example.org"
    assert settings.dispatch.first_retry == timedelta(minutes=30)
    assert settings.relay.url is None


def test_paths_are_relative_to_the_file_and_not_to_the_current_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = _read(tmp_path, GOOD)
    monkeypatch.chdir("/")

    assert settings.database_file == tmp_path / "data" / "newsletter.db"
    assert settings.data_folder == tmp_path / "data"


def test_a_database_on_a_server_has_no_file_and_its_password_is_not_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """X13"""
    url = "postgresql+psycopg://mair:secret@db.example.org/news"
    monkeypatch.setenv("NEWSLETTER_DATABASE__URL", url)

    settings = _read(tmp_path, GOOD)

    assert (settings.database.url, settings.database_file) == (url, None)
    assert "secret" not in repr(settings)


def test_an_address_of_another_database_is_refused_and_not_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """X13"""
    monkeypatch.setenv("NEWSLETTER_DATABASE__URL", "mysql://mair:secret@db.example.org/news")

    told = _faults(tmp_path, GOOD)

    assert "must begin with sqlite:/// or postgresql+psycopg://" in told
    assert "secret" not in told


def test_the_environment_stands_over_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NEWSLETTER_SITE__BASE_URL", "https://other.example.org")
    monkeypatch.setenv("NEWSLETTER_DISPATCH__FIRST_RETRY", "45m")

    settings = _read(tmp_path, GOOD)

    assert settings.site.base_url == "https://other.example.org"
    assert settings.dispatch.first_retry == timedelta(minutes=45)


@pytest.mark.parametrize(
    ("variable", "value", "read"),
    [
        ("NEWSLETTER_SITE__LANGUAGES", "cy, en", lambda s: s.site.languages == ["cy", "en"]),
        (
            "NEWSLETTER_WEB__ALLOWED_HOSTS",
            "a.example.org,b.example.org",
            lambda s: s.web.allowed_hosts == ["a.example.org", "b.example.org"],
        ),
    ],
)
def test_every_list_in_the_environment_is_parted_by_commas(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    variable: str,
    value: str,
    read: object,
) -> None:
    monkeypatch.setenv(variable, value)

    assert callable(read)
    assert read(_read(tmp_path, GOOD))


def test_the_short_variable_names_the_relay(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NEWSLETTER_RELAY_URL", "smtp://127.0.0.1:2525")

    assert _read(tmp_path, GOOD).relay.url == "smtp://127.0.0.1:2525"


def test_settings_read_without_the_environment_cannot_be_changed_by_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NEWSLETTER_RELAY_URL", "smtps://mail.example.org")
    monkeypatch.setenv("NEWSLETTER_RELAY__URL", "smtps://mail.example.org")
    _read(tmp_path, GOOD)

    settings = read_settings(tmp_path / "newsletter.toml", use_environment=False)

    assert settings.relay.url is None


def test_an_empty_optional_key_counts_as_not_given(tmp_path: Path) -> None:
    settings = _read(tmp_path, GOOD + 'unsubscribe_address = ""\n[relay]\nurl = ""\n')

    assert settings.mail.unsubscribe_address is None
    assert settings.relay.url is None


def test_an_unknown_key_gets_a_suggestion(tmp_path: Path) -> None:
    assert "unknown key mail.domian; did you mean domain?" in _faults(
        tmp_path, GOOD + 'domian = "x.example.org"'
    )


def test_every_fault_is_named_in_one_go(tmp_path: Path) -> None:
    faults = _faults(
        tmp_path,
        GOOD.replace("https://", "http://").replace('"cy"', '"welsh"').replace("[sender]", ""),
    )

    assert "site.base_url = 'http://news.example.org/': must begin with https://" in faults
    assert '"welsh" is not a language tag' in faults
    assert "the table [sender] is missing" in faults


@pytest.mark.parametrize(
    ("key", "value", "words"),
    [
        ("bounce_address", "long-long-long-bounces@example.org", "at most 16"),
        ("bounce_address", "b+x@example.org", "no +"),
        ("domain", "not a domain", "must be a domain name"),
    ],
)
def test_a_bad_value_is_named_with_its_cure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, key: str, value: str, words: str
) -> None:
    monkeypatch.setenv(f"NEWSLETTER_MAIL__{key.upper()}", value)

    faults = _faults(tmp_path, GOOD)

    assert f"environment variable NEWSLETTER_MAIL__{key.upper()}: mail.{key}" in faults
    assert words in faults


def test_a_welsh_domain_goes_to_headers_and_envelopes_in_its_ascii_form(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NEWSLETTER_MAIL__BOUNCE_ADDRESS", "bounces@dŵr.example.org")
    assert _read(tmp_path, GOOD).mail.bounce_address == "bounces@xn--dr-bva.example.org"

    assert "xn-- form" in _faults(tmp_path, GOOD.replace("https://news", "https://dŵr"))


def test_a_fault_in_the_relay_never_shows_the_password(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """X13."""
    faults = _faults(tmp_path, GOOD + '[relay]\nurl = ["smtps://user:s3cret@mail.example.org"]\n')

    assert "relay.url" in faults
    assert "s3cret" not in faults


@pytest.mark.parametrize(
    "text",
    [
        'relay = "smtps://user:s3cret@mail.example.org"\n' + GOOD,
        GOOD + '[relay]\nulr = "smtps://user:s3cret@mail.example.org"\n',
    ],
)
def test_a_misplaced_password_is_not_shown_either(tmp_path: Path, text: str) -> None:
    """X13."""
    assert "s3cret" not in _faults(tmp_path, text)


def test_no_repr_of_the_settings_holds_the_password(tmp_path: Path) -> None:
    """X13."""
    settings = _read(tmp_path, GOOD + '[relay]\nurl = "smtps://user:s3cret@mail.example.org"\n')

    assert "s3cret" in (settings.relay.url or "")
    assert "s3cret" not in repr(settings)


def test_nothing_in_the_environment_moves_the_workspace(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NEWSLETTER_FOLDER", "/elsewhere")

    assert _read(tmp_path, GOOD).folder == tmp_path


@pytest.mark.parametrize("name", ["NEWSLETTER_SITE", "NEWSLETTER_RELAY"])
def test_a_table_given_as_one_variable_is_named_as_such(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv(name, "smtps://user:s3cret@mail.example.org")

    with pytest.raises(BadInput, match="one variable for each key") as fault:
        _read(tmp_path, GOOD)

    assert "s3cret" not in str(fault.value)


@pytest.mark.parametrize("value", ["0m", "soon", "99999999999d", "366d", "-1h", "1.5h"])
def test_a_wait_is_between_a_moment_and_a_year(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, value: str
) -> None:
    monkeypatch.setenv("NEWSLETTER_DISPATCH__FIRST_RETRY", value)

    assert "dispatch.first_retry" in _faults(tmp_path, GOOD)


@pytest.mark.parametrize(
    ("value", "read"),
    [
        ("127.0.0.1:8000", ("127.0.0.1", 8000)),
        ("[::1]:80", ("::1", 80)),
        ("localhost:8000", ("localhost", 8000)),
    ],
)
def test_a_host_and_a_port_are_taken_apart(value: str, read: tuple[str, int]) -> None:
    assert host_and_port(value) == read


@pytest.mark.parametrize("value", ["8000", "localhost", ":8000", "a:b", "a:99999", "a:0", "a:1/x"])
def test_what_is_no_host_and_port_is_refused(value: str) -> None:
    with pytest.raises(ValueError, match="write a host and a port"):
        host_and_port(value)


def test_without_a_settings_file_the_cure_is_to_make_a_workspace(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    with pytest.raises(BadInput, match="newsletter init DIR"):
        find_settings_file(None, {})


def test_a_given_file_stands_over_the_environment_and_that_over_the_current_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("given", "named", "here"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "newsletter.toml").touch()
    monkeypatch.chdir(tmp_path / "here")
    environment = {"NEWSLETTER_CONFIG": str(tmp_path / "named" / "newsletter.toml")}

    given = tmp_path / "given" / "newsletter.toml"
    assert find_settings_file(given, environment) == given
    assert find_settings_file(None, environment).parent.name == "named"
    assert find_settings_file(None, {}).parent.name == "here"


def test_the_nearest_settings_above_a_file_are_found(tmp_path: Path) -> None:
    edition = tmp_path / "editions" / "2026-10" / "edition.yaml"
    edition.parent.mkdir(parents=True)
    (tmp_path / "newsletter.toml").touch()

    assert find_settings_file_above(edition) == tmp_path / "newsletter.toml"


def test_the_level_of_a_check_is_changed_with_a_reason(tmp_path: Path) -> None:
    table = '[checks.link-vague]\nlevel = "advice"\nreason = "Our readers know our buttons."\n'

    settings = _read(tmp_path, GOOD + table)

    assert settings.checks["link-vague"].level is Level.ADVICE
    assert settings.checks["link-vague"].reason == "Our readers know our buttons."


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ('level = "advice"', "checks.link-vague.reason is missing"),
        ('level = "advice"\nreason = ""', "checks.link-vague.reason"),
        ('level = "never"\nreason = "a"', "checks.link-vague.level = 'never'"),
        ('levle = "advice"\nreason = "a"', "unknown key checks.link-vague.levle"),
    ],
)
def test_a_check_without_a_level_or_a_reason_is_refused(
    tmp_path: Path, table: str, words: str
) -> None:
    assert words in _faults(tmp_path, f"{GOOD}[checks.link-vague]\n{table}\n")


def test_the_level_of_a_check_is_not_changed_from_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NEWSLETTER_CHECKS__LINK_VAGUE__LEVEL", "advice")

    with pytest.raises(BadInput, match="NEWSLETTER_CHECKS__LINK_VAGUE__LEVEL"):
        _read(tmp_path, GOOD)
