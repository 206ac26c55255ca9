"""TLS over bytes that somebody else carries, in whatever pieces."""

from __future__ import annotations

import ssl
from contextlib import suppress
from itertools import pairwise

import pytest
import trustme
from hypothesis import given
from hypothesis import strategies as st

from newsletter.dispatch.smtp_tls import TlsLayer

HOST = "relay.example.org"
AUTHORITY = trustme.CA()
CERTIFICATE = AUTHORITY.issue_cert(HOST)


class Server:
    """The other end of a session, and the authority that vouches for it."""

    def __init__(self) -> None:
        self.trusting = ssl.create_default_context()
        AUTHORITY.configure_trust(self.trusting)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        CERTIFICATE.configure_cert(context)
        self._incoming, self._outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        self.session = context.wrap_bio(self._incoming, self._outgoing, server_side=True)

    def heard(self, data: bytes) -> bytes:
        """Takes in bytes of the handshake, and gives what it says to them."""
        self._incoming.write(data)
        with suppress(ssl.SSLWantReadError):
            self.session.do_handshake()
        return self._outgoing.read()

    def decrypted(self, data: bytes) -> bytes:
        self._incoming.write(data)
        return self.session.read(1_000_000)

    def says(self, words: bytes) -> bytes:
        self.session.write(words)
        return self._outgoing.read()

    def goodbye(self) -> bytes:
        with suppress(ssl.SSLWantReadError):
            self.session.unwrap()
        return self._outgoing.read()


def established(server: Server) -> TlsLayer:
    layer = TlsLayer(server.trusting, HOST)
    layer.shake_hands()
    while words := layer.own_words():
        layer.decrypted(server.heard(words))
    assert layer.is_established
    return layer


@given(st.sets(st.integers(1, 40)))
def test_what_the_server_says_is_the_same_in_whatever_pieces_it_comes(cuts: set[int]) -> None:
    server = Server()
    layer = established(server)
    sealed = server.says(b"250 2.0.0 Kept\r\n")
    places = [0, *sorted(cuts), len(sealed)]

    heard = [layer.decrypted(sealed[start:end]) for start, end in pairwise(places)]

    assert b"".join(heard) == b"250 2.0.0 Kept\r\n"
    assert not layer.is_over


def test_what_we_say_is_read_by_the_server_alone() -> None:
    server = Server()
    layer = established(server)

    sealed = layer.encrypted(memoryview(b"MAIL FROM:<a@example.org>\r\n"))

    assert b"MAIL" not in sealed
    assert server.decrypted(sealed) == b"MAIL FROM:<a@example.org>\r\n"


def test_what_came_before_a_goodbye_still_counts() -> None:
    """S8: a 250 to the final dot that is lost here would leave the delivery unknown."""
    server = Server()
    layer = established(server)

    heard = layer.decrypted(server.says(b"250 Kept\r\n") + server.goodbye())

    assert heard == b"250 Kept\r\n"
    assert layer.is_over


def test_words_in_the_clear_are_no_tls() -> None:
    layer = TlsLayer(ssl.create_default_context(), HOST)
    layer.shake_hands()

    with pytest.raises(ssl.SSLError):
        layer.decrypted(b"250 Kept\r\n")


def test_a_server_that_cannot_prove_its_name_is_told_why() -> None:
    """A8."""
    server = Server()
    layer = TlsLayer(server.trusting, "another.example.org")
    layer.shake_hands()

    with pytest.raises(ssl.SSLCertVerificationError):
        layer.decrypted(server.heard(layer.own_words()))

    assert layer.own_words()
    assert not layer.is_established
