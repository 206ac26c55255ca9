"""What one reader's message costs: filling a template, against the standard library's writer.

Run from the repository's root as `python -m benchmarks.message`. It prints a table and writes the
same figures to benchmarks/results/message.json. The rounds of all candidates take turns, and the
best round counts, so that what else the machine does weighs on none of them more than on another.
"""

from __future__ import annotations

import json
import platform
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from email import policy
from email.message import EmailMessage
from math import inf
from pathlib import Path
from time import perf_counter

from rich.console import Console
from rich.table import Table

from newsletter.domain.compiled import CompiledLanguage, Piece, Slot
from newsletter.domain.people import MailFormat
from newsletter.mail.addresses import parse_address
from newsletter.mail.bodies import Encoding
from newsletter.mail.message import PersonalHeaders, write_template
from newsletter.mail.message_facts import MessageFacts
from newsletter.mail.page_links import LinkedLanguage, LinkTokens, link_pages
from newsletter.mail.slots import SlotValues, fill_html, fill_text

HTML_SIZE = 50_000
TEXT_SIZE = 15_000
ROUNDS = 60
LEAST_RATIO = 300
RESULTS = Path(__file__).parent / "results" / "message.json"

TOKEN = "AX" * 23 + "w"
VALUES = SlotValues(
    {"name": "Siân", "email": "sian@example.org"},
    LinkTokens(view=TOKEN, unsubscribe=TOKEN, preferences=TOKEN),
)
HTML_SLOTS = (
    Slot("view", language="en"),
    Slot("name", "gyfaill"),
    Slot("preferences"),
    Slot("unsubscribe"),
)
TEXT_SLOTS = (Slot("view"), Slot("email"), Slot("why"))
HTML_LINE = '<p style="margin:0 0 16px;font-size:16px">Mae’r adroddiad am ddŵr glân yn barod.</p>\n'
TEXT_LINE = "Mae’r adroddiad am ddŵr glân yn barod, a gallwch ei ddarllen ar ein gwefan.\n"
ASCII_SUBJECT = "News of the month: clean water"
WELSH_SUBJECT = ", newyddion y mis: dŵr glân"
RUSSIAN_LINE = "<p>Доклад о чистой воде готов, его можно прочитать на нашем сайте.</p>\n"
FACTS = MessageFacts(
    from_name="Cyngor Tŷ Mawr",
    from_address="news@example.org",
    reply_to="editor@example.org",
    list_name="Bwletin misol",
    list_id="monthly.mail.example.org",
    list_owner="editor@example.org",
    feedback_id="2026-10:monthly:edition:a1b2c3d4e5f6",
    base_url="https://news.example.org",
    domain="mail.example.org",
    unsubscribe_address="leave@mail.example.org",
)
HEADERS = PersonalHeaders(
    to=parse_address("sian@example.org"),
    date=datetime(2026, 10, 1, 9, 30, tzinfo=UTC),
    message_id="a" * 47,
    unsubscribe_tag="b" * 47,
)


@dataclass(frozen=True, slots=True)
class Message:
    """A message of some sort, and how both write it for one reader."""

    name: str
    ours: Callable[[], bytes]
    stock: Callable[[], bytes]


@dataclass(frozen=True, slots=True)
class Figure:
    """Microseconds for one message in the best round, ours and EmailMessage's, and our octets."""

    name: str
    octets: int
    microseconds: float
    stock_microseconds: float

    @property
    def ratio(self) -> float:
        """How many times dearer the standard library is."""
        return round(self.stock_microseconds / self.microseconds, 1)


def main() -> None:
    """Measures, prints and writes the figures."""
    figures = measure(messages())
    print_table(figures)
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(report(figures), indent=2) + "\n", encoding="utf-8")


def messages() -> tuple[Message, ...]:
    """What is measured; the first is what the target is for."""
    welsh = with_slots(HTML_LINE, HTML_SIZE, HTML_SLOTS)
    russian = with_slots(RUSSIAN_LINE, HTML_SIZE, HTML_SLOTS)
    plain = language((ASCII_SUBJECT,), welsh)
    return (
        a_message("ASCII subject", plain),
        a_message("name in a Welsh subject", language((Slot("name"), WELSH_SUBJECT), welsh)),
        a_message("text only", plain, form=MailFormat.TEXT),
        a_message("HTML in base64", language((WELSH_SUBJECT,), russian), encoding=Encoding.BASE64),
    )


def a_message(
    name: str,
    compiled: CompiledLanguage,
    *,
    form: MailFormat = MailFormat.HTML,
    encoding: Encoding = Encoding.QUOTED_PRINTABLE,
) -> Message:
    """A message of `compiled`, the standard library's HTML part in the same `encoding` as ours."""
    template, linked = write_template(compiled, FACTS), link_pages(compiled, FACTS.base_url)
    if template.html.encoding is not encoding:
        raise ValueError(f"{name} is in {template.html.encoding}")
    return Message(
        name,
        ours=lambda: template.fill(VALUES, HEADERS, form),
        stock=lambda: stock_message(linked, form, encoding),
    )


def language(subject: tuple[Piece, ...], page: tuple[Piece, ...]) -> CompiledLanguage:
    """An edition with this HTML and always the same text, seven slots in all."""
    text = with_slots(TEXT_LINE, TEXT_SIZE, TEXT_SLOTS)
    return CompiledLanguage("cy", ("cy",), subject, page, text)


def with_slots(line: str, size: int, slots: tuple[Slot, ...]) -> tuple[Piece, ...]:
    """`size` octets of finished text with the slots spread evenly over it."""
    stretch = line * (size // len(line.encode()) // (len(slots) + 1) + 1)
    pieces: list[Piece] = [stretch]
    for slot in slots:
        pieces += [slot, f"\n{stretch}"]
    return tuple(pieces)


def stock_message(linked: LinkedLanguage, form: MailFormat, encoding: Encoding) -> bytes:
    """The same message as the standard library writes it.

    Its list headers are spared, which it would corrupt (M4), so it has a little less to do.
    """
    message = EmailMessage(policy=policy.SMTP)
    message["From"] = f'"{FACTS.from_name}" <{FACTS.from_address}>'
    message["To"] = HEADERS.to.wire
    message["Reply-To"] = FACTS.reply_to
    message["Subject"] = fill_text(linked.subject, VALUES)
    message["Date"] = HEADERS.date
    message["Message-ID"] = f"<{HEADERS.message_id}@{FACTS.domain}>"
    message.set_content(fill_text(linked.text, VALUES), cte="quoted-printable")
    if form is MailFormat.HTML:
        page = fill_html(linked.html, VALUES)
        message.add_alternative(page, subtype="html", cte=encoding.value)
    return message.as_bytes()


def measure(messages: Sequence[Message]) -> tuple[Figure, ...]:
    """The figures of all messages, their rounds taking turns."""
    best = {(one.name, kind): inf for one in messages for kind in ("ours", "stock")}
    for _ in range(ROUNDS):
        for one in messages:
            for kind, write, times in (("ours", one.ours, 100), ("stock", one.stock, 1)):
                best[one.name, kind] = min(best[one.name, kind], seconds(write, times))
    return tuple(
        Figure(
            one.name,
            octets=len(one.ours()),
            microseconds=round(best[one.name, "ours"] * 1e6, 2),
            stock_microseconds=round(best[one.name, "stock"] * 1e6, 2),
        )
        for one in messages
    )


def seconds(write: Callable[[], bytes], times: int) -> float:
    """How long one message takes when `times` of them are written in a row."""
    began = perf_counter()
    for _ in range(times):
        write()
    return (perf_counter() - began) / times


def print_table(figures: Sequence[Figure]) -> None:
    """The figures for a person."""
    table = Table(
        *("message", "octets", "µs each", "EmailMessage", "ratio"),
        caption=f"The first ratio is to be at least {LEAST_RATIO}.",
    )
    for one in figures:
        table.add_row(
            one.name,
            f"{one.octets:,}",
            f"{one.microseconds:,.1f}",
            f"{one.stock_microseconds:,.0f}",
            f"{one.ratio:.0f}",
        )
    Console().print(table)


def report(figures: Sequence[Figure]) -> dict[str, object]:
    """The figures for a program."""
    return {
        "python": platform.python_version(),
        "machine": platform.machine(),
        "rounds": ROUNDS,
        "figures": [asdict(one) | {"ratio": one.ratio} for one in figures],
    }


if __name__ == "__main__":
    main()
