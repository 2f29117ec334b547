"""Reports, as an operator sees them: those that there are, and those that were given up once more."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from psycopg.rows import class_row

from moadb.connection import connect_deployed


@dataclass(frozen=True)
class Report:
    """A report: a row of marketing.list_reports, where its columns are explained; times in UTC."""

    report_id: int
    workspace_id: int
    workspace: str
    title: str
    report_type: str
    date_from: date
    date_to: date
    status: str
    attempts: int
    file_url: str | None
    files: Any
    error_message: str | None
    created_at: datetime
    completed_at: datetime | None


def list_reports(
    dsn: str, workspace_id: int | None = None, status: str | None = None, limit: int = 20, before: int | None = None
) -> list[Report]:
    """Return reports, the newest first.

    Args:
        dsn: the database; the role must be a member of marketing_admin.
        workspace_id: only those of this workspace.
        status: only those that are pending, processing, completed or failed.
        limit: how many at most.
        before: the page after this report.
    """
    with (
        connect_deployed(dsn, system="marketing") as connection,
        connection.cursor(row_factory=class_row(Report)) as cursor,
    ):
        return cursor.execute(
            "select r.* from marketing.list_reports(%s, %s, %s, %s) as r", [workspace_id, status, limit, before]
        ).fetchall()


def retry_reports(dsn: str, ids: Sequence[int]) -> list[int]:
    """Have reports made that were given up or cancelled: all of them, or none when one cannot be.

    Args:
        dsn: the database; the role must be a member of marketing_admin.
        ids: the reports.

    Returns:
        The reports, each once.
    """
    wanted = sorted(set(ids))
    with connect_deployed(dsn, autocommit=False, system="marketing") as connection:
        for report_id in wanted:
            connection.execute("select marketing.retry_report(%s)", [report_id])
    return wanted
