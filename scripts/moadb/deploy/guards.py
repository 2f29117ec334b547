"""Refusals: the reasons for which nothing is tried."""

from __future__ import annotations

from collections.abc import Collection

from moadb import OLDEST_SERVER
from moadb.connection import Connection
from moadb.errors import Refused

# Debian's package names, where they are not made of the extension's name
_PACKAGES = {"vector": "pgvector", "postgis": "postgis-3", "pg_cron": "cron"}


def check_server(connection: Connection, *, allow_pooler: bool) -> None:
    """Refuse a server that cannot be deployed to: too old, not in UTF-8, a standby, read-only, behind a pooler.

    A pooler is known by the process id that it reports when the client connects: it is not that of the process that
    answers.

    Raises:
        Refused: the server is one of these.
    """
    row = connection.execute(
        """
        select current_setting('server_version_num')::int, current_setting('server_version'), pg_is_in_recovery(),
               current_setting('transaction_read_only')::bool, pg_backend_pid(), current_database(),
               current_setting('server_encoding')
        """
    ).fetchone()
    assert row is not None
    number, version, standby, read_only, pid, database, encoding = row
    if pid != connection.info.backend_pid and not allow_pooler:
        raise Refused(
            "there is a connection pooler between this command and the server: the deploy lock would not hold",
            hint="connect to the server itself; --allow-pooler is right for session pooling only",
        )
    if number // 10000 < OLDEST_SERVER:
        raise Refused(f"the server is PostgreSQL {version}", hint=f"moadb needs PostgreSQL {OLDEST_SERVER} or later")
    if encoding != "UTF8":
        raise Refused(
            f"the encoding of database {database!r} is {encoding}",
            hint="moadb needs UTF8: create database … encoding 'UTF8' template template0",
        )
    if standby:
        raise Refused(
            "the server is a standby, which cannot be written to",
            hint="connect to the primary, or add target_session_attrs=read-write to the connection string",
        )
    if read_only:
        raise Refused(
            f"transactions in database {database!r} are read-only",
            hint="default_transaction_read_only is on: for the role, the database or the server",
        )


def check_schemas(connection: Connection, schemas: Collection[str], known: Collection[str]) -> None:
    """Refuse a database with a schema of ours that the ledger does not know: it is probably the wrong database.

    Args:
        connection: to the database.
        schemas: the schemas that are to be deployed.
        known: those for which the ledger has at least one script.

    Raises:
        Refused: one exists and is not known.
    """
    rows = connection.execute(
        "select n.nspname from pg_namespace as n where n.nspname = any(%s) order by n.nspname",
        [[schema for schema in schemas if schema not in known]],
    ).fetchall()
    if rows:
        raise Refused(
            f"database {connection.info.dbname!r} has what moadb did not make: schema {', '.join(r[0] for r in rows)}",
            hint="is this the right database? if it is, rename or drop that schema",
        )


def check_extensions(connection: Connection, extensions: dict[str, str]) -> list[str]:
    """Return those extensions that have to be created.

    Args:
        connection: to the database.
        extensions: name → the system that needs it.

    Raises:
        Refused: one is not on the server, or lies in another schema than `extensions`.
    """
    if not extensions:
        return []
    rows = connection.execute(
        """
        select a.name, n.nspname
        from pg_available_extensions as a
        left join pg_extension as e on e.extname = a.name
        left join pg_namespace as n on n.oid = e.extnamespace
        where a.name = any(%s)
        """,
        [list(extensions)],
    ).fetchall()
    schemas: dict[str, str | None] = dict(rows)
    for name, system in extensions.items():
        if name not in schemas:
            package = f"postgresql-{connection.info.server_version // 10000}-{_PACKAGES.get(name, name)}"
            raise Refused(
                f"system {system} needs extension {name}, which is not on this server",
                hint=f"install its package on the server (Debian: {package.replace('_', '-')}), "
                f"or choose other systems with --systems",
            )
        if schemas[name] not in (None, "extensions"):
            raise Refused(
                f"extension {name} is in schema {schemas[name]}; system {system} looks for it in schema extensions",
                hint=f"alter extension {name} set schema extensions",
            )
    return [name for name in extensions if schemas[name] is None]
