"""The desk where people sign up, and where readers have their link sent to them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from newsletter.domain.admission import Admission, SentForm
from newsletter.domain.people import Topic
from newsletter.domain.sign_ups import SignUp


class SigningUpDesk(Protocol):
    """Writes down what is asked for, with the same work for every address (T13)."""

    def topics(self) -> Sequence[Topic]:
        """The topics that anybody may see (T15)."""
        ...

    def nonce(self, sent: str = "") -> str:
        """What a form is to carry: the nonce that it was sent with if that still is good, or a new
        one."""
        ...

    def sign_up(self, wanted: SignUp, sent: SentForm) -> Admission:
        """Takes in a sign-up, if the form is let in; topics that not everybody may see are left
        away as if they were not there."""
        ...

    def my_link(self, address: str, language: str, sent: SentForm) -> Admission:
        """Takes in that somebody wants their link, if the form is let in; `language` is the
        page's."""
        ...
