"""moadb doctor: each ill that it knows is made, found, and named with a remedy."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from dataclasses import replace

import psycopg
import pytest
from click.testing import CliRunner
from psycopg import conninfo

from moadb import doctor
from moadb.cli import cli
from moadb.doctor import Finding, examine
from moadb.jobs import pg_cron
from moadb.jobs.pg_cron import PgCron
from moadb.server import LocalServer


def run(dsn: str, *statements: str) -> None:
    with psycopg.connect(dsn, autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement.encode())


def with_options(dsn: str, options: str) -> str:
    return conninfo.make_conninfo(dsn, options=options)


def set_fsync(server: LocalServer, value: str) -> None:
    """Change the setting, and wait until new sessions see it."""
    admin = server.admin_dsn("postgres")
    run(admin, f"alter system set fsync = {value}", "select pg_reload_conf()")
    while True:
        with psycopg.connect(admin) as connection:
            if connection.execute("show fsync").fetchone() == (value,):
                return
        time.sleep(0.01)


@pytest.fixture
def healthy(database: str) -> str:
    """Return a database whose jobs have not been expected for long."""
    run(database, "update platform.jobs set active_since = clock_timestamp()")
    return database


def found_in(dsn: str) -> list[Finding]:
    """Return what is found, but for what each server of the tests lacks, which has a test of its own: fsync."""
    return [finding for finding in examine(dsn) if finding.subject != "fsync"]


def problems(dsn: str) -> list[Finding]:
    return [finding for finding in found_in(dsn) if finding.level == "problem"]


def only(findings: list[Finding]) -> Finding:
    assert len(findings) == 1, findings
    return findings[0]


def test_healthy(healthy: str, server: LocalServer) -> None:
    assert only([finding for finding in examine(healthy) if finding.level == "problem"]).subject == "fsync"
    set_fsync(server, "on")
    try:
        shown = CliRunner().invoke(cli, ["--dsn", healthy, "doctor"])
    finally:
        set_fsync(server, "off")
    assert shown.exit_code == 0
    assert "fsync" not in shown.output


def test_empty_database(empty_database: str) -> None:
    assert problems(empty_database) == []
    assert "no system is deployed" in only(found_in(empty_database)).message


def test_unreachable() -> None:
    dsn = "host=127.0.0.1 port=1 user=nobody password=secret-word dbname=nothing"
    found = only(examine(dsn))
    assert (found.level, found.subject) == ("problem", "connection")
    shown = CliRunner().invoke(cli, ["--dsn", dsn, "doctor", "--json"])
    assert shown.exit_code == 4
    assert "secret-word" not in shown.output
    assert json.loads(shown.stdout)[0]["subject"] == "connection"


def test_read_only(healthy: str) -> None:
    found = only(problems(with_options(healthy, "-c default_transaction_read_only=on")))
    assert "read-only" in found.message


def test_settings_that_harm(healthy: str) -> None:
    found = only(problems(with_options(healthy, "-c track_counts=off")))
    assert found.subject == "track_counts"
    assert "alter system set track_counts = on" in found.remedy


def test_invalid_index(healthy: str) -> None:
    for schema in ("public", "coupon"):  # the first is not ours
        run(
            healthy,
            f"create table {schema}.t (v int)",
            f"alter table {schema}.t owner to moadb_owner",
            f"create index t_v_idx on {schema}.t (v)",
            f"update pg_catalog.pg_index set indisvalid = false where indexrelid = '{schema}.t_v_idx'::regclass",
        )
    found = only(problems(healthy))
    assert found.subject == "coupon.t_v_idx"
    assert "reindex index concurrently coupon.t_v_idx" in found.remedy


def test_constraint_that_was_never_checked(healthy: str) -> None:
    for schema in ("public", "coupon"):  # the first is not ours
        run(
            healthy,
            f"create table {schema}.t (v int)",
            f"alter table {schema}.t owner to moadb_owner",
            f"alter table {schema}.t add constraint t_v_check check (v > 0) not valid",
        )
    found = only(problems(healthy))
    assert found.subject == "coupon.t"
    run(healthy, found.remedy)
    assert problems(healthy) == []


def test_routine_for_everybody(healthy: str) -> None:
    run(healthy, "grant execute on function coupon.issue_coupon(bigint, bigint, text, inet, text) to public")
    found = only(problems(healthy))
    assert found.message.startswith("everybody may execute coupon.issue_coupon(")


@pytest.mark.parametrize(
    ("statement", "subject"),
    [
        ("alter table coupon.coupon_policies owner to postgres", "coupon.coupon_policies"),
        ("alter view coupon.v_active_coupons owner to postgres", "coupon.v_active_coupons"),
        ("alter schema coupon owner to postgres", "coupon"),
    ],
)
def test_owner(healthy: str, statement: str, subject: str) -> None:
    run(healthy, statement)
    found = only(problems(healthy))
    assert found.subject == subject
    run(healthy, found.remedy)
    assert problems(healthy) == []


def test_role_that_can_log_in(healthy: str) -> None:
    run(healthy, "alter role coupon_read login")
    try:
        found = only(problems(healthy))
    finally:
        run(healthy, "alter role coupon_read nologin")
    assert found.message == "role coupon_read can log in"


def test_long_transaction(healthy: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "LONG_TRANSACTION", "0.1 seconds")
    with psycopg.connect(healthy, application_name="sleeper") as connection:
        pid = connection.info.backend_pid
        connection.execute("select pg_sleep(0.2)")
        found = only([finding for finding in problems(healthy) if finding.subject == f"pid {pid}"])
    assert "sleeper" in found.message
    assert f"pg_terminate_backend({pid})" in found.remedy


def test_silent_job(healthy: str) -> None:
    run(
        healthy,
        "update platform.jobs set active_since = now() - interval '1 year' where name = 'coupon.refresh_statistics'",
    )
    found = only(problems(healthy))
    assert found.subject == "coupon.refresh_statistics"
    assert "it has never succeeded" in found.message


def test_paused_job_is_a_note(healthy: str) -> None:
    run(healthy, "select platform.pause_job('coupon.refresh_statistics')")
    assert problems(healthy) == []
    found = only([finding for finding in examine(healthy) if finding.subject == "coupon.refresh_statistics"])
    assert found.remedy == "moadb jobs resume coupon.refresh_statistics"


def test_partition_that_is_missing(healthy: str) -> None:
    with psycopg.connect(healthy, autocommit=True) as connection:
        row = connection.execute(
            "select i.inhrelid::regclass::text from pg_inherits as i join pg_class as c on c.oid = i.inhrelid "
            "where i.inhparent = 'coupon.coupon_issues'::regclass and pg_get_expr(c.relpartbound, c.oid) <> 'DEFAULT' "
            "order by c.relname limit 1"
        ).fetchone()
        assert row is not None
        connection.execute(f"drop table {row[0]} cascade".encode())
    found = [finding for finding in examine(healthy) if finding.subject == "coupon.coupon_issues"]
    assert found
    assert all(finding.remedy == "moadb partitions maintain" for finding in found)


def test_interrupted_migration(healthy: str) -> None:
    run(healthy, "update moadb.scripts set state = 'running' where id = '0001.platform_schema'")
    found = only(problems(healthy))
    assert found.remedy == "moadb migrate --resume"


def test_role_that_may_not_look_is_told_so(healthy: str) -> None:
    findings = found_in(with_options(healthy, "-c role=coupon_app"))
    assert [finding.level for finding in findings] == ["note"] * len(findings)
    assert any("may not look" in finding.message for finding in findings)


@pytest.fixture
def cron_database(server: LocalServer, template: str) -> Iterator[str]:
    """Return the database that pg_cron works for, with an entry of ours and one of somebody else in it."""
    dsn = server.admin_dsn("moadb")
    with psycopg.connect(server.admin_dsn("postgres"), autocommit=True) as connection:
        if connection.execute("select from pg_available_extensions where name = 'pg_cron'").fetchone() is None:
            pytest.skip("this server has no pg_cron")
        connection.execute(f"create database moadb template {template}".encode())
    try:
        run(dsn, "create extension pg_cron", "update platform.jobs set active_since = clock_timestamp()")
        run(dsn, *(f"select cron.schedule('{name}', '0 0 1 1 *', 'select 1')" for name in ("moadb:moadb:x", "entry")))
        yield dsn
    finally:
        run(server.admin_dsn("postgres"), "drop database moadb with (force)")


def test_pg_cron(cron_database: str) -> None:
    assert problems(cron_database) == []
    run(cron_database, "update cron.job set nodeport = 1")
    found = only(problems(cron_database))
    assert found.subject == "moadb:moadb:x"
    assert "port 1 " in found.message
    run(cron_database, "update cron.job set nodeport = current_setting('port')::int")
    run(
        cron_database,
        "insert into cron.job_run_details (jobid, runid, database, username, command, status, return_message) "
        "select jobid, jobid, database, username, command, 'failed', 'connection failed' from cron.job",
    )
    found = only(problems(cron_database))
    assert found.subject == "moadb:moadb:x"
    assert "cannot connect" in found.message


def test_pg_cron_in_another_database(healthy: str, cron_database: str) -> None:
    name = conninfo.conninfo_to_dict(healthy)["dbname"]
    run(cron_database, f"select cron.schedule_in_database('moadb:{name}:x', '0 0 1 1 *', 'select 1', '{name}')")
    assert problems(healthy) == []
    run(cron_database, "update cron.job set nodeport = 1")
    assert only(problems(healthy)).subject == f"moadb:{name}:x"


@pytest.mark.parametrize(("zone", "utc"), [("GMT", True), ("utc", True), ("Etc/GMT", True), ("Asia/Seoul", False)])
def test_time_zone_of_pg_cron(cron_database: str, monkeypatch: pytest.MonkeyPatch, zone: str, utc: bool) -> None:
    """What is UTC to `moadb jobs sync` is UTC to the doctor; pg_cron before 1.5 has no other zone, so it is put in."""

    def find(dsn: str) -> PgCron | None:
        found = pg_cron.find_pg_cron(dsn)
        return None if found is None else replace(found, zone=zone)

    monkeypatch.setattr(doctor, "find_pg_cron", find)
    assert [zone in finding.message for finding in problems(cron_database)] == [True] * (not utc)
