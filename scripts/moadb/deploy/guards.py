"""Refusals: the reasons for which nothing is tried."""

from __future__ import annotations

from moadb.connection import Connection
from moadb.errors import Refused

OLDEST_SERVER = 150000


def check_server(connection: Connection, *, allow_pooler: bool) -> None:
    """Refuse a server that cannot be deployed to: too old, a standby, read-only, or behind a connection pooler.

    A pooler is recognised by the process id that it reports when the client connects: it is not that of the process that works.

    Raises:
        Refused: the server is one of these.
    """
    row = connection.execute(
        """
        select current_setting('server_version_num')::int, current_setting('server_version'), pg_is_in_recovery(),
               current_setting('transaction_read_only')::bool, pg_backend_pid(), current_database()
        """
    ).fetchone()
    assert row is not None
    number, version, standby, read_only, pid, database = row
    if pid != connection.info.backend_pid and not allow_pooler:
        raise Refused(
            "there is a connection pooler between this command and the server: the deploy lock would not hold",
            hint="connect to the server itself; --allow-pooler is right for session pooling only",
        )
    if number < OLDEST_SERVER:
        raise Refused(f"the server is PostgreSQL {version}", hint="moadb needs PostgreSQL 15 or later")
    if standby:
        raise Refused(
            "the server is a standby, which cannot be written to",
            hint="connect to the primary, or add target_session_attrs=read-write to the connection string",
        )
    if read_only:
        raise Refused(
            f"transactions in database {database!r} are read-only for this role",
            hint="default_transaction_read_only is on: for the role, the database or the server",
        )


def check_schemas(connection: Connection, schemas: list[str], known: set[str]) -> None:
    """Refuse a database that holds a schema of ours which the ledger does not know: it is probably the wrong database.

    Args:
        connection: to the database.
        schemas: the schemas that are to be deployed.
        known: those for which the ledger has at least one script.

    Raises:
        Refused: one exists and is not known.
    """
    rows = connection.execute(
        "select n.nspname, current_database() from pg_namespace as n where n.nspname = any(%s) order by n.nspname",
        [[schema for schema in schemas if schema not in known]],
    ).fetchall()
    if rows:
        names, database = ", ".join(row[0] for row in rows), rows[0][1]
        raise Refused(
            f"database {database!r} has a schema that moadb did not make: {names}",
            hint="is this the right database? if it is, rename or drop that schema",
        )


def check_extensions(connection: Connection, extensions: dict[str, str]) -> list[str]:
    """Return those extensions that have to be created.

    Args:
        connection: to the database.
        extensions: name → the system that needs it.

    Raises:
        Refused: one is not on the server at all.
    """
    rows = connection.execute(
        "select a.name, a.installed_version is not null from pg_available_extensions as a where a.name = any(%s)",
        [list(extensions)],
    ).fetchall()
    available = dict(rows)
    for name, system in extensions.items():
        if name not in available:
            major = connection.info.server_version // 10000
            raise Refused(
                f"system {system} needs extension {name}, which is not on this server",
                hint=f"install its package (Debian: {_package(name, major)}) on the server, or leave {system} out with --systems",
            )
    return [name for name in extensions if not available[name]]


def _package(extension: str, major: int) -> str:
    name = {"vector": "pgvector", "postgis": "postgis-3", "pg_cron": "cron"}.get(extension, extension.replace("_", "-"))
    return f"postgresql-{major}-{name}"
