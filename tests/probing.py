"""Jobs to look at: functions that do little, fail or wait, and how tests run what calls them."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime, timedelta, timezone
from typing import Any

from psycopg import sql

from cli.commands import call
from moadb import jobs
from moadb.connection import Connection, connect
from moadb.errors import Exit, MoadbError

LONG_AGO = datetime(2025, 6, 1, tzinfo=timezone.utc)
BLOCK = 4242  # the probe jobs that block wait for this advisory lock, so tests decide when they go on

PROBES = f"""
create schema probe authorization moadb_owner;
set role moadb_owner;
create table probe.done (id bigint generated always as identity, what text, who text, xid xid8, path text);
create table probe.todo (id integer primary key);
create table probe.parent (id integer primary key);
create table probe.child (parent_id integer references probe.parent deferrable initially deferred);

create function probe.tick() returns bigint language sql as $$
  insert into probe.done (what, who, xid, path)
  values ('tick', current_user, pg_current_xact_id(), current_setting('search_path'));
  select 1::bigint
$$;
create function probe.nothing() returns void language plpgsql as $$ begin end $$;
create function probe.batch() returns bigint language plpgsql as $$
declare
  v_deleted bigint;
begin
  delete from probe.todo where id in (select id from probe.todo order by id limit 10);
  get diagnostics v_deleted = row_count;
  insert into probe.done (what, xid) values ('batch of ' || v_deleted, pg_current_xact_id());
  return v_deleted;
end $$;
create function probe.batch_then_fail() returns bigint language plpgsql as $$
declare
  v_rows bigint := probe.batch();
begin
  if (select count(*) from probe.todo) < 10 then
    perform platform.fail('actor_required', '{{"left": 5}}');
  end if;
  return v_rows;
end $$;
create function probe.fail() returns bigint language plpgsql as $$
begin
  insert into probe.done (what) values ('never kept');
  return 1 / 0;
end $$;
create function probe.violate() returns bigint language sql as $$
  insert into probe.child values (1);
  select 1::bigint
$$;
create function probe.block() returns bigint language plpgsql as $$
begin
  insert into probe.done (what) values ('block');
  perform pg_advisory_xact_lock({BLOCK});
  return 1;
end $$;
create function probe.create_table() returns bigint language plpgsql as $$
begin
  create table probe.made ();
  return 1;
end $$;
reset role;
"""


def declare(dsn: str, function: str, **columns: Any) -> str:
    """Declare a job that calls a function of schema probe; return its name."""
    values = {
        "name": f"probe.{function}",
        "schema_name": "probe",
        "description": "A test.",
        "schedule": "* * * * *",
        "command": f"select probe.{function}()",
        "timeout": timedelta(hours=1),
        "expected_interval": timedelta(minutes=1),
    } | columns
    query = sql.SQL("insert into platform.jobs ({}) values ({})").format(
        sql.SQL(", ").join(map(sql.Identifier, values)), sql.SQL(", ").join(map(sql.Placeholder, values))
    )
    with connect(dsn) as connection:
        connection.execute(query, values)
    return str(values["name"])


def rows(dsn: str, query: str, *parameters: object) -> list[tuple[Any, ...]]:
    """Return the rows of a query."""
    with connect(dsn) as connection:
        return connection.execute(query.encode(), parameters).fetchall()


def runs(dsn: str, name: str) -> list[tuple[Any, ...]]:
    """Return the runs of a job."""
    return rows(dsn, "select status, driver, rows_handled from platform.job_runs where job_name = %s order by id", name)


def until(condition: Callable[[], object], seconds: float = 60) -> None:
    """Wait for a state; `seconds` is only how long a broken program is waited for."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it never came to that"
        time.sleep(0.05)


def is_running(dsn: str, name: str) -> bool:
    """Return whether a job is at work."""
    return bool(rows(dsn, "select from platform.job_runs where job_name = %s and status = 'running'", name))


@contextmanager
def blocked(dsn: str) -> Iterator[Connection]:
    """Hold the lock that probe.block() waits for."""
    with connect(dsn) as connection:
        connection.execute("select pg_advisory_lock(%s)", [BLOCK])
        yield connection


@contextmanager
def background(dsn: str, name: str) -> Iterator[list[jobs.JobRun | MoadbError]]:
    """Run a job that blocks in a thread, from when it runs; what came of it is in the list at the end."""
    outcome: list[jobs.JobRun | MoadbError] = []

    def work() -> None:
        try:
            outcome.append(jobs.run_job(dsn, name))
        except MoadbError as error:
            outcome.append(error)

    thread = threading.Thread(target=work)
    thread.start()
    try:
        until(lambda: is_running(dsn, name))
        yield outcome
    finally:
        thread.join(60)


@contextmanager
def runner(dsn: str, *, grace: float = 60) -> Iterator[threading.Event]:
    """Run the scheduler in a thread, until the end or until the event is set; then it must end by itself."""
    stop = threading.Event()
    with ThreadPoolExecutor(1) as pool:
        ended = pool.submit(jobs.run_scheduler, dsn, stop, grace=grace, poll=0.1, force=True)
        try:
            yield stop
        finally:
            stop.set()
        ended.result(60)


def moadb(dsn: str, *arguments: str, code: int = Exit.OK) -> str:
    """Run a command, check its exit code, return what it prints: on success standard output, else standard error."""
    if "runner" in arguments:  # it takes signals
        command = [sys.executable, "-m", "moadb", "--dsn", dsn, *arguments]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    else:
        done = call("--dsn", dsn, *arguments)
    assert done.returncode == code, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    return done.stdout if code == Exit.OK else done.stderr
