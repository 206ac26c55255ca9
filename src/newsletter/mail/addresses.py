"""Addresses: read once, by one library, and never again a bare string that somebody parses."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from email_validator import EmailNotValidError, validate_email

from newsletter.domain.errors import BadInput
from newsletter.mail.header_rules import check_header_text

_FORBIDDEN = ',;<>()[]:\\"'
_LONGEST_LOCAL = 64
_LONGEST_PATH = 254
"""RFC 5321 section 4.5.3.1: a path of 256 octets holds the address between < and > (M14)."""


@dataclass(frozen=True, slots=True)
class EmailAddress:
    """An address in its three forms.

    `typed` is as the person wrote it, `canonical` is what makes a person unique (NFC, lower case,
    domain as A-label; no folding of dots or plus), `wire` is what SMTP and headers get: its domain
    is an A-label, and its local part is not ASCII when `needs_smtputf8` (M13).
    """

    typed: str
    canonical: str
    wire: str
    needs_smtputf8: bool


def parse_address(text: str) -> EmailAddress:
    """The address that `text` is; raises BadInput, saying what is wrong with it (M12 to M14)."""
    check_header_text("the address", text)
    typed = unicodedata.normalize("NFC", text.strip())
    _check_characters(typed)
    try:
        # The address is only read: whether its domain answers today says nothing about tomorrow.
        found = validate_email(typed, check_deliverability=False, test_environment=True)
    except EmailNotValidError as error:
        raise BadInput(
            f'"{typed}" is not an address: {error}', cure="Write it like name@example.org."
        ) from None
    wire = f"{found.local_part}@{found.ascii_domain}"
    _check_lengths(typed, found.local_part, wire)
    return EmailAddress(
        typed=typed,
        canonical=wire.lower(),
        wire=wire,
        needs_smtputf8=not found.local_part.isascii(),
    )


def mask(address: str) -> str:
    """The address as a page may show it: `a***@example.org` (T9)."""
    local, _, domain = address.rpartition("@")
    return f"{local[:1]}***@{domain}"


def _check_characters(text: str) -> None:
    for character in text:
        if character in _FORBIDDEN or character.isspace():
            shown = "a space" if character.isspace() else character
            raise BadInput(
                f'"{text}" is not an address: it has {shown} in it',
                cure="Write one bare address, like name@example.org.",
            )


def _check_lengths(typed: str, local: str, wire: str) -> None:
    if len(local.encode()) > _LONGEST_LOCAL:
        raise BadInput(
            f'"{typed}" is not an address: more than {_LONGEST_LOCAL} octets before the @'
        )
    if len(wire.encode()) > _LONGEST_PATH:
        raise BadInput(f'"{typed}" is not an address: longer than {_LONGEST_PATH} octets')
