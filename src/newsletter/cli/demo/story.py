"""The demo's story, step by step: compose, import, approve, send, leave, sign up, send again,
verify.

Each step yields what it came to. A figure that can be had from the capture server or from the
public pages is taken there, never from the program's own counters.
"""

from __future__ import annotations

import http.client
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from newsletter.app import approving, edition_status
from newsletter.app.chores import run_chores
from newsletter.app.composing import compose_file
from newsletter.app.editing import import_edition
from newsletter.app.first_topic import SLUG
from newsletter.app.imports.importing import import_subscribers
from newsletter.app.imports.order import ImportOrder
from newsletter.app.sending import Sender
from newsletter.app.workshop import workshop_of
from newsletter.app.workspace import Workspace
from newsletter.cli.demo.capture import Captured, CaptureServer
from newsletter.cli.demo.received import Received, take_apart
from newsletter.cli.demo.verifier import Verifier
from newsletter.cli.demo.visitor import DemoVisitor
from newsletter.domain.people import Basis

FIRST, SECOND = "2026-10", "2026-11"
_ACTOR = "demo"
_NEWCOMER = "newcomer@example.org"
_LANGUAGE = "cy"


@dataclass(frozen=True, slots=True)
class Step:
    """One step: its name, whether it held, its figures, and the line that a person reads."""

    name: str
    ok: bool
    line: str
    figures: dict[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """The step with exactly the keys that the command line promises."""
        return {"name": self.name, "ok": self.ok, "figures": self.figures}


@dataclass
class Story:
    """The demo's run: a workspace whose relay is the capture server, the public pages' port, and
    who judges the signatures."""

    workspace: Workspace
    capture: CaptureServer
    site_port: int
    verifier: Verifier

    def steps(self) -> Iterator[Step]:
        """Every step in order; the caller decides whether to go on after one that did not hold."""
        yield self._compose()
        yield self._import_subscribers()
        yield self._approve()
        yield self._send_first()
        yield self._leave()
        yield self._sign_up()
        yield self._send_second()
        yield self._verify()

    def _compose(self) -> Step:
        file = self._edition_file(FIRST)
        began = time.perf_counter()
        composition = compose_file(
            workshop_of(self.workspace.settings),
            file,
            language=None,
            out=None,
            now=self.workspace.now(),
        )
        milliseconds = round((time.perf_counter() - began) * 1000)
        sizes = {one: written.html_bytes for one, written in composition.written.items()}
        findings = len(composition.compiled.findings)
        return Step(
            "compose",
            composition.may_be_sent and all(sizes.values()),
            f"composed {FIRST} in {milliseconds} ms: "
            + ", ".join(f"{one} {size:,} bytes" for one, size in sizes.items())
            + f"; {findings} findings",
            {"milliseconds": milliseconds, "html_bytes": sizes, "findings": findings},
        )

    def _import_subscribers(self) -> Step:
        file = self.workspace.settings.path("subscribers.csv")
        result = import_subscribers(self.workspace, ImportOrder(file, SLUG, Basis.CONSENT, _ACTOR))
        added = result.counts["added"]
        return Step(
            "import",
            added == result.read,
            f"imported {added} subscribers of {result.read} rows",
            {"imported": added, "read": result.read},
        )

    def _approve(self) -> Step:
        digests = {}
        for slug in (FIRST, SECOND):
            import_edition(self.workspace, self._edition_file(slug), actor=_ACTOR)
            digests[slug] = approving.approve(self.workspace, slug, actor=_ACTOR).digest
        return Step(
            "approve",
            len(set(digests.values())) == len(digests),
            f"approved {FIRST}, digest {digests[FIRST][:12]}…",
            {"digest": digests[FIRST]},
        )

    def _send_first(self) -> Step:
        expected = edition_status.status(self.workspace, FIRST).expected
        received = self._send(FIRST)
        recipients = {one.recipient for one in received}
        languages = Counter(one.language for one in received)
        return Step(
            "send",
            len(received) == len(recipients) == expected,
            f"accepted {len(received)} of {expected}, each once: "
            + ", ".join(f"{number} in {one}" for one, number in sorted(languages.items())),
            {
                "accepted": len(received),
                "audience": expected,
                "languages": dict(languages),
                "largest_message_bytes": max((one.size for one in received), default=0),
            },
        )

    def _leave(self) -> Step:
        url = self._received(self.capture.messages[:1])[0].one_click_url or ""
        status = self._post_one_click(url)
        return Step(
            "unsubscribe",
            status == http.HTTPStatus.OK,
            f"one reader left by one click: POST {_masked(url)} answered {status}",
            {"status": status},
        )

    def _sign_up(self) -> Step:
        form = self._visitor.open(f"/{_LANGUAGE}/subscribe")
        before = edition_status.status(self.workspace, SECOND).expected
        self._visitor.send(form, address=_NEWCOMER, language=_LANGUAGE)
        question = self._answer()
        page = self._visitor.open(question.link("confirm"))  # where a scanner would stop (T5)
        opened = edition_status.status(self.workspace, SECOND).expected
        done = self._visitor.send(page)
        welcome = self._answer()
        confirmed = edition_status.status(self.workspace, SECOND).expected
        return Step(
            "sign-up",
            done.status == http.HTTPStatus.OK and (opened, confirmed) == (before, before + 1),
            f"one reader signed up: asked by mail ({question.subject}), joined by the button behind"
            f" its link and not by opening it, welcomed ({welcome.subject})",
            {
                "mails": 2,
                "joined_by_opening": opened - before,
                "joined_by_button": confirmed - opened,
            },
        )

    def _answer(self) -> Received:
        """What the newcomer gets by mail for what was asked for on the pages."""
        before = len(self.capture.messages)
        run_chores(self.workspace)
        (received,) = self._received(self.capture.messages[before:])
        return received

    def _send_second(self) -> Step:
        before = {one.recipient for one in self.capture.messages}
        received = self._send(SECOND)
        recipients = {one.recipient for one in received}
        left_out = before - recipients
        leaver = self.capture.messages[0].recipient
        return Step(
            "second",
            left_out == {leaver} and len(received) == len(recipients) == len(before) - 1,
            f"second edition: {len(received)} accepted, {len(left_out)} skipped",
            {"accepted": len(received), "skipped": len(left_out)},
        )

    def _verify(self) -> Step:
        received = self.capture.messages
        verified = sum(self.verifier.verifies(one) for one in received)
        # Whoever finds everything good would find these good, too.
        changed = [_with_another_subject(one) for one in received]
        overlooked = sum(self.verifier.verifies(one) for one in changed)
        return Step(
            "signature",
            verified == len(received) and not overlooked,
            f"{verified} of {len(received)} messages are well signed for {self.verifier.domain};"
            f" of as many that were changed, {overlooked}",
            {"received": len(received), "verified": verified, "changed_and_verified": overlooked},
        )

    def _send(self, slug: str) -> list[Received]:
        before = len(self.capture.messages)
        Sender(self.workspace, _ACTOR).run(slug)
        return self._received(self.capture.messages[before:])

    def _received(self, captured: list[Captured]) -> list[Received]:
        return [take_apart(one) for one in captured]

    def _post_one_click(self, url: str) -> int:
        return self._visitor.post(url, {"List-Unsubscribe": "One-Click"})

    @property
    def _visitor(self) -> DemoVisitor:
        return DemoVisitor(self.site_port)

    def _edition_file(self, slug: str) -> Path:
        return self.workspace.settings.path("editions") / slug / "edition.yaml"


def _with_another_subject(captured: Captured) -> Captured:
    content = captured.content.replace(b"\r\nSubject: ", b"\r\nSubject: Re: ")
    return replace(captured, content=content)


def _masked(url: str) -> str:
    return url[: url.rindex("/") + 5] + "…"
