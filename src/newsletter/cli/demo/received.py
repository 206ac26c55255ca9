"""Reading captured messages as the other side does: from the bytes, knowing nothing of who sent."""

from __future__ import annotations

import email
import email.policy
import re
from dataclasses import dataclass
from email.message import EmailMessage

from newsletter.cli.demo.capture import Captured

_ONE_CLICK = re.compile(r"<(https://[^>\s]+)>")


@dataclass(frozen=True, slots=True)
class Received:
    """A captured message taken apart; a notice has no `one_click_url`, being of no list."""

    envelope_sender: str
    recipient: str
    headers: str
    subject: str
    language: str
    html: str
    text: str
    one_click_url: str | None
    size: int

    def link(self, page: str) -> str:
        """The address of that page, as the text has it; raises ValueError when there is none."""
        found = re.search(rf"https://\S+/{page}/[\w-]+", self.text)
        if found is None:
            raise ValueError(f"the message to {self.recipient} has no link to {page}")
        return found[0]


def take_apart(captured: Captured) -> Received:
    """The parts of a captured message; raises ValueError when it is not what it should be."""
    message = email.message_from_bytes(captured.content, policy=email.policy.default)
    html, text = _part(message, "html"), _part(message, "plain")
    return Received(
        envelope_sender=captured.sender,
        recipient=captured.recipient,
        headers=captured.content.partition(b"\r\n\r\n")[0].decode("ascii"),
        subject=str(message["Subject"]),
        language=str(message["Content-Language"]),
        html=html,
        text=text,
        one_click_url=_one_click_url(captured, message),
        size=len(captured.content),
    )


def _one_click_url(captured: Captured, message: EmailMessage) -> str | None:
    if message["Auto-Submitted"] == "auto-generated":
        return None  # a notice
    link = _ONE_CLICK.search(str(message["List-Unsubscribe"] or ""))
    if link is None or message["List-Unsubscribe-Post"] != "List-Unsubscribe=One-Click":
        raise ValueError(f"the message to {captured.recipient} cannot be unsubscribed in one click")
    return link[1]


def _part(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    if part is None:
        raise ValueError(f"the message to {message['To']} has no {kind} part")
    return str(part.get_content())
