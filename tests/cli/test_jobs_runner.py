"""Jobs under moadb jobs runner."""

from __future__ import annotations

import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timezone

import pytest

from moadb import jobs
from moadb.connection import connect
from moadb.errors import Exit
from moadb.jobs.schedule import last_slot
from probing import (
    BLOCK,
    LONG_AGO,
    blocked,
    declare,
    is_running,
    rows,
    runner,
    runs,
    until,
)


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
