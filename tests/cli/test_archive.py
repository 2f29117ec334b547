"""moadb archive: what leaves the database comes back bit by bit, and nothing leaves that was not verified."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import psycopg
import pytest
from click.testing import CliRunner, Result
from psycopg.conninfo import conninfo_to_dict

from archives import INSERT, NOW, TABLES, contents, fill, go_to_their_time
from moadb import archive as library
from moadb import partitions, storage, testing
from moadb.cli import cli
from moadb.connection import Connection, connect
from moadb.deploy import verify
from moadb.errors import Exit, MoadbError
from moadb.server import LocalServer
from object_store import temporary_bucket


@pytest.fixture(scope="module")
def filled(server: LocalServer, template: str) -> str:
    """Return the name of a database with facts since August 2025: to clone."""
    dsn = testing.clone(server.admin_dsn("postgres"), template)
    with connect(dsn) as connection:
        fill(connection)
        return connection.info.dbname


@contextmanager
def copy_of(server: LocalServer, name: str) -> Iterator[str]:
    """Yield a superuser's connection string to a clone, dropped afterwards."""
    admin = server.admin_dsn("postgres")
    dsn = testing.clone(admin, name)
    try:
        yield dsn
    finally:
        testing.drop_database(admin, str(conninfo_to_dict(dsn)["dbname"]))


@pytest.fixture
def database(server: LocalServer, filled: str) -> Iterator[str]:
    """Return a superuser's connection string to a database with facts since August 2025."""
    with copy_of(server, filled) as dsn:
        yield dsn


@pytest.fixture
def unfilled(server: LocalServer, template: str) -> Iterator[str]:
    """Return a superuser's connection string to a database without facts."""
    with copy_of(server, template) as dsn:
        yield dsn


@pytest.fixture
def admin(database: str) -> Iterator[Connection]:
    """Return a session on it; it is 2026-11-21."""
    with connect(database) as connection:
        go_to_their_time(connection)
        yield connection


@pytest.fixture(scope="module")
def bucket() -> Iterator[str]:
    """Return the address of a bucket of these tests."""
    with temporary_bucket() as url:
        yield url


@pytest.fixture(params=["directory", pytest.param("bucket", marks=pytest.mark.any_server)])
def place(request: pytest.FixtureRequest, tmp_path: Path, bucket: str) -> str:
    """Return the address of an empty storage of each kind."""
    return str(tmp_path / "store") if request.param == "directory" else f"{bucket}/{tmp_path.name}"


def moadb(dsn: str, *arguments: str) -> Result:
    """Run a command."""
    return CliRunner().invoke(cli, ["--dsn", dsn, "archive", *arguments], env={"COLUMNS": "250"})


def moadb_json(dsn: str, *arguments: str, code: int = Exit.OK) -> Any:
    """Run a command and return its JSON."""
    result = moadb(dsn, *arguments, "--json")
    assert result.exit_code == code, result.output
    return json.loads(result.stdout)


def months(report: list[dict[str, Any]], table: str) -> list[str]:
    """Return the months of a table's partitions in a report."""
    return [one["date_from"][:7] for one in report if one["table_name"] == table]


def rows_of(admin: Connection, table: str, first: str, end: str) -> int:
    """Return how many rows a table has in a range of days."""
    row = admin.execute(
        f"select count(*) from marketing.{table} where date >= %s and date < %s", [first, end]
    ).fetchone()
    assert row is not None
    return int(row[0])


def test_there_and_back(admin: Connection, database: str, place: str) -> None:
    """All that is old leaves, and all of it comes back; twice, the second time with months that have changed."""
    before = contents(admin)

    planned = moadb_json(database, "run", "--to", place, "--dry-run")
    assert contents(admin) == before
    assert {one["status"] for one in planned} == {"would archive"}
    assert months(planned, "campaign_metrics") == [f"2026-{month:02}" for month in range(2, 8)]
    assert months(planned, "campaign_metrics") == months(planned, "campaign_metric_versions")
    assert months(planned, "campaign_daily") == ["2025-08", "2025-09"]

    report = moadb_json(database, "run", "--to", place)
    assert {one["status"] for one in report} == {"archived"}
    assert [one["partition_name"] for one in report] == [one["partition_name"] for one in planned]
    assert rows_of(admin, "campaign_metrics", "2025-01-01", "2026-08-01") == 0
    assert rows_of(admin, "campaign_metrics", "2026-08-01", "2026-12-01") > 0
    assert rows_of(admin, "campaign_daily", "2025-01-01", "2025-10-01") == 0
    assert sum(one["rows"] for one in report) + sum(len(rows) for rows in contents(admin).values()) == sum(
        len(rows) for rows in before.values()
    )
    assert moadb_json(database, "run", "--to", place) == []
    assert {one["status"] for one in moadb_json(database, "verify")} == {"ok"}
    assert {one["status"] for one in moadb_json(database, "list")} == {"removed"}

    restored = moadb_json(database, "restore", "--all")
    assert {one["status"] for one in restored} == {"restored"}
    assert contents(admin) == before
    assert moadb_json(database, "restore", "--all") == []
    assert {one["status"] for one in moadb_json(database, "list")} == {"restored"}
    assert [finding for finding in verify(database) if finding.check == "partitions"] == []

    admin.execute("update marketing.campaign_metrics set likes = 5 where date = '2026-02-01' and hour = 23")
    admin.execute("delete from marketing.campaign_metric_versions where date = '2026-02-01' and hour = 0")
    changed = contents(admin)
    assert changed != before
    assert {one["status"] for one in moadb_json(database, "run", "--to", place)} == {"archived"}
    assert {one["status"] for one in moadb_json(database, "restore", "2026-02")} == {"restored"}
    assert {one["status"] for one in moadb_json(database, "restore", "--all")} == {"restored"}
    assert contents(admin) == changed


def test_closed_months(admin: Connection, database: str, tmp_path: Path) -> None:
    """An archived month takes no rows, whoever writes and whatever maintains; when it is back, it does as before."""
    moadb_json(database, "run", "--to", str(tmp_path))
    move = "update marketing.campaign_metrics set date = '2026-03-03', campaign_id = 77 where date = '2026-11-07'"
    for _ in range(2):
        for statement, values in ((INSERT, [9, "2026-03-03"]), (move, [])):
            with pytest.raises(psycopg.errors.CheckViolation, match="campaign_metrics_2026_03_archived_check"):
                admin.execute(statement, values)
        for done in partitions.maintain(database):
            assert (done.made, done.drained, done.skipped) == ([], 0, [])
    assert [finding for finding in verify(database) if finding.check == "partitions"] == []
    assert rows_of(admin, "campaign_metrics_default", "2000-01-01", "2100-01-01") == 0

    moadb_json(database, "restore", "2026-03")
    with pytest.raises(psycopg.errors.CheckViolation):
        admin.execute(INSERT, [9, "2026-04-03"])
    admin.execute(INSERT, [9, "2026-03-03"])
    with pytest.raises(psycopg.errors.UniqueViolation):
        admin.execute(INSERT, [9, "2026-03-03"])


def test_rows_of_the_default_partition(admin: Connection, database: str, tmp_path: Path) -> None:
    """History that lies in the default partition is archived by its months, too."""
    for day in ("2023-02-28", "2023-03-01"):
        admin.execute(INSERT, [1, day])
    before = contents(admin)
    report = moadb_json(database, "run", "--to", str(tmp_path))
    assert months(report, "campaign_metrics")[:2] == ["2023-02", "2023-03"]
    moadb_json(database, "restore", "--all")
    assert contents(admin) == before


def test_older_than(admin: Connection, database: str, tmp_path: Path) -> None:
    """The intervals say what leaves; a wrong one is told, and nothing is tried."""
    planned = moadb_json(
        database, "run", "--to", str(tmp_path), "--older-than", "21 days", "--daily-older-than", "1 year", "--dry-run"
    )
    assert months(planned, "campaign_metrics")[-1] == "2026-09"
    planned = moadb_json(database, "run", "--to", str(tmp_path), "--older-than", "20 days", "--dry-run")
    assert months(planned, "campaign_metrics")[-1] == "2026-10"
    for interval, message in (("many", "invalid input syntax"), ("-1 day", "it is 0 to 1000 years")):
        with pytest.raises((MoadbError, psycopg.Error), match=message):
            library.run(database, str(tmp_path), older_than=interval)
    assert moadb_json(database, "list") == []


def test_manifest(admin: Connection, database: str, tmp_path: Path) -> None:
    """The manifest says what whoever finds the file needs, and the file has exact types."""
    from pyarrow import parquet

    moadb_json(database, "run", "--to", str(tmp_path))
    folder = tmp_path / "campaign_metric_versions" / "2026-02-01"
    (manifest,) = folder.glob("*.manifest.json")
    said = json.loads(manifest.read_text())
    assert said["table"] == "marketing.campaign_metric_versions"
    assert (said["date_from"], said["date_to"]) == ("2026-02-01", "2026-03-01")
    file = folder / said["file"]
    assert file.stat().st_size == said["bytes"]
    table = parquet.read_table(file)
    assert table.num_rows == said["rows"] == 3 * 4 * 3 * 4
    assert str(table.schema.field("cost").type) == "decimal128(20, 6)"
    assert str(table.schema.field("recorded_from").type) == "timestamp[us, tz=UTC]"
    assert set(table.column("recorded_bounds").to_pylist()) == {"[)", "[]", "()", "(]"}
    assert table.column("date").to_pylist()[0] == date(2026, 2, 1)


def _truncated(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-1])


def _flipped(file: Path) -> None:
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)


def _swapped(file: Path) -> None:
    other = next(one for one in file.parents[1].glob("2026-04-01/*.parquet"))
    file.write_bytes(other.read_bytes())


@pytest.mark.parametrize("damage", [_truncated, _flipped, _swapped, Path.unlink])
def test_bad_file(admin: Connection, database: str, tmp_path: Path, damage: Callable[[Path], None]) -> None:
    """A file that is missing, damaged or another one is told before anything is restored, with exit code 4."""
    moadb_json(database, "run", "--to", str(tmp_path))
    (file,) = (tmp_path / "campaign_metrics" / "2026-02-01").glob("*.parquet")
    content = file.read_bytes()
    damage(file)

    bad = [one for one in moadb_json(database, "verify", code=Exit.NOT_VERIFIED) if one["status"] == "bad"]
    assert [one["partition_name"] for one in bad] == ["campaign_metrics_2026_02"]
    assert bad[0]["problem"]
    left = contents(admin)
    report = moadb_json(database, "restore", "--all", code=Exit.NOT_VERIFIED)
    assert {one["status"] for one in report} == {"bad", "not tried"}
    assert contents(admin) == left
    assert moadb(database, "restore", "2026-02").exit_code == Exit.NOT_VERIFIED
    assert {one["status"] for one in moadb_json(database, "restore", "2026-04")} == {"restored"}

    file.write_bytes(content)
    assert {one["status"] for one in moadb_json(database, "restore", "2026-02")} == {"restored"}


def test_bad_manifest(admin: Connection, database: str, tmp_path: Path) -> None:
    """A manifest that is missing, no manifest or another one is told, too."""
    moadb_json(database, "run", "--to", str(tmp_path))
    (manifest,) = (tmp_path / "campaign_metrics" / "2026-02-01").glob("*.manifest.json")
    content = manifest.read_text()
    for text in ("", "[]", content.replace('"rows": 36', '"rows": 37')):
        manifest.write_text(text)
        assert [one["status"] for one in moadb_json(database, "verify", "2026-02", code=4)] == ["ok", "bad"]
    manifest.unlink()
    assert moadb(database, "restore", "2026-02").exit_code == Exit.NOT_VERIFIED


def test_store_that_loses(admin: Connection, database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the store gives back is what counts: nothing is removed when it is not what was put."""
    before = contents(admin)
    put = storage._Directory.put

    def lose(self: storage._Directory, name: str, source: Path | bytes) -> str:
        if isinstance(source, Path):
            source = source.read_bytes()[:-1]
        return put(self, name, source)

    monkeypatch.setattr(storage._Directory, "put", lose)
    report = moadb_json(database, "run", "--to", str(tmp_path), code=Exit.FAILED)
    assert [one["status"] for one in report][:2] == ["failed", "not tried"]
    assert "SHA-256" in report[0]["problem"]
    assert contents(admin) == before
    monkeypatch.undo()
    assert {one["status"] for one in moadb_json(database, "run", "--to", str(tmp_path))} == {"archived"}


def test_store_that_refuses(admin: Connection, database: str, tmp_path: Path, bucket: str) -> None:
    """A store that cannot be written to is told once, and everything stays."""
    before = contents(admin)
    (tmp_path / "file").write_text("")
    for place in (str(tmp_path / "file"), "s3://another-bucket/x"):
        report = moadb_json(database, "run", "--to", place, code=Exit.FAILED)
        assert [one["status"] for one in report][:2] == ["failed", "not tried"]
    result = moadb(database, "run", "--to", "s3://another-bucket/x")
    assert "404 Not Found" in result.stdout
    assert "Traceback" not in result.output
    assert contents(admin) == before


@pytest.mark.parametrize(
    "change",
    [
        INSERT.replace("%s, %s", "9, '2026-03-31'"),
        "delete from marketing.campaign_metrics where date = '2026-03-09' and campaign_id = 1",
        "update marketing.campaign_metrics set saves = 1 where date = '2026-03-09' and campaign_id = 1 and hour = 0",
        "update marketing.campaign_metrics set hour = 1 where date = '2026-03-09' and campaign_id = 1 and hour is null",
    ],
)
def test_rows_that_change_meanwhile(admin: Connection, database: str, tmp_path: Path, change: str) -> None:
    """Rows that come, go or change between export and removal keep their month here; the next run takes it."""

    def meddle(partition: str, step: str, done: int, total: int) -> None:
        if (partition, step) == ("campaign_metrics_2026_03", "removing"):
            admin.execute(change)

    report = library.run(database, str(tmp_path), progress=meddle)
    assert [one.partition_name for one in report if one.status != "archived"] == ["campaign_metrics_2026_03"]
    assert [one.status for one in report if not one.ok] == ["changed"]
    assert rows_of(admin, "campaign_metrics", "2026-03-01", "2026-04-01") > 0
    with pytest.raises(psycopg.errors.UniqueViolation):
        admin.execute(
            "insert into marketing.campaign_metrics select m.* from marketing.campaign_metrics_2026_03 as m limit 1"
        )
    left = contents(admin)
    assert [one.status for one in library.run(database, str(tmp_path))] == ["archived"]
    library.restore(database, date(2026, 3, 1))
    expected = {table: rows for table, rows in contents(admin).items() if table == "campaign_metrics"}
    assert expected["campaign_metrics"] == left["campaign_metrics"]


def test_values_that_no_file_holds(admin: Connection, database: str, tmp_path: Path) -> None:
    """A month with values that Parquet cannot hold exactly stays in the database; the others leave."""
    for month, column, value in (
        ("02", "ctr", "NaN"),
        ("03", "created_at", "infinity"),
        ("04", "created_at", "-infinity"),
        ("05", "created_at", "0044-03-15 12:00:00+00 BC"),
        ("07", "created_at", "12026-03-15 12:00:00+00"),
    ):
        admin.execute(f"update marketing.campaign_metrics_2026_{month} set {column} = '{value}' where campaign_id = 1")
    before = contents(admin)
    report = moadb_json(database, "run", "--to", str(tmp_path), code=Exit.FAILED)
    failed = [one for one in report if one["status"] == "failed"]
    assert [one["date_from"][:7] for one in failed] == ["2026-02", "2026-03", "2026-04", "2026-05", "2026-07"]
    assert all("cannot be written to a Parquet file exactly" in one["problem"] for one in failed)
    assert {one["status"] for one in report} == {"failed", "archived"}
    moadb_json(database, "restore", "--all")
    assert contents(admin) == before


def test_what_is_made_of_days_follows(admin: Connection, database: str, tmp_path: Path) -> None:
    """A budget knows of archived days what it knew; once they are back, what they are by then."""
    spent = "select b.spent_amount from marketing.budgets as b order by b.id"
    made = "select marketing.create_budget(1, 'B', 1, 'custom', '2025-08-01', '2025-10-31')"
    cost = "select sum(d.cost) from marketing.campaign_daily as d where d.date between '2025-08-01' and '2025-10-31'"
    with connect(database) as user:
        user.execute("""
            insert into marketing.workspaces (id, name) values (1, 'W');
            insert into marketing.users (id, email, password_hash, name) values (1, 'u@example.com', 'x', 'U');
            insert into marketing.workspace_members (workspace_id, user_id, role) values (1, 1, 'admin');
            insert into marketing.marketing_accounts (id, platform, account_id, currency, time_zone)
            values (1, 'naver_ads', 'n-1', 'KRW', 'Asia/Seoul');
            insert into marketing.account_connections (workspace_id, marketing_account_id, user_id) values (1, 1, 1);
            insert into marketing.campaigns (id, marketing_account_id, campaign_id, campaign_name, platform)
            select n, 1, 'c-' || n, 'C', 'naver_ads' from generate_series(1, 3) as n;
        """)
        user.execute(made)
        before = admin.execute(cost).fetchall()
        assert before[0][0] > 0
        assert user.execute(spent).fetchall() == before
        assert {one["status"] for one in moadb_json(database, "run", "--to", str(tmp_path))} == {"archived"}
        assert admin.execute(cost).fetchall() != before
        assert user.execute(spent).fetchall() == before
        user.execute(made)
        assert user.execute(spent).fetchall()[1:] != before
        assert moadb_json(database, "restore", "--all")
        assert user.execute(spent).fetchall() == before * 2


def test_killed_before_days_are_counted(
    admin: Connection, database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rows are back, and who restored them was killed before the rest: the same command again does it, once."""
    moadb_json(database, "run", "--to", str(tmp_path))
    left = "select a.date_from from marketing.archives as a where a.restored_at is not null and a.refigured_at is null"
    left += " and a.table_name = 'campaign_daily'"
    with monkeypatch.context() as patched:
        patched.setattr("moadb.archive.restoring.refigure", Mock(side_effect=KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            library.restore(database, date(2025, 8, 1))
    assert admin.execute(left).fetchall() == [(date(2025, 8, 1),)]
    report = moadb_json(database, "restore", "2025-08")
    assert ("campaign_daily", "restored") in {(one["table_name"], one["status"]) for one in report}
    assert admin.execute(left).fetchall() == []
    with pytest.raises(MoadbError, match="nothing of 2025-08 is archived"):
        library.restore(database, date(2025, 8, 1))


def test_what_is_made_of_days_fails(admin: Connection, database: str, tmp_path: Path) -> None:
    """Rows that are back are told as such, with what is left to be done."""
    before = contents(admin)
    moadb_json(database, "run", "--to", str(tmp_path))
    admin.execute("""
        create or replace function marketing.refigure(p_from date, p_to date) returns void language plpgsql as $$
        begin
          raise 'the disk is full';
        end;
        $$
    """)
    report = moadb_json(database, "restore", "--all", code=Exit.FAILED)
    assert {one["status"] for one in report} == {"restored"}
    problems = [one["problem"] for one in report if one["table_name"] == "campaign_daily"]
    assert problems
    assert all("the disk is full (select marketing.refigure('2025-" in problem for problem in problems)
    assert contents(admin) == before


def test_operator(admin: Connection, database: str, tmp_path: Path) -> None:
    """A member of marketing_admin that owns nothing and reads no table archives and restores."""
    before = contents(admin)
    admin.execute("create role tap_operator in role marketing_admin")
    try:
        dsn = psycopg.conninfo.make_conninfo(database, options="-c role=tap_operator")
        with pytest.raises(psycopg.errors.InsufficientPrivilege), connect(dsn) as operator:
            operator.execute("select from marketing.archives")
        assert {one.status for one in library.run(dsn, str(tmp_path))} == {"archived"}
        assert {one.status for one in library.restore(dsn)} == {"restored"}
        assert contents(admin) == before
    finally:
        admin.execute("drop role tap_operator")


def test_months_in_use(admin: Connection, database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A month that somebody reads all the time is left, told, and archived by the next run; the others leave."""
    monkeypatch.setattr("moadb.archive.writing._TRIES", 1)
    with connect(database) as reader, reader.transaction():
        reader.execute("select count(*) from marketing.campaign_metrics_2026_05")
        report = moadb_json(database, "run", "--to", str(tmp_path), code=Exit.FAILED)
    assert [(one["partition_name"], one["status"]) for one in report if one["status"] != "archived"] == [
        ("campaign_metrics_2026_05", "in use")
    ]
    assert [one["partition_name"] for one in moadb_json(database, "run", "--to", str(tmp_path))] == [
        "campaign_metrics_2026_05"
    ]


def test_two_runs_at_once(admin: Connection, database: str, tmp_path: Path) -> None:
    """A run that another one overtakes does nothing twice."""
    before = contents(admin)

    def overtake(partition: str, step: str, done: int, total: int) -> None:
        if step == "removing" and not moadb_json(database, "list"):
            assert {one.status for one in library.run(database, str(tmp_path / "other"))} == {"archived"}

    report = library.run(database, str(tmp_path), progress=overtake)
    assert "archived" not in {one.status for one in report}
    assert all("in a file already" in str(one.problem) for one in report)
    moadb_json(database, "restore", "--all")
    assert contents(admin) == before


def test_wrong_calls(database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What cannot be done is said, and how it can."""
    assert moadb(database, "restore").exit_code == Exit.USAGE
    assert moadb(database, "restore", "2026-02", "--all").exit_code == Exit.USAGE
    assert "is no month" in moadb(database, "restore", "January").output
    with pytest.raises(MoadbError, match="nothing of 2026-02 is archived"):
        library.restore(database, date(2026, 2, 1))
    with pytest.raises(MoadbError, match="no address of a storage"):
        library.run(database, "ftp://x/y")
    assert moadb(database, "list").stdout == "nothing is archived\n"
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(MoadbError) as caught:
        library.run(database, str(tmp_path))
    assert "moadb[archive]" in str(caught.value.hint)


def test_without_marketing(empty_database: str, tmp_path: Path) -> None:
    """A database that has no marketing is told."""
    with pytest.raises(MoadbError, match="no moadb in it"):
        library.list_archives(empty_database)


def test_memory_is_bounded(admin: Connection, database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rows go through in batches, there and back: no more than one is asked for at a time."""
    monkeypatch.setattr("moadb.parquet.BATCH_ROWS", 7)
    before = contents(admin)
    steps: list[tuple[str, str, int]] = []
    library.run(database, str(tmp_path), progress=lambda name, step, done, total: steps.append((name, step, done)))
    exported = [done for name, step, done in steps if (name, step) == ("campaign_metrics_2026_02", "exporting")]
    assert exported == [0, 7, 14, 21, 28, 35, 36]
    from pyarrow import parquet

    file = parquet.ParquetFile(next((tmp_path / "campaign_metrics" / "2026-02-01").glob("*.parquet")))
    assert [file.metadata.row_group(group).num_rows for group in range(file.num_row_groups)] == [7, 7, 7, 7, 7, 1]
    library.restore(database)
    assert contents(admin) == before


def test_every_table_has_partitions(admin: Connection) -> None:
    """The tables of these tests are those that the library drains."""
    assert TABLES == library.TABLES


LOADED = """
insert into marketing.marketing_accounts (id, platform, account_id, currency, time_zone)
values (101, 'google_ads', '111', 'KRW', 'Asia/Seoul');
insert into marketing.campaigns (id, marketing_account_id, campaign_id, campaign_name, platform)
select 1000 + c, 101, 'c' || c, 'One', 'google_ads' from generate_series(1, 3) as c;
insert into marketing.workspaces (id, name) values (11, 'Team');
insert into marketing.account_connections (workspace_id, marketing_account_id) values (11, 101);
"""
LOAD = """
select u.inserted, u.changed, u.unchanged, u.stale
from marketing.upsert_campaign_metrics((
  select jsonb_agg(jsonb_build_object(
    'campaign_id', 'c' || c, 'date', d.day::date, 'impressions', 1000, 'clicks', 10, 'cost', %(cost)s::numeric,
    'conversions', 2.5
  ))
  from generate_series(1, 3) as c
  cross join generate_series(%(first)s::date, %(last)s::date, interval '5 days') as d (day)
), 101, %(snapshot)s) as u
"""
SUMS = "select sum(m.cost)::text, count(*) from marketing.campaign_monthly as m"


def load(admin: Connection, first: str, last: str, cost: int, snapshot: str) -> tuple[int, ...]:
    """Load days of three campaigns through the API; return what became of the rows."""
    values = {"first": first, "last": last, "cost": cost, "snapshot": snapshot}
    row = admin.execute(LOAD, values).fetchone()
    assert row is not None
    return tuple(row)


def broken(admin: Connection) -> list[Any]:
    """Return the invariants of marketing that do not hold."""
    return admin.execute(
        "select c.invariant, c.sample from platform.check_invariants('marketing') as c where c.violations > 0"
    ).fetchall()


def test_what_the_api_loads(unfilled: str, tmp_path: Path) -> None:
    """Facts that were loaded and restated leave and come back; sums stay, and what is away takes no load."""
    with connect(unfilled) as admin:
        admin.execute(f"alter database {admin.info.dbname} set moadb.now = '{NOW}'")
        admin.execute(f"set moadb.now = '{NOW}'")
        admin.execute(LOADED)
        first = load(admin, "2025-06-01", "2026-11-20", 1000, "2026-11-20 00:00Z")
        assert first[0] > 300
        load(admin, "2026-01-02", "2026-02-28", 1100, "2026-11-20 01:00Z")
        before = contents(admin)
        assert before["campaign_metric_versions"]
        sums = admin.execute(SUMS).fetchone()
        assert broken(admin) == []

        report = moadb_json(unfilled, "run", "--to", str(tmp_path))
        assert {one["status"] for one in report} == {"archived"}
        assert months(report, "campaign_metrics")[0] == "2025-06"
        assert contents(admin) != before
        assert admin.execute(SUMS).fetchone() == sums
        assert broken(admin) == []
        with pytest.raises(psycopg.Error) as caught:
            load(admin, "2026-02-26", "2026-02-28", 1200, "2026-11-20 02:00Z")
        assert caught.value.sqlstate == "MM034"
        load(admin, "2026-11-03", "2026-11-20", 1200, "2026-11-20 02:00Z")
        load(admin, "2026-11-03", "2026-11-20", 1000, "2026-11-20 03:00Z")
        assert admin.execute(SUMS).fetchone() == sums
        assert broken(admin) == []

        moadb_json(unfilled, "restore", "--all")
        assert broken(admin) == []
        left = contents(admin)
        for table in ("campaign_daily", "campaign_metrics"):
            old = [line for line in left[table] if "2026-11" not in line.split("\t")[1]]
            assert old == [line for line in before[table] if "2026-11" not in line.split("\t")[1]]
        assert set(before["campaign_metric_versions"]) <= set(left["campaign_metric_versions"])
        assert load(admin, "2026-02-26", "2026-02-28", 1200, "2026-11-20 02:00Z")[1] > 0
        assert admin.execute(SUMS).fetchone() != sums
        assert broken(admin) == []
