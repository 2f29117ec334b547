"""Files to import, their import, and what came of it; shared by tests of the CLI."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import psycopg
from click.testing import CliRunner, Result

from moadb.cli import cli
from moadb.errors import Exit

ACCOUNT = ["--account", "meta_ads:777", "--currency", "USD", "--time-zone", "America/New_York", "--connect", "Shop"]


def make_shop(dsn: str) -> str:
    """Make a workspace without an ad account; return the database."""
    with psycopg.connect(dsn) as connection:
        connection.execute("select marketing.create_workspace('Shop', 'Asia/Seoul', 'KRW')")
    return dsn


def write(folder: Path, text: str, name: str = "export.csv", encoding: str = "utf-8") -> Path:
    """Write a file."""
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return path


def run(dsn: str, path: Path, *arguments: str) -> Result:
    """Import a file."""
    return CliRunner().invoke(cli, ["--dsn", dsn, "import", "metrics", str(path), *arguments])


def load(dsn: str, path: Path, *arguments: str, code: int = Exit.OK) -> Any:
    """Import a file, check that all its rows are accounted for, and return what was done."""
    result = run(dsn, path, *arguments, "--json")
    assert result.exit_code == code, result.output + repr(result.exception)
    done = json.loads(result.stdout)
    outcomes = ("inserted", "changed", "unchanged", "stale", "summed", "rejected")
    assert done["read"] == sum(done[outcome] for outcome in outcomes)
    assert done["rejected"] == len(rejects(done))
    return done


def rejects(done: dict[str, Any]) -> list[dict[str, str]]:
    """Return the rows of the file of rejected rows."""
    if done["rejects"] is None:
        return []
    with Path(done["rejects"]).open(encoding="utf-8-sig", newline="") as text:
        return list(csv.DictReader(text))


def facts(dsn: str) -> list[tuple[Any, ...]]:
    """Return what was loaded."""
    with psycopg.connect(dsn) as connection:
        return connection.execute(
            """
            select c.campaign_id, c.campaign_name, m.date::text, m.hour, m.impressions, m.clicks, m.cost::text,
              m.conversions::text, m.revenue::text
            from marketing.campaign_metrics as m
            join marketing.campaigns as c on c.id = m.campaign_id
            order by c.campaign_id, m.date, m.hour
            """
        ).fetchall()
