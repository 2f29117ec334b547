"""Tasks, as an operator sees them: which topics have some, which were given up, and those once more.

Workers speak to the database themselves (platform.claim_tasks and its companions).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from psycopg.rows import class_row

from moadb.connection import connect_deployed
from moadb.errors import Exit, MoadbError


@dataclass(frozen=True)
class Topic:
    """A topic and how it stands: a row of platform.task_topics, where its columns are explained."""

    topic: str
    due: int
    scheduled: int
    leased: int
    abandoned: int
    dead: int
    done: int
    waiting_for: timedelta | None


@dataclass(frozen=True)
class Task:
    """A task: a row of platform.tasks, where its columns are explained, without its lease token; times in UTC."""

    id: int
    topic: str
    status: str
    run_at: datetime
    attempts: int
    max_attempts: int
    worker: str | None
    last_error: str | None
    dedupe_key: str | None
    payload: Any
    created_at: datetime
    finished_at: datetime | None


def list_topics(dsn: str) -> list[Topic]:
    """Return the topics that have tasks, by name."""
    with connect_deployed(dsn) as connection, connection.cursor(row_factory=class_row(Topic)) as cursor:
        return cursor.execute("select t.* from platform.task_topics as t order by t.topic").fetchall()


def list_tasks(dsn: str, topic: str | None = None, status: str | None = None, limit: int = 20) -> list[Task]:
    """Return tasks, those that are or were due first.

    Args:
        dsn: the database.
        topic: only those of this topic.
        status: only those that are ready, done or dead.
        limit: how many at most.
    """
    with connect_deployed(dsn) as connection, connection.cursor(row_factory=class_row(Task)) as cursor:
        return cursor.execute(
            """
            select
              t.id, t.topic, t.status, t.run_at, t.attempts, t.max_attempts, t.worker, t.last_error, t.dedupe_key,
              t.payload, t.created_at, t.finished_at
            from platform.tasks as t
            where (t.topic = %(topic)s or %(topic)s::text is null)
              and (t.status = %(status)s or %(status)s::text is null)
            order by t.run_at, t.id
            limit %(limit)s
            """,
            {"topic": topic, "status": status, "limit": limit},
        ).fetchall()


def retry(dsn: str, ids: Sequence[int] | None = None, topic: str | None = None) -> list[int]:
    """Give tasks that were given up all their attempts again; return their ids.

    Args:
        dsn: the database; the role must be a member of moadb_owner.
        ids: the tasks; None means all that are dead.
        topic: only those of this topic.

    Raises:
        MoadbError: one that is named is not dead, or not there; then none is touched.
    """
    with connect_deployed(dsn, autocommit=False) as connection:
        dead = [
            id
            for (id,) in connection.execute(
                "select t.id from platform.tasks as t where t.status = 'dead' and (t.topic = %s or %s::text is null)",
                [topic, topic],
            )
        ]
        other = sorted(set(ids or ()) - set(dead))
        if other:
            raise MoadbError(
                f"not given up: {', '.join(map(str, other))}",
                hint="`moadb tasks list --status dead` shows those that are",
                exit_code=Exit.USAGE,
            )
        chosen = dead if ids is None else list(ids)
        return [id for (id,) in connection.execute("select r from platform.retry_tasks(%s) as r", [chosen])]
