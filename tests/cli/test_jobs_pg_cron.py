"""Jobs under pg_cron: its entries are equal to the jobs."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timezone

import pytest
from psycopg import conninfo, sql

from moadb import deploy, jobs, testing
from moadb.connection import Connection, connect
from moadb.errors import Exit
from moadb.server import LocalServer
from moadb.server.binaries import has_library
from probing import (
    PROBES,
    declare,
    is_running,
    moadb,
    rows,
    runs,
    until,
)
from servers import temporary_server


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
