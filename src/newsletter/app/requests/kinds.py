"""Which kinds of request a link confirms, and what knows each."""

from __future__ import annotations

from collections.abc import Mapping

from newsletter.app.requests.confirmable import Confirmable
from newsletter.app.requests.sign_up import SignUp
from newsletter.app.workspace import Workspace
from newsletter.domain.requests import RequestKind


def confirmables(workspace: Workspace) -> Mapping[RequestKind, Confirmable]:
    """What knows each kind of request of the workspace; a kind that is not among them wants nothing
    but the mail itself."""
    return {RequestKind.SIGN_UP: SignUp(workspace)}
