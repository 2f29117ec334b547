"""Which database, and a connection to it with a clear error when there is none."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import psycopg
from psycopg import conninfo

from moadb.errors import MoadbError

Connection = psycopg.Connection[tuple[Any, ...]]

STATE_FILE = "server.json"  # written by `moadb up` in its data folder; see moadb.server
_STATE = {"kind", "version", "binaries", "port", "admin_dsn", "app_dsn", "superuser_dsn"}  # what is read of it


def data_dir() -> Path:
    """Return the folder of the local server: MOADB_DATA_DIR, else .moadb in the current folder."""
    return Path(os.environ.get("MOADB_DATA_DIR", ".moadb")).absolute()


def read_state(folder: Path) -> dict[str, Any]:
    """Return what the last start of the local server in a folder has written down; empty when there is none.

    Raises:
        MoadbError: the file is damaged.
    """
    file = folder / STATE_FILE
    try:
        state = json.loads(file.read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except ValueError:  # no JSON, or no text at all
        state = None
    if not isinstance(state, dict) or not state.keys() >= _STATE:
        raise MoadbError(f"{file} is damaged", hint="remove it, then `moadb up`")
    return state


def resolve_dsn(dsn: str | None = None) -> str:
    """Return the connection string to use: --dsn, MOADB_DSN, libpq's environment, the local server; in that order.

    Raises:
        MoadbError: none of the four is there, it cannot be read, or as for read_state.
    """
    chosen = dsn or os.environ.get("MOADB_DSN")
    if chosen:
        _check(chosen)
        return chosen
    if any(os.environ.get(name) for name in ("PGHOST", "PGHOSTADDR", "PGSERVICE", "PGDATABASE")):
        return ""
    state = read_state(data_dir())
    if state:
        return str(state["admin_dsn"])
    raise MoadbError(
        "no database to work on",
        hint="give --dsn or MOADB_DSN or libpq's PG* variables, or start a local server with `moadb up`",
    )


def _unreadable() -> MoadbError:
    # libpq's own words quote what it could not read, and that may hold the password: they are not passed on
    return MoadbError(
        "that connection string cannot be read",
        hint="postgresql://user:password@host:5432/database, or host=… dbname=… user=…; in an address, special "
        "characters of the password are percent-encoded (%40 is @, %2F is /, %25 is %)",
    )


def _check(dsn: str) -> None:
    """Refuse a connection string that libpq cannot read, or reads otherwise than it is meant.

    A bare @ or / in a password makes the rest of it part of the host or the port, which libpq's messages show.
    """
    try:
        parts = conninfo.conninfo_to_dict(dsn)
    except psycopg.ProgrammingError:
        raise _unreadable() from None
    ports = str(parts.get("port") or "").split(",")
    if "@" in str(parts.get("host") or "").removeprefix("@") or not all(port.isdigit() for port in ports if port):
        raise _unreadable()


def connect(dsn: str, *, application_name: str = "moadb", autocommit: bool = True) -> Connection:
    """Open a connection that behaves the same everywhere: nothing prepared, UTF-8, UTC, dates as Python reads them.

    Raises:
        MoadbError: the server cannot be reached, or refuses; the message never holds the password.
    """
    _check(dsn)
    try:
        connection = psycopg.connect(
            conninfo.make_conninfo(dsn, application_name=application_name, client_encoding="UTF8"),
            autocommit=autocommit,
            prepare_threshold=None,
        )
    except psycopg.OperationalError as error:
        raise MoadbError(
            f"cannot connect: {str(error).strip()}",
            hint="is the server running, and is the address right? `moadb doctor` says more",
        ) from None
    try:
        connection.execute("set time zone 'UTC'; set datestyle = 'ISO'; set intervalstyle = 'postgres'")
        if not autocommit:
            connection.commit()
    except BaseException:
        connection.close()
        raise
    return connection


def connect_deployed(
    dsn: str, *, application_name: str = "moadb", autocommit: bool = True, system: str | None = None
) -> Connection:
    """Open a connection as `connect` does, to a database that moadb has been deployed to.

    Args:
        dsn: the database.
        application_name: as for connect.
        autocommit: as for connect.
        system: a system that has to be there, too.

    Raises:
        MoadbError: schema platform or the system is not there, or as for connect.
    """
    connection = connect(dsn, application_name=application_name, autocommit=autocommit)
    try:
        found = connection.execute(
            "select to_regclass('platform.jobs') is not null, to_regnamespace(%s) is not null", [system or "platform"]
        ).fetchone()
        if not autocommit:
            connection.commit()
        if found is None or not found[0]:
            raise MoadbError(
                f"database {connection.info.dbname} has no moadb in it",
                hint="is it the right database? if so, `moadb migrate`",
            )
        if not found[1]:
            raise MoadbError(
                f"database {connection.info.dbname} has no system {system}", hint="`moadb migrate` deploys it"
            )
    except BaseException:
        connection.close()
        raise
    return connection
