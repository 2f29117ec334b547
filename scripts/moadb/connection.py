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


def data_dir() -> Path:
    """Return the folder of the local server: MOADB_DATA_DIR, else .moadb in the current folder."""
    return Path(os.environ.get("MOADB_DATA_DIR", ".moadb")).absolute()


def resolve_dsn(dsn: str | None = None) -> str:
    """Return the connection string to use: --dsn, MOADB_DSN, libpq's environment, the local server; in that order.

    Raises:
        MoadbError: none of the four is there.
    """
    chosen = dsn or os.environ.get("MOADB_DSN")
    if chosen:
        return chosen
    if any(os.environ.get(name) for name in ("PGHOST", "PGHOSTADDR", "PGSERVICE", "PGDATABASE")):
        return ""
    state = data_dir() / STATE_FILE
    if state.is_file():
        return str(json.loads(state.read_text(encoding="utf-8"))["admin_dsn"])
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
