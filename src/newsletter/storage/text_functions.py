"""Functions on text that every database has, each under a name of its own."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Text
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import GenericFunction


class at_domain(GenericFunction[str]):  # noqa: N801 - it reads as a function of SQL
    """The part of a canonical address from its one `@` on: `@example.org`."""

    type = Text()
    inherit_cache = True


@compiles(at_domain)
def _in_sqlite(element: at_domain, compiler: SQLCompiler, **options: Any) -> str:  # noqa: ANN401 - the compiler's own
    address = compiler.process(element.clauses, **options)
    return f"substr({address}, instr({address}, '@'))"


@compiles(at_domain, "postgresql")
def _in_postgresql(element: at_domain, compiler: SQLCompiler, **options: Any) -> str:  # noqa: ANN401 - the compiler's own
    address = compiler.process(element.clauses, **options)
    return f"substr({address}, strpos({address}, '@'))"
