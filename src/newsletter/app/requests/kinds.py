"""Which kinds of request a link confirms, and what knows each."""

from __future__ import annotations

from collections.abc import Mapping

from newsletter.app.requests.address_change import AddressChange
from newsletter.app.requests.confirmable import Confirmable
from newsletter.app.requests.erasing_oneself import ErasingOneself
from newsletter.app.requests.my_data import MyData
from newsletter.app.requests.sign_up import SignUp
from newsletter.app.workspace import Workspace
from newsletter.domain.requests import RequestKind


def confirmables(workspace: Workspace) -> Mapping[RequestKind, Confirmable]:
    """What knows each kind of request of the workspace; a kind that is not among them wants nothing
    but the mail itself."""
    address_change = AddressChange(workspace)
    return {
        RequestKind.SIGN_UP: SignUp(workspace),
        RequestKind.ADDRESS_FROM: address_change,
        RequestKind.ADDRESS_TO: address_change,
        RequestKind.MY_DATA: MyData(workspace),
        RequestKind.ERASE: ErasingOneself(workspace),
    }
