"""Many sessions at once: real connections, one thread each, let loose together."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

import psycopg

Connection = psycopg.Connection[tuple[Any, ...]]
Result = TypeVar("Result")


def storm(
    dsn: str, sessions: int, work: Callable[[Connection, int], Result], role: str | None = "coupon_app"
) -> list[Result]:
    """Run `work(connection, n)` in `sessions` sessions at once and return the results by n.

    Every session is connected, and acts as `role` where one is given, before the first begins. What `work` raises is
    raised here.
    """
    start = threading.Barrier(sessions)

    def one(n: int) -> Result:
        with psycopg.connect(dsn, autocommit=True) as connection:
            if role is not None:
                connection.execute(f"set role {role}")
            start.wait()
            return work(connection, n)

    with ThreadPoolExecutor(sessions) as pool:
        return list(pool.map(one, range(sessions)))


def one(connection: Connection, query: str, *parameters: Any) -> Any:
    """Return the only value of the only row."""
    row = connection.execute(query, parameters).fetchone()
    assert row is not None
    return row[0]
