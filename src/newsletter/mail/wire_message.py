"""A message that is known to be fit for the wire, so that nobody has to read it through again."""

from __future__ import annotations


class WireMessage(bytes):
    """Bytes whose lines all end in CR LF (M1), the last one too, and none of which begins with a
    dot: what SMTP's DATA takes as it stands (RFC 5321 s4.5.2). Beyond ASCII there is nothing but
    in its header, where an address may be (RFC 6532); bodies are encoded (M3).

    Who makes one vouches for that. The message writer does, since its encoders hold to it whatever
    is put into the slots; to look for it in 60 KB costs more than to hand them to the system.
    """

    __slots__ = ()

    def isascii(self) -> bool:
        """Whether all of it is ASCII: its header, that is."""
        return self[: self.find(b"\r\n\r\n")].isascii()
