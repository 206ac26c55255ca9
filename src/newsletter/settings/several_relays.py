"""Several relays in place of one: how they stand in newsletter.toml, and what they must be."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pydantic import ValidationInfo

from newsletter.settings.tables import Relay


def one_table(value: object) -> object:
    """What stands under [relay], which is there once."""
    if isinstance(value, list):
        raise ValueError("write [relay] for one relay, or [[relays]] for each of several")  # noqa: TRY004 - pydantic takes no other
    return value


def a_list_of_tables(value: object) -> object:
    """What stands under [[relays]], each for one relay."""
    if not isinstance(value, list):
        raise ValueError("write [[relays]], with two brackets, for each relay")  # noqa: TRY004 - the same
    return value


def that_share(relays: list[Relay], info: ValidationInfo) -> list[Relay]:
    """Relays that can share the mail; `info` holds what stands under [relay]."""
    if relays and info.data.get("relay", Relay()) != Relay():
        raise ValueError(
            "what stands under [relay], or in NEWSLETTER_RELAY__…, is for a relay alone: write it"
            " under the [[relays]] that it is for"
        )
    faults = list(_faults(relays))
    if faults:
        raise ValueError("; ".join(faults))
    return relays


def _faults(relays: Sequence[Relay]) -> Iterator[str]:
    for number, relay in enumerate(relays, 1):
        if relay.url is None:
            yield f"number {number} has no url: write it, or take its table out"
    if relays and not any(relay.weight for relay in relays):
        yield "all have the weight 0: give those that take mail day by day a weight of 1 or more"
