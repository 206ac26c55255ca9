"""The links of notices: to pages where their readers are asked, told or let go (design 6)."""

from __future__ import annotations

from newsletter.app.workspace import Workspace
from newsletter.domain.people import Subscriber, Topic
from newsletter.tokens.tokens import Purpose


class NoticeLinks:
    """The addresses of public pages in one language of the site, each with its token."""

    def __init__(self, workspace: Workspace, language: str) -> None:
        self._tokens = workspace.tokens
        self._pages = f"{workspace.settings.site.base_url}/{language}"

    def confirm(self, request_handle: int) -> str:
        """Where the request is confirmed."""
        token = self._tokens.token(Purpose.CONFIRM, handle=request_handle)
        return f"{self._pages}/confirm/{token}"

    def block(self, request_handle: int) -> str:
        """Where further requests for the address are stopped (T14)."""
        return f"{self.confirm(request_handle)}/block"

    def preferences(self, person: Subscriber) -> str:
        """The person's preferences."""
        token = self._tokens.token(Purpose.PREFERENCES, handle=person.handle, epoch=person.epoch)
        return f"{self._pages}/preferences/{token}"

    def unsubscribe(self, person: Subscriber, topic: Topic) -> str:
        """Where the person leaves the topic."""
        token = self._tokens.token(Purpose.UNSUBSCRIBE, handle=person.handle, topic=topic.public_id)
        return f"{self._pages}/unsubscribe/{token}"
