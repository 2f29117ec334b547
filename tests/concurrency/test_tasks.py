"""Workers at once, and workers that die: each task is done once, and none is lost."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from uuid import UUID

import psycopg
import pytest

from concurrency.sessions import Connection, one, storm

# what a worker does: it claims, says so, and acknowledges in the transaction that writes the result
WORKER = """
import sys
import time

import psycopg

connection = psycopg.connect(sys.argv[1], autocommit=True)
claimed = connection.execute("select c.id, c.lease_token from platform.claim_tasks('tap.work', 5) as c").fetchall()
print(len(claimed), flush=True)
for number, (task, token) in enumerate(claimed):
    connection.execute("begin")
    connection.execute("insert into tap.results (task_id) values (%s)", [task])
    connection.execute("select platform.ack_task(%s, %s)", [task, token])
    if number == 2:
        print("in the middle of the third", flush=True)
        time.sleep(600)
    connection.execute("commit")
"""


@pytest.fixture
def admin(database: str) -> Iterator[Connection]:
    """Return a session on a database with 200 tasks, and a table for results that notices a task that is done twice."""
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute("create schema tap; create table tap.results (task_id bigint primary key)")
        connection.execute("select platform.enqueue_task('tap.work', to_jsonb(n)) from generate_series(1, 200) as n")
        yield connection


def finish(connection: Connection, task: int, token: UUID) -> None:
    """Write a task's result and say that it is done, as one."""
    with connection.transaction():
        connection.execute("insert into tap.results (task_id) values (%s)", [task])
        connection.execute("select platform.ack_task(%s, %s)", [task, token])


def work(connection: Connection, batch: int) -> int:
    """Do tasks until there are none; return how many."""
    done = 0
    while claimed := connection.execute(
        "select c.id, c.lease_token from platform.claim_tasks('tap.work', %s) as c", [batch]
    ).fetchall():
        for task, token in claimed:
            finish(connection, task, token)
            done += 1
    return done


def test_each_task_is_done_once(admin: Connection, database: str) -> None:
    """16 workers share 200 tasks."""
    done = storm(database, 16, lambda connection, n: work(connection, 1 + n % 4), role=None)
    assert sum(done) == 200
    assert one(admin, "select count(*) from tap.results") == 200
    assert one(admin, "select array_agg(distinct (status, attempts)::text) from platform.tasks") == ["(done,1)"]


def test_a_claim_does_not_wait_for_another(admin: Connection, database: str) -> None:
    """What another session has locked is passed over."""
    with closing(psycopg.connect(database)) as first:
        taken = first.execute("select c.id from platform.claim_tasks('tap.work', 150) as c").fetchall()
        admin.execute("set lock_timeout = '1ms'")
        rest = admin.execute("select c.id from platform.claim_tasks('tap.work', 150) as c").fetchall()
        assert (len(taken), len(rest)) == (150, 50)
        assert not set(taken) & set(rest)
        first.rollback()
    assert one(admin, "select count(*) from platform.claim_tasks('tap.work', 200)") == 150


def test_one_key_from_many_sessions_is_one_task(admin: Connection, database: str) -> None:
    ids = storm(
        database,
        16,
        lambda connection, n: one(connection, "select platform.enqueue_task('tap.once', '{}', 'key')"),
        role=None,
    )
    assert len(set(ids)) == 1
    assert one(admin, "select count(*) from platform.tasks where topic = 'tap.once'") == 1


def test_a_killed_worker_loses_its_leases_and_nothing_else(admin: Connection, database: str) -> None:
    """It has done two tasks, is in the middle of the third, and had claimed two more."""
    with subprocess.Popen([sys.executable, "-c", WORKER, database], stdout=subprocess.PIPE, text=True) as worker:
        assert worker.stdout is not None
        assert worker.stdout.readline() == "5\n"
        assert worker.stdout.readline() == "in the middle of the third\n"
        os.kill(worker.pid, signal.SIGKILL)
        worker.wait()

    assert work(admin, 50) == 195  # the others: its leases still stand
    lost = one(admin, "select array_agg(id order by id) from platform.tasks where status = 'ready'")
    assert len(lost) == 3
    admin.execute(
        "select platform.extend_task(id, lease_token, '1 microsecond') from platform.tasks where status = 'ready'"
    )
    assert work(admin, 50) == 3
    assert one(admin, "select count(*) from tap.results") == 200
    assert one(admin, "select array_agg(id order by id) from platform.tasks where attempts = 2") == lost
    assert one(admin, "select count(*) from platform.tasks where status <> 'done'") == 0


def test_a_late_worker_cannot_write_its_result(admin: Connection, database: str) -> None:
    """Its task was claimed anew: the ack is refused, and takes the result back with it."""
    row = admin.execute(
        "select c.id, c.lease_token from platform.claim_tasks('tap.work', 1, '1 microsecond') as c"
    ).fetchone()
    assert row is not None
    assert work(admin, 50) == 200
    admin.execute("truncate tap.results")
    with pytest.raises(psycopg.Error) as caught:
        finish(admin, *row)
    assert caught.value.sqlstate == "MP058"
    assert one(admin, "select count(*) from tap.results") == 0
