"""Functions on instants that every database has, each under a name of its own."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Integer
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import GenericFunction


class seconds_between(GenericFunction[int]):  # noqa: N801 - it reads as a function of SQL
    """The seconds from the first instant to the second, to the nearest whole one."""

    type = Integer()
    inherit_cache = True


@compiles(seconds_between)
def _in_sqlite(element: seconds_between, compiler: SQLCompiler, **options: Any) -> str:  # noqa: ANN401 - the compiler's own
    start, end = (compiler.process(clause, **options) for clause in element.clauses)
    return f"CAST(round((julianday({end}) - julianday({start})) * 86400) AS INTEGER)"


@compiles(seconds_between, "postgresql")
def _in_postgresql(element: seconds_between, compiler: SQLCompiler, **options: Any) -> str:  # noqa: ANN401 - the compiler's own
    start, end = (compiler.process(clause, **options) for clause in element.clauses)
    return f"CAST(round(extract(epoch FROM ({end} - {start}))) AS BIGINT)"
