"""TLS and signing in: what a relay has to prove first, and what is never said in the clear."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import trustme
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from newsletter.dispatch.relay import Login, Security, SmtpRelay
from newsletter.dispatch.smtp_conversation import Timeouts
from newsletter.dispatch.smtp_transport import SmtpTransport
from newsletter.domain.deliveries import DeliveryState
from newsletter.domain.errors import RelayUnreachable
from tests.handing_over import ANN, MESSAGE, handed_over, transport
from tests.scripted_smtp import scripted_server
from tests.smtp_server import Misbehaviour, RecordingServer

PATIENT = Timeouts(connect=10, greeting=10, command=10)


LONG = b"A line of some length, of which there are many\r\n" * 10_000
BIG = LONG * 40


def deliver(url: str, ca_file: Path | None, message: bytes = MESSAGE) -> DeliveryState:
    async def hand_over() -> DeliveryState:
        to = transport(url, PATIENT, ca_file)
        try:
            return (await handed_over(to, ANN, message)).state
        finally:
            await to.close()

    return asyncio.run(hand_over())


def refusal(url: str, ca_file: Path | None = None) -> RelayUnreachable:
    with pytest.raises(RelayUnreachable) as caught:
        asyncio.run(transport(url, PATIENT, ca_file).open())
    return caught.value


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def ca_file(authority: trustme.CA, tmp_path: Path) -> Path:
    file = tmp_path / "ca.pem"
    authority.cert_pem.write_to_path(file)
    return file


def server_context(certificate: trustme.LeafCert) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate.configure_cert(context)
    return context


def self_signed_context(folder: Path) -> ssl.SSLContext:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "relay.example.org")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    file = folder / "self-signed.pem"
    file.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    return context


@contextmanager
def tls_server(
    kind: str, context: ssl.SSLContext, *misbehaviours: Misbehaviour, login: bool = False
) -> Iterator[RecordingServer]:
    """`kind` is the parameter of RecordingServer that takes the context: tls or starttls."""
    with RecordingServer(
        *misbehaviours,
        tls=context if kind == "tls" else None,
        starttls=context if kind == "starttls" else None,
        login=("bulletin", "hush-hush") if login else None,
    ) as server:
        yield server


both_kinds = pytest.mark.parametrize("kind", ["tls", "starttls"])


# TLS.


@both_kinds
def test_mail_goes_out_under_tls_to_a_relay_that_proves_its_name(
    kind: str, authority: trustme.CA, ca_file: Path
) -> None:
    """A8."""
    with tls_server(kind, server_context(authority.issue_cert("127.0.0.1"))) as server:
        state = deliver(server.url, ca_file)

    assert state is DeliveryState.ACCEPTED
    assert server.accepted_recipients == [ANN.recipient]


@both_kinds
def test_a_message_of_many_blocks_arrives_whole_under_tls(
    kind: str, authority: trustme.CA, ca_file: Path
) -> None:
    """M7."""
    with tls_server(kind, server_context(authority.issue_cert("127.0.0.1"))) as server:
        state = deliver(server.url, ca_file, LONG)

    assert state is DeliveryState.ACCEPTED
    assert server.messages[0].content == LONG


@both_kinds
def test_a_connection_lost_in_the_middle_of_a_message_under_tls_leaves_no_doubt(
    kind: str, authority: trustme.CA, ca_file: Path
) -> None:
    """S8: nothing is taken to be out that the system has not taken."""
    context = server_context(authority.issue_cert("127.0.0.1"))

    with tls_server(kind, context, Misbehaviour.DROP_AFTER_DATA) as server:
        state = deliver(server.url, ca_file, BIG)

    assert state is DeliveryState.DEFERRED


@both_kinds
def test_a_certificate_for_another_name_is_refused(
    kind: str, authority: trustme.CA, ca_file: Path
) -> None:
    """A8."""
    with tls_server(kind, server_context(authority.issue_cert("mail.example.org"))) as server:
        error = refusal(server.url, ca_file)

    assert error.what == "its certificate is not for this name"
    assert error.where == f"127.0.0.1:{server.port}"
    assert "relay.url" in (error.cure or "")


@both_kinds
def test_a_certificate_of_an_unknown_authority_is_refused(kind: str, authority: trustme.CA) -> None:
    """A8."""
    with tls_server(kind, server_context(authority.issue_cert("127.0.0.1"))) as server:
        error = refusal(server.url)

    assert "certificate is not trusted" in error.what
    assert "relay.ca_file" in (error.cure or "")


@both_kinds
def test_a_self_signed_certificate_is_refused(kind: str, tmp_path: Path) -> None:
    """A8."""
    with tls_server(kind, self_signed_context(tmp_path)) as server:
        error = refusal(server.url)

    assert error.what == "its certificate is not trusted (self-signed certificate)"
    assert "relay.ca_file" in (error.cure or "")


@both_kinds
def test_an_expired_certificate_is_refused(kind: str, authority: trustme.CA, ca_file: Path) -> None:
    """A8."""
    yesterday = datetime.now(UTC) - timedelta(days=1)
    certificate = authority.issue_cert("127.0.0.1", not_after=yesterday)

    with tls_server(kind, server_context(certificate)) as server:
        error = refusal(server.url, ca_file)

    assert "expired" in error.what
    assert "relay.ca_file" in (error.cure or "")


def test_a_relay_that_does_not_offer_starttls_gets_nothing_in_the_clear() -> None:
    """A8: somebody between us may have taken the offer out."""
    with RecordingServer() as server:
        error = refusal(f"smtp+starttls://bulletin:hush-hush@127.0.0.1:{server.port}")

    assert "does not offer STARTTLS" in error.what
    assert [command.split()[0] for command in server.commands] == ["EHLO"]


def test_a_relay_without_tls_where_tls_was_expected_is_told() -> None:
    with RecordingServer() as server:
        error = refusal(f"smtps://127.0.0.1:{server.port}")

    assert "TLS" in error.what
    assert "relay.url" in (error.cure or "")


def test_words_injected_behind_the_answer_to_starttls_end_the_conversation(ca_file: Path) -> None:
    """RFC 3207 s4.2: or else somebody between us would speak for the relay."""
    injected = b"220 Go on\r\n250-relay.example.org\r\n250 AUTH PLAIN\r\n235 Welcome\r\n"
    greetings = (b"220 relay\r\n", b"250-relay\r\n250 STARTTLS\r\n")

    async def open_injected() -> list[bytes]:
        async with scripted_server(*greetings, injected) as script:
            url = f"smtp+starttls://ann:secret@127.0.0.1:{script.port}"
            with pytest.raises(RelayUnreachable, match="spoke out of turn"):
                await transport(url, PATIENT, ca_file).open()
            await script.is_over.wait()
        return script.heard

    heard = asyncio.run(open_injected())

    assert [line.split()[0] for line in heard] == [b"EHLO", b"STARTTLS"]


def test_words_injected_while_tls_is_agreed_end_the_conversation(ca_file: Path) -> None:
    """RFC 3207 s4.2: they are no TLS, whenever they come."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 relay\r\n")
        await reader.readline()
        writer.write(b"250-relay\r\n250 STARTTLS\r\n")
        await reader.readline()
        writer.write(b"220 Go on\r\n")
        await reader.read(1)  # the handshake has begun
        writer.write(b"250-relay\r\n250 AUTH PLAIN\r\n")
        writer.close()

    async def open_injected() -> None:
        async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
            port = server.sockets[0].getsockname()[1]
            await transport(f"smtp+starttls://127.0.0.1:{port}", PATIENT, ca_file).open()

    with pytest.raises(RelayUnreachable, match="no TLS connection came about"):
        asyncio.run(open_injected())


# Signing in.


@both_kinds
@pytest.mark.parametrize("misbehaviours", [[], [Misbehaviour.ONLY_AUTH_LOGIN]])
def test_we_sign_in_by_plain_or_login_as_the_relay_offers(
    kind: str, misbehaviours: list[Misbehaviour], authority: trustme.CA, ca_file: Path
) -> None:
    context = server_context(authority.issue_cert("127.0.0.1"))

    with tls_server(kind, context, *misbehaviours, login=True) as server:
        state = deliver(server.url, ca_file)

    assert state is DeliveryState.ACCEPTED


def test_a_wrong_password_is_told_without_being_shown(authority: trustme.CA, ca_file: Path) -> None:
    """X13."""
    context = server_context(authority.issue_cert("127.0.0.1"))

    with tls_server("starttls", context, login=True) as server:
        error = refusal(server.url.replace("hush-hush", "wrong-one"), ca_file)

    assert "refused to sign us in: 535 5.7.8" in error.what
    assert "relay.url" in (error.cure or "")
    assert "wrong-one" not in str(error)


def test_a_relay_that_repeats_the_password_does_not_get_it_into_our_words() -> None:
    """X13. Built by hand: no URL asks for a password without TLS."""
    greetings = (b"220 relay\r\n", b"250-relay\r\n250 AUTH PLAIN\r\n")

    async def open_repeating() -> None:
        async with scripted_server(*greetings, b"535 No 'hush-hush' here\r\n") as script:
            login = Login("bulletin", "hush-hush")
            relay = SmtpRelay(Security.PLAIN, "127.0.0.1", script.port, login)
            await SmtpTransport(relay, PATIENT).open()

    with pytest.raises(RelayUnreachable) as caught:
        asyncio.run(open_repeating())

    assert caught.value.what == "the relay refused to sign us in: 535"


def test_a_relay_that_offers_no_way_to_sign_in_is_told(
    authority: trustme.CA, ca_file: Path
) -> None:
    context = server_context(authority.issue_cert("127.0.0.1"))

    with tls_server("tls", context, Misbehaviour.NO_EHLO, login=True) as server:
        error = refusal(server.url, ca_file)

    assert "no way to sign in" in error.what
    assert not any("hush" in command for command in server.commands)
