"""TOML files of the composer: `section.toml` and `brand.toml`."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

from newsletter.composer.sources.faults import Faults, did_you_mean
from newsletter.composer.sources.text_rules import unfit_character
from newsletter.domain.languages import is_language_tag

_PLACE = re.compile(r" \((?:at line (\d+), column \d+|at end of document)\)$")


def read_toml(file: Path, faults: Faults) -> dict[str, Any]:
    """The tables of `file`; raises `FaultyFile` when it is missing, not UTF-8 or not TOML."""
    try:
        return tomllib.loads(file.read_bytes().decode("utf-8-sig"))
    except OSError as error:
        faults.stop(None, f"cannot be read: {error.strerror}")
    except UnicodeDecodeError:
        faults.stop(None, "this is not UTF-8 text", "save the file in the encoding UTF-8")
    except tomllib.TOMLDecodeError as error:
        found = _PLACE.search(str(error))
        line = int(found[1]) if found and found[1] else None
        faults.stop(line, f"this is not TOML: {_PLACE.sub('', str(error))}")


def read_words_table(
    value: object, path: str, faults: Faults, *, many_lines: bool = False
) -> dict[str, str]:
    """Words by language from a table; empty when there is none, or with a fault."""
    if value is None:
        return {}
    if not isinstance(value, dict):
        cure = f'write {path.rpartition(".")[2]} = {{ en = "…", cy = "…" }}'
        faults.add(None, f"{path}: these are not words by language", cure)
        return {}
    return {
        language: words
        for language, words in value.items()
        if _is_fit(language, words, f"{path}.{language}", faults, many_lines=many_lines)
    }


def refuse_unknown(
    table: dict[str, Any], known: tuple[str, ...], path: str, faults: Faults
) -> None:
    """Note each key of `table` that is not `known`; `path` is "" for the file's own keys."""
    for key in table:
        if key not in known:
            place = f"{path}.{key}" if path else key
            faults.add(None, f"{place}: there is no such key", did_you_mean(key, known))


def _is_fit(language: str, words: object, path: str, faults: Faults, *, many_lines: bool) -> bool:
    if not is_language_tag(language):
        cure = "write BCP 47 tags such as en, cy or en-GB"
        faults.add(None, f'{path}: "{language}" is not a language tag', cure)
    elif not isinstance(words, str):
        faults.add(None, f"{path}: this is not text", f'write {language} = "…"')
    elif unfit := unfit_character(words, many_lines=many_lines):
        faults.add(None, f"{path}: there is {unfit} in the text", "write the text without it")
    else:
        return True
    return False
