"""The server and the databases that tests run on.

One server per pytest run, in a temporary folder, with PostgreSQL's own durable settings; one template database with every system
deployed and pgTAP loaded; each test that changes something gets a clone of it, which takes a tenth of a second.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from psycopg import conninfo
from pytest_postgresql.janitor import DatabaseJanitor

from moadb import testing

try:
    from moadb.server import LocalServer, find_binaries
except ImportError:
    from _local_server import LocalServer, find_binaries


def pytest_addoption(parser: pytest.Parser) -> None:
    """Say on which PostgreSQL the tests run."""
    parser.addoption(
        "--server",
        choices=["embedded", "system"],
        default="embedded",
        help="run on the PostgreSQL of the Python package (embedded) or on this machine's own (system)",
    )


@pytest.fixture(scope="session")
def server(request: pytest.FixtureRequest) -> Iterator[LocalServer]:
    """Return a running server of the kind that --server names; its admin_dsn() is a superuser's."""
    folder = Path(tempfile.mkdtemp(prefix="moadb-test-"))
    folder.chmod(0o711)
    local = LocalServer(folder / "data", find_binaries(request.config.getoption("--server")))
    try:
        local.init()
        local.start()
        yield local
    finally:
        if local.is_running():
            local.stop("immediate")
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _database(server: LocalServer, name: str, template: str | None = None) -> Iterator[str]:
    """Create a database (a copy of `template`) by pytest-postgresql's janitor; yield its superuser's connection string; drop it."""
    admin = conninfo.conninfo_to_dict(server.admin_dsn("postgres"))
    janitor = DatabaseJanitor(
        user=str(admin["user"]),
        host=str(admin["host"]),
        port=str(admin["port"]),
        password=str(admin["password"]) if "password" in admin else None,
        dbname=name,
        template_dbname=template,
    )
    with janitor:
        yield testing.with_database(server.admin_dsn(), name)


@pytest.fixture(scope="session")
def template(server: LocalServer) -> Iterator[str]:
    """Return the name of a database that has every system and pgTAP, and no demo data. Clone it, do not connect to it."""
    name = testing.make_template(server.admin_dsn("postgres"))
    yield name
    testing.drop_database(server.admin_dsn("postgres"), name)


@pytest.fixture
def database(server: LocalServer, template: str) -> Iterator[str]:
    """Return a superuser's connection string to a fresh clone of the template."""
    with _database(server, testing.new_name(), template) as dsn:
        yield dsn


@pytest.fixture
def empty_database(server: LocalServer) -> Iterator[str]:
    """Return a superuser's connection string to an empty database."""
    with _database(server, testing.new_name("empty")) as dsn:
        yield dsn


@pytest.fixture(scope="session")
def pgtap_databases(server: LocalServer, template: str) -> Iterator[testing.Databases]:
    """Return the databases that pgTAP files run in, on the server of this run."""
    databases = testing.Databases(server.admin_dsn("postgres"), template, server.binaries / "psql")
    yield databases
    databases.close()
