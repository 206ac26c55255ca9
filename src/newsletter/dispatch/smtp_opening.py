"""From nothing to a server that waits for mail: connection, greeting, TLS and sign-in."""

from __future__ import annotations

import asyncio
import re
import socket
import ssl
from ipaddress import ip_address
from pathlib import Path

from newsletter.dispatch.relay import Security, SmtpRelay
from newsletter.dispatch.relay_faults import no_connection, turned_away, unreachable
from newsletter.dispatch.smtp_capabilities import Capabilities, read_capabilities
from newsletter.dispatch.smtp_conversation import Conversation, Timeouts
from newsletter.dispatch.smtp_replies import Reply
from newsletter.dispatch.smtp_sign_in import sign_in
from newsletter.dispatch.smtp_wire import ConversationBroken, SmtpWire
from newsletter.domain.errors import BadInput, RelayUnreachable

_FULL_HOST_NAME = re.compile(r"[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")


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


def check_certificates(relay: SmtpRelay) -> None:
    """Raises BadInput when relay.ca_file cannot be read, and is to be."""
    if relay.ca_file is not None and relay.security is not Security.PLAIN:
        tls_context(relay.ca_file)


async def open_conversation(
    relay: SmtpRelay, timeouts: Timeouts
) -> tuple[Conversation, Capabilities]:
    """A conversation in which MAIL may come next, and what the server offers.

    Raises RelayUnreachable, naming what happened and the setting to look at, and BadInput when
    relay.ca_file cannot be read.
    """
    context = None if relay.security is Security.PLAIN else tls_context(relay.ca_file)
    wire = await _connect(relay, timeouts)
    try:
        return await _Opening(relay, Conversation(wire), timeouts).run(context)
    except ConversationBroken as broken:
        wire.abort()
        raise unreachable(relay, f"{broken.reason} before any mail was handed over") from broken
    except BaseException:  # a cancelled task too must leave no half-open conversation behind
        wire.abort()
        raise


async def _connect(relay: SmtpRelay, timeouts: Timeouts) -> SmtpWire:
    try:
        async with asyncio.timeout(timeouts.connect):
            _, wire = await asyncio.get_running_loop().create_connection(
                SmtpWire, relay.host, relay.port
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
        if context is not None and self._relay.security is Security.TLS:
            await self._protect(context)
        greeting = await self._conversation.wire.reply(self._timeouts.greeting)
        if not greeting.is_positive:
            raise turned_away(self._relay, greeting)
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
            raise turned_away(self._relay, reply)
        return Capabilities()

    async def _start_tls(self, capabilities: Capabilities, context: ssl.SSLContext) -> None:
        if not capabilities.offers_starttls:
            # Never in the clear instead: somebody between us may have taken the offer out (A8).
            raise self._no_starttls("the relay does not offer STARTTLS")
        reply = await self._command("STARTTLS")
        if not reply.is_positive:
            raise self._no_starttls(f"the relay refused STARTTLS: {reply.says}")
        await self._conversation.wire.check_quiet()
        await self._protect(context)

    async def _protect(self, context: ssl.SSLContext) -> None:
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
