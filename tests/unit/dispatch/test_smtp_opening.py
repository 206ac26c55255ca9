"""What a relay has to prove before anything is said to it."""

from __future__ import annotations

import ssl
from pathlib import Path

import pytest

from newsletter.dispatch.smtp_opening import tls_context
from newsletter.domain.errors import BadInput


@pytest.mark.parametrize("content", [None, "not a certificate"])
def test_a_ca_file_without_certificates_is_refused_by_its_setting(
    tmp_path: Path, content: str | None
) -> None:
    ca_file = tmp_path / "ca.pem"
    if content is not None:
        ca_file.write_text(content)

    with pytest.raises(BadInput) as caught:
        tls_context(ca_file)

    assert caught.value.where == "relay.ca_file"
    assert str(ca_file) in caught.value.what


def test_a_relay_has_to_prove_its_name_under_tls_1_2_or_newer() -> None:
    """A8."""
    context = tls_context(None)

    assert context.minimum_version >= ssl.TLSVersion.TLSv1_2
    assert context.check_hostname
    assert context.verify_mode is ssl.CERT_REQUIRED
