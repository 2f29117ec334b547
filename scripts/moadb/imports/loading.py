"""From the table of an import to the facts: its slices, over several connections, and what became of their rows."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import Any

from moadb.connection import Connection, connect_deployed
from moadb.errors import MoadbError
from moadb.imports.job import Job, in_threads


def load(job: Job, import_id: int) -> None:
    """Load the slices that are not loaded yet, each in a transaction of its own."""
    rows = job.connection.execute(
        "select p.slice, p.rows, p.loaded_at is not null from marketing.import_progress(%s) as p "
        "where p.slice is not null",
        [import_id],
    ).fetchall()
    job.connection.commit()
    total, done = sum(count for _, count, _ in rows), sum(count for _, count, is_loaded in rows if is_loaded)
    waiting = [(number, count) for number, count, is_loaded in rows if not is_loaded]
    queue = iter(waiting)
    guard, stopped = threading.Lock(), threading.Event()
    loaded: list[int] = []

    def run() -> None:
        with connect_deployed(job.dsn, application_name="moadb import") as worker:
            while not stopped.is_set():
                with guard:
                    number, count = next(queue, (None, 0))
                if number is None:
                    return
                worker.execute("select from marketing.import_load(%s, %s)", [import_id, number])
                loaded.append(count)

    in_threads(
        min(job.options.jobs, len(waiting)), run, stopped, lambda: job.tell("loading", done + sum(loaded), total)
    )


@dataclass(frozen=True)
class Total:
    """What became of the rows of an import so far."""

    read: int
    staged: int
    summed: int
    inserted: int
    changed: int
    unchanged: int
    stale: int

    @property
    def rejected(self) -> int:
        """Return how many rows were not staged."""
        return self.read - self.staged


def total_of(connection: Connection, import_id: int) -> Total:
    """Count what became of the rows so far."""
    connection.rollback()
    row = connection.execute(
        """
        select
          max(p.read_rows), max(p.staged_rows), max(p.summed_rows), coalesce(sum(p.inserted), 0),
          coalesce(sum(p.changed), 0), coalesce(sum(p.unchanged), 0), coalesce(sum(p.stale), 0)
        from marketing.import_progress(%s) as p
        """,
        [import_id],
    ).fetchone()
    connection.commit()
    assert row is not None
    return Total(*map(int, row))


def told_before(connection: Connection, import_id: int) -> dict[str, Any]:
    """Return what the importer that read the file would have told at its end, the most frequent reasons first."""
    row = connection.execute("select p.told from marketing.import_progress(%s) as p limit 1", [import_id]).fetchone()
    connection.commit()
    told: dict[str, Any] = (row and row[0]) or {}
    reasons = told.get("reasons", {})
    return {**told, "reasons": dict(sorted(reasons.items(), key=lambda reason: -reason[1]))}


def check_total(import_id: int, total: Total) -> None:
    """Count what became of the rows; a sum that is not what was read is a defect, and is told."""
    there = total.inserted + total.changed + total.unchanged + total.stale + total.summed
    if there != total.staged:
        raise MoadbError(f"import {import_id} has {total.staged} rows, and {there} of them are accounted for")
