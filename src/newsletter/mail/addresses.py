"""Addresses: read once, by one library, and never again a bare string that somebody parses."""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

from email_validator import (
    SPECIAL_USE_DOMAIN_NAMES,
    EmailNotValidError,
    ValidatedEmail,
    validate_email,
)
from email_validator.rfc_constants import CASE_INSENSITIVE_MAILBOX_NAMES, EMAIL_MAX_LENGTH

from newsletter.domain.control_characters import character_name
from newsletter.domain.errors import BadAddress, BadInput
from newsletter.mail.header_rules import check_header_text

_FORBIDDEN = re.compile(r'[\s,;<>()\[\]:\\"]')
_LONGEST_LOCAL = 64
_CURE = "Write one bare address, like name@example.org."

_PLAIN = re.compile(
    r"""
    (?=[^@]{1,64}@)                                  # octets before the @ (RFC 5321 s4.5.3.1.1)
    [A-Za-z0-9_+'-]++ (?: \.[A-Za-z0-9_+'-]++ )*+
    @
    (?: (?!..--)(?=[^.]{1,63}\.)                     # no A-label; octets of a label (RFC 1035)
        [A-Za-z0-9]++ (?: -++[A-Za-z0-9]++ )*+ \. )++
    ([A-Za-z]{2,63})
    """,
    re.VERBOSE,
)
"""What is an address without any doubt; its group is the top-level domain."""
_DOUBTFUL_TOP_LEVELS = frozenset(
    name.rpartition(".")[2] for name in SPECIAL_USE_DOMAIN_NAMES if name != "test"
)
_LOWERED_MAILBOXES = frozenset(CASE_INSENSITIVE_MAILBOX_NAMES)
"""Local parts that the library writes in lower case (RFC 2142)."""


class EmailAddress(NamedTuple):
    """An address in its three forms.

    `typed` is as the person wrote it, in NFC. `canonical` is what makes a person unique: the whole
    address in lower case, its domain as A-label, with no folding of dots or plus. `wire` is what
    SMTP and headers get: the local part as typed and the domain as A-label; it is ASCII unless
    `needs_smtputf8` (M13).
    """

    typed: str
    canonical: str
    wire: str
    needs_smtputf8: bool


def parse_address(text: str) -> EmailAddress:
    """The address that `text` is, white space around it left away.

    Whether its domain exists is not asked. Raises BadAddress, naming the part at fault (M12 to
    M14).
    """
    return _plain_address(text) or _judged_address(text)


def mask(address: str) -> str:
    """The address as a page may show it: `a***@example.org` (T9)."""
    local, _, domain = address.rpartition("@")
    return f"{local[:1]}***@{domain}"


def _plain_address(text: str) -> EmailAddress | None:
    # Nearly every address of a list of a million is plainly fine, and the library takes twenty
    # times as long to say so. None leaves the judgement to it; a test holds the two together.
    plain = _PLAIN.fullmatch(text)
    if plain is None or len(text) > EMAIL_MAX_LENGTH or plain[1].lower() in _DOUBTFUL_TOP_LEVELS:
        return None
    lowered = text.lower()
    if text == lowered:
        return EmailAddress(text, text, text, False)
    local, _, domain = text.partition("@")
    if local.lower() in _LOWERED_MAILBOXES:
        return None
    return EmailAddress(text, lowered, f"{local}@{domain.lower()}", False)


def _judged_address(text: str) -> EmailAddress:
    _check_controls(text)
    typed = unicodedata.normalize("NFC", text.strip())
    _check_characters(typed)
    found = _validated(typed)
    wire = f"{found.local_part}@{found.ascii_domain}"
    _check_form(typed, found.local_part, wire)
    return EmailAddress(
        typed=typed,
        canonical=unicodedata.normalize("NFC", wire.lower()),
        wire=wire,
        needs_smtputf8=not found.local_part.isascii(),
    )


def _check_controls(text: str) -> None:
    try:
        check_header_text("the address", text)
    except BadInput as error:
        raise BadAddress(error.what, cure=error.cure) from None


def _check_characters(typed: str) -> None:
    found = _FORBIDDEN.search(typed)
    if found is not None:
        side = "after" if -1 < typed.rfind("@") < found.start() else "before"
        raise _no_address(typed, f"there is {character_name(found[0])} {side} the @")


def _validated(typed: str) -> ValidatedEmail:
    try:
        # test_environment lets through the .test domains of demonstrations and trials (RFC 6761).
        return validate_email(typed, check_deliverability=False, test_environment=True)
    except EmailNotValidError as error:
        raise _no_address(typed, str(error).rstrip(".")) from None


def _check_form(typed: str, local: str, wire: str) -> None:
    if "=?" in local:
        # A valid local part, but in a header it is the beginning of an encoded-word (M4).
        raise _no_address(typed, "there is =? before the @, which mail programs misread")
    if "." not in wire.rpartition("@")[2]:
        raise _no_address(typed, "there is no dot after the @")
    # Octets (RFC 5321 section 4.5.3.1.1); those of the whole, 254, are the library's to count.
    if len(local.encode()) > _LONGEST_LOCAL:
        raise _no_address(typed, f"there are more than {_LONGEST_LOCAL} octets before the @")


def _no_address(typed: str, why: str) -> BadAddress:
    return BadAddress(f'"{typed}" is not an email address: {why}', cure=_CURE)
