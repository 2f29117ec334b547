"""Importers at once: of one file one after the other, of two that meet in every campaign without a deadlock."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import psycopg

ACCOUNT = ["--account", "meta_ads:1", "--currency", "USD", "--time-zone", "UTC", "--connect", "Shop"]


def start(dsn: str, path: Path) -> subprocess.Popen[bytes]:
    """Start an importer."""
    command = [sys.executable, "-m", "moadb", "--dsn", dsn, "import", "metrics", str(path), *ACCOUNT, "--json"]
    return subprocess.Popen(
        [*command, "--batch", "50", "--jobs", "2", "--snapshot-at", "2026-01-02T00:00:00Z"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def test_importers_at_once(database: str, tmp_path: Path) -> None:
    with psycopg.connect(database) as connection:
        connection.execute("select marketing.create_workspace('Shop', 'Asia/Seoul', 'KRW')")
    files = []
    for number, span in enumerate([range(1, 20), range(10, 29)]):
        path = tmp_path / f"{number}.csv"
        rows = [f"2025-01-{day:02},c{campaign},{campaign},{day}\n" for campaign in range(25) for day in span]
        path.write_text("date,campaign_id,impressions,cost\n" + "".join(rows), encoding="utf-8")
        files.append(path)
    importers = [start(database, path) for path in [*files, *files]]
    outcomes = [importer.communicate(timeout=180) for importer in importers]
    assert [importer.returncode for importer in importers] == [0, 0, 0, 0], [error.decode() for _, error in outcomes]
    done = [json.loads(printed) for printed, _ in outcomes]
    assert sum(one["inserted"] for one in done) == 25 * 28
    assert sum(one["inserted"] + one["unchanged"] for one in done) == sum(one["read"] for one in done) == 4 * 25 * 19
    with psycopg.connect(database) as connection:
        facts = connection.execute("select count(*), sum(m.cost) from marketing.campaign_metrics as m").fetchone()
        days = connection.execute("select count(*), sum(d.cost) from marketing.campaign_daily as d").fetchone()
    assert facts == days == (25 * 28, 25 * sum(range(1, 29)))
