"""What must be there before the first migration: roles, the ledger, extensions. Idempotent, and safe when two databases of one
cluster are set up at the same time: roles belong to the cluster, so both may try to make them.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from importlib import resources

import psycopg
from psycopg import errors, sql

from moadb.connection import Connection
from moadb.deploy import guards
from moadb.errors import MoadbError, Refused
from moadb.systems import System

OWNER = "moadb_owner"


def roles_of(systems: Sequence[System]) -> list[str]:
    """Return the roles that these systems need, the owner first."""
    return [OWNER, "moadb_clock"] + [
        f"{system.name}_{suffix}" for system in systems if system.name != "platform" for suffix in ("app", "read")
    ]


def prepare(connection: Connection, systems: Sequence[System]) -> None:
    """Make what is missing of roles, memberships, privileges, ledger and extensions.

    Raises:
        Refused: the deployer may not, with the statements that an administrator has to run once.
    """
    extensions = {name: system.name for system in systems for name in system.extensions}
    missing = guards.check_extensions(connection, extensions)
    for attempt in range(5):
        try:
            with connection.transaction():
                _make_roles(connection, roles_of(systems))
            break
        # another deploy of this cluster made the same role, or granted it, in this very moment
        except (errors.DuplicateObject, errors.UniqueViolation, errors.InternalError_):
            if attempt == 4:
                raise
            time.sleep(0.1 * (attempt + 1))
    for name in missing:
        _make_extension(connection, name, extensions[name])
    if not has_ledger(connection):
        with connection.transaction():
            connection.execute(sql.SQL("set local role {}").format(sql.Identifier(OWNER)))
            connection.execute(resources.files(__package__).joinpath("ledger.sql").read_bytes())


def has_ledger(connection: Connection) -> bool:
    """Say whether the ledger is there.

    Raises:
        Refused: there is a schema of its name that is something else.
    """
    row = connection.execute(
        """
        select (select count(*) from pg_class as c where c.relnamespace = n.oid and c.relname in ('scripts', 'objects')) = 2
        from pg_namespace as n where n.nspname = 'moadb'
        """
    ).fetchone()
    if row is not None and not row[0]:
        raise Refused(
            f"database {connection.info.dbname!r} has a schema moadb that is not moadb's ledger",
            hint="is this the right database? if it is, rename or drop that schema",
        )
    return row is not None


def become_owner(connection: Connection) -> bool:
    """Act as moadb_owner from here on if the login role may; say whether it may."""
    row = connection.execute(
        "select exists (select from pg_roles where rolname = %s) and pg_has_role(session_user, "
        "(select oid from pg_roles where rolname = %s), %s)",
        [OWNER, OWNER, _become(connection)],
    ).fetchone()
    allowed = row is not None and bool(row[0])
    if allowed:
        connection.execute(sql.SQL("set role {}").format(sql.Identifier(OWNER)))
    return allowed


def _become(connection: Connection) -> str:
    """The name of the privilege to `set role`: since PostgreSQL 16 membership alone does not give it."""
    return "SET" if connection.info.server_version >= 160000 else "MEMBER"


def _make_roles(connection: Connection, names: list[str]) -> None:
    present = {
        row[0] for row in connection.execute("select rolname from pg_roles where rolname = any(%s)", [names]).fetchall()
    }
    login, database = _one(connection, "select session_user, current_database()")
    owner, me, db = sql.Identifier(OWNER), sql.Identifier(login), sql.Identifier(database)
    missing = [name for name in names if name not in present]
    try:
        for name in missing:
            connection.execute(sql.SQL("create role {} nologin").format(sql.Identifier(name)))
    except errors.InsufficientPrivilege:
        raise _ask(login, missing, login, database, "cannot create role " + ", ".join(missing)) from None
    try:
        if not _one(connection, "select pg_has_role(session_user, %s, %s)", OWNER, _become(connection))[0]:
            connection.execute(sql.SQL("grant {} to {}").format(owner, me))
    except errors.InsufficientPrivilege:
        raise _ask(login, missing, login, database, f"cannot become {OWNER}") from None
    try:
        if not _one(connection, "select has_database_privilege(%s, current_database(), 'create')", OWNER)[0]:
            connection.execute(sql.SQL("grant create on database {} to {}").format(db, owner))
            if not _one(connection, "select has_database_privilege(%s, current_database(), 'create')", OWNER)[0]:
                raise errors.InsufficientPrivilege  # a grant without the right to grant is only a warning
    except errors.InsufficientPrivilege:
        raise _ask(
            login, missing, login, database, f"cannot give {OWNER} the right to create schemas in database {database!r}"
        ) from None


def _ask(login: str, missing: list[str], member: str, database: str, what: str) -> Refused:
    def quote(name: str) -> str:
        return sql.Identifier(name).as_string(None)

    return Refused(
        f"role {login!r} {what}",
        hint="let an administrator run, once:",
        details=[f"create role {quote(name)} nologin;" for name in missing]
        + [
            f"grant {OWNER} to {quote(member)};",
            f"grant create on database {quote(database)} to {OWNER};",
        ],
    )


def _make_extension(connection: Connection, name: str, system: str) -> None:
    try:
        with connection.transaction():
            connection.execute("create schema if not exists extensions")
            connection.execute("grant usage on schema extensions to public")
            connection.execute(sql.SQL("create extension {} schema extensions").format(sql.Identifier(name)))
    except psycopg.Error as error:
        row = _one(connection, "select session_user, current_database()")
        raise Refused(
            f"system {system} needs extension {name}, and role {row[0]!r} cannot create it: {error.diag.message_primary}",
            hint="let an administrator run, once:",
            details=[
                "create schema if not exists extensions;",
                "grant usage on schema extensions to public;",
                f"create extension {name} schema extensions;  -- in database {row[1]}",
            ],
        ) from None


def _one(connection: Connection, query: str, *parameters: object) -> tuple[object, ...]:
    row = connection.execute(query.encode(), parameters or None).fetchone()
    if row is None:
        raise MoadbError("the server returned no row")
    return row
