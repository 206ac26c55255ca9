"""The tables of newsletter.toml: every setting, what it means and what it may be.

The descriptions here are what `newsletter init` writes beside each key and what the settings
reference says, so that there is one place to explain a key.
"""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_settings import NoDecode

from newsletter.domain.attributes import AttributeType
from newsletter.domain.findings import Level
from newsletter.domain.people import Basis
from newsletter.domain.quiet_hours import QuietHours
from newsletter.settings import values

HttpsAddress = Annotated[str, AfterValidator(values.an_https_address)]
MailAddress = Annotated[str, AfterValidator(values.a_mail_address)]
TaggedAddress = Annotated[str, AfterValidator(values.a_tagged_address)]
Days = Annotated[int, Field(ge=1, le=36_500)]
Rate = Annotated[float, BeforeValidator(values.rate)]
Quiet = Annotated[QuietHours, BeforeValidator(values.quiet_hours)]
Duration = Annotated[timedelta, BeforeValidator(values.duration)]
# NoDecode: the environment gives lists comma-separated, not as JSON.
Languages = Annotated[
    list[str], NoDecode, BeforeValidator(values.listed), AfterValidator(values.languages)
]
Names = Annotated[list[str], NoDecode, BeforeValidator(values.listed)]


class Table(BaseModel):
    """A table of newsletter.toml: what is not a key of it is a fault."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Site(Table):
    """Where the public pages live and which languages they speak."""

    name: str = Field(min_length=1, description="Your organisation's name, for page titles.")
    base_url: HttpsAddress = Field(
        description="Where readers reach the public pages. Every link in every mail starts with it."
    )
    media_url: HttpsAddress | None = Field(
        default=None, description="Where pictures are served from; base_url + /media if not given."
    )
    languages: Languages = Field(
        description="The languages you write in, the first being the one for people who chose none."
    )
    timezone: Annotated[str, AfterValidator(values.a_time_zone)] = Field(
        default="Europe/London", description="The time zone of every time that you write."
    )


class Database(Table):
    """Where the subscribers and the record of every delivery are kept."""

    url: Annotated[str, AfterValidator(values.a_database_address)] = Field(
        default="sqlite:///data/newsletter.db",
        repr=False,  # it may hold a password (X13)
        description=(
            "A file, of which a relative path is relative to the folder of this one; or "
            "postgresql+psycopg://user:password@host/name, better in the environment, as "
            "NEWSLETTER_DATABASE__URL, since it holds a password."
        ),
    )


class Sender(Table):
    """Who the mail is from. The From name is the brand's, in each reader's language."""

    address: MailAddress = Field(description="The From address.")
    reply_to: MailAddress | None = Field(
        default=None, description="A mailbox that somebody reads; the From address if not given."
    )


class Mail(Table):
    """The names that mail systems know you by."""

    domain: Annotated[str, AfterValidator(values.a_domain)] = Field(
        description="A domain of yours, for List-ID and Message-ID. Never change it."
    )
    bounce_address: TaggedAddress = Field(
        description="Where mail that cannot be delivered comes back to, with a tag added: +…@"
    )
    unsubscribe_address: TaggedAddress | None = Field(
        default=None,
        description="A mailbox for unsubscribing by mail. Leave it out unless it is read.",
    )


class Relay(Table):
    """The server that takes your mail. Without one nothing leaves this machine."""

    url: str | None = Field(
        default=None,
        repr=False,  # it holds a password (X13)
        description=(
            "smtp+starttls://user:password@host:587, smtps://user:password@host:465, "
            "smtp://127.0.0.1:25 (this machine only) or maildir:PATH. "
            "Better in the environment, as NEWSLETTER_RELAY_URL, since it holds a password."
        ),
    )
    ca_file: Path | None = Field(
        default=None, description="Certificates to trust, when the relay's is signed by your own."
    )
    connections: int = Field(
        default=10, ge=1, le=100, description="How many connections to the relay to use at once."
    )
    rate: Rate | None = Field(
        default=None,
        description="How many messages the relay takes in a time, such as 600/m or 2000/h; no limit"
        " if not given.",
    )
    weight: int = Field(
        default=1,
        ge=0,
        le=1000,
        description="With several relays: how large its share is. 0 is for one that only helps out"
        " when all others are down.",
    )


class Dkim(Table):
    """The key that signs your mail. `newsletter dkim-key` makes it; without it the relay signs."""

    domain: Annotated[str, AfterValidator(values.a_domain)] | None = Field(
        default=None,
        description="The domain that signs; that of sender.address if not given. Receivers ask that"
        " it be the same or a parent of it.",
    )
    selector: Annotated[str, AfterValidator(values.a_selector)] | None = Field(
        default=None, description="The name under which the key stands in the DNS."
    )
    key_file: Path | None = Field(
        default=None, description="The RSA key's file, which nobody but you may read."
    )
    ed25519_selector: Annotated[str, AfterValidator(values.a_selector)] | None = Field(
        default=None,
        description="The name of a second key, an Ed25519 one, which few receivers know yet.",
    )
    ed25519_key_file: Path | None = Field(default=None, description="The second key's file.")

    @property
    def is_wanted(self) -> bool:
        """Whether anything of a key is named, so that mail is to be signed."""
        first, second = (
            (self.selector, self.key_file),
            (self.ed25519_selector, self.ed25519_key_file),
        )
        return any((*first, *second))


class ReceiverLimits(Table):
    """What one receiver takes, by the domain of its readers' addresses."""

    connections: Annotated[int, Field(ge=1, le=5)] = Field(
        default=5, description="How many messages may be under way to it at once."
    )
    rate: Rate | None = Field(
        default=None, description="How many messages it takes in a time, such as 500/h."
    )


class Durability(StrEnum):
    """What sending survives without a doubt: the end of the process, or that of the power too."""

    PROCESS = "process"
    POWER = "power"


class Ambiguous(StrEnum):
    """What becomes of a message of which nobody knows whether the server took it."""

    HOLD = "hold"
    RESEND = "resend"


class Dispatch(Table):
    """How patient sending is, and what it survives."""

    first_retry: Duration = Field(
        default=timedelta(minutes=30),
        description="How long to wait before trying again when a server says 'not now'.",
    )
    expire_after: Duration = Field(
        default=timedelta(hours=72), description="When to stop trying and record a failure."
    )
    max_lateness: Duration = Field(
        default=timedelta(hours=6),
        description="An edition that is later than this is held for a person to look at.",
    )
    timeout_reply: Duration = Field(
        default=timedelta(minutes=10),
        description=(
            "How long to wait for the server's answer to a whole message. Giving up sooner makes "
            "deliveries unknown."
        ),
    )
    ambiguous: Ambiguous = Field(
        default=Ambiguous.HOLD,
        description=(
            "What becomes of a message of which nobody knows whether the server took it: hold "
            "(unknown, for a person to decide) or resend (some readers may get it twice)."
        ),
    )
    rate: Rate | None = Field(
        default=None,
        description="How many messages go out in a time at most, by all relays together, such as"
        " 3000/h; no limit if not given.",
    )
    quiet_hours: Quiet | None = Field(
        default=None,
        description="A part of the day in which `send due` sends nothing, such as 22:00-07:00.",
    )
    durability: Durability = Field(
        default=Durability.PROCESS,
        description=(
            "What sending survives without doubling a message: process (its own end) or power "
            "(that of the machine too; a little slower)."
        ),
    )


class Audience(Table):
    """What you rely on when you add people."""

    basis: Basis | None = Field(
        default=None,
        description=(
            "The lawful basis of people you import or add without saying so: "
            + ", ".join(Basis)
            + "."
        ),
    )


class Retention(Table):
    """How many days what is kept for a time only is kept. `newsletter retention` lets go of it."""

    deliveries: Days = Field(
        default=396,
        description="What became of each delivery of an edition that is over; the totals stay.",
    )
    ips: Days = Field(
        default=90,
        description="The IP addresses in the ledger of consents, of people's own acts, and of what"
        " they asked for on your pages.",
    )
    unconfirmed: Days = Field(
        default=30,
        description="Sign-ups that nobody has confirmed, with whoever has nothing else; and what"
        " was asked for on your pages, from when it was confirmed or could be no longer.",
    )
    notices: Days = Field(
        default=30,
        description="The mail about what people asked for, such as confirmations: to whom it went,"
        " and what became of it.",
    )
    people: Days = Field(
        default=30,
        description="People without any subscription, as an import leaves them that was undone.",
    )
    rejected_rows: Days = Field(
        default=30, description="The files with the rows that an import could not use."
    )


class Attribute(Table):
    """Something that you know of your subscribers beside name and language, and its type."""

    type: AttributeType = Field(description="text, number, date, boolean or list.")


class CheckLevel(Table):
    """The level that a rule of the checks has here, and why."""

    level: Level = Field(description="must, should or advice.")
    reason: str = Field(
        min_length=1, description="Why; it is recorded when an edition is approved."
    )
