"""Connections that turn out to be of no use are closed, not left to the garbage collector."""

from __future__ import annotations

import warnings
from typing import Any

import psycopg
import pytest
from psycopg import conninfo

from cli.trees import eventually, execute, value
from moadb.connection import connect, connect_deployed
from moadb.deploy.session import open_session, reconnect
from moadb.errors import Refused


def sessions(dsn: str, application_name: str) -> int:
    """Return how many sessions the server has under that name."""
    return int(value(dsn, f"select count(*) from pg_stat_activity where application_name = '{application_name}'"))


def test_connect_closes_when_its_first_statement_fails(empty_database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: Any) -> None:
        raise psycopg.OperationalError("terminating connection due to administrator command")

    with monkeypatch.context() as patch:
        patch.setattr(psycopg.Connection, "execute", fail)
        with pytest.raises(psycopg.OperationalError) as caught:
            connect(empty_database, application_name="probe connect")
    eventually(lambda: sessions(empty_database, "probe connect") == 0, "the session has ended")
    assert caught.tb is not None, "the frames, and what they refer to, are still there"


def test_connect_deployed_closes_when_its_first_statement_fails(database: str) -> None:
    """A role without rights on the schema cannot even look whether something is in it."""
    execute(database, "create role probe_stranger login")
    try:
        dsn = conninfo.make_conninfo(database, options="-c role=probe_stranger")
        with pytest.raises(psycopg.errors.InsufficientPrivilege) as caught:
            connect_deployed(dsn, application_name="probe deployed")
        eventually(lambda: sessions(database, "probe deployed") == 0, "the session has ended")
        assert caught.tb is not None
    finally:
        execute(database, "drop role probe_stranger")


def test_reconnecting_closes_what_reaches_a_standby(empty_database: str) -> None:
    """Until the failover is over, each try may reach a server that only reads."""
    with open_session(empty_database, lock_timeout="2s", allow_pooler=False, progress=lambda event: None) as session:
        execute(
            empty_database, f"alter database {session.connection.info.dbname} set default_transaction_read_only = on"
        )
        with warnings.catch_warnings(record=True) as left_open:
            warnings.simplefilter("always")
            with pytest.raises(Refused, match="read-only"):
                reconnect(session, wait=1)
        assert [str(warning.message) for warning in left_open] == []
    eventually(lambda: sessions(empty_database, "moadb deploy") == 0, "the session has ended")
