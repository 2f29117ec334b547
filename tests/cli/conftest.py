"""What several files of tests of the commands start from."""

from __future__ import annotations

import pytest

from moadb.connection import connect
from probing import PROBES


@pytest.fixture
def probes(database: str) -> str:
    """Return a connection string to a database that runs its jobs, with functions for jobs to call."""
    with connect(database) as connection:
        connection.execute("select platform.adopt_installation()")
        connection.execute("update platform.jobs set is_paused = true")
        connection.execute(PROBES)
    return database
