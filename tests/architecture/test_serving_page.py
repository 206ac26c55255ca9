"""The operator's page on serving says what the program does."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from newsletter.app.statements import Statements
from newsletter.domain.statements import StatementKind
from newsletter.i18n import strings
from newsletter.settings.model import FileSettings, Settings
from newsletter.settings.tables import Mail, Sender, Site
from newsletter.web.own_addresses import own_address, spellings
from newsletter.web.site_server import SECONDS_TO_FINISH
from newsletter.web.slow_clients import ClientPatience

PAGE = (Path(__file__).parents[2] / "docs" / "operator" / "serving.md").read_text(encoding="utf-8")
TOKEN = "A" * 47
ADDRESSES_WITH_TOKENS = [
    f"/u/{TOKEN}",
    *(
        f"/cy/{word}/{TOKEN}"
        for page in ("unsubscribe", "preferences", "confirm", "view")
        for word in spellings(page)
    ),
]


def test_every_setting_that_it_names_is_one() -> None:
    named = re.findall(r"`(site|web|sender|relay)\.([a-z_]+)`", PAGE)

    assert len(named) >= 4
    for table, name in named:
        assert name in Settings.model_fields[table].annotation.model_fields
    for table in re.findall(r"`\[([a-z_]+)\]`", PAGE):
        assert table in Settings.model_fields


def test_the_welsh_addresses_are_those_that_work() -> None:
    shown = dict(re.findall(r"\| `(/cy/[a-z-]+)(?:/…)?` \| `(/cy/[a-z-]+)(?:/…)?` \|", PAGE))

    words = strings("addresses", "cy").keys()
    assert shown == {own_address("cy", word): f"/cy/{word}" for word in words}


@pytest.mark.parametrize("address", ADDRESSES_WITH_TOKENS)
def test_the_example_of_nginx_logs_no_token(address: str) -> None:
    """T9."""
    (rules,) = re.findall(r"map \$uri \$newsletter_address \{\n(.*?)\n\}", PAGE, re.DOTALL)
    (pages, anything) = re.findall(r'"~(.+?)" "', rules)

    found = re.search(pages.replace("?<page>", "?P<page>"), address)

    assert found is not None
    assert found["page"] == address.removesuffix(f"/{TOKEN}")
    assert re.search(anything, f"//u//{TOKEN}")


@pytest.mark.parametrize("address", ADDRESSES_WITH_TOKENS)
def test_the_example_of_caddy_logs_no_token(address: str) -> None:
    """T9."""
    assert _logged_by_caddy(f"{address}?a=b") == f"{address.removesuffix(TOKEN)}***"


def test_the_example_of_caddy_logs_nothing_that_was_typed() -> None:
    assert _logged_by_caddy("/en/subscribe?address=sian%40example.org") == "/en/subscribe?***"


def _logged_by_caddy(uri: str) -> str:
    ((pattern, replacement),) = re.findall(r'request>uri regexp "(.+?)" "(.+?)"', PAGE)
    return re.sub(pattern, replacement.replace("$1", r"\1"), uri)


def test_the_limit_of_the_examples_meets_forms_alone() -> None:
    """T6: whoever wants to leave is never told to come again."""
    (limited,) = re.findall(r"location ~ (\S+) \{\s+limit_req", PAGE)

    assert re.search(limited, own_address("cy", "subscribe"))
    assert re.search(limited, own_address("en", "my-link"))
    assert not any(re.search(limited, address) for address in ADDRESSES_WITH_TOKENS)


def test_the_seconds_are_those_of_the_program() -> None:
    patience = ClientPatience()

    assert (patience.head, patience.body, patience.taking, SECONDS_TO_FINISH) == (15, 30, 30, 5)
    assert "within 15 seconds, no whole body within 30, or does not take its answer for" in PAGE
    assert "finishes what is under way within five" in PAGE


def test_every_fact_that_it_names_is_filled_in(tmp_path: Path) -> None:
    (named,) = re.findall(r"In `\{braces\}` stand facts(.*?)\n- ", PAGE, re.DOTALL)
    facts = re.findall(r"`(\{[a-z_]+\})`", named)
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages" / "privacy.en.md").write_text(" ".join(facts))
    settings = FileSettings.of_folder(
        tmp_path,
        site=Site(name="House", base_url="https://news.example.org", languages=["en"]),
        sender=Sender(address="news@example.org"),
        mail=Mail(domain="news.example.org", bounce_address="bounces@news.example.org"),
    )
    brand = tmp_path / "brand"
    brand.mkdir()
    (brand / "brand.toml").write_text('[name]\nen = "House"\n[postal_address]\nen = "Mill Lane"\n')

    statement = Statements(settings).statement(StatementKind.PRIVACY, "en")

    assert len(facts) >= 8
    assert statement.places == ()
