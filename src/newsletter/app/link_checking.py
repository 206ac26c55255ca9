"""Opening an edition's links, to tell those that lead nowhere (`check --online`, D4)."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TypeAlias
from urllib.parse import urlsplit

from newsletter.app.check_levels import levels_of_rules
from newsletter.app.composing import Composition
from newsletter.app.link_memory import LinkMemory
from newsletter.app.safe_fetching import FetchRules, Reply, ReplyKind, SafeFetcher
from newsletter.app.workshop import Workshop
from newsletter.composer.findings.findings import FindingList, Place
from newsletter.domain.compiled import CompiledEdition, CompiledLink
from newsletter.domain.hosts import is_reserved_example

_RULE = "link-broken"
_NO_SUCH_PAGE = {404, 410}

Told: TypeAlias = Callable[[int, int], object]
"""Is told after each address how many have been asked, and how many will be."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """How many addresses are asked, how many of them at once, and for how many seconds in all."""

    addresses: int = 200
    at_once: int = 8
    time: float = 60


@dataclass(frozen=True, slots=True)
class LinkChecker:
    """Asks the addresses that an edition links to, each of them once.

    `own_urls` are where our own pages and files will be, which are not asked; `now` is the present
    instant.
    """

    own_urls: tuple[str, ...]
    memory: LinkMemory
    now: datetime
    rules: FetchRules = field(default_factory=FetchRules)
    bounds: Bounds = Bounds()

    def check(self, compiled: CompiledEdition, found: FindingList, told: Told) -> None:
        """Adds to `found` what is wrong with the links of `compiled`."""
        places = self._places(compiled)
        replies = self._replies(list(places), told)
        unasked = [address for address in places if address not in replies]
        for address, reply in replies.items():
            for language, link in places[address]:
                _add_broken(found, language, link, reply)
        if unasked:
            language, _ = places[unasked[0]][0]
            found.add(_RULE, "unasked", Place(language), count=len(unasked))

    def _places(self, compiled: CompiledEdition) -> dict[str, list[tuple[str, CompiledLink]]]:
        places: dict[str, list[tuple[str, CompiledLink]]] = {}
        for form in compiled.every_form():
            for link in form.links:
                address = asked_address(link.address, self.own_urls)
                if address is not None:
                    places.setdefault(address, []).append((form.language, link))
        return places

    def _replies(self, addresses: Sequence[str], told: Told) -> Mapping[str, Reply]:
        known = self.memory.recall(addresses, now=self.now)
        unknown = [address for address in addresses if address not in known]
        if not unknown:
            return known
        asked = asyncio.run(self._ask_all(unknown[: self.bounds.addresses], told))
        self.memory.keep(asked, now=self.now)
        return known | asked

    async def _ask_all(self, addresses: Sequence[str], told: Told) -> dict[str, Reply]:
        fetcher = SafeFetcher(self.rules)
        replies: dict[str, Reply] = {}
        waiting = iter(addresses)

        async def ask_one_after_another() -> None:
            for address in waiting:
                replies[address] = await fetcher.ask(address)
                told(len(replies), len(addresses))

        with suppress(TimeoutError):
            async with asyncio.timeout(self.bounds.time), asyncio.TaskGroup() as group:
                for _ in range(self.bounds.at_once):
                    group.create_task(ask_one_after_another())
        return replies


def check_links(
    workshop: Workshop, composition: Composition, *, now: datetime, told: Told
) -> Composition:
    """The composition with what is wrong with its links among its findings."""
    settings = workshop.settings
    checker = LinkChecker(
        own_urls=(settings.site.base_url, settings.media_url), memory=_memory(workshop), now=now
    )
    found = FindingList(composition.content, levels_of_rules(settings.checks))
    checker.check(composition.compiled, found, told)
    findings = sorted(
        (*composition.compiled.findings, *found.all()), key=lambda finding: finding.section or 0
    )
    return replace(composition, compiled=replace(composition.compiled, findings=tuple(findings)))


def asked_address(address: str, own_urls: Iterable[str]) -> str | None:
    """What is asked for a link to `address`: without its fragment, which browsers do not send.

    None for what is not asked: anything but https, what is under `own_urls`, since it is each
    reader's own or not published yet, and example hosts.
    """
    asked = address.partition("#")[0]
    is_own = any(f"{asked}/".startswith(f"{own}/") for own in own_urls)
    if is_own or not asked.lower().startswith("https://") or is_reserved_example(_host(asked)):
        return None
    return asked


def _host(address: str) -> str:
    try:
        return urlsplit(address).hostname or ""
    except ValueError:
        return ""  # it is asked, and told to be no address


def _add_broken(found: FindingList, language: str, link: CompiledLink, reply: Reply) -> None:
    case = _case(reply)
    if case is not None:
        found.add(
            _RULE,
            case,
            Place(language, link.section),
            label=link.label,
            url=link.address,
            status=reply.status,
            moved_to=reply.moved_to,
        )


def _case(reply: Reply) -> str | None:
    if reply.kind is not ReplyKind.ANSWERED:
        return reply.kind.value
    if reply.status in _NO_SUCH_PAGE:
        return "missing"
    if not reply.is_good:
        return "error"
    return "moved" if reply.moved_to else None


def _memory(workshop: Workshop) -> LinkMemory:
    is_in_workspace = workshop.brand_folder is not None
    return LinkMemory(
        workshop.settings.data_folder / "link-checks.json" if is_in_workspace else None
    )
