"""Databases for tests: a template built once, a clone for each test that needs its own, and pgTAP in both.

Nothing here knows pytest, so `moadb test` and the pytest fixtures stand on the same functions.
"""

from __future__ import annotations

import os
import shutil
import uuid
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from pathlib import Path

import psycopg
from psycopg import conninfo, sql

from moadb.connection import Connection, connect
from moadb.deploy import Progress, migrate
from moadb.deploy.bootstrap import roles_of
from moadb.errors import MoadbError
from moadb.server import find_binaries
from moadb.systems import select_systems
from moadb.tap import TapResult, needs_own_database, run_file

PREFIX = "moadb_test_"

_EXTENSION_FOLDERS = (
    "/usr/share/postgresql/*/extension",
    "/usr/pgsql-*/share/extension",
    "/usr/local/share/postgresql*/extension",
)


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
            copy_grants(connection, template, name)
        except psycopg.errors.InsufficientPrivilege as error:
            raise MoadbError(
                f"cannot create a database for the tests: {error.diag.message_primary}",
                hint="connect as a role that has CREATEDB, or name a database that is there already with --database",
            ) from None
    return with_database(admin_dsn, name)


def copy_grants(connection: Connection, template: str, name: str) -> None:
    """Grant on database `name` what is granted on `template`: that is all of a database that its copy does not have.

    Args:
        connection: to a database of the same server, in autocommit.
        template: the original.
        name: the copy.
    """
    grants = connection.execute(
        """
        select
          format('grant %%s on database %%I to %%s%%s', a.privilege_type, %(name)s::text,
            case a.grantee when 0 then 'public' else a.grantee::regrole::text end,
            case when a.is_grantable then ' with grant option' else '' end)
        from pg_catalog.pg_database as d
        cross join lateral pg_catalog.aclexplode(d.datacl) as a
        where d.datname = %(template)s and a.grantee <> d.datdba
        """,
        {"template": template, "name": name},
    ).fetchall()
    for (grant,) in grants:
        connection.execute(grant)


def drop_database(admin_dsn: str, name: str) -> None:
    """Drop database `name`, whoever is connected to it; nothing happens when it is gone already."""
    with connect(admin_dsn) as connection:
        connection.execute(sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(name)))


def make_template(
    admin_dsn: str, *, systems: list[str] | None = None, pgtap: bool = True, progress: Progress | None = None
) -> str:
    """Create a database with the systems deployed and pgTAP loaded, and return its name; the caller drops it.

    Args:
        admin_dsn: a database of the server to work on.
        systems: names from the manifest; None means all.
        pgtap: whether pgTAP files are to run in its copies.
        progress: told about each file that is deployed.
    """
    name = new_name("template")
    dsn = create_database(admin_dsn, name)
    try:
        migrate(dsn, systems, progress=progress)
        if pgtap:
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

        A file that says `-- isolation: database` gets one of its own, which is dropped afterwards. The others, which
        roll back what they do, share; but no two are in the same one at the same time, so none waits for another's
        locks.
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


class ExistingDatabase:
    """A database that is there already, with pgTAP in it; it is left as it is, so files that commit cannot run in it.

    Raises:
        MoadbError: pgTAP is not in it.
    """

    def __init__(self, dsn: str) -> None:
        self.psql = find_psql()
        self._dsn = dsn
        with connect(dsn) as connection:
            if not _has_pgtap(connection):
                raise MoadbError(
                    f"database {connection.info.dbname} has no pgTAP in its schema public",
                    hint="load it (`create extension pgtap schema public`), or leave out --database",
                )

    def for_file(self, path: Path) -> AbstractContextManager[str]:
        """Return the database's connection string, whatever the file."""
        if needs_own_database(path):
            raise MoadbError(f"{path} commits, so it cannot run in a database that is to stay as it is")
        return nullcontext(self._dsn)


@contextmanager
def throwaway(
    admin_dsn: str, *, systems: list[str] | None = None, progress: Progress | None = None
) -> Iterator[Databases]:
    """Yield databases made for one run of the tests on a server; nothing of them stays, nor of the roles they needed.

    Roles that were there before stay, and so does whatever role somebody else makes meanwhile.

    Args:
        admin_dsn: a database of the server; its role needs CREATEDB and CREATEROLE, or to be a superuser.
        systems: names from the manifest; None means all.
        progress: told about each file that is deployed.
    """
    psql = find_psql()
    missing = _missing_roles(admin_dsn, roles_of(select_systems(systems)))
    try:
        template = make_template(admin_dsn, systems=systems, progress=progress)
        databases = Databases(admin_dsn, template, psql)
        try:
            yield databases
        finally:
            databases.close()
            drop_database(admin_dsn, template)
    finally:
        _drop_roles(admin_dsn, missing)


def run_files(
    files: Sequence[Path],
    database_for: Callable[[Path], AbstractContextManager[str]],
    *,
    psql: Path | str = "psql",
    jobs: int = 1,
) -> Iterator[tuple[Path, TapResult]]:
    """Run pgTAP files; yield each with what it said, as they end. One that bails out stops those that have not begun.

    Args:
        files: the files.
        database_for: Databases.for_file, or whatever else gives the connection string for a file.
        psql: the program that runs them.
        jobs: how many run at the same time.
    """

    def run(path: Path) -> TapResult:
        with database_for(path) as dsn:
            return run_file(path, dsn, psql)

    pool = ThreadPoolExecutor(jobs)
    try:
        running = {pool.submit(run, path): path for path in files}
        for done in as_completed(running):
            if done.cancelled():
                continue
            result = done.result()
            yield running[done], result
            if result.bailed_out is not None:
                for waiting in running:
                    waiting.cancel()
    finally:  # when this is cut short, files that are running end with their databases
        pool.shutdown(wait=False, cancel_futures=True)


def _missing_roles(dsn: str, names: list[str]) -> list[str]:
    with connect(dsn) as connection:
        present = {name for (name,) in connection.execute("select rolname from pg_roles")}
    return [name for name in names if name not in present]


def _drop_roles(dsn: str, names: list[str]) -> None:
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
        if _has_pgtap(connection):
            return
        if connection.execute("select 1 from pg_available_extensions where name = 'pgtap'").fetchone():
            connection.execute("create extension pgtap schema public")
            return
        script = find_pgtap_script()
        if script is None:
            raise MoadbError(
                "there is no pgTAP: the server does not have the extension, nor this machine its SQL script",
                hint="install the package postgresql-<version>-pgtap, or set MOADB_PGTAP_SQL to the path of pgtap.sql",
            )
        with connection.transaction():
            connection.execute("set local search_path = public")
            connection.execute("set local client_min_messages = warning")
            connection.execute(script.read_bytes())


def _has_pgtap(connection: Connection) -> bool:
    return connection.execute("select to_regprocedure('public.plan(integer)')").fetchone() != (None,)
