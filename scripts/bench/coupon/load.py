"""Ten million coupons in the past: through the API, with the clock moved, a month after the other."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor

from moadb.connection import connect

MONTHS = 24
SESSIONS = 2
CHUNK = 10000  # coupons per call


def load(dsn: str, coupons: int) -> float:
    """Issue so many coupons, spread over 24 months that end with this one, and return how many seconds it took.

    Every month has a policy of its own, every coupon a user; audit rows and counts are made as in every call.
    """
    started = time.monotonic()
    per_month = coupons // MONTHS
    with connect(dsn) as connection:
        for month in range(MONTHS):
            connection.execute("select set_config('moadb.now', %s, false)", [_instant(dsn, month)])
            connection.execute("select coupon.create_monthly_partition()")

    def issue(session: int) -> None:
        with connect(dsn) as connection:
            connection.execute("set synchronous_commit = off")
            for month in range(session, MONTHS, SESSIONS):
                connection.execute("select set_config('moadb.now', %s, false)", [_instant(dsn, month)])
                for first in range(0, per_month, CHUNK):
                    connection.execute(
                        """
                        select count(i.coupon_id)
                        from coupon.issue_coupons(
                          900100 + %s, array(select u::bigint from generate_series(%s::integer, %s::integer) as u)
                        ) as i
                        """,
                        [month, first + 1, min(first + CHUNK, per_month)],
                    )

    with ThreadPoolExecutor(SESSIONS) as pool:
        list(pool.map(issue, range(SESSIONS)))
    with connect(dsn) as connection:
        connection.execute("vacuum analyze")
        connection.execute("checkpoint")
    return time.monotonic() - started


def _instant(dsn: str, month: int) -> str:
    """Return noon of the first day of a month: 0 is the oldest, MONTHS - 1 this one."""
    with connect(dsn) as connection:
        row = connection.execute(
            "select (date_trunc('month', now()) - make_interval(months => %s) + interval '12 hours')::text",
            [MONTHS - 1 - month],
        ).fetchone()
    assert row is not None
    return str(row[0])
