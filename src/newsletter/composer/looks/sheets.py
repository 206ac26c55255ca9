"""All blocks of styles of a mail together: what they say of an element by day and in the dark."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from newsletter.composer.looks.css import CssRule, Declarations, Declared, read_sheet
from newsletter.composer.looks.selectors import Selector, Spot, read_selector

_ALWAYS = frozenset({"", "all", "screen", "only screen"})


def is_for_dark(media: str) -> bool:
    """Whether a media condition asks for a dark screen."""
    return "prefers-color-scheme:dark" in media.replace(" ", "")


@dataclass(frozen=True, slots=True)
class _Rule:
    selector: Selector
    declarations: Declarations
    order: int


_RulesByKey = Mapping[str, Sequence[_Rule]]


@dataclass(frozen=True, eq=False)
class Sheet:
    """The blocks of styles of one mail, in their order; rules for narrow screens do not count."""

    blocks: tuple[str, ...]

    @cached_property
    def rules(self) -> tuple[CssRule, ...]:
        """All rules of all blocks."""
        return tuple(rule for block in self.blocks for rule in read_sheet(block).rules)

    def given(self, spot: Spot, own: Declarations, *, dark: bool) -> Declarations:
        """What holds for the element, whose `style` attribute says `own`, by the cascade of CSS."""
        fitting = [*_fitting(self._by_day, spot)]
        if dark:
            fitting += _fitting(self._in_the_dark, spot)
        fitting.sort(key=lambda rule: (rule.selector.specificity, rule.order))
        given = [*(rule.declarations for rule in fitting), own]
        found: dict[str, Declared] = {}
        for important in (False, True):
            for one in given:
                found |= {name: said for name, said in one.items() if said.important is important}
        return found

    @cached_property
    def _by_day(self) -> _RulesByKey:
        return _by_key(self.rules, lambda media: media in _ALWAYS)

    @cached_property
    def _in_the_dark(self) -> _RulesByKey:
        return _by_key(self.rules, is_for_dark)


@lru_cache(maxsize=32)
def sheet_of(blocks: tuple[str, ...]) -> Sheet:
    """The sheet of these blocks, the same one for the same blocks."""
    return Sheet(blocks)


def _by_key(rules: Iterable[CssRule], holds: Callable[[str], bool]) -> _RulesByKey:
    found: dict[str, list[_Rule]] = {}
    for order, rule in enumerate(rules):
        selector = read_selector(rule.selector)
        if selector is not None and holds(rule.media):
            found.setdefault(selector.key, []).append(_Rule(selector, rule.declarations, order))
    return found


def _fitting(rules: _RulesByKey, spot: Spot) -> Iterator[_Rule]:
    for key in ("", spot.tag, *(f".{name}" for name in spot.classes)):
        for rule in rules.get(key, ()):
            if rule.selector.fits(spot):
                yield rule
