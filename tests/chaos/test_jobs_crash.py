"""Jobs when something dies in the middle: the backend, the server, the client; and a byte copy that comes to life."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timezone
from typing import Any

import psycopg
import pytest

from moadb import deploy, jobs
from moadb.connection import connect
from moadb.errors import MoadbError, Refused
from moadb.server import LocalServer
from moadb.server.osuser import server_user
from servers import kill9, new_folder, temporary_server

LONG_AGO = datetime(2025, 6, 1, tzinfo=timezone.utc)
BLOCK = 4242  # probe.block() waits for this advisory lock

PROBES = f"""
create schema probe authorization moadb_owner;
set role moadb_owner;
create table probe.todo (id integer primary key);
create table probe.done (id integer, at timestamptz not null default clock_timestamp());
create function probe.block() returns bigint language plpgsql as $$
begin
  perform pg_advisory_xact_lock({BLOCK});
  return 1;
end $$;
create function probe.move() returns bigint language sql as $$
  with moved as (
    delete from probe.todo where id in (select id from probe.todo order by id limit 5) returning id
  ), kept as (
    insert into probe.done (id) select id from moved returning id
  )
  select count(*) from kept, lateral pg_sleep(0.002)
$$;
insert into platform.jobs
  (name, schema_name, description, schedule, command, batch, timeout, expected_interval, active_since)
values
  ('probe.block', 'probe', 'A test.', '* * * * *', 'select probe.block()', false, '1 hour', '1 minute', '2025-06-01Z'),
  ('probe.move', 'probe', 'A test.', '0 0 1 1 *', 'select probe.move()', true, '1 hour', '1 year', now());
update platform.jobs set is_paused = true where schema_name <> 'probe';
reset role;
"""


@pytest.fixture(scope="module")
def cluster(request: pytest.FixtureRequest) -> Iterator[LocalServer]:
    """Return a server that may be killed, with moadb and the probe jobs in its database."""
    with temporary_server(request.config.getoption("--server")) as local:
        with connect(local.admin_dsn("postgres")) as connection:
            connection.execute("create database moadb")
        deploy.migrate(local.admin_dsn(), ["platform"])
        with connect(local.admin_dsn()) as connection:
            connection.execute(PROBES)
        yield local


@pytest.fixture
def dsn(cluster: LocalServer) -> str:
    """Return a superuser's connection string; no run is left from the test before."""
    if not cluster.is_running():
        cluster.start()
    rows(cluster.admin_dsn(), "delete from platform.job_runs returning id")
    rows(cluster.admin_dsn(), "delete from probe.done returning id")
    rows(cluster.admin_dsn(), "delete from probe.todo returning id")
    return cluster.admin_dsn()


def rows(dsn: str, query: str, *parameters: object) -> list[tuple[Any, ...]]:
    with connect(dsn) as connection:
        return connection.execute(query.encode(), parameters).fetchall()


def until(condition: Callable[[], object]) -> None:
    """Wait for a state through restarts of the server; a broken program is waited for two minutes."""
    end = time.monotonic() + 120
    while True:
        with suppress(psycopg.OperationalError, MoadbError):
            if condition():
                return
        assert time.monotonic() < end, "it never came to that"
        time.sleep(0.05)


def statuses(dsn: str, name: str) -> list[str]:
    return [
        status
        for (status,) in rows(dsn, "select status from platform.job_runs where job_name = %s order by slot", name)
    ]


@contextmanager
def blocked(dsn: str) -> Iterator[int]:
    """Have probe.block running in a session of its own and yield the pid of that."""
    with connect(dsn) as lock:
        lock.execute("select pg_advisory_lock(%s)", [BLOCK])

        def call() -> None:
            with suppress(MoadbError):
                jobs.run_job(dsn, "probe.block")

        thread = threading.Thread(target=call)
        thread.start()
        until(lambda: rows(dsn, "select from platform.job_runs where job_name = 'probe.block' and status = 'running'"))
        [(pid,)] = rows(dsn, "select pid from platform.running_jobs")
        try:
            yield pid
        finally:
            with suppress(psycopg.Error):
                lock.execute("select pg_advisory_unlock(%s)", [BLOCK])
            thread.join(60)


def last_status(dsn: str, name: str) -> tuple[Any, ...]:
    return rows(dsn, "select s.last_status, s.is_running from platform.job_status as s where s.name = %s", name)[0]


def test_a_terminated_backend(dsn: str) -> None:
    with blocked(dsn) as pid:
        rows(dsn, "select pg_terminate_backend(%s)", pid)
        until(lambda: rows(dsn, "select count(*) from platform.running_jobs") == [(0,)])
        assert statuses(dsn, "probe.block") == ["running"], "the dead cannot write"
        assert last_status(dsn, "probe.block") == ("crashed", False), "and nobody believes what stands there"
    assert jobs.run_job(dsn, "probe.block").status == "succeeded"
    assert statuses(dsn, "probe.block") == ["crashed", "succeeded"]
    [(message,)] = rows(dsn, "select error_message from platform.job_runs where status = 'crashed'")
    assert message == f"backend {pid} is gone; noticed at the start of the next run"


def test_kill_9_of_the_backend(dsn: str) -> None:
    """It takes the whole server down, which starts again by itself."""
    with blocked(dsn) as pid:
        os.kill(pid, signal.SIGKILL)
    until(lambda: last_status(dsn, "probe.block") == ("crashed", False))
    assert jobs.run_job(dsn, "platform.reconcile_job_runs").rows_handled == 1
    assert statuses(dsn, "probe.block") == ["crashed"]
    assert jobs.run_job(dsn, "platform.reconcile_job_runs").rows_handled == 0
    assert jobs.run_job(dsn, "probe.block").status == "succeeded"


def test_kill_9_of_the_server_at_random_instants(cluster: LocalServer, dsn: str) -> None:
    """A batch job that is cut off again and again loses nothing and does nothing twice."""
    count = 1000
    rows(dsn, "insert into probe.todo select generate_series(1, %s) returning id", count)
    chance = random.Random()
    crashes = 0
    while rows(dsn, "select count(*) from probe.todo") != [(0,)]:

        def call() -> None:
            with suppress(MoadbError, psycopg.Error):
                jobs.run_job(dsn, "probe.move")

        thread = threading.Thread(target=call)
        thread.start()
        time.sleep(chance.uniform(0, 0.3))
        kill9(cluster)
        thread.join(60)
        cluster.start()
        crashes += 1
        assert crashes < 200, "it makes no progress"
    assert jobs.run_job(dsn, "probe.move").status == "succeeded"
    assert rows(dsn, "select count(*), count(distinct id) from probe.done") == [(count, count)]
    assert "running" not in statuses(dsn, "probe.move")
    assert rows(dsn, "select count(*) from platform.running_jobs") == [(0,)]
    assert rows(dsn, "select sum(rows_handled) from platform.job_runs where job_name = 'probe.move'") == [(count,)], (
        "what a run says that it has done is what it has done, crashed or not"
    )


def test_kill_9_of_the_client(dsn: str) -> None:
    """The session goes on without it, and the run is recorded."""
    with connect(dsn) as lock:
        lock.execute("select pg_advisory_lock(%s)", [BLOCK])
        client = subprocess.Popen([sys.executable, "-m", "moadb", "--dsn", dsn, "jobs", "run", "probe.block"])
        until(lambda: statuses(dsn, "probe.block") == ["running"])
        client.kill()
        client.wait()
        assert last_status(dsn, "probe.block") == ("running", True)
        assert jobs.run_job(dsn, "probe.block").status == "skipped"
        lock.execute("select pg_advisory_unlock(%s)", [BLOCK])
    until(lambda: statuses(dsn, "probe.block") == ["succeeded", "skipped"])


def test_the_runner_survives_the_server(cluster: LocalServer, dsn: str) -> None:
    command = [sys.executable, "-m", "moadb", "--dsn", dsn, "jobs", "runner", "--force"]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    try:
        until(lambda: "succeeded" in statuses(dsn, "probe.block"))
        for stop in (lambda: cluster.stop("fast"), lambda: kill9(cluster)):
            rows(dsn, "delete from platform.job_runs returning id")  # so that the slot of this minute is due again
            stop()
            cluster.start()
            until(lambda: "succeeded" in statuses(dsn, "probe.block"))
            assert process.poll() is None
    finally:
        process.send_signal(signal.SIGTERM)
        _, log = process.communicate(timeout=60)
    assert process.returncode == 0, log
    assert "trying again" in log
    assert log.count("leading") == 3
    assert "Traceback" not in log


def test_a_byte_copy_runs_nothing(cluster: LocalServer, dsn: str) -> None:
    """pg_basebackup brings the schedule along, the system identifier and the oids."""
    user = server_user(cluster.cluster)
    with (cluster.cluster / "pg_hba.conf").open("a", encoding="utf-8") as hba:
        hba.write("local replication all peer map=moadb\n")
    rows(dsn, "select pg_reload_conf()")
    jobs.run_job(dsn, "platform.prune_job_runs")
    folder = new_folder()
    copy = LocalServer(folder / "server", cluster.binaries)
    target = copy.data_dir / "cluster"
    target.mkdir(mode=0o700, parents=True)
    user.own(target)
    (copy.data_dir / "moadb.lock").touch()
    try:
        until(lambda: rows(dsn, "select type from pg_hba_file_rules where 'replication' = any (database)"))
        source = cluster.admin_dsn("postgres")
        done = user.run([cluster.binaries / "pg_basebackup", "-D", target, "-d", source, "-c", "fast"])
        assert done.returncode == 0, done.stderr
        copy.start()
        assert copy.port != cluster.port
        with pytest.raises(Refused, match=r"is not the one that runs the jobs: data_directory is .* port is"):
            jobs.run_job(copy.admin_dsn(), "platform.prune_job_runs")
        with pytest.raises(Refused, match="is not the one that runs the jobs"):
            jobs.run_scheduler(copy.admin_dsn(), threading.Event(), force=True)
        assert jobs.run_job(dsn, "platform.prune_job_runs").status == "succeeded"
        jobs.adopt(copy.admin_dsn())
        assert jobs.run_job(copy.admin_dsn(), "platform.prune_job_runs").status == "succeeded"
    finally:
        copy.destroy()
        folder.rmdir()
