"""From a claimed notice to the bytes that go out: composed, published, linked and signed.

Apart from `sending`, since it loads the composer.
"""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from newsletter.app.notices.links import NoticeLinks
from newsletter.app.notices.stopped import NobodyThere
from newsletter.app.published_media import publish
from newsletter.app.workshop import workshop_of
from newsletter.app.workspace import Workspace
from newsletter.audience import subscribers
from newsletter.audience.topics import all_topics
from newsletter.composer.notices import NoticeContent, NoticeTopic, NoticeWriter
from newsletter.dispatch.personal_messages import tagged_address
from newsletter.domain.deliveries import Envelope
from newsletter.domain.languages import in_language
from newsletter.domain.notices import Notice, NoticeKind
from newsletter.domain.people import MailFormat, Subscriber, Topic
from newsletter.mail.addresses import parse_address
from newsletter.mail.message_facts import NoticeFacts
from newsletter.mail.notice_message import NoticeHeaders, write_notice
from newsletter.storage.engine import reading
from newsletter.tokens.tokens import Purpose

_FOR_SOMEBODY_LISTED = frozenset({NoticeKind.WELCOME, NoticeKind.ON_LIST, NoticeKind.MY_LINK})


class NoticeMessages:
    """Writes the messages of a workspace's notices."""

    def __init__(self, workspace: Workspace) -> None:
        """Raises FaultyFile for a brand that cannot be used."""
        workshop = workshop_of(workspace.settings)
        settings = workspace.settings
        self._workspace = workspace
        self._brand = workshop.brand
        self._writer = NoticeWriter(self._brand, workshop.template_folders, settings.media_url)
        self._zone = ZoneInfo(settings.site.timezone)

    def write(self, notice: Notice, now: datetime) -> tuple[Envelope, bytes]:
        """The envelope and the bytes of one notice; its pictures are published.

        The same at every attempt but for the date, its Message-ID above all (M9). Raises
        NobodyThere; BadAddress when the address cannot be written (M12); what the composer raises,
        and SurroundingsFailed when a picture cannot be published.
        """
        to = parse_address(notice.address)
        with reading(self._workspace.engine) as connection:
            person = subscribers.find(connection, notice.address)
            content = self._content(connection, notice, person)
        composed, media = self._writer.compose(content)
        folder = self._workspace.media_folder
        publish(folder, [one for one in media if not (folder / one.name).exists()])
        tokens = self._workspace.tokens
        envelope = Envelope(
            sender=tagged_address(
                self._workspace.settings.mail.bounce_address,
                tokens.tag(Purpose.BOUNCE, notice.handle, 0),
            ),
            recipient=to.wire,
            needs_smtputf8=to.needs_smtputf8,
        )
        headers = NoticeHeaders(to, now, tokens.message_id_local(notice.handle, 0))
        form = MailFormat.HTML if person is None else person.format
        facts = self._facts(composed.language)
        return envelope, write_notice(composed, facts, headers, form, self._workspace.signatures)

    def _facts(self, language: str) -> NoticeFacts:
        settings = self._workspace.settings
        return NoticeFacts(
            from_name=in_language(self._brand.from_name, language),
            from_address=settings.sender.address,
            reply_to=settings.reply_to,
            domain=settings.mail.domain,
        )

    def _content(
        self, connection: Connection, notice: Notice, person: Subscriber | None
    ) -> NoticeContent:
        languages = self._workspace.settings.site.languages
        # A person may read a language that the site has given up since.
        language = notice.language if notice.language in languages else languages[0]
        links = NoticeLinks(self._workspace, language)
        handle = notice.request_handle
        return NoticeContent(
            kind=notice.kind,
            language=language,
            address=notice.address,
            asked_at=notice.asked_at.astimezone(self._zone),
            until=notice.expires_at.astimezone(self._zone),
            topics=tuple(_topics(connection, notice, person, links, language)),
            other_address=notice.details.get("new_address", ""),
            action=_action(notice, person, links),
            block_address="" if handle is None else links.block(handle),
        )


def _action(notice: Notice, person: Subscriber | None, links: NoticeLinks) -> str:
    if notice.kind in _FOR_SOMEBODY_LISTED:
        if person is None:
            raise NobodyThere
        return links.preferences(person)
    return "" if notice.request_handle is None else links.confirm(notice.request_handle)


def _topics(
    connection: Connection,
    notice: Notice,
    person: Subscriber | None,
    links: NoticeLinks,
    language: str,
) -> list[NoticeTopic]:
    wanted = notice.details.get("topics", ())
    offers_leaving = notice.kind is NoticeKind.WELCOME and person is not None
    return [
        _named(one, language, links.unsubscribe(person, one) if person and offers_leaving else "")
        for one in all_topics(connection)
        if one.slug in wanted
    ]


def _named(topic: Topic, language: str, unsubscribe: str) -> NoticeTopic:
    spoken = language if language in topic.names else next(iter(topic.names))
    return NoticeTopic(topic.names[spoken], spoken, unsubscribe)
