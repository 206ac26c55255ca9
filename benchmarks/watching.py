"""Seeing the functions of the program at work, without a word about it in the program."""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import wraps
from time import process_time
from typing import Any

Function = Callable[..., Any]


@contextmanager
def replaced(functions: Mapping[Function, Function]) -> Iterator[None]:
    """Until the block ends, every module and class of the program calls the replacements.

    A method is named as its class has it (`EditionReader.read`).
    """
    found = [(*holder, new, old) for old, new in functions.items() for holder in _holders(old)]
    try:
        for holder, name, new, _ in found:
            setattr(holder, name, new)
        yield
    finally:
        for holder, name, _, old in found:
            setattr(holder, name, old)


class StageClock:
    """CPU seconds by stage; a stage inside another counts for itself alone."""

    def __init__(self) -> None:
        self.seconds: defaultdict[str, float] = defaultdict(float)
        self._inner: list[float] = []

    def timed(self, stage: str, function: Function) -> Function:
        """`function`, its calls counted for the stage."""

        @wraps(function)
        def run(*args: object, **options: object) -> object:
            self._inner.append(0.0)
            began = process_time()
            try:
                return function(*args, **options)
            finally:
                self._count(stage, process_time() - began)

        return run

    def _count(self, stage: str, took: float) -> None:
        self.seconds[stage] += took - self._inner.pop()
        if self._inner:
            self._inner[-1] += took


def _holders(function: Function) -> set[tuple[Any, str]]:
    """Where the program keeps the function, and under which name: it may be imported widely."""
    modules = [module for name, module in sys.modules.items() if name.startswith("newsletter.")]
    classes = [each for module in modules for each in vars(module).values() if _is_ours(each)]
    return {
        (holder, name)
        for holder in (*modules, *classes)
        for name, value in vars(holder).items()
        if value is function
    }


def _is_ours(each: object) -> bool:
    return isinstance(each, type) and each.__module__.startswith("newsletter.")
