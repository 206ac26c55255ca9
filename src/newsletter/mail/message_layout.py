"""One form of a message compiled: what goes out, and beside it what its signatures are made over.

The body needs no second form: it is written so that it is its own relaxed canonical form already
(`quoted_printable` says how), and what is hashed is what is sent.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from datetime import datetime

from newsletter.mail.dkim.signatures import Signatures, SignedContent
from newsletter.mail.dkim.signed_fields import is_signed, names_to_sign
from newsletter.mail.filling import Filling, FillingPiece, Gap
from newsletter.mail.header_fields import HeaderField, relaxed_value
from newsletter.mail.header_rules import CRLF
from newsletter.mail.slots import SlotValues
from newsletter.mail.wire_message import WireMessage


class MessageLayout:
    """The headers and the body of one form of a message, with gaps for what is a reader's own.

    The arguments `as_they_are` and `values` are those of `Filling.join`.
    """

    def __init__(self, head: Sequence[HeaderField], body: Iterable[FillingPiece]) -> None:
        signed = [field for field in head if is_signed(field.name)]
        self._names = names_to_sign(field.name for field in signed)
        self._head = Filling([*(one for field in head for one in field.as_sent()), CRLF.encode()])
        self._signed_head = Filling(one for field in signed for one in field.relaxed())
        self._body = Filling(body)

    def join(
        self,
        as_they_are: tuple[bytes, ...],
        values: SlotValues,
        sent_at: datetime,
        signatures: Signatures | None,
    ) -> WireMessage:
        """One reader's message, its `signatures` first, made at `sent_at`."""
        head = self._head.parts(as_they_are, values)
        if signatures is None:
            return WireMessage(b"".join((*head, *self._body.parts(as_they_are, values))))
        body = self._body.join(as_they_are, values)
        content = SignedContent(
            names=self._names,
            head=self._signed_head.join(_relaxed(as_they_are), values),
            # At once: for each piece of some length, hashing lets other threads go first.
            body_hash=hashlib.sha256(body).digest(),
            sent_at=sent_at,
        )
        return WireMessage(b"".join((*signatures.fields(content), *head, body)))


def _relaxed(as_they_are: tuple[bytes, ...]) -> tuple[bytes, ...]:
    # Of all that fills a gap only the subject may be folded, or have spaces of its own.
    subject = relaxed_value(as_they_are[Gap.SUBJECT])
    return (*as_they_are[: Gap.SUBJECT], subject, *as_they_are[Gap.SUBJECT + 1 :])
