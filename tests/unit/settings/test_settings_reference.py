"""The settings explained: the file of a new workspace and the reference page."""

from __future__ import annotations

import tomllib

from newsletter.settings.reference import settings_page, settings_toml, tables

GIVEN = {
    "site": {"name": "Rivers", "base_url": "https://news.example.org", "languages": ["cy"]},
    "sender": {"address": "news@example.org"},
}


def test_the_file_of_a_new_workspace_is_toml_and_holds_what_was_given() -> None:
    read = tomllib.loads(settings_toml(GIVEN))

    assert read["site"] == GIVEN["site"]
    assert read["sender"] == GIVEN["sender"]


def test_every_key_is_in_the_file_and_on_the_page_with_its_explanation() -> None:
    file, page = settings_toml(GIVEN), settings_page()

    for table, model in tables():
        assert f"[{table}]" in file
        for key, field in model.model_fields.items():
            assert f"{key} = " in file
            assert f"| `{key}` |" in page
            assert field.description
