"""Bytes from a server, in whatever pieces they come, made into replies (RFC 5321 s4.2)."""

from __future__ import annotations

from collections import deque
from functools import lru_cache

from newsletter.dispatch.smtp_replies import Reply

_LINE_CAP = 2048
"""Longest line that is read, in octets; RFC 5321 s4.5.3.1.5 allows 512."""
_MOST_LINES = 100
_MOST_REPLIES = 100
"""Most replies that wait to be read; a server in step has as many as we sent commands."""

_CODES = {b"%d" % code: code for code in range(200, 600)}


class ReplyReader:
    """Whole replies in the order in which they came, until something is not SMTP.

    `replies` are those that nobody has taken yet; `fault` says why there will be no more ("The
    server's answer was not SMTP"), None as long as there may be.
    """

    def __init__(self) -> None:
        self.replies: deque[Reply] = deque()
        self.fault: str | None = None
        self._rest = b""
        self._code = 0
        self._lines: list[bytes] = []

    @property
    def is_empty(self) -> bool:
        """Whether nothing waits, not even the beginning of a reply."""
        return not (self.replies or self._rest or self._lines)

    def feed(self, data: bytes) -> None:
        """Takes what came in; nothing more after a fault."""
        *lines, self._rest = (self._rest + data).split(b"\n")
        for line in lines:
            if self.fault is None:
                self._take(line.removesuffix(b"\r"))
        if len(self._rest) > _LINE_CAP or len(self.replies) > _MOST_REPLIES:
            self._fail("was too long")

    def _take(self, line: bytes) -> None:
        whole = None if self._lines else _as_reply(line)
        if whole is None:
            self._take_part(line)
        else:
            self.replies.append(whole)

    def _take_part(self, line: bytes) -> None:
        code, separator = _CODES.get(line[:3]), line[3:4]
        if code is None or separator not in b" -":
            self._fail("was not SMTP")
        elif self._lines and code != self._code:
            self._fail("contradicted itself")
        elif len(line) > _LINE_CAP or len(self._lines) == _MOST_LINES:
            self._fail("was too long")
        else:
            self._code = code
            self._lines.append(line[4:])
            if separator != b"-":
                self.replies.append(Reply(code, tuple(self._lines)))
                self._lines.clear()

    def _fail(self, complaint: str) -> None:
        self.fault = self.fault or f"The server's answer {complaint}"


@lru_cache(maxsize=256)
def _as_reply(line: bytes) -> Reply | None:
    """What a line says that is a reply by itself; None of any other. A server answers most MAILs,
    RCPTs and DATAs in the same words, so that they need not be read again."""
    code = _CODES.get(line[:3])
    if code is None or line[3:4] not in (b" ", b"") or len(line) > _LINE_CAP:
        return None
    return Reply(code, (line[4:],))
