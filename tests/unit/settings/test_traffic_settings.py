"""Relays, receivers, rates and quiet hours as the settings name them."""

from __future__ import annotations

from datetime import time
from pathlib import Path

import pytest

from newsletter.domain.errors import BadInput, FaultyFile
from newsletter.domain.quiet_hours import QuietHours
from newsletter.settings.model import Settings
from newsletter.settings.reading import read_settings
from newsletter.settings.reference import settings_page, settings_toml

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
ONE = '[[relays]]\nurl = "smtps://user:s3cret@one.example.org"\n'
TWO = '[[relays]]\nurl = "smtps://user:s3cret@two.example.org"\n'


def _read(folder: Path, text: str) -> Settings:
    file = folder / "newsletter.toml"
    file.write_text(text, encoding="utf-8")
    return read_settings(file)


def _faults(folder: Path, text: str) -> str:
    with pytest.raises(FaultyFile) as faulty:
        _read(folder, text)
    assert "s3cret" not in str(faulty.value)
    return str(faulty.value)


def test_several_relays_stand_in_the_order_of_the_file(tmp_path: Path) -> None:
    settings = _read(tmp_path, GOOD + ONE + 'weight = 3\nrate = "600/m"\nca_file = ""\n' + TWO)

    assert [(one.weight, one.rate, one.ca_file) for one in settings.relays] == [
        (3, 10.0, None),
        (1, None, None),
    ]


def test_no_repr_of_the_settings_holds_the_passwords_of_several_relays(tmp_path: Path) -> None:
    """X13"""
    settings = _read(tmp_path, GOOD + ONE + TWO)

    assert "s3cret" in (settings.relays[0].url or "")
    assert "s3cret" not in repr(settings)
    assert "s3cret" not in repr(settings.relays)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (ONE + "[[relays]]\nweight = 2\n", "relays: number 2 has no url"),
        (ONE + '[[relays]]\nurl = ""\n', "relays: number 2 has no url"),
        (ONE + "weight = 0\n" + TWO + "weight = 0\n", "relays: all have the weight 0"),
        (ONE + "weight = -1\n", "[[relays]] 1 weight"),
        (ONE + TWO + 'rate = "fast"\n', "[[relays]] 2 rate: write a number of messages"),
        (ONE + TWO + "wieght = 1\n", "unknown key [[relays]] 2 wieght; did you mean weight?"),
        (TWO.replace("[[relays]]", "[relays]"), "relays: write [[relays]], with two brackets"),
        (TWO.replace("[[relays]]", "[[relay]]"), "relay: write [relay] for one relay"),
        (ONE + TWO.replace("[[relays]]", "[relay]"), "relays: what stands under [relay]"),
        (ONE + "[relay]\nconnections = 3\n", "relays: what stands under [relay]"),
    ],
)
def test_a_fault_in_several_relays_is_named_with_its_cure(
    tmp_path: Path, text: str, words: str
) -> None:
    """X13: and never with a URL."""
    assert words in _faults(tmp_path, GOOD + text)


def test_every_fault_of_several_relays_is_named_in_one_go(tmp_path: Path) -> None:
    faults = _faults(tmp_path, GOOD + "[[relays]]\nweight = 0\n" * 2)

    assert "number 1 has no url" in faults
    assert "number 2 has no url" in faults
    assert "all have the weight 0" in faults


def test_an_empty_table_for_a_relay_alone_does_no_harm(tmp_path: Path) -> None:
    assert len(_read(tmp_path, f"{GOOD}[relay]\n{ONE}{TWO}").relays) == 2


@pytest.mark.parametrize("variable", ["NEWSLETTER_RELAY_URL", "NEWSLETTER_RELAY__URL"])
def test_a_relay_in_the_environment_stands_in_place_of_all_in_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    monkeypatch.setenv(variable, "smtp://127.0.0.1:2525")

    settings = _read(tmp_path, GOOD + ONE + TWO)

    assert settings.relays == []
    assert settings.relay.url == "smtp://127.0.0.1:2525"


@pytest.mark.parametrize(
    ("variable", "cure"),
    [
        ("NEWSLETTER_RELAYS", "under a [[relays]] of its own"),
        ("NEWSLETTER_RELAYS__0__URL", "under a [[relays]] of its own"),
        ("NEWSLETTER_RECEIVERS", 'under [receivers."DOMAIN"]'),
        ("newsletter_receivers__gmail", 'under [receivers."DOMAIN"]'),
    ],
)
def test_tables_of_which_there_are_many_stand_in_the_file_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, variable: str, cure: str
) -> None:
    monkeypatch.setenv(variable, "smtps://user:s3cret@mail.example.org")

    with pytest.raises(BadInput, match="cannot be set in the environment") as refused:
        _read(tmp_path, GOOD)

    assert cure in str(refused.value)
    assert "s3cret" not in str(refused.value)


def test_receivers_are_called_as_deliveries_call_them(tmp_path: Path) -> None:
    tables = '[receivers."GMAIL.com"]\nrate = "2000/h"\n[receivers."dŵr.cymru"]\nconnections = 2\n'

    settings = _read(tmp_path, GOOD + tables)

    assert set(settings.receivers) == {"gmail.com", "xn--dr-bva.cymru"}
    assert settings.receivers["gmail.com"].rate == pytest.approx(2000 / 3600)
    assert settings.receivers["xn--dr-bva.cymru"].connections == 2


@pytest.mark.parametrize(
    ("tables", "words"),
    [
        ('[receivers."mair@gmail.com"]\n', '"mair@gmail.com" is no domain of mail addresses'),
        ("[receivers.gmail]\n", '"gmail" is no domain of mail addresses'),
        ('[receivers."gmail.com"]\n[receivers."Gmail.com"]\n', "gmail.com is there twice"),
        ('[receivers."gmail.com"]\nconnections = 6\n', 'receivers."gmail.com".connections = 6'),
        ('[receivers."gmail.com"]\nrat = "1/s"\n', 'receivers."gmail.com".rat; did you mean rate?'),
    ],
)
def test_a_fault_in_what_a_receiver_takes_is_named_with_its_cure(
    tmp_path: Path, tables: str, words: str
) -> None:
    assert words in _faults(tmp_path, GOOD + tables)


@pytest.mark.parametrize(
    ("written", "in_a_second"),
    [("10/s", 10), ("600/m", 10), ("3600/h", 1), ("86400/d", 1), ("1 / d", 1 / 86_400)],
)
def test_a_rate_is_so_many_messages_in_a_second(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, written: str, in_a_second: float
) -> None:
    monkeypatch.setenv("NEWSLETTER_DISPATCH__RATE", written)

    assert _read(tmp_path, GOOD).dispatch.rate == pytest.approx(in_a_second)


@pytest.mark.parametrize("written", ['"0/s"', '"10"', '"-1/s"', '"10/w"', '"1.5/s"', "10", "0.5"])
def test_what_is_no_rate_is_named_with_its_cure(tmp_path: Path, written: str) -> None:
    faults = _faults(tmp_path, f"{GOOD}[dispatch]\nrate = {written}\n")

    assert "dispatch.rate = " in faults
    assert 'such as "10/s", "600/m" or "2000/h"' in faults


def test_quiet_hours_are_two_times_of_day(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEWSLETTER_DISPATCH__QUIET_HOURS", "22:00-07:30")

    assert _read(tmp_path, GOOD).dispatch.quiet_hours == QuietHours(time(22), time(7, 30))


@pytest.mark.parametrize("written", ["22:00", "22-07", "24:00-07:00", "9:00-10:00", "night"])
def test_what_are_no_quiet_hours_is_named_with_its_cure(tmp_path: Path, written: str) -> None:
    faults = _faults(tmp_path, f'{GOOD}[dispatch]\nquiet_hours = "{written}"\n')

    assert f"dispatch.quiet_hours = '{written}': write two times of day" in faults


def test_quiet_hours_that_would_never_end_are_refused(tmp_path: Path) -> None:
    assert "nothing would ever be sent" in _faults(
        tmp_path, f'{GOOD}[dispatch]\nquiet_hours = "07:00-07:00"\n'
    )


@pytest.mark.parametrize("heading", ["[[relays]]", '[receivers."DOMAIN"]'])
def test_tables_of_which_there_are_many_are_explained(heading: str) -> None:
    assert f"## {heading}\n" in settings_page()


def test_the_examples_in_the_file_of_a_new_workspace_are_settings(tmp_path: Path) -> None:
    examples = settings_toml({}).partition("# [[relays]]")
    lines = (examples[1] + examples[2]).splitlines()
    written = [line[2:] for line in lines if line.startswith(("# [", "# url", "# rate"))]

    settings = _read(tmp_path, GOOD + "\n".join(written).partition("[checks")[0])

    assert len(settings.relays) == 2
    assert "gmail.com" in settings.receivers
