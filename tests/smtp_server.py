"""A real SMTP server on loopback that records what it is given, and can misbehave by name."""

from __future__ import annotations

import asyncio
import socket
import ssl
import threading
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum, auto
from types import TracebackType
from typing import Any, Self

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

_HOST = "127.0.0.1"
_PATIENCE = 10
"""Seconds after which a server that does not start or stop is a failed test."""


class Misbehaviour(StrEnum):
    """What a server may do to its clients. Whatever it refuses or drops is not recorded, unless
    the words here say so."""

    GREYLIST = auto()  # 451 to each recipient's first RCPT, as if it had never seen them
    TOO_MANY_RECIPIENTS = auto()  # 552 at RCPT, in words that mean 452 (S3)
    CLOSE_AT_SECOND_MESSAGE = auto()  # 421 to the second MAIL of a connection, and hangs up
    HANG_UP_AFTER_FIRST_MESSAGE = auto()  # 250, then closes without a word
    REFUSE_SENDER = auto()  # 550 at MAIL
    REFUSE_DATA = auto()  # 451 at DATA
    DROP_AFTER_DATA = auto()  # 354, then the connection is gone
    REFUSE_MESSAGE = auto()  # 554 after the dot
    DEFER_MESSAGE = auto()  # 452 after the dot
    CLOSE_AFTER_DOT = auto()  # 421 after the dot, and hangs up
    DROP_BEFORE_REPLY = auto()  # recorded; the connection is gone before the answer to the dot
    GARBAGE_REPLY = auto()  # recorded; the answer to the dot is not SMTP
    SLOW_REPLY = auto()  # recorded; the answer to the dot never comes
    SLOW_RECIPIENT = auto()  # the answer to RCPT never comes
    NO_SMTPUTF8 = auto()  # not announced, and refused
    NO_PIPELINING = auto()  # not announced: one command at a time (RFC 2920)
    NO_EHLO = auto()  # 502 to EHLO: HELO it must be
    ONLY_AUTH_LOGIN = auto()  # AUTH PLAIN is not offered


_HANGING_UP = {Misbehaviour.HANG_UP_AFTER_FIRST_MESSAGE, Misbehaviour.CLOSE_AFTER_DOT}


@dataclass(frozen=True, slots=True)
class Received:
    """One message as it came in: the envelope, and the bytes without the doubled dots."""

    mail_from: str
    rcpt_to: str
    content: bytes


_NO_SUCH_MAILBOX = "550-5.1.1 The mailbox\r\n550 5.1.1 does not exist"


class RecordingServer:
    """Listens on a free loopback port for as long as the `with` block lasts.

    `refused` are recipients answered with `refusal`, 550 5.1.1 at first; `size_limit` is announced
    and kept, in octets; `tls` makes it speak TLS from the start, `starttls` after STARTTLS and only
    then; `login` is the user and password that it then asks for.
    """

    def __init__(
        self,
        *misbehaviours: Misbehaviour,
        refused: Collection[str] = (),
        size_limit: int | None = None,
        tls: ssl.SSLContext | None = None,
        starttls: ssl.SSLContext | None = None,
        login: tuple[str, str] | None = None,
    ) -> None:
        self.misbehaviours = frozenset(misbehaviours)
        self.refused = frozenset(refused)
        self.refusal = _NO_SUCH_MAILBOX
        self._size_limit = size_limit
        self._tls = tls
        self._starttls = starttls
        self._login = login
        self._lock = threading.Lock()
        self._messages: list[Received] = []
        self._commands: list[str] = []
        self._sessions: list[_Session] = []
        self._greylisted: set[str] = set()
        # The protocol is named so that asyncio sets TCP_NODELAY: EHLO's many lines would otherwise
        # wait 40 ms for each other.
        self._socket = socket.socket(proto=socket.IPPROTO_TCP)
        self._socket.bind((_HOST, 0))
        self.port: int = self._socket.getsockname()[1]
        self._loop = asyncio.new_event_loop()
        # Sessions dropped on purpose end in errors; what a test cares about is what came of them.
        self._loop.set_exception_handler(lambda loop, context: None)
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    # What a test asks.

    @property
    def url(self) -> str:
        """The relay URL that leads here, with the login if it asks for one."""
        scheme = "smtps" if self._tls else "smtp+starttls" if self._starttls else "smtp"
        login = f"{self._login[0]}:{self._login[1]}@" if self._login else ""
        return f"{scheme}://{login}{_HOST}:{self.port}"

    @property
    def messages(self) -> list[Received]:
        """What has come in whole so far, in order."""
        with self._lock:
            return list(self._messages)

    @property
    def accepted_recipients(self) -> list[str]:
        return [message.rcpt_to for message in self.messages]

    @property
    def commands(self) -> list[str]:
        """Every command of every connection so far, in order; of AUTH the verb alone."""
        with self._lock:
            return list(self._commands)

    @property
    def connections(self) -> int:
        with self._lock:
            return len(self._sessions)

    # Its life.

    def __enter__(self) -> Self:
        self._thread.start()
        self._in_loop(self._listen())
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._in_loop(self._hang_up())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(_PATIENCE)
        self._loop.close()

    def _in_loop(self, work: Any) -> None:
        asyncio.run_coroutine_threadsafe(work, self._loop).result(_PATIENCE)

    async def _listen(self) -> None:
        # The socket is bound beforehand, so that no other process can take the port meanwhile.
        self._server = await self._loop.create_server(
            self._new_session, sock=self._socket, ssl=self._tls
        )

    async def _hang_up(self) -> None:
        self._server.close()
        for session in self._sessions:
            session.drop()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
        await self._server.wait_closed()

    def _new_session(self) -> SMTP:
        session = _Session(
            self,
            hostname="relay.example.org",
            data_size_limit=self._size_limit,
            enable_SMTPUTF8=Misbehaviour.NO_SMTPUTF8 not in self.misbehaviours,
            tls_context=self._starttls,
            require_starttls=self._starttls is not None,
            # aiosmtpd counts only STARTTLS as TLS, and would offer no AUTH under implicit TLS.
            auth_require_tls=self._tls is None,
            authenticator=self._authenticate,
            auth_exclude_mechanism=(
                ["PLAIN"] if Misbehaviour.ONLY_AUTH_LOGIN in self.misbehaviours else None
            ),
            loop=self._loop,
        )
        with self._lock:
            self._sessions.append(session)
        return session

    # What its sessions tell it.

    def note(self, command: str) -> None:
        with self._lock:
            self._commands.append(command)

    def keep(self, envelope: Envelope) -> None:
        content = envelope.original_content or b""
        with self._lock:
            self._messages += [
                Received(envelope.mail_from or "", recipient, content)
                for recipient in envelope.rcpt_tos
            ]

    def sees_first_time(self, recipient: str) -> bool:
        with self._lock:
            is_first = recipient not in self._greylisted
            self._greylisted.add(recipient)
        return is_first

    def lacks_login(self, session: Session) -> bool:
        return self._login is not None and not session.authenticated

    def _authenticate(
        self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any
    ) -> AuthResult:
        is_right = isinstance(data, LoginPassword) and self._login == (
            data.login.decode(),
            data.password.decode(),
        )
        return AuthResult(success=is_right, handled=False)


class _Answers:
    """What aiosmtpd asks: its handler, which leaves the answers to the session."""

    async def handle_EHLO(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, _: Envelope, hostname: str, offers: list[str]
    ) -> list[str]:
        assert isinstance(server, _Session)
        session.host_name = hostname
        return server.announced(offers)

    async def handle_DATA(self, server: SMTP, *_: object) -> str:  # noqa: N802 - aiosmtpd's name
        assert isinstance(server, _Session)
        return await server.answer_to_dot()


class _Session(SMTP):
    """One connection: aiosmtpd's own SMTP, but for what the server is told to do wrong."""

    def __init__(self, owner: RecordingServer, **settings: Any) -> None:
        super().__init__(_Answers(), **settings)
        self._owner = owner
        self._mails = 0
        self._smtp_methods |= {
            verb: self._noting(verb, method) for verb, method in self._smtp_methods.items()
        }

    def announced(self, offers: list[str]) -> list[str]:
        """The lines of the answer to EHLO; aiosmtpd takes groups of commands without saying so."""
        if not self._does(Misbehaviour.NO_PIPELINING):
            offers.insert(-1, "250-PIPELINING")
        return offers

    def drop(self) -> None:
        if self.transport is not None:
            # Over TLS, Python 3.11.2 (Debian 12) fails so when the client was the first to go.
            with suppress(AttributeError):
                self.transport.abort()

    def _noting(self, verb: str, method: Any) -> Any:
        async def noted(argument: str | None) -> None:
            self._owner.note(verb if verb == "AUTH" or not argument else f"{verb} {argument}")
            await method(argument)

        return noted

    def _does(self, misbehaviour: Misbehaviour) -> bool:
        return misbehaviour in self._owner.misbehaviours

    async def _close_with(self, reply: str) -> None:
        await self.push(reply)
        if self.transport is not None:
            self.transport.close()

    async def smtp_EHLO(self, hostname: str) -> None:  # noqa: N802 - aiosmtpd's name
        if self._does(Misbehaviour.NO_EHLO):
            await self.push("502 5.5.1 What is EHLO?")
            return
        await super().smtp_EHLO(hostname)

    async def smtp_MAIL(self, arg: str | None) -> None:  # noqa: N802 - aiosmtpd's name
        self._mails += 1
        if self._owner.lacks_login(self.session):
            await self.push("530 5.7.0 Authentication required")
        elif self._does(Misbehaviour.REFUSE_SENDER):
            await self.push("550 5.7.1 This sender is not welcome")
        elif self._does(Misbehaviour.CLOSE_AT_SECOND_MESSAGE) and self._mails == 2:
            await self._close_with("421 4.3.2 Enough for one connection")
        else:
            await super().smtp_MAIL(arg)

    async def smtp_RCPT(self, arg: str | None) -> None:  # noqa: N802 - aiosmtpd's name
        recipient = (arg or "").partition("<")[2].partition(">")[0]
        if self._does(Misbehaviour.SLOW_RECIPIENT):
            await asyncio.Event().wait()
        elif recipient in self._owner.refused:
            await self.push(self._owner.refusal)
        elif self._does(Misbehaviour.TOO_MANY_RECIPIENTS):
            await self.push("552 Too many recipients")
        elif self._does(Misbehaviour.GREYLIST) and self._owner.sees_first_time(recipient):
            await self.push("451 4.7.1 Greylisted, come back in a while")
        else:
            await super().smtp_RCPT(arg)

    async def smtp_DATA(self, arg: str | None) -> None:  # noqa: N802 - aiosmtpd's name
        if self._does(Misbehaviour.REFUSE_DATA):
            await self.push("451 4.3.0 Not now")
        elif self._does(Misbehaviour.DROP_AFTER_DATA):
            await self.push("354 Go on")
            self.drop()
        else:
            await super().smtp_DATA(arg)
            if self._owner.misbehaviours & _HANGING_UP and self.transport is not None:
                self.transport.close()

    async def answer_to_dot(self) -> str:
        refusals = {
            Misbehaviour.REFUSE_MESSAGE: "554 5.6.0 The content is not welcome",
            Misbehaviour.DEFER_MESSAGE: "452 4.3.1 The disk is full",
            Misbehaviour.CLOSE_AFTER_DOT: "421 4.3.2 Going down",
        }
        for misbehaviour, reply in refusals.items():
            if self._does(misbehaviour):
                return reply
        self._owner.keep(self.envelope)
        if self._does(Misbehaviour.SLOW_REPLY):
            await asyncio.Event().wait()
        if self._does(Misbehaviour.DROP_BEFORE_REPLY):
            self.drop()
        return "Thank you!" if self._does(Misbehaviour.GARBAGE_REPLY) else "250 2.0.0 Kept as 7F3A"
