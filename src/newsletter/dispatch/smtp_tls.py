"""TLS over bytes that somebody else carries.

Not asyncio's TLS transport, since that keeps bytes back and does not say when the system has taken
them: then nobody could tell a message that cannot have arrived from one that may have (S8).
"""

from __future__ import annotations

import ssl

_READ = 16 * 1024


class TlsLayer:
    """One TLS session as the client: what goes in on one side comes out on the other.

    `is_established` once the server has proved who it is; `is_over` when it has said goodbye.
    """

    def __init__(self, context: ssl.SSLContext, host: str) -> None:
        self._incoming, self._outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        self._session = context.wrap_bio(self._incoming, self._outgoing, server_hostname=host)
        self.is_established = False
        self.is_over = False

    def shake_hands(self) -> None:
        """Goes on with the handshake as far as it can; raises ssl.SSLError when it fails."""
        try:
            self._session.do_handshake()
        except ssl.SSLWantReadError:
            return
        self.is_established = True

    def decrypted(self, data: bytes) -> bytes:
        """What the server said in `data`, and what came before it; raises ssl.SSLError."""
        self._incoming.write(data)
        if not self.is_established:
            self.shake_hands()
        return self._words() if self.is_established else b""

    def encrypted(self, data: bytes | memoryview) -> bytes:
        """`data` as it goes to the server."""
        rest = memoryview(data)
        while rest:
            rest = rest[self._session.write(rest) :]
        return self._outgoing.read()

    def own_words(self) -> bytes:
        """What TLS itself has to say to the server: a step of the handshake, a warning."""
        return self._outgoing.read()

    def _words(self) -> bytes:
        words = []
        try:
            while piece := self._session.read(_READ):
                words.append(piece)
            self.is_over = True
        except ssl.SSLWantReadError:
            pass  # there is no more for now
        return b"".join(words)
