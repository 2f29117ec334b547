"""moadb reports: what was asked for is made once, holds the figures of the database, and lies where it was to go."""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import openpyxl
import pypdf
import pytest
from click.testing import CliRunner, Result

from moadb import reports
from moadb.cli import cli
from moadb.connection import Connection, connect
from moadb.errors import Exit, MoadbError
from object_store import temporary_bucket

TEAM = """
insert into marketing.users (id, email, password_hash, name) values (-1, 'a@example.com', 'x', 'A');
insert into marketing.workspaces (id, name, report_currency) values (-1, '모아 커피', 'KRW');
insert into marketing.workspace_members (workspace_id, user_id, role) values (-1, -1, 'admin');
insert into marketing.marketing_accounts (id, platform, account_id, currency, time_zone)
values (101, 'google_ads', '111', 'KRW', 'Asia/Seoul'), (102, 'meta_ads', '222', 'USD', 'America/Los_Angeles');
insert into marketing.account_connections (workspace_id, marketing_account_id, user_id)
values (-1, 101, -1), (-1, 102, -1);
"""
NAMES = {"c1": "=1+1", "c2": "여름 세일 @SUM(A1)", "m1": "+cmd|calc"}


@pytest.fixture
def admin(database: str) -> Iterator[Connection]:
    """Return a session on a database with ten days of figures in won, and one in dollars, which has no rate."""
    with connect(database) as connection:
        connection.execute(TEAM)
        for account, names in ((101, ("c1", "c2")), (102, ("m1",))):
            told = [{"campaign_id": name, "campaign_name": NAMES[name], "network": "SEARCH"} for name in names]
            connection.execute("select marketing.upsert_campaigns(%s, %s)", [account, json.dumps(told)])
        load(connection, 101, [figures(name, day, 12345.5 * day) for name in ("c1", "c2") for day in range(1, 11)])
        load(connection, 102, [figures("m1", 3, 3.21)])
        yield connection


@pytest.fixture
def database_url(admin: Connection, database: str) -> str:
    """Return the connection string of that database."""
    return database


def figures(campaign: str, day: int, cost: float) -> dict[str, Any]:
    """Return a day of a campaign in November 2026."""
    return {
        "campaign_id": campaign,
        "date": f"2026-11-{day:02}",
        "impressions": 1000 * day,
        "clicks": 10 * day,
        "cost": cost,
        "conversions": "2.5",
        "revenue": 33333.25 * day,
    }


def load(connection: Connection, account: int, rows: list[dict[str, Any]]) -> None:
    """Load days of an account."""
    connection.execute("select marketing.upsert_campaign_metrics(%s, %s)", [json.dumps(rows), account])


def ask(connection: Connection, title: str = "십일월", first: str = "2026-11-01", last: str = "2026-11-10") -> int:
    """Ask for a report of some days, and return its id."""
    row = connection.execute(
        "select marketing.request_report(-1, %s, 'custom', %s, %s)", [title, first, last]
    ).fetchone()
    assert row is not None
    return int(row[0])


def moadb(dsn: str, *arguments: str) -> Result:
    """Run a command."""
    return CliRunner().invoke(cli, ["--dsn", dsn, "reports", *arguments], env={"COLUMNS": "300"})


def make(dsn: str, to: Path | str, code: int = Exit.OK) -> list[dict[str, Any]]:
    """Make what is asked for, and return what became of it."""
    result = moadb(dsn, "run", "--once", "--to", str(to), "--json")
    assert result.exit_code == code, result.output
    return list(json.loads(result.stdout))


def path_of(url: str) -> Path:
    """Return the path of a file: address."""
    return Path(unquote(urlsplit(url).path))


def files_of(made: dict[str, Any]) -> dict[str, bytes]:
    """Return a report's files by their format, which are as the report says."""
    contents = {file["format"]: path_of(file["url"]).read_bytes() for file in made["files"]}
    for file in made["files"]:
        assert (file["bytes"], file["sha256"]) == (
            len(contents[file["format"]]),
            sha256(contents[file["format"]]).hexdigest(),
        )
    return contents


def text_of(pdf: bytes) -> str:
    """Return the text of a PDF."""
    return "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages)


def test_figures_are_those_of_the_database(admin: Connection, database_url: str, tmp_path: Path) -> None:
    """To the last digit, by campaign and day; a rate that is missing is said, not taken for nothing."""
    ask(admin)
    (made,) = make(database_url, tmp_path)
    assert made["status"] == "completed"
    book = openpyxl.load_workbook(io.BytesIO(files_of(made)["xlsx"]))
    assert book.sheetnames == ["요약", "채널별", "캠페인별", "일별", "참고"]
    assert len(book["요약"]._charts) == 2
    query = """
        select p.group_name, p.impressions, p.clicks, p.ctr, p.cost, p.cpc, p.cpm, p.conversions, p.conversion_rate,
          p.cpa, p.revenue, p.roas, p.roi
        from marketing.performance(-1, '2026-11-01', '2026-11-10', 'total', 'campaign') as p
    """
    wanted = {row[0]: list(row[1:]) for row in admin.execute(query).fetchall()}
    assert set(wanted) == set(NAMES.values())
    rows = list(book["캠페인별"].iter_rows(min_row=2, values_only=True))
    assert {row[0] for row in rows} == set(wanted)
    for row in rows:
        known = [None if value is None else float(value) for value in wanted[str(row[0])]]
        shown = [None if str(value).startswith("환율 없음") else float(str(value)) for value in row[4:16]]
        assert shown == known
    missing = next(row for row in rows if row[0] == "+cmd|calc")
    assert missing[7] == "환율 없음: USD/KRW"
    days = list(book["일별"].iter_rows(min_row=2, values_only=True))
    assert [(day[0].day, day[1]) for day in days] == [(day, 2000 * day + 3000 * (day == 3)) for day in range(1, 11)]
    row = admin.execute("select r.status, r.file_url from marketing.reports as r").fetchone()
    assert row == ("completed", made["files"][0]["url"])
    assert str(made["files"][0]["url"]).endswith(".xlsx")


def test_names_are_never_formulas(admin: Connection, database_url: str, tmp_path: Path) -> None:
    ask(admin, "=HYPERLINK(1)")
    (made,) = make(database_url, tmp_path)
    book = openpyxl.load_workbook(io.BytesIO(files_of(made)["xlsx"]))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert [cell.coordinate for cell in cells if cell.data_type == "f"] == []
    assert "=HYPERLINK(1)" in [cell.value for cell in cells]


def test_the_pdf_is_readable_korean(admin: Connection, database_url: str, tmp_path: Path) -> None:
    ask(admin)
    (made,) = make(database_url, tmp_path)
    text = text_of(files_of(made)["pdf"])
    for words in ("십일월", "모아 커피", "광고비", "여름 세일", "환율 없음", "679,003"):
        assert words in text


def test_nothing_to_tell_is_a_report(admin: Connection, database_url: str, tmp_path: Path) -> None:
    ask(admin, "빈 보고", "2026-10-01", "2026-10-02")
    (made,) = make(database_url, tmp_path)
    assert made["status"] == "completed"
    assert set(files_of(made)) == {"xlsx", "pdf"}


@pytest.mark.parametrize("command", [["run", "--once"], ["list"], ["retry", "1"]])
def test_a_database_without_marketing(admin: Connection, database_url: str, command: list[str]) -> None:
    admin.execute("alter schema marketing rename to another")
    result = moadb(database_url, *command)
    assert isinstance(result.exception, MoadbError)
    assert result.exception.message.endswith("has no system marketing")


def test_nothing_to_do(database_url: str, tmp_path: Path) -> None:
    result = moadb(database_url, "run", "--once", "--to", str(tmp_path))
    assert (result.exit_code, result.stdout) == (Exit.OK, "no report is to be made\n")


def test_a_bucket(admin: Connection, database_url: str) -> None:
    ask(admin)
    with temporary_bucket() as bucket:
        (made,) = make(database_url, f"{bucket}/reports")
        assert made["status"] == "completed"
        assert made["files"][0]["url"].startswith("s3://moadb-test/reports/workspace--1/")


def test_a_place_that_takes_nothing(admin: Connection, database_url: str, tmp_path: Path) -> None:
    """The report is tried again later, its user is told why, and no stack trace is shown."""
    ask(admin)
    (tmp_path / "file").write_text("")
    result = moadb(database_url, "run", "--once", "--to", str(tmp_path / "file" / "below"))
    assert result.exit_code == Exit.FAILED
    assert "Traceback" not in result.output
    row = admin.execute("select r.status, r.file_url from marketing.reports as r").fetchone()
    assert row == ("pending", None)


def test_no_room_for_temporary_files(
    admin: Connection, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Files are made in memory: no disk fills up with what a killed worker leaves."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "nothing"))
    ask(admin)
    (made,) = make(database_url, tmp_path)
    assert made["status"] == "completed"


def test_a_query_that_is_cancelled(
    admin: Connection, database_url: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """By a timeout, say: that is no reason to end, nor to keep the report until the lease is over."""
    admin.execute(
        "create or replace function marketing.report_data(p_report_id bigint) returns jsonb language plpgsql as "
        "$$ begin raise sqlstate '57014' using message = 'it lasts too long'; end $$"
    )
    ask(admin)
    (made,) = make(database_url, tmp_path, Exit.FAILED)
    assert (made["status"], made["error"]) == ("pending", "it could not be made; the operator's log says why")
    assert "it lasts too long" in caplog.text
    assert "Traceback" not in caplog.text


def test_an_address_that_is_too_long(database_url: str, tmp_path: Path) -> None:
    result = moadb(database_url, "run", "--once", "--to", str(tmp_path / ("보고서/" * 20)))
    assert isinstance(result.exception, MoadbError)
    assert "is too long" in result.exception.message


@pytest.mark.parametrize("library", ["xlsxwriter", "reportlab"])
def test_library_missing(
    admin: Connection, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, library: str
) -> None:
    """It is said before anything is claimed."""
    ask(admin)
    monkeypatch.setitem(sys.modules, library, None)
    result = moadb(database_url, "run", "--once", "--to", str(tmp_path))
    assert isinstance(result.exception, MoadbError)
    assert library in result.exception.message
    assert "moadb[reports]" in str(result.exception.hint)
    assert admin.execute("select r.status from marketing.reports as r").fetchone() == ("pending",)


def test_list_and_retry(admin: Connection, database_url: str, tmp_path: Path) -> None:
    report = ask(admin)
    admin.execute("select marketing.cancel_report(%s)", [report])
    assert make(database_url, tmp_path) == []
    assert moadb(database_url, "retry", str(report)).stdout == "1 report will be made\n"
    assert json.loads(moadb(database_url, "retry", str(report), str(report), "--json").stdout) == [report]
    refused = moadb(database_url, "retry", str(report), "999")
    assert "there is no report 999" in str(refused.exception)
    assert [made["report_id"] for made in make(database_url, tmp_path)] == [report]
    (listed,) = json.loads(moadb(database_url, "list", "--json").stdout)
    assert (listed["report_id"], listed["status"], listed["title"]) == (report, "completed", "십일월")
    assert "십일월" in moadb(database_url, "list").stdout


def test_many_workers(admin: Connection, database_url: str, tmp_path: Path) -> None:
    """Each report is made once, and its folder holds the files of the one who made it."""
    wanted = {ask(admin, f"report {n}") for n in range(8)}
    with ThreadPoolExecutor(4) as pool:
        found = [
            made
            for worker in pool.map(lambda _: reports.run_reports(database_url, str(tmp_path), once=True), range(4))
            for made in worker
        ]
    assert sorted(made.report_id for made in found) == sorted(wanted)
    assert {made.status for made in found} == {"completed"}
    assert len([path for path in tmp_path.rglob("*") if path.is_file()]) == 16


def test_a_worker_that_is_killed(admin: Connection, database_url: str, tmp_path: Path) -> None:
    """Whenever it dies: the next one makes its report, and the files are those that the report names."""
    report = ask(admin)
    command = [sys.executable, "-m", "moadb", "--dsn", database_url, "reports", "run", "--lease", "1", "--to"]
    for delay in (0.0, 0.1, 0.3):
        worker = subprocess.Popen([*command, str(tmp_path)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        query = "select r.status from marketing.reports as r where r.id = %s"
        deadline = time.monotonic() + 60
        while admin.execute(query, [report]).fetchone() == ("pending",) and time.monotonic() < deadline:
            time.sleep(0.01)
        time.sleep(delay)
        os.kill(worker.pid, signal.SIGKILL)
        worker.wait()
    folder = tmp_path / "workspace--1" / f"report-{report}"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / ".half a file.0123abcd.part").touch()
    deadline = time.monotonic() + 60
    while admin.execute(query, [report]).fetchone() != ("completed",) and time.monotonic() < deadline:
        reports.run_reports(database_url, str(tmp_path), once=True)
        time.sleep(0.2)
    row = admin.execute("select r.status, r.files from marketing.reports as r").fetchone()
    assert row is not None
    assert row[0] == "completed"
    assert set(files_of({"files": row[1]})) == {"xlsx", "pdf"}
    assert {path for path in tmp_path.rglob("*") if path.is_file()} == {path_of(file["url"]) for file in row[1]}


def test_ended_by_a_signal(admin: Connection, database_url: str, tmp_path: Path) -> None:
    """It finishes the report that it makes, says so as a line of JSON, and ends."""
    command = [
        sys.executable,
        "-m",
        "moadb",
        "--dsn",
        database_url,
        "reports",
        "run",
        "--json",
        "--poll",
        "0.2",
        "--to",
    ]
    worker = subprocess.Popen([*command, str(tmp_path)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    report = ask(admin)
    assert worker.stdout is not None
    made = json.loads(worker.stdout.readline())
    assert (made["report_id"], made["status"]) == (report, "completed")
    worker.send_signal(signal.SIGTERM)
    out, errors = worker.communicate(timeout=60)
    assert (worker.returncode, out) == (0, "")
    assert "Traceback" not in errors
