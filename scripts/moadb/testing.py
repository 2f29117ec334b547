"""Databases for tests: a template built once, a clone for each test that needs its own, and pgTAP in both.

Nothing here knows pytest, so `moadb test` and the pytest fixtures stand on the same functions.
"""

from __future__ import annotations

import os
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import psycopg
from psycopg import conninfo, sql

from moadb.connection import connect
from moadb.errors import MoadbError
from moadb.tap import needs_own_database

PREFIX = "moadb_test_"

_EXTENSION_FOLDERS = ("/usr/share/postgresql/*/extension", "/usr/pgsql-*/share/extension", "/usr/local/share/postgresql*/extension")


def with_database(dsn: str, name: str) -> str:
    """Return the connection string `dsn` with its database replaced by `name`."""
    return conninfo.make_conninfo(dsn, dbname=name)


def new_name(what: str = "") -> str:
    """Return a database name that nobody else has; all of them start with moadb_test_."""
    return f"{PREFIX}{what}{'_' if what else ''}{os.getpid()}_{uuid.uuid4().hex[:8]}"


def create_database(admin_dsn: str, name: str, template: str = "template1") -> str:
    """Create database `name` as a copy of `template` and return its connection string.

    Args:
        admin_dsn: a database of the same server, other than the template; its role needs CREATEDB.
        name: the new database.
        template: a database to which nobody is connected.

    Raises:
        MoadbError: the role may not, or somebody is connected to the template.
    """
    command = sql.SQL("create database {} template {}").format(sql.Identifier(name), sql.Identifier(template))
    with connect(admin_dsn) as connection:
        try:
            connection.execute(command)
        except psycopg.errors.InsufficientPrivilege as error:
            raise MoadbError(
                f"cannot create a database for the tests: {error.diag.message_primary}",
                hint="connect as a role that has CREATEDB, or name a database that is there already with --database",
            ) from None
    return with_database(admin_dsn, name)


def drop_database(admin_dsn: str, name: str) -> None:
    """Drop database `name`, whoever is connected to it; nothing happens when it is gone already."""
    with connect(admin_dsn) as connection:
        connection.execute(sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(name)))


def make_template(admin_dsn: str, *, systems: list[str] | None = None, progress: Any = None) -> str:
    """Create a database with the systems deployed and pgTAP loaded, and return its name; the caller drops it.

    Args:
        admin_dsn: a database of the server to work on.
        systems: names from the manifest; None means all.
        progress: told about each file that is deployed.
    """
    try:
        from moadb.deploy import migrate
    except ImportError:
        from _stand_in_deploy import migrate
    name = new_name("template")
    dsn = create_database(admin_dsn, name)
    try:
        migrate(dsn, systems, progress=progress)
        load_pgtap(dsn)
    except BaseException:
        drop_database(admin_dsn, name)
        raise
    return name


def clone(admin_dsn: str, template: str) -> str:
    """Create a database that is a copy of `template` and return its connection string; the caller drops it."""
    return create_database(admin_dsn, new_name(), template)


class Databases:
    """The databases that pgTAP files run in, all copies of one template; `close` drops them.

    Args:
        admin_dsn: a database of the server, other than the template.
        template: made by make_template; nobody may be connected to it.
        psql: the program that runs the files.
    """

    def __init__(self, admin_dsn: str, template: str, psql: Path | str = "psql") -> None:
        self.psql = psql
        self._admin_dsn = admin_dsn
        self._template = template
        self._idle: list[str] = []
        self._made: list[str] = []

    @contextmanager
    def for_file(self, path: Path) -> Iterator[str]:
        """Yield the connection string of the database for a test file.

        A file that says `-- isolation: database` gets one of its own, which is dropped afterwards. The others, which roll back what
        they do, share: each waits for nobody and finds nobody in it, so as many exist as files run at the same time.
        """
        if needs_own_database(path):
            name = new_name()
            try:
                yield create_database(self._admin_dsn, name, self._template)
            finally:
                drop_database(self._admin_dsn, name)
            return
        try:
            name = self._idle.pop()
        except IndexError:
            name = new_name()
            self._made.append(name)
            create_database(self._admin_dsn, name, self._template)
        yield with_database(self._admin_dsn, name)
        self._idle.append(name)

    def close(self) -> None:
        """Drop the shared databases."""
        while self._made:
            drop_database(self._admin_dsn, self._made.pop())


@contextmanager
def throwaway(admin_dsn: str, *, systems: list[str] | None = None, progress: Any = None) -> Iterator[Databases]:
    """Yield databases made for one run of the tests on a server; nothing of them stays, nor of the roles that they needed.

    Args:
        admin_dsn: a database of the server; its role needs CREATEDB and CREATEROLE, or to be a superuser.
        systems: names from the manifest; None means all.
        progress: told about each file that is deployed.
    """
    psql = find_psql()
    roles = _roles(admin_dsn)
    try:
        template = make_template(admin_dsn, systems=systems, progress=progress)
        databases = Databases(admin_dsn, template, psql)
        try:
            yield databases
        finally:
            databases.close()
            drop_database(admin_dsn, template)
    finally:
        _drop_roles(admin_dsn, _roles(admin_dsn) - roles)


def _roles(dsn: str) -> set[str]:
    with connect(dsn) as connection:
        return {name for (name,) in connection.execute("select rolname from pg_roles")}


def _drop_roles(dsn: str, names: set[str]) -> None:
    """Drop the roles that a deploy has made, except those that own or may do something in another database by now."""
    with connect(dsn) as connection:
        for name in names:
            with suppress(psycopg.errors.DependentObjectsStillExist):
                connection.execute(sql.SQL("drop role if exists {}").format(sql.Identifier(name)))


def find_psql() -> Path | str:
    """Return psql: the one on the PATH, else the one that came with moadb[embedded].

    Raises:
        MoadbError: neither is there.
    """
    from moadb.server import find_binaries

    return shutil.which("psql") or find_binaries("embedded") / "psql"


def find_pgtap_script() -> Path | None:
    """Return pgTAP's SQL script: MOADB_PGTAP_SQL, else the newest that a system package has put on this machine."""
    named = os.environ.get("MOADB_PGTAP_SQL")
    if named:
        return Path(named)
    found = [path for folder in _EXTENSION_FOLDERS for path in Path("/").glob(folder.lstrip("/") + "/pgtap.sql")]
    return max(found, key=lambda path: path.stat().st_mtime, default=None)


def load_pgtap(dsn: str) -> None:
    """Put pgTAP into schema public: as an extension where the server has it, else from its SQL script on this machine.

    A database that has it already is left as it is.

    Raises:
        MoadbError: neither is there.
    """
    with connect(dsn) as connection:
        if connection.execute("select to_regprocedure('public.plan(integer)')").fetchone() != (None,):
            return
        if connection.execute("select 1 from pg_available_extensions where name = 'pgtap'").fetchone():
            connection.execute("create extension pgtap schema public")
            return
        script = find_pgtap_script()
        if script is None:
            raise MoadbError(
                "pgTAP is not there: this server does not have the extension, and its SQL script is not on this machine",
                hint="install the package postgresql-<version>-pgtap, or set MOADB_PGTAP_SQL to the path of pgtap.sql",
            )
        with connection.transaction():
            connection.execute("set local search_path = public")
            connection.execute("set local client_min_messages = warning")
            connection.execute(script.read_bytes())
