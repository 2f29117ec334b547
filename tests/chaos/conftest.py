"""Servers that may be killed, each a copy of one that has been deployed to once."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from moadb import deploy
from moadb.connection import connect
from moadb.server import LocalServer
from servers import temporary_server


@pytest.fixture(scope="session")
def stopped(request: pytest.FixtureRequest) -> Iterator[LocalServer]:
    """Return a server with every system in its database: to copy, not to start."""
    with temporary_server(request.config.getoption("--server")) as local:
        with connect(local.admin_dsn("postgres")) as connection:
            connection.execute("create database moadb")
        deploy.migrate(local.admin_dsn())
        local.stop()
        yield local


@pytest.fixture
def cluster(request: pytest.FixtureRequest, stopped: LocalServer) -> Iterator[LocalServer]:
    """Return a server that may be killed, with every system in its database, whose jobs it runs."""
    with temporary_server(request.config.getoption("--server"), copy_of=stopped) as local:
        with connect(local.admin_dsn()) as connection:
            connection.execute("select platform.adopt_installation()")
        yield local
