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
    """A captured message taken apart."""

    envelope_sender: str
    recipient: str
    headers: str
    subject: str
    language: str
    html: str
    text: str
    one_click_url: str
    size: int


def take_apart(captured: Captured) -> Received:
    """The parts of a captured message; raises ValueError when it is not what it should be."""
    message = email.message_from_bytes(captured.content, policy=email.policy.default)
    html, text = _part(message, "html"), _part(message, "plain")
    link = _ONE_CLICK.search(str(message["List-Unsubscribe"] or ""))
    if link is None or message["List-Unsubscribe-Post"] != "List-Unsubscribe=One-Click":
        raise ValueError(f"the message to {captured.recipient} cannot be unsubscribed in one click")
    return Received(
        envelope_sender=captured.sender,
        recipient=captured.recipient,
        headers=captured.content.partition(b"\r\n\r\n")[0].decode("ascii"),
        subject=str(message["Subject"]),
        language=str(message["Content-Language"]),
        html=html,
        text=text,
        one_click_url=link[1],
        size=len(captured.content),
    )


def _part(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    if part is None:
        raise ValueError(f"the message to {message['To']} has no {kind} part")
    return str(part.get_content())
