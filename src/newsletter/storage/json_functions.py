"""Functions on a column of JSON that every database has, each under a name of its own.

Each takes the column and the name of one of its keys: letters, digits and `_`.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Boolean, Text
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import GenericFunction

TEXT_KINDS = ("text", "string")
NUMBER_KINDS = ("integer", "real", "number")
BOOLEAN_KINDS = ("true", "false", "boolean")
LIST_KINDS = ("array",)


class json_kind(GenericFunction[str]):  # noqa: N801 - it reads as a function of SQL
    """What lies under a key, by one of the database's words for it; NULL when nothing does."""

    type = Text()
    inherit_cache = True


class json_list_has(GenericFunction[bool]):  # noqa: N801 - it reads as a function of SQL
    """Whether the list under a key has a text, the third argument, among its entries."""

    type = Boolean()
    inherit_cache = True


@compiles(json_kind)
def _kind_in_sqlite(element: json_kind, compiler: SQLCompiler, **options: Any) -> str:  # noqa: ANN401 - the compiler's own
    column, key = (compiler.process(clause, **options) for clause in element.clauses)
    return f"json_type({column}, '$.' || {key})"


@compiles(json_kind, "postgresql")
def _kind_in_postgresql(element: json_kind, compiler: SQLCompiler, **options: Any) -> str:  # noqa: ANN401 - the compiler's own
    column, key = (compiler.process(clause, **options) for clause in element.clauses)
    return f"jsonb_typeof({column} -> CAST({key} AS TEXT))"


@compiles(json_list_has)
def _has_in_sqlite(element: json_list_has, compiler: SQLCompiler, **options: Any) -> str:  # noqa: ANN401 - the compiler's own
    column, key, entry = (compiler.process(clause, **options) for clause in element.clauses)
    # Named in full: `value` alone may be a column of the statement around it.
    entries = f"json_each({column}, '$.' || {key}) AS entries"
    return f"EXISTS (SELECT 1 FROM {entries} WHERE entries.value = {entry})"  # noqa: S608 - bound


@compiles(json_list_has, "postgresql")
def _has_in_postgresql(element: json_list_has, compiler: SQLCompiler, **options: Any) -> str:  # noqa: ANN401 - the compiler's own
    column, key, entry = (compiler.process(clause, **options) for clause in element.clauses)
    return f"({column} -> CAST({key} AS TEXT)) @> to_jsonb(CAST({entry} AS TEXT))"
