"""Archiving and restoring that die at every step: rows are in the database or in a whole file, never in neither.

Whatever died, the next run finishes, and at the end every row is what it was, bit by bit.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

import moadb
from archives import TABLES, contents, fill
from cli.trees import eventually
from moadb import archive
from moadb.connection import Connection, connect
from moadb.errors import MoadbError
from moadb.server import LocalServer
from object_store import temporary_bucket
from servers import kill9

RUN = ("exporting", "storing", "verifying", "removing")
RESTORE = ("verifying", "copying", "restoring")

# archives or restores, and kills itself when it is told of a step for the nth time
CLIENT = """
import os, signal, sys
from moadb import archive

work, dsn, place, step, number = sys.argv[1:]
told = 0

def tell(partition, at, done, total):
    global told
    told += at == step
    if told == int(number):
        os.kill(os.getpid(), signal.SIGKILL)

archive.run(dsn, place, progress=tell) if work == "run" else archive.restore(dsn, progress=tell)
"""

# whoever archives or restores waits at the very end of its transaction, when all has been done and nothing committed
HOLD = """
create function public.hold() returns trigger language plpgsql as $$
begin
  perform pg_advisory_xact_lock(7);
  return null;
end
$$;
create constraint trigger hold after insert or update on marketing.archives deferrable initially deferred
  for each row execute function public.hold();
"""
WAITING = "select pid from pg_stat_activity where wait_event_type = 'Lock' and wait_event = 'advisory'"

SESSIONS = """
select from pg_stat_activity where application_name = 'moadb archive' and datname = current_database()
"""


@pytest.fixture
def cluster(cluster: LocalServer) -> LocalServer:
    """Return a server that may be killed, with facts of many months."""
    with connect(cluster.admin_dsn()) as connection:
        fill(connection)
    return cluster


def client(work: str, dsn: str, place: str, step: str = "never", number: int = 1) -> subprocess.Popen[bytes]:
    """Start a process that archives or restores and kills itself at a step."""
    environment = {**os.environ, "PYTHONPATH": str(Path(moadb.__file__).parents[1])}
    return subprocess.Popen(
        [sys.executable, "-c", CLIENT, work, dsn, place, step, str(number)], env=environment, stderr=subprocess.PIPE
    )


def check(admin: Connection, before: dict[str, list[str]]) -> None:
    """Assert that every row is in the database or in a file that is whole, and nothing in both."""
    current = [one for one in archive.list_archives(admin.info.dsn) if one.status == "removed"]
    assert all(outcome.ok for outcome in archive.verify(admin.info.dsn))
    left = contents(admin)
    for table in TABLES:
        away = [one for one in current if one.table_name == table]
        expected = [
            line
            for line in before[table]
            if not any(str(one.date_from) <= line.split("\t")[1] < str(one.date_to) for one in away)
        ]
        assert left[table] == expected
        assert sum(one.rows for one in away) == len(before[table]) - len(left[table])
    broken = admin.execute(
        "select c.invariant from platform.check_invariants('marketing') as c where c.invariant ~ 'archived|closed'"
        " and c.violations > 0"
    ).fetchall()
    assert broken == []


def test_killed_client(database: str, tmp_path: Path) -> None:
    """SIGKILL at every step of a month, the first one and a later one; of archiving, and of restoring."""
    with temporary_bucket() as bucket, connect(database) as admin:
        fill(admin)
        before = contents(admin)
        for work, steps in (("run", RUN), ("restore", RESTORE)):
            for step in steps:
                for number in (1, 4):
                    killed = client(work, database, bucket, step, number)
                    _, said = killed.communicate()
                    assert killed.returncode == -signal.SIGKILL, said.decode()
                    check(admin, before)
            finished = client(work, database, bucket)
            _, said = finished.communicate()
            assert finished.returncode == 0, said.decode()
            check(admin, before)
        assert contents(admin) == before


@pytest.mark.parametrize("work", ["run", "restore"])
def test_killed_client_while_the_server_works(database: str, tmp_path: Path, work: str) -> None:
    """The client dies when the server has done all and not committed: done or undone, and the next run goes on."""
    with connect(database) as admin, connect(database) as holder:
        fill(admin)
        before = contents(admin)
        if work == "restore":
            archive.run(database, str(tmp_path))
        admin.execute(HOLD)
        holder.execute("select pg_advisory_lock(7)")
        killed = client(work, database, str(tmp_path))
        eventually(lambda: admin.execute(WAITING).fetchone(), "the server waits to commit")
        killed.kill()
        killed.communicate()
        holder.execute("select pg_advisory_unlock(7)")
        eventually(lambda: not admin.execute(SESSIONS).fetchall(), "the client's session ends")
        check(admin, before)
        if work == "run":
            assert all(outcome.ok for outcome in archive.run(database, str(tmp_path)))
            check(admin, before)
        archive.restore(database)
        assert contents(admin) == before


def test_killed_server(cluster: LocalServer, tmp_path: Path) -> None:
    """SIGKILL of the server at every step; after its recovery nothing is missing, and the next run goes on."""
    dsn = cluster.admin_dsn()
    with connect(dsn) as admin:
        before = contents(admin)

    def die(work: Callable[[archive.Progress | None], object], step: str, number: int) -> None:
        told = 0

        def tell(partition: str, at: str, done: int, total: int) -> None:
            nonlocal told
            told += at == step
            if told == number:
                kill9(cluster)

        with pytest.raises((psycopg.OperationalError, MoadbError)):
            work(tell)
        assert told >= number
        cluster.start()
        with connect(dsn) as admin:
            check(admin, before)

    for step in RUN:
        die(lambda tell: archive.run(dsn, str(tmp_path), progress=tell), step, 3)
    assert all(outcome.ok for outcome in archive.run(dsn, str(tmp_path)))
    for step in RESTORE:
        die(lambda tell: archive.restore(dsn, progress=tell), step, 3)
    assert all(outcome.ok for outcome in archive.restore(dsn))
    with connect(dsn) as admin:
        assert contents(admin) == before


def test_killed_server_that_had_not_committed(cluster: LocalServer, tmp_path: Path) -> None:
    """The rows were taken out, or put back, and the server dies before it commits: they are where they were."""
    dsn = cluster.admin_dsn()
    with connect(dsn) as admin:
        before = contents(admin)
        admin.execute(HOLD)
    for work in ("run", "restore"):
        with connect(dsn) as admin, connect(dsn) as holder:
            holder.execute("select pg_advisory_lock(7)")
            worker = client(work, dsn, str(tmp_path))
            eventually(lambda: admin.execute(WAITING).fetchone(), "the server waits to commit")
            kill9(cluster)
            worker.communicate()
            assert worker.returncode != 0
        cluster.start()
        with connect(dsn) as admin:
            check(admin, before)
            if work == "run":
                assert archive.list_archives(dsn) == []
                assert contents(admin) == before
        if work == "run":
            assert all(outcome.ok for outcome in archive.run(dsn, str(tmp_path)))
    assert all(outcome.ok for outcome in archive.restore(dsn))
    with connect(dsn) as admin:
        assert contents(admin) == before
