"""The importer is killed at any instant: run again or gone on with, it comes to what one run would have come to."""

from __future__ import annotations

import json
import random
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import psycopg
import pytest

from moadb.checks import check_invariants

CAMPAIGNS = 30
DAYS = 28
KILLS = 8
ARGUMENTS = [
    "--account",
    "meta_ads:1",
    "--currency",
    "USD",
    "--time-zone",
    "UTC",
    "--connect",
    "Shop",
    "--batch",
    "60",
    "--json",
]
OUTCOMES = ("inserted", "changed", "unchanged", "stale", "summed", "rejected")


def start(dsn: str, path: Path, *arguments: str) -> subprocess.Popen[bytes]:
    """Start an importer."""
    command = [sys.executable, "-m", "moadb", "--dsn", dsn, "import", "metrics", str(path), *ARGUMENTS, *arguments]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def finish(importer: subprocess.Popen[bytes]) -> Any:
    """Wait for an importer, and return what it has done; every row that it read is accounted for."""
    printed, errors = importer.communicate(timeout=120)
    assert importer.returncode == 0, errors.decode()
    done = json.loads(printed)
    assert done["read"] == sum(done[outcome] for outcome in OUTCOMES) == CAMPAIGNS * DAYS * 2
    return done


def write(folder: Path) -> Path:
    """Write a file: two ads in each campaign."""
    path = folder / "export.csv"
    rows = [
        f"2026-01-{day:02},c{campaign},{ad},{100 * day + ad},{campaign},{day}.{ad}5,1,2\n"
        for campaign in range(CAMPAIGNS)
        for day in range(1, DAYS + 1)
        for ad in (1, 2)
    ]
    path.write_text(
        "date,campaign_id,ad,impressions,clicks,cost,conversions,revenue\n" + "".join(rows), encoding="utf-8"
    )
    return path


def loaded(dsn: str) -> list[tuple[Any, ...]]:
    """Return the sums of each campaign, of facts and of days."""
    with psycopg.connect(dsn) as connection:
        return connection.execute(
            """
            select c.campaign_id, m.rows, m.impressions, m.cost, d.rows, d.impressions, d.cost
            from marketing.campaigns as c
            join (
              select f.campaign_id, count(*) as rows, sum(f.impressions) as impressions, sum(f.cost) as cost
              from marketing.campaign_metrics as f
              group by f.campaign_id
            ) as m on m.campaign_id = c.id
            join (
              select f.campaign_id, count(*) as rows, sum(f.impressions) as impressions, sum(f.cost) as cost
              from marketing.campaign_daily as f
              group by f.campaign_id
            ) as d on d.campaign_id = c.id
            order by c.campaign_id
            """
        ).fetchall()


def slices(dsn: str) -> int:
    """Return how many slices are written down as loaded."""
    with psycopg.connect(dsn) as connection:
        row = connection.execute(
            "select count(*) from marketing.import_slices as s where s.loaded_at is not null"
        ).fetchone()
    assert row is not None
    return int(row[0])


@pytest.mark.parametrize("again", [[], ["--resume"]])
def test_killed_importers(database: str, tmp_path: Path, again: list[str]) -> None:
    path = write(tmp_path)
    arguments = ["--sum", "--jobs", "2"]
    with psycopg.connect(database) as connection:
        connection.execute("select marketing.create_workspace('Shop', 'Asia/Seoul', 'KRW')")
    chance = random.Random(5)
    killed = 0
    for _ in range(KILLS):
        before = slices(database)
        importer = start(database, path, *arguments, *again)
        until = time.monotonic() + chance.uniform(0.2, 1.0)
        while importer.poll() is None and time.monotonic() < until + 5:
            time.sleep(0.005)
            if time.monotonic() > until or slices(database) > before + chance.randrange(1, 6):
                break
        if importer.poll() is None:
            importer.kill()
            killed += 1
        importer.communicate()
    assert killed > KILLS // 2
    done = finish(start(database, path, *arguments, *again))
    assert done["summed"] == CAMPAIGNS * DAYS
    once = [
        (f"c{campaign}", DAYS, sum(200 * day + 3 for day in range(1, DAYS + 1)))
        for campaign in sorted(range(CAMPAIGNS), key=lambda number: f"c{number}")
    ]
    found = loaded(database)
    assert [row[:3] for row in found] == once
    assert [row[1:4] for row in found] == [row[4:7] for row in found]
    assert finish(start(database, path, *arguments))["unchanged"] == CAMPAIGNS * DAYS
    assert [invariant.invariant for invariant in check_invariants(database, "marketing") if invariant.violations] == []
    with psycopg.connect(database) as connection:
        left = connection.execute("select count(*) from pg_class where relname like '\\_import\\_%'").fetchone()
    assert left == (0,)


def test_what_is_left_is_gone_on_with(database: str, tmp_path: Path) -> None:
    """An importer that dies between two slices leaves the rest, and the next one loads that alone."""
    path = write(tmp_path)
    with psycopg.connect(database) as connection:
        connection.execute("select marketing.create_workspace('Shop', 'Asia/Seoul', 'KRW')")
        connection.commit()
        connection.execute("lock table marketing.campaign_weekly in exclusive mode")  # the first slice waits here
        importer = start(database, path, "--sum", "--jobs", "1")
        waiting = (
            "select count(*) from pg_locks as l "
            "where not l.granted and l.relation = 'marketing.campaign_weekly'::regclass"
        )
        with psycopg.connect(database, autocommit=True) as looking:
            deadline = time.monotonic() + 60
            while looking.execute(waiting).fetchone() == (0,):
                assert time.monotonic() < deadline
                assert importer.poll() is None
                time.sleep(0.05)
        importer.kill()
        importer.communicate()
    # the server has finished the call that it was in, or not: both are right
    done = finish(start(database, path, "--sum", "--resume"))
    assert done["resumed"]
    assert (done["inserted"], done["unchanged"]) == (CAMPAIGNS * DAYS, 0)
    assert finish(start(database, path, "--sum", "--resume"))["unchanged"] == CAMPAIGNS * DAYS
