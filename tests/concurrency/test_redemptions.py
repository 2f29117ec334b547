"""One coupon, many orders at once: it is redeemed as often, and for as much, as its policy says."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from concurrency.sessions import Connection, one, storm, violations

USED = "MC016"
HELD = "MC017"


@pytest.fixture
def admin(database: str) -> Iterator[Connection]:
    """Return a superuser's session."""
    with psycopg.connect(database, autocommit=True) as connection:
        yield connection


def add_coupon(admin: Connection, discount_type: str, value: int, redemptions: int | None) -> str:
    """Add a policy, and return the number of its one coupon."""
    admin.execute(
        """
        insert into coupon.coupon_policies (
          id, coupon_name, coupon_code, discount_type, discount_value, issue_type, valid_days, issue_start_date,
          issue_end_date, max_redemptions
        )
        values (900001, 'voucher', 'VOUCHER', %s, %s, 'DIRECT', 30, now() - interval '1 day', now() + interval '1 day',
          %s)
        """,
        (discount_type, value, redemptions),
    )
    return str(one(admin, "select i.coupon_number from coupon.issue_coupon(900001, 0) as i"))


def pay(connection: Connection, number: str, order: str, amount: int) -> tuple[str, Any]:
    """Reserve and confirm, again and again while others hold the coupon; return 'done' and the discount, or why not."""
    while True:
        try:
            query = "select r.reservation_id from coupon.reserve_coupon(%s, 0, %s, %s) as r"
            held = one(connection, query, number, order, amount)
            return "done", one(connection, "select c.discount_amount from coupon.confirm_reservation(%s) as c", held)
        except psycopg.Error as error:
            if error.sqlstate != HELD:
                return error.sqlstate or "no sqlstate", None


@pytest.mark.parametrize(("redemptions", "times"), [(1, 1), (3, 3), (None, 16)])
def test_voucher(admin: Connection, database: str, redemptions: int | None, times: int) -> None:
    """T2: 16 orders at once want a voucher that may be redeemed so often: so many have it, no others."""
    number = add_coupon(admin, "FIXED_AMOUNT", 1000, redemptions)
    outcomes = Counter(outcome for outcome, _ in storm(database, 16, lambda c, n: pay(c, number, f"o-{n}", 5000)))
    assert outcomes == {k: v for k, v in {"done": times, USED: 16 - times}.items() if v}
    assert one(admin, "select i.redemption_count from coupon.coupon_issues as i") == times
    assert violations(admin) == []


def test_balance(admin: Connection, database: str) -> None:
    """16 orders of 1,500 at once spend a gift of 10,000: six pay nothing, one pays the rest, no won is spent twice."""
    number = add_coupon(admin, "GIFT_BALANCE", 10000, 1)
    outcomes = storm(database, 16, lambda c, n: pay(c, number, f"o-{n}", 1500))
    assert Counter(outcomes) == {("done", 1500): 6, ("done", 1000): 1, (USED, None): 9}
    assert one(admin, "select i.balance from coupon.coupon_issues as i") == 0
    assert violations(admin) == []


def test_rolled_back_while_others_pay(admin: Connection, database: str) -> None:
    """Eight sessions pay with a balance and roll back what they paid, over and over: in the end all of it is there."""
    number = add_coupon(admin, "GIFT_BALANCE", 10000, 1)

    def work(connection: Connection, n: int) -> int:
        paid = 0
        for step in range(10):
            outcome, _ = pay(connection, number, f"o-{n}-{step}", 700)
            if outcome == "done":
                query = "select coupon.rollback_redemption(%s, 'refund', %s)"
                connection.execute(query, (number, f"o-{n}-{step}"))
                paid += 1
        return paid

    assert sum(storm(database, 8, work)) == 80
    state = admin.execute("select i.status, i.redemption_count, i.balance from coupon.coupon_issues as i").fetchone()
    assert state == ("ISSUED", 0, 10000)
    assert violations(admin) == []
