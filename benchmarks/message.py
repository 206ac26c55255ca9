"""What one reader's message costs: filling a template, against the standard library's writer.

Run from the repository's root as `python -m benchmarks.message`. It prints a table and writes the
same figures to benchmarks/results/message.json. The rounds of all candidates take turns, and the
best round counts, so that what else the machine does weighs on none of them more than on another.
"""

from __future__ import annotations

import json
import platform
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from email import policy
from email.message import EmailMessage
from pathlib import Path
from time import perf_counter

from rich.console import Console
from rich.table import Table

from newsletter.domain.compiled import CompiledLanguage, Piece, Slot
from newsletter.mail.addresses import parse_address
from newsletter.mail.message import MessageFacts, PersonalHeaders, write_template
from newsletter.mail.slots import fill_html, fill_text

HTML_SIZE = 50_000
TEXT_SIZE = 15_000
ROUNDS = 15
LEAST_RATIO = 100
RESULTS = Path(__file__).parent / "results" / "message.json"

PAGE = "https://news.example.org/cy"
TOKEN = "AX" * 23 + "w"
VALUES = {
    "name": "Siân",
    "email": "sian@example.org",
    "view": f"{PAGE}/view/{TOKEN}",
    "view_en": f"https://news.example.org/en/view/{TOKEN}",
    "unsubscribe": f"{PAGE}/unsubscribe/{TOKEN}",
    "preferences": f"{PAGE}/preferences/{TOKEN}",
    "why": f"{PAGE}/preferences/{TOKEN}#why",
}
HTML_SLOTS = (
    Slot("view", language="en"),
    Slot("name", "gyfaill"),
    Slot("preferences"),
    Slot("unsubscribe"),
)
TEXT_SLOTS = (Slot("view"), Slot("email"), Slot("why"))
HTML_LINE = '<p style="margin:0 0 16px;font-size:16px">Mae’r adroddiad am ddŵr glân yn barod.</p>\n'
TEXT_LINE = "Mae’r adroddiad am ddŵr glân yn barod, a gallwch ei ddarllen ar ein gwefan.\n"
SUBJECT = "Newyddion y mis: dŵr glân"
FACTS = MessageFacts(
    from_name="Cyngor Tŷ Mawr",
    from_address="news@example.org",
    reply_to="editor@example.org",
    list_name="Bwletin misol",
    list_id="monthly.mail.example.org",
    list_owner="editor@example.org",
    feedback_id="2026-10:monthly:edition:a1b2c3d4e5f6",
)


@dataclass(frozen=True, slots=True)
class Figure:
    """One candidate: microseconds per message in the best round, and octets of the message."""

    name: str
    microseconds: float
    octets: int


def main() -> None:
    """Measures, prints and writes the figures."""
    figures = measure(candidates())
    stock = figures["email.message.EmailMessage"]
    print_table(figures, stock)
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(report(figures, stock), indent=2) + "\n", encoding="utf-8")


def candidates() -> dict[str, tuple[Callable[[], bytes], int]]:
    """What is measured: its name, how to write one message, and how often in a round."""
    text, page = edition()
    headers = PersonalHeaders(
        to=parse_address(VALUES["email"]),
        date=datetime(2026, 10, 1, 9, 30, tzinfo=UTC),
        message_id=f"<{'a' * 47}@mail.example.org>",
        unsubscribe_url=f"https://news.example.org/u/{TOKEN}",
        unsubscribe_mailto=f"leave+{'a' * 47}@mail.example.org",
    )
    fixed = write_template(CompiledLanguage("cy", ("cy",), (SUBJECT,), page, text), FACTS)
    greeting: tuple[Piece, ...] = (Slot("name", "Gyfaill"), f": {SUBJECT}")
    greeted = write_template(CompiledLanguage("cy", ("cy",), greeting, page, text), FACTS)
    return {
        "fill": (lambda: fixed.fill(VALUES, headers), 500),
        "fill, name in the subject": (lambda: greeted.fill(VALUES, headers), 500),
        "email.message.EmailMessage": (lambda: stock_message(text, page, headers), 5),
    }


def edition() -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    """The text and the HTML, seven slots in all."""
    return (
        with_slots(TEXT_LINE, TEXT_SIZE, TEXT_SLOTS),
        with_slots(HTML_LINE, HTML_SIZE, HTML_SLOTS),
    )


def with_slots(line: str, size: int, slots: tuple[Slot, ...]) -> tuple[Piece, ...]:
    """`size` octets of finished text with the slots spread evenly over it."""
    stretch = line * (size // len(line.encode()) // (len(slots) + 1) + 1)
    pieces: list[Piece] = [stretch]
    for slot in slots:
        pieces += [slot, f"\n{stretch}"]
    return tuple(pieces)


def stock_message(
    text: tuple[Piece, ...], page: tuple[Piece, ...], headers: PersonalHeaders
) -> bytes:
    """The same message as the standard library writes it.

    Its list headers are spared, which it would corrupt (M4), so it has a little less to do.
    """
    message = EmailMessage(policy=policy.SMTP)
    message["From"] = f'"{FACTS.from_name}" <{FACTS.from_address}>'
    message["To"] = headers.to.wire
    message["Reply-To"] = FACTS.reply_to
    message["Subject"] = SUBJECT
    message["Date"] = headers.date
    message["Message-ID"] = headers.message_id
    message.set_content(fill_text(text, VALUES), cte="quoted-printable")
    message.add_alternative(fill_html(page, VALUES), subtype="html", cte="quoted-printable")
    return message.as_bytes()


def measure(candidates: Mapping[str, tuple[Callable[[], bytes], int]]) -> dict[str, Figure]:
    """The figures of all candidates, their rounds taking turns."""
    best = dict.fromkeys(candidates, float("inf"))
    for _ in range(ROUNDS):
        for name, (write, times) in candidates.items():
            began = perf_counter()
            for _ in range(times):
                write()
            best[name] = min(best[name], (perf_counter() - began) / times)
    return {
        name: Figure(name, round(seconds * 1e6, 2), len(candidates[name][0]()))
        for name, seconds in best.items()
    }


def print_table(figures: Mapping[str, Figure], stock: Figure) -> None:
    """The figures for a person."""
    table = Table("message", "octets", "µs each", f"ratio (at least {LEAST_RATIO})")
    for figure in figures.values():
        ratio = "1" if figure is stock else f"{stock.microseconds / figure.microseconds:.0f}"
        table.add_row(figure.name, f"{figure.octets:,}", f"{figure.microseconds:,.1f}", ratio)
    Console().print(table)


def report(figures: Mapping[str, Figure], stock: Figure) -> dict[str, object]:
    """The figures for a program."""
    return {
        "python": platform.python_version(),
        "machine": platform.machine(),
        "rounds": ROUNDS,
        "figures": [
            asdict(figure) | {"ratio": round(stock.microseconds / figure.microseconds, 1)}
            for figure in figures.values()
        ],
    }


if __name__ == "__main__":
    main()
