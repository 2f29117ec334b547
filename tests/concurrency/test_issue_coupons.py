"""Issuing to many users at once, under many sessions: the limits hold exactly, and batches do not deadlock."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from concurrency.sessions import Connection, one, storm, violations
from concurrency.test_issue_coupon import ISSUED, SOLD_OUT, USER_LIMIT, add_policy, issue


@pytest.fixture
def admin(database: str) -> Iterator[Connection]:
    """Return a superuser's session."""
    with psycopg.connect(database, autocommit=True) as connection:
        yield connection


def issue_many(connection: Connection, policy: int, users: list[int], key: str | None = None) -> Counter[str]:
    """Call issue_coupons, and return how many got one or which refusal."""
    query = "select coalesce(c.error_code, c.status) from coupon.issue_coupons(%s, %s, %s) as c"
    return Counter("issued" if r == "ISSUED" else str(r) for (r,) in connection.execute(query, (policy, users, key)))


@pytest.mark.parametrize("limit", [5000, 500])
def test_batches_and_single_calls_share_a_stock(admin: Connection, database: str, limit: int) -> None:
    """16 sessions with batches of 100 and 16 with single calls: together exactly the stock, and nobody is lost."""
    policy = add_policy(admin, limit=limit, per_user=1)

    def work(connection: Connection, n: int) -> Counter[str]:
        if n % 2:
            return Counter(issue(connection, policy, n * 1000 + i) for i in range(20))
        batches = [[n * 1000 + 100 * i + j for j in range(100)] for i in range(4)]
        return sum((issue_many(connection, policy, batch) for batch in batches), Counter())

    outcomes = sum(storm(database, 32, work), Counter())
    asked = 16 * 20 + 16 * 400
    assert outcomes == {ISSUED: limit, SOLD_OUT: asked - limit}
    assert one(admin, "select remaining from coupon.v_policy_stock where policy_id = %s", policy) == 0
    assert violations(admin) == []


@pytest.mark.parametrize("limit", [None, 1000])
def test_batches_of_the_same_users(admin: Connection, database: str, limit: int | None) -> None:
    """16 sessions name the same 200 users, each in an order of its own, three times: each user gets two, as allowed."""
    policy = add_policy(admin, limit=limit, per_user=2)

    def work(connection: Connection, n: int) -> Counter[str]:
        users = list(range(200))
        random.Random(n).shuffle(users)
        return sum((issue_many(connection, policy, users) for _ in range(3)), Counter())

    outcomes = sum(storm(database, 16, work), Counter())
    assert outcomes == {ISSUED: 400, USER_LIMIT: 16 * 3 * 200 - 400}
    if limit is not None:
        assert one(admin, "select remaining from coupon.v_policy_stock where policy_id = %s", policy) == limit - 400
    assert violations(admin) == []


def test_one_key_many_sessions(admin: Connection, database: str) -> None:
    """The same batch under the same key from 16 sessions is issued once, and all hear the same."""
    policy = add_policy(admin, limit=1000, per_user=1)
    users = list(range(50))

    def work(connection: Connection, n: int) -> list[Any]:
        query = "select * from coupon.issue_coupons(%s, %s, 'batch')"
        return connection.execute(query, (policy, users)).fetchall()

    answers = storm(database, 16, work)
    assert all(answer == answers[0] for answer in answers)
    assert len(answers[0]) == 50
    assert one(admin, "select count(*) from coupon.coupon_issues where policy_id = %s", policy) == 50
    assert violations(admin) == []
