"""What a forked command may suffer beside a kill from outside: named in its order, done in its
process before it begins."""

from __future__ import annotations

import importlib
import os
import resource
import signal
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

from newsletter.dispatch import journal


@dataclass(frozen=True, slots=True)
class Sabotage:
    """Nothing by itself.

    `dies_at` names a function as `package.module:Class.method`: the process kills itself at its
    `number`-th call, before it or `after` it. `file_cap` are the octets above which no file grows,
    as on a disk that is full; `journal_reserve` those that a journal takes in advance.
    """

    dies_at: str = ""
    number: int = 1
    after: bool = False
    file_cap: int = 0
    journal_reserve: int = 0

    def as_json(self) -> dict[str, Any]:
        """For the zygote."""
        return asdict(self)

    def install(self) -> None:
        """Does it to this process."""
        if self.dies_at:
            self._wrap()
        if self.journal_reserve:
            vars(journal)["_RESERVE"] = self.journal_reserve
        if self.file_cap:
            # Python ignores the signal: whoever writes meets an error, as on a full disk.
            _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
            resource.setrlimit(resource.RLIMIT_FSIZE, (self.file_cap, hard))

    def _wrap(self) -> None:
        module, _, path = self.dies_at.partition(":")
        *holders, name = path.split(".")
        holder: Any = importlib.import_module(module)
        for one in holders:
            holder = getattr(holder, one)
        setattr(holder, name, self._dying(getattr(holder, name)))

    def _dying(self, function: Callable[..., Any]) -> Callable[..., Any]:
        calls = 0

        def dying(*given: Any, **named: Any) -> Any:
            nonlocal calls
            calls += 1
            if calls == self.number and not self.after:
                _die()
            result = function(*given, **named)
            if calls == self.number:
                _die()
            return result

        return dying


UNHARMED = Sabotage()


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)
