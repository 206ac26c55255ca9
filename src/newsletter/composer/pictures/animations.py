"""Moving GIFs: written anew with the blocks that draw them, and nothing else.

Their pictures are taken over as they are. To unpack, scale and pack them again would give each new
colours and more bytes, and edges would flicker where pictures repaint a part of the one before.
The layout is that of the GIF89a specification, whose sections the comments name.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from newsletter.composer.pictures.opening import broken, opened, refuse_too_many_pixels
from newsletter.composer.pictures.unusable import ImageFault, UnusableImage

_SIGNATURES = (b"GIF87a", b"GIF89a")
_EXTENSION, _IMAGE, _TRAILER = 0x21, 0x2C, 0x3B
_GRAPHIC_CONTROL, _PLAIN_TEXT, _APPLICATION = 0xF9, 0x01, 0xFF
_LOOPS = (b"NETSCAPE2.0", b"ANIMEXTS1.0")
_MOST_PICTURES = 1000


@dataclass(frozen=True, slots=True)
class Animation:
    """A GIF that moves: its bytes without anything hidden in them, and its size in pixels."""

    content: bytes
    size: tuple[int, int]


def read_animation(content: bytes) -> Animation | None:
    """The animation in `content`, whose pictures, times and repetitions are kept; None when it is
    something else, a GIF that stands still for one.

    Raises UnusableImage when it is broken or larger than is unpacked.
    """
    if not content.startswith(_SIGNATURES):
        return None
    try:
        rewriting = _Rewriting(content)
        rewriting.run()
    except IndexError as error:
        raise broken("a GIF image") from error
    if rewriting.pictures < 2:
        return None
    _require_all_unpack(rewriting)
    return Animation(bytes(rewriting.kept), rewriting.size)


def _require_all_unpack(rewriting: _Rewriting) -> None:
    refuse_too_many_pixels(rewriting.size, rewriting.pictures)
    with opened(bytes(rewriting.kept)) as image:
        for number in range(rewriting.pictures):
            image.seek(number)
            image.load()


@dataclass(slots=True)
class _Rewriting:
    """One pass over the blocks of a GIF; raises IndexError where it ends too soon."""

    content: bytes
    at: int = 0
    kept: bytearray = field(default_factory=bytearray)
    size: tuple[int, int] = (0, 0)
    pictures: int = 0
    timing: bytes = b""

    def run(self) -> None:
        """Keeps what draws, block after block."""
        self._keep_head()
        while (kind := self._byte()) != _TRAILER:
            if kind == _IMAGE:
                self._keep_picture()
            elif kind == _EXTENSION:
                self._extension()
            else:
                raise broken("a GIF image")
        self.kept.append(_TRAILER)

    def _keep_head(self) -> None:
        """Header, screen descriptor and colours (sections 17 to 19)."""
        head = self._take(13)
        self.size = (_number(head[6:8]), _number(head[8:10]))
        # The version with times and loops, whatever the file calls itself.
        self.kept += b"GIF89a" + head[6:] + self._colours(head[10])

    def _keep_picture(self) -> None:
        """Image descriptor, colours and data (20 to 22), after their timing (23)."""
        descriptor = self._take(9)
        self._require_inside(descriptor)
        self.pictures += 1
        if self.pictures > _MOST_PICTURES:
            what = f"a moving GIF of more than {_MOST_PICTURES:,} pictures"
            raise UnusableImage(ImageFault.TOO_MANY_PIXELS, what)
        self.kept += self.timing + bytes([_IMAGE]) + descriptor + self._colours(descriptor[8])
        self.kept += self._take(1) + self._sub_blocks()
        self.timing = b""

    def _extension(self) -> None:
        """Timing and loops are kept (23, 26); comments, plain text and XMP are not (24 to 26)."""
        label = self._byte()
        blocks = self._sub_blocks()
        if label == _GRAPHIC_CONTROL:
            self.timing = bytes([_EXTENSION, label]) + blocks
        elif label == _PLAIN_TEXT:
            self.timing = b""
        elif label == _APPLICATION and blocks[1:12] in _LOOPS and blocks[12:14] == b"\3\1":
            # Sub-blocks behind the first three bytes say how much to buffer.
            self.kept += bytes([_EXTENSION, label]) + blocks[:16] + b"\0"

    def _require_inside(self, descriptor: bytes) -> None:
        left, top, width, height = (_number(descriptor[at : at + 2]) for at in (0, 2, 4, 6))
        if left + width > self.size[0] or top + height > self.size[1]:
            raise broken("a GIF image")

    def _colours(self, flags: int) -> bytes:
        return self._take(3 << ((flags & 7) + 1)) if flags & 0x80 else b""

    def _sub_blocks(self) -> bytes:
        """Data in pieces of a length byte and so many bytes, ended by an empty one (15)."""
        start = at = self.at
        while length := self.content[at]:
            at += length + 1
        self.at = at + 1
        return self.content[start : self.at]

    def _byte(self) -> int:
        self.at += 1
        return self.content[self.at - 1]

    def _take(self, count: int) -> bytes:
        taken = self.content[self.at : self.at + count]
        if len(taken) < count:
            raise IndexError(self.at)
        self.at += count
        return taken


def _number(two_bytes: bytes) -> int:
    return int.from_bytes(two_bytes, "little")
