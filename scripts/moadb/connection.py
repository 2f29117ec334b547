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
        MoadbError: none of the four is there, or as for read_state.
    """
    chosen = dsn or os.environ.get("MOADB_DSN")
    if chosen:
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


def connect(dsn: str, *, application_name: str = "moadb", autocommit: bool = True) -> Connection:
    """Open a connection that behaves the same behind a pooler as without one (nothing prepared), in UTC.

    Raises:
        MoadbError: the server cannot be reached, or refuses; the message never holds the password.
    """
    try:
        connection = psycopg.connect(
            conninfo.make_conninfo(dsn, application_name=application_name),
            autocommit=autocommit,
            prepare_threshold=None,
        )
    except psycopg.ProgrammingError as error:
        raise MoadbError(f"that connection string cannot be read: {str(error).strip()}", hint="see --dsn") from None
    except psycopg.OperationalError as error:
        raise MoadbError(
            f"cannot connect: {str(error).strip()}",
            hint="is the server running, and is the address right? `moadb doctor` says more",
        ) from None
    connection.execute("set time zone 'UTC'")
    if not autocommit:
        connection.commit()
    return connection


def connect_deployed(dsn: str, *, application_name: str = "moadb", autocommit: bool = True) -> Connection:
    """Open a connection as `connect` does, to a database that moadb has been deployed to.

    Raises:
        MoadbError: schema platform is not there, or as for connect.
    """
    connection = connect(dsn, application_name=application_name, autocommit=autocommit)
    found = connection.execute("select to_regclass('platform.jobs') is not null").fetchone()
    if not autocommit:
        connection.commit()
    if found == (True,):
        return connection
    database = connection.info.dbname
    connection.close()
    raise MoadbError(f"database {database} has no moadb in it", hint="is it the right database? if so, `moadb migrate`")
