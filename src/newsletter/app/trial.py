"""Trial sends: an edition to one address, to look at, counting for nobody."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from newsletter.app import event_loops
from newsletter.app.composing import compile_content
from newsletter.app.message_facts import message_templates
from newsletter.app.workshop import workshop_of
from newsletter.app.workspace import Workspace
from newsletter.audience.topics import topic
from newsletter.dispatch.personal_messages import INERT_TOKENS, Addressee, write_message
from newsletter.dispatch.smtp_conversation import Timeouts
from newsletter.dispatch.transports import connect, open_first
from newsletter.domain.compiled import CompiledEdition
from newsletter.domain.deliveries import DeliveryState, Envelope, Outcome
from newsletter.domain.errors import Refused
from newsletter.domain.findings import Finding
from newsletter.domain.languages import in_language
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
    take a message, or no language can be composed; SurroundingsFailed on a copy of the database;
    BadInput or SurroundingsFailed for a key that cannot sign.
    """
    workspace.live_copy.require_live()
    compiled, list_name = _compile(workspace, slug)
    chosen = _chosen(compiled, language)
    templates = message_templates(workshop_of(workspace.settings), _marked(chosen), list_name)
    messages = [
        write_message(
            template,
            Addressee(to, ""),
            INERT_TOKENS,
            bounce_address=workspace.settings.mail.bounce_address,
            now=workspace.now(),
            signatures=workspace.signatures,
        )
        for template in templates.values()
    ]
    for outcome in event_loops.run(_hand_over(workspace, messages)):
        if outcome.state is not DeliveryState.ACCEPTED:
            raise Refused(f"the test was not accepted ({outcome.state}): {outcome.reply}")
    return Trial(tuple(chosen.languages), compiled.findings)


def _compile(workspace: Workspace, slug: str) -> tuple[CompiledEdition, str]:
    with reading(workspace.engine) as connection:
        stored = store.edition(connection, slug)
        written = store.content(connection, stored)
        images = store.revision_image_bytes(connection, stored)
        names = topic(connection, stored.topic).names
    list_name = in_language(names, workspace.settings.site.languages[0])
    return compile_content(
        workshop_of(workspace.settings), written, images, workspace.now()
    ), list_name


def _chosen(compiled: CompiledEdition, language: str | None) -> CompiledEdition:
    chosen = {
        one: text
        for one, text in compiled.languages.items()
        if language in (None, one, *text.languages)
    }
    if not chosen:
        raise Refused(
            f"edition {compiled.slug} cannot be composed in {language or 'any language'}",
            cure="See what is missing with `newsletter check FILE`. What can be composed:"
            f" {', '.join(compiled.languages) or 'nothing'}.",
        )
    return replace(compiled, languages=chosen, variants=())


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
    patience = workspace.settings.dispatch.timeout_reply.total_seconds()
    timeouts = Timeouts(final_dot=patience)
    transports = [connect(one.relay, timeouts) for one in workspace.relays or workspace.outbox]
    transport = await open_first(transports)
    try:
        return [
            await transport.begin(envelope, message) or await transport.finish()
            for envelope, message in messages
        ]
    finally:
        await transport.close()
