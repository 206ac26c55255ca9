"""The floor of signed mail: what one RSA signature and one hash of a body cost by themselves."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import dataclass
from time import process_time

from newsletter.mail.dkim.private_keys import RsaKey

_SECONDS = 2
_SIGNATURES = 500


@dataclass(frozen=True, slots=True)
class SigningFloor:
    """CPU seconds of one RSA-2048 signature and of the SHA-256 of one body, as `openssl speed`
    measures them; and of one signature by the library that ours signs with, which brings an OpenSSL
    of its own."""

    signature: float
    body_hash: float
    library_signature: float

    @property
    def seconds(self) -> float:
        """What a message cannot be signed without."""
        return self.signature + self.body_hash


def openssl_is_there() -> bool:
    """Whether the program that measures the floor is installed."""
    return shutil.which("openssl") is not None


def measure_floor(key: RsaKey, octets: int) -> SigningFloor:
    """The floor as it is now, for bodies of so many octets; takes some seconds."""
    return SigningFloor(
        signature=1 / _per_second("rsa2048"),
        body_hash=octets / _per_second("-bytes", str(octets), "-evp", "sha256"),
        library_signature=_seconds_by_library(key),
    )


def _per_second(*what: str) -> float:
    """Signatures, or octets that were hashed, by CPU time."""
    command = ["openssl", "speed", "-mr", "-seconds", str(_SECONDS), *what]
    run = subprocess.run(command, capture_output=True, text=True, check=True)
    # +F2:2:2048:SIGNATURES:VERIFICATIONS, or +F:25:sha256:OCTETS
    line = next(line for line in run.stdout.splitlines() if line.startswith("+F"))
    return float(line.split(":")[3])


def _seconds_by_library(key: RsaKey) -> float:
    began = process_time()
    for number in range(_SIGNATURES):
        key.sign(b"%d" % number)
    return (process_time() - began) / _SIGNATURES
