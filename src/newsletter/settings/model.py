"""All settings of a workspace together, and where they come from: the file, the environment."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Self

from pydantic import AfterValidator, BeforeValidator, PrivateAttr, model_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from newsletter.domain.attributes import TAGS, AttributeType
from newsletter.settings import several_relays, values
from newsletter.settings.public_site import SignUp, Web
from newsletter.settings.tables import (
    Attribute,
    Audience,
    CheckLevel,
    Database,
    Dispatch,
    Dkim,
    Mail,
    ReceiverLimits,
    Relay,
    Retention,
    Sender,
    Site,
)


class Settings(BaseSettings):
    """All settings of a workspace; every relative path is relative to its `folder`."""

    model_config = SettingsConfigDict(
        env_prefix="NEWSLETTER_", env_nested_delimiter="__", extra="forbid", frozen=True
    )

    _folder: Path = PrivateAttr(default_factory=Path)  # not a setting: nothing outside may move it
    site: Site
    sender: Sender
    mail: Mail
    database: Database = Database()
    relay: Annotated[Relay, BeforeValidator(several_relays.one_table)] = Relay()
    relays: Annotated[
        list[Relay],
        BeforeValidator(several_relays.a_list_of_tables),
        AfterValidator(several_relays.that_share),
    ] = []
    receivers: Annotated[dict[str, ReceiverLimits], AfterValidator(values.receiver_domains)] = {}
    dkim: Dkim = Dkim()
    dispatch: Dispatch = Dispatch()
    audience: Audience = Audience()
    retention: Retention = Retention()
    web: Web = Web()
    sign_up: SignUp = SignUp()
    checks: dict[str, CheckLevel] = {}
    attributes: Annotated[dict[str, Attribute], AfterValidator(values.attribute_names)] = {}

    @classmethod
    def of_folder(cls, folder: Path, **tables: Any) -> Self:  # noqa: ANN401 - checked by the model
        """The settings of the workspace in `folder`; raises pydantic's errors for faulty ones."""
        settings = cls(**tables)
        settings._folder = folder
        return settings

    @property
    def folder(self) -> Path:
        """The folder of newsletter.toml."""
        return self._folder

    @model_validator(mode="before")
    @classmethod
    def _empty_means_not_given(cls, data: object) -> object:
        # `init` leaves optional keys as "", which reads better in a file than a missing line.
        if not isinstance(data, dict):
            return data
        return {name: _without_empty(table) for name, table in data.items()}

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """The environment stands over the file, whose content comes in as arguments."""
        return env_settings, init_settings

    @property
    def media_url(self) -> str:
        """Where pictures are served from, without a slash at the end."""
        return self.site.media_url or f"{self.site.base_url}/media"

    @property
    def reply_to(self) -> str:
        """Where answers go."""
        return self.sender.reply_to or self.sender.address

    @property
    def attribute_types(self) -> dict[str, AttributeType]:
        """The type of every attribute by its name, that of `tags` included, in the file's order."""
        declared = {name: one.type for name, one in self.attributes.items()}
        return declared | {TAGS: AttributeType.LIST}

    def path(self, relative: str | Path) -> Path:
        """`relative` to the folder of newsletter.toml, never to the current directory (cron)."""
        return self.folder / relative

    @property
    def data_folder(self) -> Path:
        """Where the program keeps what it makes: database, media, keys, outbox."""
        return self.path("data")

    @property
    def database_file(self) -> Path | None:
        """The SQLite file that `database.url` names; none when the database is a server's."""
        scheme, _, path = self.database.url.partition(":///")
        return self.path(path) if scheme == "sqlite" else None


def _without_empty(table: object) -> object:
    """A table, or each of a list of them, without its empty keys."""
    if isinstance(table, list):
        return [_without_empty(one) for one in table]
    if isinstance(table, dict):
        return {key: value for key, value in table.items() if value != ""}
    return table


class FileSettings(Settings):
    """Settings that nothing in the environment can change, for what must not leave this machine."""

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """The file alone."""
        return (init_settings,)
