"""`make hour`: an hour with ten receivers that misbehave, in less than a minute, and its table."""

from __future__ import annotations

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.simulated_hour.table import print_table
from tests.simulated_hour.ten_receivers import spend


def _main() -> bool:
    with TemporaryDirectory() as name:
        ended = spend(Path(name, "workspace"))
    print_table(ended.rows)
    for error in ended.errors:
        print(error)  # noqa: T201 - this is what it is for
    return all(row.is_as_expected for row in ended.rows) and not ended.errors


if __name__ == "__main__":
    sys.exit(not _main())
