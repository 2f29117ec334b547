"""The server and the databases that tests run on.

One server per pytest run, in a temporary folder, with the settings that `moadb up` gives it, but for fsync; one
template database with every system deployed and pgTAP loaded; each test that changes something gets a clone, in a
tenth of a second.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from psycopg import conninfo, sql
from pytest_postgresql.janitor import DatabaseJanitor

from moadb import seed, testing
from moadb.connection import connect
from moadb.server import LocalServer
from servers import temporary_server


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add --server, --beside and --write-golden."""
    parser.addoption(
        "--server",
        choices=["embedded", "system"],
        default="embedded",
        help="run on the PostgreSQL of the Python package (embedded) or on this machine's own (system)",
    )
    parser.addoption(
        "--beside",
        action="store_true",
        help="another run, on another server, does what is marked any_server: leave it out",
    )
    parser.addoption(
        "--write-golden",
        action="store_true",
        help="write the golden files anew instead of comparing; then read the diff",
    )


# A server that was stopped wants its port back, so the two runs of scripts/test look for theirs in different places.
FIRST_PORTS = {"embedded": 54420, "system": 54520}


def pytest_configure(config: pytest.Config) -> None:
    """Choose this run's ports, and tidy up on SIGTERM as on Ctrl-C: servers are stopped, databases dropped."""
    config.addinivalue_line("markers", "any_server: what comes of it does not depend on the version of the server")
    os.environ["MOADB_FIRST_PORT"] = str(FIRST_PORTS[config.getoption("--server")])

    def stop(number: int, frame: object) -> None:
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, stop)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what the run beside this one does."""
    if config.getoption("--beside"):
        left_out = [item for item in items if item.get_closest_marker("any_server")]
        items[:] = [item for item in items if not item.get_closest_marker("any_server")]
        config.hook.pytest_deselected(items=left_out)


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Call it a success if that leaves nothing."""
    if session.config.getoption("--beside") and exitstatus == pytest.ExitCode.NO_TESTS_COLLECTED:
        session.exitstatus = pytest.ExitCode.OK


@pytest.fixture(scope="session")
def server(request: pytest.FixtureRequest) -> Iterator[LocalServer]:
    """Return a running server of the kind that --server names; its admin_dsn() is a superuser's."""
    with temporary_server(request.config.getoption("--server"), preload=True) as local:
        yield local


class _Janitor(DatabaseJanitor):
    """Creates databases by copying files: without fsync a fifth of the work of writing every page to the log.

    Of a copy by the log (wal_log), sequences go back when the server crashes before its next checkpoint.
    """

    def init(self) -> None:
        """Create the database; nobody is connected to its template, or the test that is fails."""
        with self.cursor() as cursor:
            template = self.template_dbname or "template1"
            cursor.execute(
                sql.SQL("create database {} template {} strategy file_copy").format(
                    sql.Identifier(self.dbname), sql.Identifier(template)
                )
            )


@contextmanager
def _database(server: LocalServer, name: str, template: str | None = None) -> Iterator[str]:
    """Create a database, a copy of `template`, with pytest-postgresql; yield a superuser's dsn of it; drop it."""
    admin = conninfo.conninfo_to_dict(server.admin_dsn("postgres"))
    janitor = _Janitor(
        user=str(admin["user"]), host=str(admin["host"]), port=str(admin["port"]), dbname=name, template_dbname=template
    )
    with janitor:
        if template is not None:
            with connect(server.admin_dsn("postgres")) as connection:
                testing.copy_grants(connection, template, name)
        yield server.admin_dsn(name)


@pytest.fixture(scope="session")
def template(server: LocalServer, pytestconfig: pytest.Config) -> str:
    """Return the name of a database that has every system and pgTAP, and no demo data: to clone, not to connect to."""
    return testing.make_template(server.admin_dsn("postgres"), pgtap=bool(pytestconfig.getini("moadb_pgtap")))


@pytest.fixture(scope="session")
def demo(server: LocalServer, template: str) -> str:
    """Return the name of a database that has reference and demo data, too, loaded by a superuser: to clone."""
    dsn = testing.clone(server.admin_dsn("postgres"), template)
    seed.seed_reference(dsn)
    assert all(item.rows > 0 for item in seed.seed_demo(dsn))
    return str(conninfo.conninfo_to_dict(dsn)["dbname"])


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
def pgtap_databases(server: LocalServer, template: str) -> testing.Databases:
    """Return the databases that pgTAP files run in, on the server of this run."""
    return testing.Databases(server.admin_dsn("postgres"), template, server.binaries / "psql")
