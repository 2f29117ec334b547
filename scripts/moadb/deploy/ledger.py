"""Reading and writing the ledger (schema moadb, see ledger.sql), each function in the transaction that is open."""

from __future__ import annotations

import getpass
import hashlib
import socket
import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from moadb import __version__
from moadb.connection import Connection
from moadb.deploy.source import Script


@dataclass(frozen=True)
class Recorded:
    """A script of the ledger, without its text."""

    id: str
    kind: str
    state: str
    path: str
    system: str
    schema: str
    seq: int
    raw_sha256: str
    normalised_sha256: str


def read(connection: Connection) -> dict[str, Recorded]:
    """Return every recorded script by id, in the order of application."""
    rows = connection.execute(
        """
        select s.id, s.kind, s.state, s.path, s.system_name, s.schema_name, s.seq, s.raw_sha256, s.normalised_sha256
        from moadb.scripts as s
        order by s.seq
        """
    ).fetchall()
    return {row[0]: Recorded(*row) for row in rows}


def begin(connection: Connection, key: uuid.UUID, command: str) -> int:
    """Write the deployment's row, or count one more transaction of it; return its id.

    We have the deploy lock, so whatever else is marked as running was interrupted.
    """
    connection.execute(
        """
        update moadb.deployments
        set state = 'failed', finished_at = clock_timestamp(), error = 'interrupted'
        where state = 'running' and key <> %s
        """,
        [key],
    )
    row = connection.execute(
        """
        insert into moadb.deployments as d
          (key, command, state, deployer, client, tool_version, server_version, transactions, started_at)
        values (%s, %s, 'running', session_user, %s, %s, current_setting('server_version_num')::int, 1,
                clock_timestamp())
        on conflict (key) do update set transactions = d.transactions + 1
        returning d.id
        """,
        [key, command, f"{_user()}@{socket.gethostname()}", __version__],
    ).fetchone()
    assert row is not None
    return int(row[0])


def transactions(connection: Connection, key: uuid.UUID) -> int:
    """Return how many transactions of a deployment the server has committed."""
    row = connection.execute("select d.transactions from moadb.deployments as d where d.key = %s", [key]).fetchone()
    return row[0] if row else 0


def finish(connection: Connection, deployment: int, error: str | None = None) -> None:
    """Close the deployment's row."""
    connection.execute(
        "update moadb.deployments set state = %s, finished_at = clock_timestamp(), error = %s where id = %s",
        ["failed" if error else "done", error, deployment],
    )


class Run(NamedTuple):
    """A script that has run: how many seconds it took, and when it was done, by the server's clock; None is now."""

    script: Script
    seconds: float
    at: datetime | None = None


def record(connection: Connection, deployment: int, runs: Sequence[Run], state: str = "applied") -> None:
    """Write that scripts have run, here and in yoyo's tables, in this order."""
    scripts = [run.script for run in runs]
    connection.execute(
        """
        insert into moadb.scripts as s
          (id, kind, state, path, system_name, schema_name, body, raw_sha256, normalised_sha256, deployment_id,
           applied_at, duration_ms)
        select r.id, r.kind, %s, r.path, r.system_name, r.schema_name, r.body, r.raw_sha256, r.normalised_sha256, %s,
               coalesce(r.applied_at, clock_timestamp()), r.duration_ms
        from unnest(
          %s::text[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[],
          %s::timestamptz[], %s::numeric[]
        ) with ordinality as r
          (id, kind, path, system_name, schema_name, body, raw_sha256, normalised_sha256, applied_at, duration_ms, n)
        order by r.n
        on conflict (id) do update
        set state = excluded.state, path = excluded.path, system_name = excluded.system_name,
            schema_name = excluded.schema_name, seq = excluded.seq, body = excluded.body,
            raw_sha256 = excluded.raw_sha256, normalised_sha256 = excluded.normalised_sha256,
            deployment_id = excluded.deployment_id,
            applied_at = excluded.applied_at, duration_ms = excluded.duration_ms
        """,
        [
            state,
            deployment,
            [script.id for script in scripts],
            [script.kind for script in scripts],
            [script.path for script in scripts],
            [script.system for script in scripts],
            [script.schema for script in scripts],
            [script.text for script in scripts],
            [script.raw_sha256 for script in scripts],
            [script.normalised_sha256 for script in scripts],
            [run.at for run in runs],
            [round(run.seconds * 1000, 3) for run in runs],
        ],
    )
    for script in scripts:
        if script.kind == "version" and state == "applied":
            connection.execute(
                """
                insert into moadb._yoyo_migration (migration_hash, migration_id, applied_at_utc)
                values (%s, %s, timezone('UTC', clock_timestamp()))
                on conflict (migration_hash) do nothing
                """,
                [_yoyo_hash(script.id), script.id],
            )
            _log(connection, script.id, "apply")


def reopen(connection: Connection, id: str) -> None:
    """Mark an applied version as one under way: its rollback has begun, statement by statement."""
    connection.execute("update moadb.scripts set state = 'running' where id = %s", [id])


def unrecord(connection: Connection, id: str) -> None:
    """Take a rolled back version out, here and in yoyo's tables."""
    connection.execute("delete from moadb.scripts where id = %s", [id])
    connection.execute("delete from moadb._yoyo_migration where migration_hash = %s", [_yoyo_hash(id)])
    _log(connection, id, "rollback")


def touch(connection: Connection, script: Script) -> None:
    """Take over a text that differs in comments and line ends only."""
    connection.execute(
        "update moadb.scripts set body = %s, raw_sha256 = %s, normalised_sha256 = %s where id = %s",
        [script.text, script.raw_sha256, script.normalised_sha256, script.id],
    )


def _log(connection: Connection, id: str, operation: str) -> None:
    connection.execute(
        """
        insert into moadb._yoyo_log
          (id, migration_hash, migration_id, operation, username, hostname, comment, created_at_utc)
        values (%s, %s, %s, %s, %s, %s, %s, timezone('UTC', clock_timestamp()))
        """,
        [str(uuid.uuid4()), _yoyo_hash(id), id, operation, _user(), socket.gethostname(), f"moadb {__version__}"],
    )


def _yoyo_hash(id: str) -> str:
    return hashlib.sha256(id.encode()).hexdigest()


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container's user without a name
        return "?"


def body(connection: Connection, id: str) -> str | None:
    """Return the text that a script had when it was run last, None when it has never run."""
    row = connection.execute("select s.body from moadb.scripts as s where s.id = %s", [id]).fetchone()
    return row[0] if row else None


def objects_of(connection: Connection, ids: list[str]) -> dict[str, list[str]]:
    """Return what the given scripts made, by script, each as "class identity"."""
    rows = connection.execute(
        """
        select o.script_id, concat_ws(' ', o.class, o.identity)
        from moadb.objects as o
        where o.script_id = any(%s)
        order by o.class, o.identity
        """,
        [ids],
    ).fetchall()
    result: dict[str, list[str]] = {}
    for id, name in rows:
        result.setdefault(id, []).append(name)
    return result


def forget(connection: Connection, ids: list[str]) -> None:
    """Take repeatables out of the ledger."""
    connection.execute("delete from moadb.scripts where kind = 'repeatable' and id = any(%s)", [ids])


def mark_stale(connection: Connection, systems: Collection[str]) -> None:
    """Let all repeatables of these systems run again in the next deploy."""
    connection.execute(
        "update moadb.scripts set state = 'stale' where kind = 'repeatable' and system_name = any(%s)", [list(systems)]
    )
