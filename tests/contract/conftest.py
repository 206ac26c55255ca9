"""Everything here runs on both databases: a store must do the same on either."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine


@pytest.fixture(params=["sqlite", "postgresql"])
def migrated_engine(request: pytest.FixtureRequest) -> Engine:
    """An empty, migrated database of each kind, for one test."""
    engine: Engine = request.getfixturevalue(f"{request.param}_engine")
    return engine
