"""What must be there before the first migration: roles, extensions, the ledger.

Idempotent. Roles belong to the cluster: two databases of one cluster may be set up in the same moment, and each may
find that the other has just made what it was about to make.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from contextlib import suppress
from importlib import resources

import psycopg
from psycopg import errors, sql
from psycopg.pq import TransactionStatus

from moadb.connection import Connection
from moadb.deploy import guards
from moadb.errors import Refused
from moadb.systems import System

OWNER = "moadb_owner"
SUFFIXES = ("app", "admin", "read")  # of the roles of a system: what it offers to whom
_TRIES = 20


def roles_of(systems: Sequence[System]) -> list[str]:
    """Return the roles that these systems need, the owner first."""
    own = [f"{s.name}_{suffix}" for s in systems if s.name != "platform" for suffix in SUFFIXES]
    return [OWNER, "moadb_clock", *own]


def prepare(connection: Connection, systems: Sequence[System]) -> None:
    """Make what is missing of roles, memberships, privileges, extensions and ledger; act as the login role.

    Raises:
        Refused: the login role may not; the details are the statements that an administrator has to run once.
    """
    extensions = {name: system.name for system in systems for name in system.extensions}
    missing = guards.check_extensions(connection, extensions)
    for number in range(_TRIES):
        try:
            with connection.transaction():
                _make_roles(connection, roles_of(systems))
            break
        # somebody else made or granted the same in this very moment; the last is "tuple concurrently updated"
        except (errors.DuplicateObject, errors.UniqueViolation, errors.LockNotAvailable, errors.InternalError_):
            if number == _TRIES - 1:
                raise
            time.sleep(0.1)
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
        select count(*) = 2
        from pg_namespace as n
        left join pg_class as c on c.relnamespace = n.oid and c.relname in ('scripts', 'objects') and c.relkind = 'r'
        where n.nspname = 'moadb'
        group by n.oid
        """
    ).fetchone()
    if row is not None and not row[0]:
        raise Refused(
            f"database {connection.info.dbname!r} has a schema moadb that is not moadb's ledger",
            hint="is this the right database? if it is, rename or drop that schema",
        )
    return row is not None


def become_owner(connection: Connection) -> None:
    """Act as moadb_owner from here on, inside a transaction to its end; there has to be a ledger.

    Raises:
        Refused: the login role may neither become moadb_owner nor read the ledger.
    """
    exists = _holds(connection, b"select exists (select from pg_roles where rolname = %s)", OWNER)
    if exists and _may_become_owner(connection):
        inside = connection.info.transaction_status == TransactionStatus.INTRANS
        become = sql.SQL("set local role {}" if inside else "set role {}")
        connection.execute(become.format(sql.Identifier(OWNER)))
    elif not _holds(connection, b"select has_schema_privilege('moadb', 'usage')"):
        login = sql.Identifier(connection.info.user)
        raise Refused(
            f"role {connection.info.user!r} may not read the ledger of database {connection.info.dbname!r}",
            hint="let an administrator run this, once",
            details=[sql.SQL("grant {} to {};").format(sql.Identifier(OWNER), login).as_string(None)],
        )


def _may_become_owner(connection: Connection) -> bool:
    # since PostgreSQL 16 membership alone does not include the right to `set role`
    right = "SET" if connection.info.server_version >= 160000 else "MEMBER"
    return _holds(connection, b"select pg_has_role(session_user, %s, %s)", OWNER, right)


def _owner_may_create(connection: Connection) -> bool:
    return _holds(connection, b"select has_database_privilege(%s, current_database(), 'create')", OWNER)


def _holds(connection: Connection, query: bytes, *values: str) -> bool:
    row = connection.execute(query, values).fetchone()
    return row is not None and bool(row[0])


def _make_roles(connection: Connection, names: Sequence[str]) -> None:
    """Make the roles that are missing, let the login role become the owner, and let the owner make schemas."""
    rows = connection.execute("select rolname from pg_roles where rolname = any(%s)", [list(names)]).fetchall()
    missing = [name for name in names if (name,) not in rows]
    row = connection.execute("select session_user::text, current_database()::text").fetchone()
    login, database = row or ("", "")
    owner = sql.Identifier(OWNER)
    creations = [sql.SQL("create role {} nologin").format(sql.Identifier(name)) for name in missing]
    membership = sql.SQL("grant {} to {}").format(owner, sql.Identifier(login))
    creating = sql.SQL("grant create on database {} to {}").format(sql.Identifier(database), owner)

    def refuse(what: str) -> Refused:
        return Refused(
            f"role {login!r} {what}",
            hint="let an administrator run these, once; the role then needs no further right",
            details=[f"{statement.as_string(None)};" for statement in (*creations, membership, creating)],
        )

    try:
        for creation in creations:
            connection.execute(creation)
    except errors.InsufficientPrivilege:
        raise refuse(f"cannot create the roles {', '.join(missing)}") from None
    try:
        if not _may_become_owner(connection):
            connection.execute(membership)
    except errors.InsufficientPrivilege:
        raise refuse(f"cannot become {OWNER}") from None
    if not _owner_may_create(connection):
        with suppress(errors.InsufficientPrivilege), connection.transaction():
            connection.execute(creating)
        if not _owner_may_create(connection):  # without the right to grant, a grant is an error or just a warning
            raise refuse(f"cannot let {OWNER} create schemas in database {database!r}")


def _make_extension(connection: Connection, name: str, system: str) -> None:
    try:
        with connection.transaction():
            connection.execute("create schema if not exists extensions")
            connection.execute("grant usage on schema extensions to public")
            connection.execute(sql.SQL("create extension {} schema extensions").format(sql.Identifier(name)))
    except psycopg.Error as error:
        raise Refused(
            f"system {system} needs extension {name}, and it cannot be created: {error.diag.message_primary}",
            hint=f"let an administrator run these, once, in database {connection.info.dbname}",
            details=[
                "create schema if not exists extensions;",
                "grant usage on schema extensions to public;",
                f"create extension {name} schema extensions;",
            ],
        ) from None
