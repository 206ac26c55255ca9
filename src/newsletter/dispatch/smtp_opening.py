"""From nothing to a server that waits for mail: connection, greeting, TLS and sign-in."""

from __future__ import annotations

import asyncio
import re
import socket
import ssl
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path

from newsletter.dispatch.relay import Security, SmtpRelay
from newsletter.dispatch.relay_faults import no_connection, unreachable
from newsletter.dispatch.smtp_conversation import Conversation, Timeouts
from newsletter.dispatch.smtp_replies import Reply
from newsletter.dispatch.smtp_sign_in import sign_in
from newsletter.dispatch.smtp_wire import ConversationBroken, SmtpWire
from newsletter.domain.errors import BadInput, RelayUnreachable

_FULL_HOST_NAME = re.compile(r"[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
_WHO_RUNS_IT = "Ask who runs the relay why it takes no mail from this machine."


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What the server offers; `size` is its largest message in octets, None when it names none."""

    size: int | None = None
    takes_smtputf8: bool = False
    takes_eight_bit: bool = False
    offers_starttls: bool = False
    sign_in_ways: frozenset[str] = frozenset()


def tls_context(ca_file: Path | None) -> ssl.SSLContext:
    """What a relay has to prove: a trusted certificate for its name, under TLS 1.2 or newer (A8).

    Raises BadInput when `ca_file` cannot be read.
    """
    try:
        context = ssl.create_default_context(cafile=ca_file)
    except OSError as error:  # ssl.SSLError too: the file holds no certificate
        raise BadInput(
            f"no certificates can be read from {ca_file}",
            where="relay.ca_file",
            cure="Name a file of certificates in PEM form, or leave the setting out.",
        ) from error
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


def read_capabilities(reply: Reply) -> Capabilities:
    """What an EHLO reply announces (RFC 5321 s4.1.1.1); what we do not know is passed over."""
    # `AUTH=LOGIN` is how servers from before RFC 2554 write it.
    words = [line.upper().replace("AUTH=", "AUTH ").split() for line in reply.lines[1:]]
    offers: dict[str, set[str]] = {}
    for keyword, *values in filter(None, words):
        offers.setdefault(keyword, set()).update(values)
    sizes = [int(value) for value in offers.get("SIZE", ()) if value.isascii() and value.isdigit()]
    return Capabilities(
        size=max(sizes, default=0) or None,  # SIZE 0 names no limit (RFC 1870 s4)
        takes_smtputf8="SMTPUTF8" in offers,
        takes_eight_bit="8BITMIME" in offers,
        offers_starttls="STARTTLS" in offers,
        sign_in_ways=frozenset(offers.get("AUTH", ())),
    )


async def open_conversation(
    relay: SmtpRelay, timeouts: Timeouts
) -> tuple[Conversation, Capabilities]:
    """A conversation in which MAIL may come next, and what the server offers.

    Raises RelayUnreachable, naming what happened and the setting to look at, and BadInput when
    relay.ca_file cannot be read.
    """
    context = None if relay.security is Security.PLAIN else tls_context(relay.ca_file)
    wire = await _connect(relay, context if relay.security is Security.TLS else None, timeouts)
    try:
        return await _Opening(relay, Conversation(wire), timeouts).run(context)
    except ConversationBroken as broken:
        wire.abort()
        raise unreachable(relay, f"{broken.reason} before any mail was handed over") from broken
    except BaseException:  # a cancelled task too must leave no half-open conversation behind
        wire.abort()
        raise


async def _connect(
    relay: SmtpRelay, context: ssl.SSLContext | None, timeouts: Timeouts
) -> SmtpWire:
    try:
        async with asyncio.timeout(timeouts.connect):
            _, wire = await asyncio.get_running_loop().create_connection(
                SmtpWire,
                relay.host,
                relay.port,
                ssl=context,
                server_hostname=relay.host if context else None,
            )
    except OSError as error:
        raise no_connection(relay, error) from error
    return wire


class _Opening:
    def __init__(self, relay: SmtpRelay, conversation: Conversation, timeouts: Timeouts) -> None:
        self._relay = relay
        self._conversation = conversation
        self._timeouts = timeouts

    async def run(self, context: ssl.SSLContext | None) -> tuple[Conversation, Capabilities]:
        greeting = await self._conversation.reply(self._timeouts.greeting)
        if not greeting.is_positive:
            raise unreachable(
                self._relay, f"the relay turned us away: {greeting.says}", _WHO_RUNS_IT
            )
        capabilities = await self._introduce()
        if context is not None and self._relay.security is Security.STARTTLS:
            await self._start_tls(capabilities, context)
            # What was said in the clear is forgotten, the offers too (RFC 3207 s4.2).
            capabilities = await self._introduce()
        if self._relay.login is not None:
            await sign_in(
                self._conversation, self._relay, capabilities.sign_in_ways, self._timeouts.command
            )
        return self._conversation, capabilities

    async def _introduce(self) -> Capabilities:
        name = _own_name(self._conversation.wire.local_address)
        reply = await self._command(f"EHLO {name}")
        if reply.is_positive:
            return read_capabilities(reply)
        if reply.leaves_us_in_step:
            reply = await self._command(f"HELO {name}")  # RFC 5321 s3.2
        if not reply.is_positive:
            raise unreachable(self._relay, f"the relay turned us away: {reply.says}", _WHO_RUNS_IT)
        return Capabilities()

    async def _start_tls(self, capabilities: Capabilities, context: ssl.SSLContext) -> None:
        if not capabilities.offers_starttls:
            # Never in the clear instead: somebody between us may have taken the offer out (A8).
            raise self._no_starttls("the relay does not offer STARTTLS")
        reply = await self._command("STARTTLS")
        if not reply.is_positive:
            raise self._no_starttls(f"the relay refused STARTTLS: {reply.says}")
        try:
            async with asyncio.timeout(self._timeouts.connect):
                await self._conversation.wire.start_tls(context, self._relay.host)
        except OSError as error:
            raise no_connection(self._relay, error) from error

    def _no_starttls(self, what: str) -> RelayUnreachable:
        cure = "Look at relay.url: a relay that speaks TLS from the start is smtps://, port 465."
        return unreachable(self._relay, what, cure)

    async def _command(self, line: str) -> Reply:
        return await self._conversation.command(line, self._timeouts.command)


def _own_name(local_address: str) -> str:
    """Who we say we are: the machine's full name, or its address in brackets (RFC 5321 s4.1.3)."""
    name = socket.gethostname()
    if _FULL_HOST_NAME.fullmatch(name):
        return name
    address = ip_address(local_address.partition("%")[0])
    return f"[IPv6:{address}]" if address.version == 6 else f"[{address}]"
