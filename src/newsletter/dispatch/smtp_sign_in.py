"""Signing in at a relay: AUTH PLAIN and AUTH LOGIN (RFC 4954, RFC 4616)."""

from __future__ import annotations

from base64 import b64encode

from newsletter.dispatch.relay import Login, SmtpRelay
from newsletter.dispatch.relay_faults import unreachable
from newsletter.dispatch.smtp_conversation import Conversation
from newsletter.dispatch.smtp_replies import Reply

_CONTINUE, _SIGNED_IN = 334, 235
_CURE = "Look at user and password in relay.url."


async def sign_in(
    conversation: Conversation, relay: SmtpRelay, ways: frozenset[str], seconds: float
) -> None:
    """Signs in as the relay's login says, in a way that the server offers.

    The caller has seen to TLS. Raises RelayUnreachable when the server refuses or has no way that
    we know; the error never holds the password (X13).
    """
    login = relay.login
    if login is None:
        return
    if "PLAIN" in ways:
        reply = await conversation.command(f"AUTH PLAIN {_plain(login)}", seconds)
    elif "LOGIN" in ways:
        reply = await _login(conversation, login, seconds)
    else:
        raise unreachable(
            relay,
            "the relay offers no way to sign in that we know (AUTH PLAIN or LOGIN)",
            "If the relay wants no password, leave user and password out of relay.url.",
        )
    if reply.code != _SIGNED_IN:
        raise unreachable(relay, f"the relay refused to sign us in: {_told(reply, login)}", _CURE)


def _plain(login: Login) -> str:
    return _base64(f"\0{login.user}\0{login.password}")


async def _login(conversation: Conversation, login: Login, seconds: float) -> Reply:
    reply = await conversation.command("AUTH LOGIN", seconds)
    for answer in (login.user, login.password):
        if reply.code != _CONTINUE:
            return reply
        reply = await conversation.command(_base64(answer), seconds)
    return reply


def _told(reply: Reply, login: Login) -> str:
    """The server's words, but for a server that repeats what it was told in secret (X13)."""
    secrets = (login.password, _base64(login.password), _plain(login))
    return str(reply.code) if any(secret in reply.says for secret in secrets) else reply.says


def _base64(text: str) -> str:
    return b64encode(text.encode()).decode()
