"""The tables of newsletter.toml about the public pages: who serves them, and who may sign up."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field
from pydantic_settings import NoDecode

from newsletter.settings import values
from newsletter.settings.tables import Names, Rate, Table

Networks = Annotated[
    list[str], NoDecode, BeforeValidator(values.listed), AfterValidator(values.networks)
]


class Web(Table):
    """The public pages' own server, which stands behind your web server."""

    listen: Annotated[str, AfterValidator(values.a_host_and_port)] = Field(
        default="127.0.0.1:8000",
        description="The host and port that `newsletter serve` listens on.",
    )
    allowed_hosts: Names = Field(
        default=[], description="Other host names that may be asked for, beside base_url's."
    )
    trusted_proxies: Networks = Field(
        default=["127.0.0.1", "::1"],
        description="Addresses or networks of your own web servers, which say in X-Forwarded-For"
        " where a request came from. Nobody else is believed.",
    )


class SignUp(Table):
    """How many people may sign up in a time, so that nobody can have you flood a mailbox."""

    per_ip: Rate = Field(
        default="20/h",
        validate_default=True,
        description="From one IP address, or one IPv6 network of 64 bits.",
    )
    per_domain: Rate = Field(
        default="120/h",
        validate_default=True,
        description="Confirmations to addresses of one domain; those above it go later.",
    )
    total: Rate = Field(
        default="1000/h", validate_default=True, description="All sign-ups together."
    )
    fill_time: Annotated[int, Field(ge=0, le=60)] = Field(
        default=3, description="The least seconds in which a person can fill in the form."
    )
    reminder: bool = Field(
        default=True, description="Whether who has not confirmed is reminded, once, after a day."
    )
