"""Jobs as they are used: the committing procedure, overlapping sessions, pg_cron, the runner, the commands."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import conninfo, sql

from cli.commands import call
from moadb import deploy, jobs, testing
from moadb.connection import Connection, connect
from moadb.errors import Exit, MoadbError, Refused
from moadb.jobs.schedule import last_slot, next_slot
from moadb.resources import sql_root
from moadb.server import LocalServer
from moadb.server.binaries import has_library
from servers import temporary_server

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


@pytest.fixture
def probes(database: str) -> str:
    """Return a connection string to a database that runs its jobs, with functions for jobs to call."""
    with connect(database) as connection:
        connection.execute("select platform.adopt_installation()")
        connection.execute("update platform.jobs set is_paused = true")
        connection.execute(PROBES)
    return database


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
    with connect(dsn) as connection:
        return connection.execute(query.encode(), parameters).fetchall()


def runs(dsn: str, name: str) -> list[tuple[Any, ...]]:
    return rows(dsn, "select status, driver, rows_handled from platform.job_runs where job_name = %s order by id", name)


def until(condition: Callable[[], object], seconds: float = 60) -> None:
    """Wait for a state; `seconds` is only how long a broken program is waited for."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it never came to that"
        time.sleep(0.05)


def is_running(dsn: str, name: str) -> bool:
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


# the procedure


def test_a_run_is_recorded(probes: str) -> None:
    name = declare(probes, "tick")
    run = jobs.run_job(probes, name)
    assert (run.status, run.driver, run.rows_handled, run.attempts) == ("succeeded", "manual", 1, 1)
    assert run.finished_at is not None
    assert run.slot <= run.started_at <= run.finished_at
    assert jobs.job_history(probes, name) == [run]


def test_a_command_runs_as_the_owner_under_a_pinned_path(probes: str) -> None:
    name = declare(probes, "tick")
    with connect(probes) as connection:
        connection.execute("set search_path = probe, public")
        connection.execute("call platform.run_job(%s)", [name])
        assert connection.execute("select current_user, current_setting('search_path')").fetchone() == (
            "postgres",
            "probe, public",
        )
    assert rows(probes, "select who, path from probe.done") == [("moadb_owner", "pg_catalog, pg_temp")]
    jobs.run_job(probes, declare(probes, "create_table"))
    assert rows(probes, "select relowner::regrole::text from pg_class where oid = 'probe.made'::regclass") == [
        ("moadb_owner",)
    ]


def test_nothing_of_the_callers_path_is_used(probes: str) -> None:
    """Objects of the caller's that shadow ours or the system's own must not be called with the owner's rights."""
    name = declare(probes, "tick")
    with connect(probes) as connection:
        connection.execute(
            """
            create schema evil;
            grant usage on schema evil to public;
            create function evil.trap() returns boolean language plpgsql as $$ begin raise 'trapped'; end $$;
            create function evil.equal(text, text) returns boolean language sql as 'select evil.trap()';
            create function evil.equal(bigint, bigint) returns boolean language sql as 'select evil.trap()';
            create operator evil.= (function = evil.equal, leftarg = text, rightarg = text);
            create operator evil.= (function = evil.equal, leftarg = bigint, rightarg = bigint);
            create operator evil.<> (function = evil.equal, leftarg = text, rightarg = text);
            create function evil.clock_timestamp() returns timestamptz language sql
              as 'select evil.trap(); select now()';
            create function evil.pg_try_advisory_lock(bigint) returns boolean language sql as 'select evil.trap()';
            create function evil.pg_advisory_unlock(bigint) returns boolean language sql as 'select evil.trap()';
            set search_path = evil, pg_catalog;
            """
        )
        connection.execute("call platform.run_job(%s)", [name])
    assert runs(probes, name) == [("succeeded", "manual", 1)]


def test_a_function_that_returns_nothing_has_handled_no_rows(probes: str) -> None:
    assert jobs.run_job(probes, declare(probes, "nothing")).rows_handled == 0


def test_a_batch_job_commits_in_between(probes: str) -> None:
    name = declare(probes, "batch", batch=True)
    rows(probes, "insert into probe.todo select generate_series(1, 25) returning id")
    assert jobs.run_job(probes, name).rows_handled == 25
    assert rows(probes, "select what from probe.done order by id") == [
        ("batch of 10",),
        ("batch of 10",),
        ("batch of 5",),
        ("batch of 0",),
    ]
    assert rows(probes, "select count(distinct xid) from probe.done where what <> 'batch of 0'") == [(3,)]
    assert jobs.run_job(probes, name).rows_handled == 0


def test_a_job_that_is_no_batch_is_called_once(probes: str) -> None:
    rows(probes, "insert into probe.todo select generate_series(1, 25) returning id")
    assert jobs.run_job(probes, declare(probes, "batch")).rows_handled == 10


def test_a_failure_is_recorded_and_raised_again(probes: str) -> None:
    name = declare(probes, "fail")
    with connect(probes) as connection, pytest.raises(psycopg.errors.DivisionByZero):
        connection.execute("call platform.run_job(%s)", [name])
    with pytest.raises(MoadbError, match=r"job probe.fail failed: division by zero") as raised:
        jobs.run_job(probes, name)
    assert raised.value.details == ["SQLSTATE 22012"]
    run = jobs.job_history(probes, name)[0]
    assert (run.status, run.error_sqlstate, run.error_message) == ("failed", "22012", "division by zero")
    assert run.error_context is not None
    assert "probe.fail() line 4" in run.error_context
    assert rows(probes, "select count(*) from probe.done") == [(0,)]
    assert rows(probes, "select count(*) from platform.running_jobs") == [(0,)]


def test_nothing_is_held_after_a_run(probes: str) -> None:
    """A session lock ends with its session; but the session of a person at psql goes on."""
    calls = {
        declare(probes, "tick"): ["manual", "cron"],  # there is no driver cron
        declare(probes, "fail"): ["manual"],
        "no.such_job": ["manual"],
    }
    with connect(probes) as connection, connect(probes, autocommit=False) as in_transaction:
        for name, drivers in calls.items():
            for driver in drivers:
                with suppress(psycopg.Error):
                    connection.execute("call platform.run_job(%s, %s)", [name, driver])
        with pytest.raises(psycopg.errors.InvalidTransactionTermination):
            in_transaction.execute("call platform.run_job('probe.tick')")
        assert rows(probes, "select name from platform.running_jobs") == []
        assert rows(probes, "select count(*) from pg_locks where pid = %s", connection.info.backend_pid) == [(0,)]
    assert jobs.run_job(probes, "probe.tick").status == "succeeded"


@pytest.mark.parametrize(
    ("call", "error"),
    [
        ("call platform.run_job('no.such_job')", "MP010"),
        ("call platform.run_job(null)", "MP010"),
        ("call platform.run_job('probe.tick', 'cron')", "23514"),
    ],
)
def test_what_is_wrong_with_a_call(probes: str, call: str, error: str) -> None:
    declare(probes, "tick")
    with connect(probes) as connection, pytest.raises(psycopg.Error) as raised:
        connection.execute(call.encode())
    assert raised.value.sqlstate == error
    assert rows(probes, "select count(*) from platform.job_runs") == [(0,)]


def test_a_batch_job_that_fails_keeps_the_batches_before(probes: str) -> None:
    name = declare(probes, "batch_then_fail", batch=True)
    rows(probes, "insert into probe.todo select generate_series(1, 25) returning id")
    with pytest.raises(MoadbError, match="p_actor is null") as raised:
        jobs.run_job(probes, name)
    assert raised.value.details[0] == "SQLSTATE MP002"
    run = jobs.job_history(probes, name)[0]
    assert (run.status, run.rows_handled) == ("failed", 10)
    assert json.loads(run.error_detail or "") == {"code": "actor_required", "left": 5}
    assert rows(probes, "select count(*) from probe.todo") == [(15,)]


def test_a_deferred_constraint_is_checked_while_it_can_be_recorded(probes: str) -> None:
    name = declare(probes, "violate")
    with pytest.raises(MoadbError, match="violates foreign key constraint"):
        jobs.run_job(probes, name)
    assert [run.error_sqlstate for run in jobs.job_history(probes, name)] == ["23503"]
    assert rows(probes, "select count(*) from probe.child") == [(0,)]
    assert rows(probes, "select count(*) from platform.running_jobs") == [(0,)]


def test_of_many_callers_at_once_one_runs(probes: str) -> None:
    name = declare(probes, "block")
    start = threading.Barrier(8)

    def call() -> str:
        start.wait()
        return jobs.run_job(probes, name).status

    with blocked(probes) as lock, ThreadPoolExecutor(8) as pool:
        results = [pool.submit(call) for _ in range(8)]
        until(lambda: sum(result.done() for result in results) == 7)
        assert is_running(probes, name)
        lock.execute("select pg_advisory_unlock(%s)", [BLOCK])
        outcomes = sorted(result.result() for result in results)
    assert outcomes == ["skipped"] * 7 + ["succeeded"]
    assert rows(probes, "select count(*) from probe.done") == [(1,)]


def test_a_slot_runs_once(probes: str) -> None:
    name = declare(probes, "tick")
    slot = datetime(2027, 1, 1, 3, 0, tzinfo=timezone.utc)
    with connect(probes) as connection:
        for driver in ("runner", "pg_cron", "runner"):
            connection.execute("call platform.run_job(%s, %s, %s)", [name, driver, slot])
    assert rows(probes, "select count(*) from probe.done") == [(1,)]
    assert rows(probes, "select slot, status, duplicates from platform.job_runs") == [(slot, "succeeded", 2)]
    with connect(probes) as connection:  # pg_cron's replays of the minutes that a long run has missed
        before = connection.execute("select date_trunc('minute', clock_timestamp())").fetchone()
        for _ in range(59):
            connection.execute("call platform.run_job(%s, 'pg_cron')", [name])
        after = connection.execute("select date_trunc('minute', clock_timestamp())").fetchone()
    assert rows(probes, "select count(*) from probe.done") == [(2 if before == after else 3,)]


def test_a_slot_with_many_callers_runs_once(probes: str) -> None:
    """The one that gets the lock runs, even if another has written down before that it did not get it."""
    name = declare(probes, "tick")
    callers, slots = 6, [datetime(2027, 1, 1, 3, minute, tzinfo=timezone.utc) for minute in range(30)]
    together = threading.Barrier(callers)

    def call() -> None:
        with connect(probes) as connection:
            for slot in slots:
                together.wait(60)
                connection.execute("call platform.run_job(%s, 'runner', %s)", [name, slot])
                together.wait(60)

    with ThreadPoolExecutor(callers) as pool:
        for result in [pool.submit(call) for _ in range(callers)]:
            result.result()
    found = rows(probes, "select slot, status, duplicates from platform.job_runs order by slot")
    assert found == [(slot, "succeeded", callers - 1) for slot in slots]
    assert rows(probes, "select count(*) from probe.done") == [(len(slots),)]


def test_a_paused_job_runs_by_hand_only(probes: str) -> None:
    name = declare(probes, "tick", is_paused=True)
    with connect(probes) as connection:
        for driver in ("runner", "pg_cron"):
            assert connection.execute("call platform.run_job(%s, %s)", [name, driver]).fetchone() == (None,)
    assert runs(probes, name) == []
    assert jobs.run_job(probes, name).status == "succeeded"


def test_a_cancelled_run_is_recorded(probes: str) -> None:
    name = declare(probes, "block")
    with blocked(probes), background(probes, name) as outcome:
        [(pid,)] = rows(probes, "select pid from platform.running_jobs where name = %s", name)
        rows(probes, "select pg_cancel_backend(%s)", pid)
    assert isinstance(outcome[0], MoadbError)
    assert "canceling statement due to user request" in outcome[0].message
    assert [run.error_sqlstate for run in jobs.job_history(probes, name)] == ["57014"]
    assert jobs.run_job(probes, name).status == "succeeded"


def test_a_timeout_ends_a_run(probes: str) -> None:
    name = declare(probes, "block", timeout=timedelta(milliseconds=200))
    with blocked(probes), pytest.raises(MoadbError, match="canceling statement due to statement timeout"):
        jobs.run_job(probes, name)
    assert runs(probes, name) == [("failed", "manual", 0)]


def test_the_next_start_of_any_job_ends_an_overdue_run(probes: str) -> None:
    """Under pg_cron nothing limits the statement itself."""
    name = declare(probes, "block", timeout=timedelta(milliseconds=1))
    other = declare(probes, "tick")
    failed = threading.Event()

    def call() -> None:
        with connect(probes) as connection:
            try:
                connection.execute("call platform.run_job(%s, 'pg_cron')", [name])
            except psycopg.errors.QueryCanceled:
                failed.set()

    with blocked(probes):
        thread = threading.Thread(target=call)
        thread.start()
        until(lambda: is_running(probes, name))
        until(lambda: jobs.run_job(probes, other) and failed.is_set())
        thread.join(60)
    assert [(run.status, run.error_sqlstate) for run in jobs.job_history(probes, name)] == [("failed", "57014")]


def test_a_member_of_the_owner_may_run_jobs_and_nobody_else(probes: str) -> None:
    name = declare(probes, "tick")
    member, other = (f"probe_{kind}_{os.getpid()}" for kind in ("member", "other"))
    with connect(probes) as connection:
        try:
            connection.execute(f"create role {member} in role moadb_owner; create role {other}")
            connection.execute(f"set session authorization {member}")
            connection.execute("call platform.run_job(%s)", [name])
            connection.execute(f"reset session authorization; set session authorization {other}")
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute("call platform.run_job(%s)", [name])
        finally:
            connection.execute(f"reset session authorization; drop role {member}; drop role {other}")
    assert rows(probes, "select who from probe.done") == [("moadb_owner",)]


# copies


def test_only_the_first_deploy_adopts(database: str) -> None:
    file = (sql_root() / "sql/platform/jobs.sql").read_bytes()
    adopted = "select count(*) from platform.installation"
    with connect(database) as connection:
        connection.execute("delete from platform.installation")
        connection.execute(file)
        assert connection.execute(adopted).fetchone() == (1,)
        connection.execute("call platform.run_job('platform.reconcile_job_runs', 'manual')")
        connection.execute("delete from platform.installation")
        connection.execute(file)
        assert connection.execute(adopted).fetchone() == (0,), "whoever deleted the row meant it"


def test_a_copy_runs_nothing_until_it_is_adopted(server: LocalServer, probes: str) -> None:
    name = declare(probes, "tick")
    admin = server.admin_dsn("postgres")
    original = conninfo.conninfo_to_dict(probes)["dbname"]
    copy = testing.clone(admin, str(original))
    try:
        with pytest.raises(Refused, match="is not the one that runs the jobs: database_oid is"):
            jobs.run_job(copy, name)
        assert "moadb jobs adopt" in moadb(copy, "jobs", "run", name, code=Exit.REFUSED)
        assert "is not the one that runs the jobs" in moadb(copy, "jobs", "runner", "--force", code=Exit.REFUSED)
        assert runs(copy, name) == []
        moadb(copy, "jobs", "adopt", "--yes")
        assert jobs.run_job(copy, name).status == "succeeded"
        assert jobs.run_job(probes, name).status == "succeeded", "the original is none the worse"
    finally:
        testing.drop_database(admin, conninfo.conninfo_to_dict(copy)["dbname"])  # type: ignore[arg-type]


def test_a_dump_restored_elsewhere_runs_nothing(
    server: LocalServer, probes: str, empty_database: str, tmp_path: Path
) -> None:
    name = declare(probes, "tick")
    dump = tmp_path / "dump"
    subprocess.run([server.binaries / "pg_dump", "-Fc", "-f", dump, "-d", probes], check=True)
    subprocess.run([server.binaries / "pg_restore", "-d", empty_database, dump], check=True)
    with pytest.raises(Refused, match="is not the one that runs the jobs"):
        jobs.run_job(empty_database, name)
    jobs.adopt(empty_database)
    assert jobs.run_job(empty_database, name).status == "succeeded"


# schedules


def test_slots() -> None:
    now = datetime(2026, 11, 21, 10, 7, 30, tzinfo=timezone.utc)
    assert last_slot("*/5 * * * *", now) == datetime(2026, 11, 21, 10, 5, tzinfo=timezone.utc)
    assert next_slot("*/5 * * * *", now) == datetime(2026, 11, 21, 10, 10, tzinfo=timezone.utc)
    on_time = datetime(2026, 11, 21, 10, 0, tzinfo=timezone.utc)
    assert last_slot("0 10 * * *", on_time) == on_time, "a slot is due at its very beginning"
    assert next_slot("0 10 * * *", on_time) == on_time + timedelta(days=1)
    seoul = timezone(timedelta(hours=9))
    assert last_slot("0 0 * * *", datetime(2026, 11, 21, 8, 0, tzinfo=seoul)) == datetime(
        2026, 11, 20, tzinfo=timezone.utc
    )
    assert last_slot("0 0 29 2 *", now) == datetime(2024, 2, 29, tzinfo=timezone.utc)


IMPOSSIBLE = ["99 * * * *", "0 0 31 2 *"]


@pytest.mark.parametrize("schedule", IMPOSSIBLE)
def test_impossible_schedules(schedule: str) -> None:
    now = datetime(2026, 11, 21, 10, 7, 30, tzinfo=timezone.utc)
    for slot in next_slot, last_slot:
        with pytest.raises(MoadbError, match=re.escape(f"schedule {schedule!r}: bad ")):
            slot(schedule, now)


@pytest.mark.parametrize("schedule", IMPOSSIBLE)
def test_an_impossible_schedule_is_the_trouble_of_its_job_alone(
    probes: str, schedule: str, caplog: pytest.LogCaptureFixture
) -> None:
    impossible = declare(probes, "nothing", active_since=LONG_AGO, schedule=schedule)
    possible = declare(probes, "tick", active_since=LONG_AGO)
    with runner(probes):
        until(lambda: runs(probes, possible))
    assert runs(probes, impossible) == []
    assert [r.getMessage() for r in caplog.records if impossible in r.getMessage()] == [
        f"{impossible} never runs: schedule {schedule!r}: bad {'minute' if schedule[0] == '9' else 'day-of-month'}"
    ]
    listed = {job.name: job for job in jobs.list_jobs(probes)}
    assert listed[impossible].next_slot is None
    assert listed[possible].next_slot is not None


def test_every_declared_schedule_can_be_read(database: str) -> None:
    found = jobs.list_jobs(database)
    assert found
    for job in found:
        assert job.next_slot is not None
        expected = next_slot(job.schedule, job.next_slot) - job.next_slot
        assert expected <= job.expected_interval, f"{job.name} is due less often than it is expected"


# commands


def test_list_run_and_history(probes: str) -> None:
    name = declare(probes, "tick")
    failing = declare(probes, "fail")
    assert "nothing has run yet" in moadb(probes, "jobs", "history", name)
    assert f"{name} succeeded: 1 rows" in moadb(probes, "jobs", "run", name)
    assert json.loads(moadb(probes, "jobs", "run", name, "--json"))["status"] == "succeeded"
    assert "division by zero" in moadb(probes, "jobs", "run", failing, code=Exit.FAILED)

    listed = {job["name"]: job for job in json.loads(moadb(probes, "jobs", "list", "--json"))}
    assert listed[name]["last_status"] == "succeeded"
    assert listed[failing]["last_error_sqlstate"] == "22012"
    assert listed["platform.prune_job_runs"]["state"] == "paused"
    assert listed["platform.prune_job_runs"]["next_slot"] is None
    assert name in moadb(probes, "jobs", "list")

    history = json.loads(moadb(probes, "jobs", "history", "--json"))
    assert [run["job_name"] for run in history] == [failing, name, name]
    assert len(json.loads(moadb(probes, "jobs", "history", name, "-n", "1", "--json"))) == 1
    assert "22012 division by zero" in moadb(probes, "jobs", "history", failing)


def test_a_job_that_is_running_is_refused(probes: str) -> None:
    name = declare(probes, "block")
    with blocked(probes) as lock, background(probes, name) as outcome:
        assert "is running already" in moadb(probes, "jobs", "run", name, code=Exit.REFUSED)
        [job] = [job for job in jobs.list_jobs(probes) if job.name == name]
        assert (job.is_running, job.last_status) == (True, "running")
        lock.execute("select pg_advisory_unlock(%s)", [BLOCK])
    assert isinstance(outcome[0], jobs.JobRun)


def test_pause_and_resume(probes: str) -> None:
    name = declare(probes, "tick")
    assert f"{name} paused" in moadb(probes, "jobs", "pause", name)
    assert json.loads(moadb(probes, "jobs", "pause", name, "--json")) == []
    assert "paused already" in moadb(probes, "jobs", "pause", "--all")
    resumed = json.loads(moadb(probes, "jobs", "resume", "--all", "--json"))
    assert resumed == sorted(job.name for job in jobs.list_jobs(probes))
    assert "name the jobs, or say --all" in moadb(probes, "jobs", "pause", code=Exit.USAGE)
    assert "name the jobs, or say --all" in moadb(probes, "jobs", "resume", "--all", name, code=Exit.USAGE)
    moadb(probes, "jobs", "pause", name, "no.such_job", code=Exit.USAGE)
    assert not any(job.is_paused for job in jobs.list_jobs(probes)), "one wrong name, and nothing is changed"


@pytest.mark.parametrize("command", [["run"], ["history"], ["pause"], ["resume"]])
def test_an_unknown_job_is_a_usage_error(probes: str, command: list[str]) -> None:
    assert "there is no job 'no.such_job'" in moadb(probes, "jobs", *command, "no.such_job", code=Exit.USAGE)


@pytest.mark.parametrize(
    "command", [["list"], ["run", "x.y"], ["history"], ["pause", "--all"], ["runner"], ["adopt", "--yes"]]
)
def test_a_database_without_moadb_is_one_message(empty_database: str, command: list[str]) -> None:
    assert "has no moadb in it" in moadb(empty_database, "jobs", *command, code=Exit.FAILED)


# pg_cron


@pytest.fixture
def cron(server: LocalServer, probes: str) -> Iterator[Connection]:
    """Return a connection to the database where pg_cron is."""
    if not has_library(server.binaries, "pg_cron"):
        pytest.skip("this server has no pg_cron")
    with connect(server.admin_dsn("postgres")) as connection:
        home = conninfo.conninfo_to_dict(server.admin_dsn())["dbname"]
        if connection.execute("select from pg_database where datname = %s", [home]).fetchone() is None:
            connection.execute(sql.SQL("create database {}").format(sql.Identifier(str(home))))
    with connect(server.admin_dsn()) as connection:
        connection.execute("create extension if not exists pg_cron")
        rows(probes, "delete from platform.jobs returning name")
        yield connection
        jobs.sync_pg_cron(probes, remove=True)


def entries(connection: Connection) -> dict[str, tuple[str, str, str]]:
    found = connection.execute(
        "select jobname::text, schedule, command, database from cron.job where active"
    ).fetchall()
    return {name: (schedule, command, database) for name, schedule, command, database in found}


def test_a_server_without_pg_cron_has_no_entries(server: LocalServer, probes: str) -> None:
    if has_library(server.binaries, "pg_cron"):
        pytest.skip("this server has pg_cron")
    assert jobs.sync_pg_cron(probes) == jobs.CronChanges(None)
    assert "there is no pg_cron that this role can see" in moadb(probes, "jobs", "sync")


def test_entries_are_made_equal_to_the_jobs(probes: str, cron: Connection) -> None:
    cron.execute("select cron.schedule('somebody else', '0 0 1 1 *', 'select 1')")
    database = str(conninfo.conninfo_to_dict(probes)["dbname"])
    prefix = f"moadb:{database}:"
    tick, fail = declare(probes, "tick"), declare(probes, "fail", schedule="0 3 * * *")
    try:
        changes = jobs.sync_pg_cron(probes)
        assert changes.added == sorted([f"{prefix}probe.tick", f"{prefix}probe.fail", f"{prefix}prune_run_details"])
        assert entries(cron)[f"{prefix}{fail}"] == (
            "0 3 * * *",
            "call platform.run_job('probe.fail', 'pg_cron')",
            database,
        )
        before = entries(cron)

        again = jobs.sync_pg_cron(probes)
        assert (again.added, again.changed, again.removed, again.unchanged) == ([], [], [], 3)
        assert entries(cron) == before

        rows(probes, "update platform.jobs set schedule = '5 4 * * 0' where name = %s returning name", tick)
        assert jobs.sync_pg_cron(probes).changed == [f"{prefix}{tick}"]
        assert entries(cron)[f"{prefix}{tick}"][0] == "5 4 * * 0"

        rows(probes, "delete from platform.jobs where name = %s returning name", fail)
        assert jobs.sync_pg_cron(probes).removed == [f"{prefix}{fail}"]

        cron.execute("update cron.job set active = false where jobname = %s", [f"{prefix}{tick}"])
        cron.execute("update cron.job set nodeport = 1 where jobname = %s", [f"{prefix}prune_run_details"])
        assert jobs.sync_pg_cron(probes).changed == sorted([f"{prefix}{tick}", f"{prefix}prune_run_details"])

        assert sorted(jobs.sync_pg_cron(probes, remove=True).removed) == sorted(
            [f"{prefix}{tick}", f"{prefix}prune_run_details"]
        )
        assert "somebody else" in entries(cron)
    finally:
        cron.execute("select cron.unschedule('somebody else')")


def test_a_deploy_registers_its_jobs(empty_database: str, cron: Connection) -> None:
    database = str(conninfo.conninfo_to_dict(empty_database)["dbname"])
    try:
        moadb(empty_database, "migrate", "--systems", "platform")
        declared = rows(empty_database, "select name from platform.jobs")
        assert declared
        called = {command for _, command, where in entries(cron).values() if where == database}
        assert {f"call platform.run_job('{name}', 'pg_cron')" for (name,) in declared} <= called
    finally:
        jobs.sync_pg_cron(empty_database, remove=True)


def test_long_names_stay_apart(probes: str, cron: Connection) -> None:
    names = ["probe." + "a_rather_long_name_for_a_job" * 2 + end for end in ("_one", "_two")]
    for name in names:
        declare(probes, "tick", name=name)
    assert len(jobs.sync_pg_cron(probes).added) == 3
    assert len([command for _, command, _ in entries(cron).values() if any(name in command for name in names)]) == 2
    assert jobs.sync_pg_cron(probes).unchanged == 3


def test_a_copy_has_no_entries(server: LocalServer, probes: str, cron: Connection) -> None:
    copy = testing.clone(server.admin_dsn("postgres"), str(conninfo.conninfo_to_dict(probes)["dbname"]))
    try:
        changes = jobs.sync_pg_cron(copy)
        assert changes.copied is not None
        assert changes.added == []
        assert "until `moadb jobs adopt`" in moadb(copy, "jobs", "sync")
        assert "by pg_cron" in moadb(copy, "jobs", "adopt", "--yes")
        assert jobs.sync_pg_cron(copy).unchanged > 0
    finally:
        jobs.sync_pg_cron(copy, remove=True)
        testing.drop_database(server.admin_dsn("postgres"), str(conninfo.conninfo_to_dict(copy)["dbname"]))


def test_the_runner_leaves_it_to_pg_cron(probes: str, cron: Connection) -> None:
    declare(probes, "tick")
    jobs.sync_pg_cron(probes)
    assert "pg_cron runs the jobs of database" in moadb(probes, "jobs", "runner", code=Exit.REFUSED)
    assert runs(probes, "probe.tick") == []


def test_pg_cron_runs_jobs(server: LocalServer, request: pytest.FixtureRequest) -> None:
    """Takes up to a minute: pg_cron starts nothing more often.

    On a server of its own, because other tests drop the database that pg_cron works for.
    """
    if not has_library(server.binaries, "pg_cron"):
        pytest.skip("this server has no pg_cron")
    with temporary_server(request.config.getoption("--server"), preload=True) as own:
        with connect(own.admin_dsn("postgres")) as connection:
            connection.execute("create database moadb")
        deploy.migrate(own.admin_dsn(), ["platform"])
        with connect(own.admin_dsn()) as connection:
            connection.execute("create extension pg_cron")
            connection.execute("update platform.jobs set is_paused = true")
            connection.execute(PROBES)
            _pg_cron_runs_jobs(own.admin_dsn(), connection)


def _pg_cron_runs_jobs(probes: str, cron: Connection) -> None:
    good = declare(probes, "tick", active_since=datetime(2026, 1, 1, tzinfo=timezone.utc))
    bad = declare(probes, "fail", batch=True)
    paused = declare(probes, "nothing", is_paused=True)
    jobs.sync_pg_cron(probes)
    until(lambda: runs(probes, good) and runs(probes, bad) and not is_running(probes, good), 180)
    assert runs(probes, good)[0] == ("succeeded", "pg_cron", 1)
    assert runs(probes, bad)[0] == ("failed", "pg_cron", 0)
    [job] = [job for job in jobs.list_jobs(probes) if job.name == good]
    assert job.state == "ok"
    query = (
        "select d.status from cron.job_run_details as d "
        "where d.command like %s and d.status not in ('starting', 'running')"
    )
    until(lambda: cron.execute(query, [f"%{bad}%"]).fetchone() == ("failed",))
    until(lambda: cron.execute(query, [f"%{good}%"]).fetchone() == ("succeeded",))
    until(lambda: cron.execute(query, [f"%{paused}%"]).fetchone() == ("succeeded",))
    assert runs(probes, paused) == [], "pg_cron starts a paused job, and nothing happens"


# the runner

LONG_AGO = datetime(2025, 6, 1, tzinfo=timezone.utc)


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


def leaders(dsn: str) -> list[int]:
    found = rows(
        dsn,
        """
        select l.pid from pg_locks as l
        join pg_database as d on d.oid = l.database and d.datname = current_database()
        where l.locktype = 'advisory'
          and (l.classid::bigint << 32) | l.objid::bigint = hashtextextended('moadb.runner', 0)
        """,
    )
    return [pid for (pid,) in found]


def test_the_runner_runs_what_is_due(probes: str) -> None:
    due = declare(probes, "tick", active_since=LONG_AGO)
    missed = declare(probes, "nothing", active_since=LONG_AGO, schedule="0 0 1 1 *")
    fresh = declare(probes, "batch", schedule="0 0 1 1 *")
    paused = declare(probes, "fail", active_since=LONG_AGO, is_paused=True)
    with runner(probes):
        until(lambda: runs(probes, due) and runs(probes, missed))
    assert runs(probes, due)[0] == ("succeeded", "runner", 1)
    [(slot, at)] = rows(probes, "select slot, started_at from platform.job_runs where job_name = %s", missed)
    assert slot == last_slot("0 0 1 1 *", at), "a missed slot is made up for, under its own time"
    assert runs(probes, fresh) == [], "what came due before a job was declared is not"
    assert runs(probes, paused) == []

    later = declare(probes, "tick", name="probe.later", active_since=LONG_AGO)
    with runner(probes):
        until(lambda: runs(probes, later))
    assert runs(probes, missed) == [("succeeded", "runner", 0)], "started again, it does not do a slot twice"


def test_a_slot_whose_run_has_crashed_is_made_up_for(probes: str) -> None:
    name = declare(probes, "tick", active_since=LONG_AGO, schedule="0 0 1 1 *")
    [(now,)] = rows(probes, "select now()")
    slot = last_slot("0 0 1 1 *", now)
    rows(
        probes,
        "insert into platform.job_runs (job_name, slot, status, driver, backend_pid) "
        "values (%s, %s, 'running', 'runner', 1) returning id",
        name,
        slot,
    )
    with runner(probes):
        until(lambda: [status for status, _, _ in runs(probes, name)] == ["succeeded"])
    assert rows(probes, "select slot, attempts from platform.job_runs where job_name = %s", name) == [(slot, 2)]


def test_a_job_at_work_skips_its_slot(probes: str) -> None:
    name = declare(probes, "block", active_since=LONG_AGO)
    long_ago = datetime(2026, 2, 1, tzinfo=timezone.utc)
    with blocked(probes) as lock, ThreadPoolExecutor(1) as pool:

        def call() -> None:
            with connect(probes) as connection:
                connection.execute("call platform.run_job(%s, 'runner', %s)", [name, long_ago])

        earlier = pool.submit(call)
        until(lambda: is_running(probes, name))
        with runner(probes):
            until(lambda: len(runs(probes, name)) >= 2)
        lock.execute("select pg_advisory_unlock(%s)", [BLOCK])
        earlier.result(60)
    assert [status for status, _, _ in runs(probes, name)[:2]] == ["succeeded", "skipped"]
    assert rows(probes, "select count(*) from probe.done") == [(1,)]


def test_a_job_of_the_runners_own_skips_its_slot(probes: str) -> None:
    name = declare(probes, "block", active_since=LONG_AGO, schedule="0 0 1 1 *")
    with blocked(probes) as lock, runner(probes):
        until(lambda: is_running(probes, name))
        rows(probes, "update platform.jobs set schedule = '0 * * * *' where name = %s returning name", name)
        until(lambda: len(runs(probes, name)) == 2)
        lock.execute("select pg_advisory_unlock(%s)", [BLOCK])
    assert [status for status, _, _ in runs(probes, name)] == ["succeeded", "skipped"]


def test_of_two_runners_one_works_and_the_other_takes_over(probes: str) -> None:
    name = declare(probes, "tick", active_since=LONG_AGO)
    with runner(probes), runner(probes):
        until(lambda: runs(probes, name))
        [leader] = leaders(probes)
        rows(probes, "select pg_terminate_backend(%s)", leader)
        until(lambda: leaders(probes) not in ([], [leader]))
        assert len(leaders(probes)) == 1
    until(lambda: leaders(probes) == [])
    done = rows(probes, "select slot, status from platform.job_runs where job_name = %s order by id", name)
    assert {status for _, status in done} == {"succeeded"}
    assert rows(probes, "select count(*) from probe.done") == [(len(done),)], "a run for each slot, and no more"


def test_more_jobs_than_places(probes: str) -> None:
    names = [declare(probes, "tick", name=f"probe.tick_{n}", active_since=LONG_AGO) for n in range(12)]
    with runner(probes):
        until(lambda: all(runs(probes, name) for name in names))
    assert all(runs(probes, name)[0] == ("succeeded", "runner", 1) for name in names)


def test_stopping_lets_a_job_finish(probes: str) -> None:
    name = declare(probes, "block", active_since=LONG_AGO)
    with blocked(probes) as lock:
        with runner(probes) as stop:
            until(lambda: is_running(probes, name))
            stop.set()
            until(lambda: not leaders(probes))
            assert is_running(probes, name)
            lock.execute("select pg_advisory_unlock(%s)", [BLOCK])
        assert runs(probes, name) == [("succeeded", "runner", 1)]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_the_runner_and_cancels_what_does_not_finish(probes: str, number: signal.Signals) -> None:
    name = declare(probes, "block", active_since=LONG_AGO)
    command = [sys.executable, "-m", "moadb", "--dsn", probes, "jobs", "runner", "--grace", "0", "--force"]
    with blocked(probes):
        process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
        until(lambda: is_running(probes, name))
        process.send_signal(number)
        _, log = process.communicate(timeout=60)
        assert process.returncode == Exit.OK, log
        assert [(run.status, run.error_sqlstate) for run in jobs.job_history(probes, name)] == [("failed", "57014")]
    assert f"{name} is cancelled" in log
    assert log.rstrip().endswith("stopped")
    assert "Traceback" not in log
