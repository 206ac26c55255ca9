"""What readers may ask about themselves, from their preferences."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class AccountWish(StrEnum):
    """To have another address, to see what is kept, to be erased; each is the last word of its
    page's address."""

    ADDRESS = "address"
    MY_DATA = "my-data"
    ERASE = "erase"


@dataclass(frozen=True, slots=True)
class AccountForm:
    """A wish as its form was sent: in which language, and from which IP address, None when nobody
    knows; `new_address` is known to be one, and is "" but for the wish to have another."""

    wish: AccountWish
    language: str
    ip: str | None
    new_address: str = ""
