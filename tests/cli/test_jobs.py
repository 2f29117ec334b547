"""Jobs as they are run: what is recorded, what is held, who may; copies of a database run none."""

from __future__ import annotations

import json
import os
import subprocess
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import datetime, timedelta, timezone
from pathlib import Path

import psycopg
import pytest
from psycopg import conninfo

from moadb import jobs, testing
from moadb.connection import connect
from moadb.errors import Exit, MoadbError, Refused
from moadb.resources import sql_root
from moadb.server import LocalServer
from probing import (
    BLOCK,
    background,
    blocked,
    declare,
    is_running,
    moadb,
    rows,
    runs,
    until,
)


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
