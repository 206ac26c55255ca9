"""Trial sends: an edition to one address, to look at, counting for nobody."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace

from newsletter.app.composing import compile_content
from newsletter.app.message_facts import in_language, message_templates
from newsletter.app.workspace import Workspace
from newsletter.audience.topics import topic
from newsletter.dispatch.personal_messages import INERT_TOKENS, Addressee, write_message
from newsletter.dispatch.transports import connect
from newsletter.domain.compiled import CompiledEdition
from newsletter.domain.deliveries import DeliveryState, Envelope, Outcome
from newsletter.domain.errors import BadInput, Refused
from newsletter.domain.findings import Finding
from newsletter.editions import store
from newsletter.storage.engine import reading


@dataclass(frozen=True, slots=True)
class Trial:
    """What was sent: in which languages, and what the checks say of it."""

    languages: tuple[str, ...]
    findings: tuple[Finding, ...]


def send_trial(workspace: Workspace, slug: str, *, to: str, language: str | None) -> Trial:
    """Sends the newest revision to `to` with `[Test]` before its subject (S15).

    Must-findings are allowed, being what one looks for. Raises Refused when the server does not
    take a message, or no language can be composed.
    """
    compiled, list_name = _compile(workspace, slug, language)
    templates = message_templates(workspace, _marked(compiled), list_name)
    messages = [
        write_message(
            templates[one],
            Addressee(to, "", one),
            INERT_TOKENS,
            workspace.mail_names,
            languages=tuple(templates),
            now=workspace.now(),
        )
        for one in templates
    ]
    for outcome in asyncio.run(_hand_over(workspace, messages)):
        if outcome.state is not DeliveryState.ACCEPTED:
            raise Refused(f"the test was not accepted ({outcome.state}): {outcome.reply}")
    return Trial(tuple(templates), compiled.findings)


def _compile(workspace: Workspace, slug: str, language: str | None) -> tuple[CompiledEdition, str]:
    with reading(workspace.engine) as connection:
        stored = store.edition(connection, slug)
        written = store.content(connection, stored)
        images = store.revision_image_bytes(connection, stored)
        names = topic(connection, stored.topic).names
    compiled = compile_content(workspace, written, images)
    if language is not None and language not in written.languages:
        raise BadInput(
            f"edition {slug} has no language {language}",
            cure=f"Its languages are {', '.join(written.languages)}.",
        )
    chosen = {one: text for one, text in compiled.languages.items() if language in (None, one)}
    if not chosen:
        raise Refused(
            f"edition {slug} cannot be composed in {language or 'any language'}",
            cure="See what is missing with `newsletter check FILE`.",
        )
    list_name = in_language(names, workspace.settings.site.languages[0])
    return replace(compiled, languages=chosen), list_name


def _marked(compiled: CompiledEdition) -> CompiledEdition:
    return replace(
        compiled,
        languages={
            language: replace(text, subject=("[Test] ", *text.subject))
            for language, text in compiled.languages.items()
        },
    )


async def _hand_over(
    workspace: Workspace, messages: Sequence[tuple[Envelope, bytes]]
) -> list[Outcome]:
    transport = connect(workspace.relay or workspace.outbox)
    try:
        await transport.open()
        return [await transport.send(envelope, message) for envelope, message in messages]
    finally:
        await transport.close()
