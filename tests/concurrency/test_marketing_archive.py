"""Archiving and restoring beside those who load and read: nobody fails, nothing is lost."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import psycopg
import pytest

from archives import INSERT, contents, fill
from concurrency.sessions import Connection, await_lock, one, outcome
from moadb import archive
from moadb.archive import months
from moadb.connection import connect

# facts are written as a load writes them: past the trigger that asks for every campaign
LOADER = "set session_replication_role = replica"
LIKE = """
update marketing.campaign_metrics set likes = likes + 1 where campaign_id = %s and date >= (select date '2026-11-19')
"""
READ = "select count(*) from marketing.campaign_metrics"
# what the client says when the file holds what the partition held
REMOVE = """
select marketing.archive_partition(
  'campaign_metrics', '2026-02-01', 'file:///x', c.columns, r.rows, 1, sha256(''), r.checksum, now()
)
from marketing._archive_columns('marketing.campaign_metrics') as c (columns)
cross join lateral marketing._rows_checksum('marketing.campaign_metrics_2026_02', c.columns) as r
"""


def test_loads_and_reads_go_on(database: str, tmp_path: Path) -> None:
    """Months leave and come back, twice, while others load, read all months, and write after they have read them."""
    with connect(database) as admin:
        fill(admin)
        before = contents(admin)
    ended = threading.Event()

    def insert(session: Connection) -> int:
        done = 0
        while not ended.is_set():
            session.execute(INSERT, [1000 + done, "2026-11-20"])
            done += 1
        return done

    def like(session: Connection) -> int:
        done = 0
        session.execute(INSERT, [900, "2026-11-20"])
        while not ended.is_set():
            with session.transaction():
                session.execute(READ)
                session.execute(LIKE, [900])
            done += 1
        return done

    def work(task: Callable[[Connection], int]) -> int:
        with psycopg.connect(database, autocommit=True) as session:
            session.execute(LOADER)
            return task(session)

    with ThreadPoolExecutor(2) as pool:
        inserted, liked = pool.submit(work, insert), pool.submit(work, like)
        try:
            for _ in range(2):
                pending = archive.run(database, str(tmp_path))
                while not all(outcome.ok for outcome in pending):
                    assert {outcome.status for outcome in pending} <= {"archived", "in use"}
                    pending = archive.run(database, str(tmp_path))
                while not all(outcome.ok for outcome in archive.restore(database)):
                    pass
        finally:
            ended.set()
        rows, likes = inserted.result(), liked.result()

    with connect(database) as admin:
        counted = "select count(*) from marketing.campaign_metrics where campaign_id >= 1000"
        assert one(admin, counted) == rows > 0
        assert one(admin, "select likes from marketing.campaign_metrics where campaign_id = 900") == likes > 0
        admin.execute(LOADER)
        admin.execute("delete from marketing.campaign_metrics where campaign_id >= 900")
        assert contents(admin) == before


def test_a_load_that_is_under_way(database: str, tmp_path: Path) -> None:
    """A load that has written a month and not committed is waited for; its rows are noticed, and nothing is removed."""
    with connect(database) as admin, psycopg.connect(database) as loader:
        fill(admin)
        loader.execute(LOADER)
        loader.execute(INSERT, [9, "2026-02-02"])
        with ThreadPoolExecutor(1) as pool, psycopg.connect(database, autocommit=True) as archiver:
            archiver.execute("set moadb.now = '2026-11-21 03:00+00'")
            result = pool.submit(outcome, archiver, REMOVE)
            await_lock(admin, archiver)
            loader.commit()
            assert result.result() == "MM151"
        assert one(admin, "select count(*) from marketing.campaign_metrics where campaign_id = 9") == 1


def test_a_load_that_comes_too_late(database: str, tmp_path: Path) -> None:
    """A load that begins while a month is being removed waits, and is refused; its rows are nowhere."""
    with connect(database) as admin:
        fill(admin)
        admin.execute("set moadb.now = '2026-11-21 03:00+00'")
        with ThreadPoolExecutor(1) as pool, psycopg.connect(database, autocommit=True) as loader:
            loader.execute(LOADER)
            with admin.transaction():
                admin.execute(REMOVE)
                result = pool.submit(outcome, loader, INSERT, 9, "2026-02-02")
                with psycopg.connect(database, autocommit=True) as observer:
                    await_lock(observer, loader)
                    # other months are read and written meanwhile
                    observer.execute(LOADER)
                    observer.execute("set lock_timeout = '1s'")
                    observer.execute(INSERT, [7, "2026-11-20"])
                    observer.execute("select count(*) from marketing.campaign_metrics where date >= '2026-03-01'")
            assert result.result() == "23514"
        assert one(admin, "select count(*) from marketing.campaign_metrics where campaign_id = 9") == 0


def test_restored_twice_at_once(database: str, tmp_path: Path) -> None:
    """Of two who restore the same month one does, and the other says so."""
    with connect(database) as admin:
        fill(admin)
        before = contents(admin)
        archive.run(database, str(tmp_path))
        with ThreadPoolExecutor(2) as pool:
            results = list(pool.map(lambda _: archive.restore(database, date(2026, 2, 1)), range(2)))
        statuses = sorted(outcome.status for report in results for outcome in report)
        assert statuses.count("restored") == 2
        assert set(statuses) <= {"restored", "restored already", "in use"}
        archive.restore(database)
        assert contents(admin) == before


def test_restored_by_somebody_else_meanwhile(database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who finds a month restored when its file has been verified says so, and that is no failure."""
    with connect(database) as admin:
        fill(admin)
        archive.run(database, str(tmp_path))

        def then_restored(connection: Connection, month: date | None) -> list[archive.Archive]:
            found = months.selected(connection, month)
            monkeypatch.undo()
            archive.restore(database, month)
            return found

        monkeypatch.setattr(archive, "selected", then_restored)
        report = archive.restore(database, date(2026, 2, 1))
        assert [(one.status, one.ok) for one in report] == [("restored already", True)] * 2


def test_who_waits_for_a_month_is_told(database: str, tmp_path: Path) -> None:
    """A session that keeps all months open keeps a restore waiting; that is told, and it works later."""
    with connect(database) as admin:
        fill(admin)
        before = contents(admin)
        archive.run(database, str(tmp_path))
        with psycopg.connect(database) as reader:
            reader.execute(READ)
            with pytest.MonkeyPatch.context() as patch:
                patch.setenv("PGOPTIONS", "-c statement_timeout=3s")
                (versions, metrics) = archive.restore(database, date(2026, 2, 1))
        assert versions.status == "restored"
        assert (metrics.status, metrics.problem) == ("failed", "canceling statement due to statement timeout")
        archive.restore(database)
        assert contents(admin) == before
