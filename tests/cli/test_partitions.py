"""moadb partitions: what is shown, what is done, what bad input gets."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from click.testing import CliRunner, Result

from moadb import jobs, partitions
from moadb.cli import cli
from moadb.connection import Connection
from moadb.errors import Exit, MoadbError

TABLES = """
set role moadb_owner;
create schema tap;
create table tap.days (day date not null) partition by range (day);
create table tap.times (at timestamptz not null) partition by range (at);
reset role;
delete from platform.partition_sets;
select platform.define_partition_set('tap.days', 'month', p_premake => 1, p_retention => '2 months 5 days');
select platform.define_partition_set(
  'tap.times', 'day', p_premake => 1, p_has_default => false, p_time_zone => 'Asia/Seoul', p_retention => '1 day',
  p_retention_action => 'drop'
);
"""


@pytest.fixture
def admin(database: str) -> Iterator[Connection]:
    """Return a session on a database in which two tables are declared, and it is half past eleven on New Year's Eve."""
    with psycopg.connect(database, autocommit=True) as connection:
        at(connection, "2026-12-31 23:30+09")
        connection.execute(TABLES)
        yield connection


def at(admin: Connection, time: str) -> None:
    """Move the clock of the database, in this session and in those to come."""
    admin.execute(f"alter database {admin.info.dbname} set moadb.now = '{time}'")
    admin.execute(f"set moadb.now = '{time}'")


def moadb(dsn: str, *arguments: str) -> Result:
    """Run a command."""
    return CliRunner().invoke(cli, ["--dsn", dsn, "partitions", *arguments], env={"COLUMNS": "200"})


def moadb_json(dsn: str, *arguments: str) -> Any:
    """Run a command that succeeds and return its JSON."""
    result = moadb(dsn, *arguments, "--json")
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def test_maintain(admin: Connection, database: str) -> None:
    """The report says what was made, and the second time that there is nothing to do."""
    result = moadb(database, "maintain")
    assert result.exit_code == 0
    assert result.stdout.splitlines() == [
        "tap.days: made days_2026_12",
        "tap.days: made days_2027_01",
        "tap.days: made days_default",
        "tap.times: made times_2026_12_31",
        "tap.times: made times_2027_01_01",
    ]
    assert moadb(database, "maintain").stdout.splitlines() == ["tap.days: nothing to do", "tap.times: nothing to do"]

    admin.execute("insert into tap.days values ('2027-03-03'), ('2027-03-31')")
    at(admin, "2027-03-06 00:00+00")
    result = moadb(database, "maintain")
    assert result.exit_code == 0
    assert result.stdout.splitlines() == [
        "tap.days: made days_2027_03",
        "tap.days: made days_2027_04",
        "tap.days: made days_2027_02",
        "tap.days: 2 rows moved out of the default partition",
        "tap.days: detached days_2026_12",
        "tap.times: made times_2027_03_06",
        "tap.times: made times_2027_03_07",
        "tap.times: made times_2027_03_05",
        "tap.times: dropped times_2026_12_31",
        "tap.times: dropped times_2027_01_01",
    ]


def test_maintain_one_table(admin: Connection, database: str) -> None:
    """Only the table that is named; JSON carries the same."""
    assert moadb_json(database, "maintain", "tap.times") == [
        {
            "schema_name": "tap",
            "table_name": "times",
            "made": ["times_2026_12_31", "times_2027_01_01"],
            "drained": 0,
            "detached": [],
            "dropped": [],
            "skipped": [],
            "error": None,
        }
    ]
    assert admin.execute("select count(*) from platform.list_partitions('tap.days')").fetchone() == (0,)


def test_list(admin: Connection, database: str) -> None:
    """One line a table, and below what is wrong."""
    result = moadb(database, "list")
    assert result.exit_code == 0
    lines = [line.split() for line in result.stdout.splitlines()]
    assert lines[0] == ["table", "unit", "zone", "partitions", "ready", "until", "size", "retention"]
    assert lines[1] == ["tap.days", "month", "UTC", "0", "0", "B", "2", "mons", "5", "days,", "then", "detach"]
    assert "tap.times: error: gap: missing: times_2026_12_31" in result.stdout

    moadb(database, "maintain")
    at(admin, "2027-01-01 00:00+09")
    days, times = moadb_json(database, "list")
    assert days["problems"] == []
    assert days["retention"] == "2 mons 5 days"
    assert (days["partitions"], days["detached"]) == (2, 0)
    assert (days["starts_at"], days["ends_at"]) == ("2026-12-01T00:00:00+00:00", "2027-02-01T00:00:00+00:00")
    assert times["problems"] == ["warning: horizon: missing: times_2027_01_02"]
    assert (times["starts_at"], times["ends_at"]) == ("2026-12-30T15:00:00+00:00", "2027-01-01T15:00:00+00:00")


def test_list_one_table(admin: Connection, database: str) -> None:
    """Its partitions, with how they stand."""
    assert "maintain" in moadb(database, "list", "tap.days").stdout
    moadb(database, "maintain")
    at(admin, "2027-03-05 00:00+00")
    admin.execute("alter table tap.days detach partition tap.days_2027_01")
    rows = [line.split() for line in moadb(database, "list", "tap.days").stdout.splitlines()]
    assert rows[0] == ["partition", "state", "from", "to", "rows", "size"]
    assert rows[1][:6] == ["days_2026_12", "attached", "2026-12-01", "00:00", "2027-01-01", "00:00"]
    assert [row[:2] for row in rows[2:]] == [["days_default", "default"], ["days_2027_01", "detached"]]
    at(admin, "2027-03-06 00:00+00")
    assert moadb(database, "list", "tap.days").stdout.splitlines()[1].split()[1] == "expired"
    assert [row["partition_name"] for row in moadb_json(database, "list", "tap.days")] == [
        "days_2026_12",
        "days_default",
        "days_2027_01",
    ]


@pytest.mark.parametrize("command", ["list", "maintain"])
@pytest.mark.parametrize("table", ["tap.nothing", "days", "tap.days; drop table tap.days", ""])
def test_unknown_table(admin: Connection, database: str, command: str, table: str) -> None:
    """A name that is not declared is a mistake in the command line."""
    result = moadb(database, command, table)
    assert isinstance(result.exception, MoadbError)
    assert result.exception.exit_code == Exit.USAGE
    assert result.exception.message == f"the partitions of {table!r} are not declared"
    assert result.exception.hint == "declared are tap.days, tap.times"


@pytest.mark.parametrize("value", ["0", "-1s", "soon"])
def test_lock_timeout(admin: Connection, database: str, value: str) -> None:
    """There must be a limit, and it must be one."""
    result = moadb(database, "maintain", "--lock-timeout", value)
    assert isinstance(result.exception, MoadbError)
    assert result.exception.exit_code == Exit.USAGE
    assert result.exception.message.startswith(f"--lock-timeout {value}: ")


def test_what_is_not_done(admin: Connection, database: str) -> None:
    """A table that is locked or gone is reported, the other is maintained, and the exit code is 1."""
    with psycopg.connect(database) as holder:
        holder.execute("lock table tap.days")
        result = moadb(database, "maintain", "--lock-timeout", "100ms")
        assert result.exit_code == Exit.FAILED
        assert f"in use by {holder.info.backend_pid}" in result.stdout
        assert "tap.times: made times_2026_12_31" in result.stdout
    admin.execute("drop table tap.days")
    result = moadb(database, "maintain")
    assert result.exit_code == Exit.FAILED
    assert 'tap.days: not done relation "tap.days" does not exist (SQLSTATE 42P01)' in result.stdout
    assert "tap.times: nothing to do" in result.stdout
    assert [one.ok for one in partitions.maintain(database)] == [False, True]


def test_role_that_may_not(admin: Connection, database: str) -> None:
    """A monitoring role may look; maintaining is refused by the server."""
    admin.execute("drop role if exists tap_watcher; create role tap_watcher in role pg_monitor")
    try:
        dsn = psycopg.conninfo.make_conninfo(database, options="-c role=tap_watcher")
        assert len(moadb_json(dsn, "list")) == 2
        result = moadb(dsn, "maintain")
        assert result.exit_code == Exit.FAILED
        assert "permission denied" in result.stdout
    finally:
        admin.execute("drop role tap_watcher")


def test_job(admin: Connection, database: str) -> None:
    """The hourly job does the same, table by table, and the next run finds nothing to do."""
    admin.execute("select platform.adopt_installation()")
    assert jobs.run_job(database, "platform.maintain_partitions").rows_handled == 5
    assert jobs.run_job(database, "platform.maintain_partitions").rows_handled == 0
    at(admin, "2027-03-06 00:00+00")
    assert jobs.run_job(database, "platform.maintain_partitions").rows_handled == 3 + 1 + 3 + 2
    assert moadb(database, "maintain").stdout.splitlines() == ["tap.days: nothing to do", "tap.times: nothing to do"]
    assert all(one.problems == [] for one in partitions.list_sets(database))
