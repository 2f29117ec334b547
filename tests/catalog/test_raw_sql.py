"""What the owner of the tables, past all rights, can break by raw SQL: nothing that a refusal could prevent for free.

Most is refused by constraints and triggers. The rest would cost every issuing call a look; the invariants find it
(`moadb check`).
"""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest

from moadb import testing
from moadb.connection import Connection, connect
from moadb.server import LocalServer

ISSUES = "coupon.coupon_issues"
RESERVATIONS = "coupon.coupon_reservations"
POLICIES = "coupon.coupon_policies"
COLUMNS = "(reservation_id, coupon_id, user_id, order_id, order_amount, discount_amount, expires_at)"
WHOLE = "steps_written = steps_written + 1"
COLUMNS_WHOLE = COLUMNS.replace(")", ", steps_written)")
NEW = "(id, policy_id, coupon_number, status, expiry_date, user_id) values (platform.month_id(now(), 7), 900001,"

# users: 1 has a coupon, 2 has reserved it, 3 has used it, 4's is cancelled
REFUSED = [
    # states of coupons
    f"update {ISSUES} set status = 'USED' where user_id = 1",
    f"update {ISSUES} set status = 'RESERVED' where user_id = 1",
    f"update {ISSUES} set status = 'ISSUED' where user_id = 2",
    f"update {ISSUES} set status = 'CANCELLED' where user_id = 2",
    f"update {ISSUES} set status = 'ISSUED' where user_id = 3",
    f"update {ISSUES} set status = 'ISSUED', used_at = null, reserved_at = null, order_id = null, reservation_id = null"
    " where user_id = 3",
    f"update {ISSUES} set status = 'CANCELLED' where user_id = 3",
    f"update {ISSUES} set status = 'ISSUED' where user_id = 4",
    f"update {ISSUES} set status = 'LOST' where user_id = 1",
    f"update {ISSUES} set status = null where user_id = 1",
    # coupons that nobody issued
    f"insert into {ISSUES} {NEW} {{number}}, 'USED', now() + interval '1 day', 5)",
    f"insert into {ISSUES} {NEW} {{number}}, 'ISSUED', '-infinity', 5)",
    f"insert into {ISSUES} {NEW} 'CPN1', 'ISSUED', now() + interval '1 day', 5)",
    f"insert into {ISSUES} {NEW} (select i.coupon_number from {ISSUES} as i where i.user_id = 1), 'ISSUED',"
    " now() + interval '1 day', 5)",
    "insert into {issues} (id, policy_id, user_id, coupon_number, status, expiry_date)"
    f" select i.id + 1000, i.policy_id, 5, i.coupon_number, 'USED', i.expiry_date from {ISSUES} as i where user_id = 1",
    # what a coupon is
    f"update {ISSUES} set id = id + 1000 where user_id = 1",
    f"update {ISSUES} set policy_id = 900002 where user_id = 1",
    f"update {ISSUES} set coupon_number = 'CPN1' where user_id = 1",
    f"update {ISSUES} set coupon_number = null where user_id = 1",
    f"update {ISSUES} set user_id = 77 where user_id = 2",
    f"update {ISSUES} set user_id = 77 where user_id = 3",
    f"update {ISSUES} set issued_at = '-infinity' where user_id = 1",
    f"update {ISSUES} set expiry_date = 'infinity' where user_id = 1",
    f"update {ISSUES} set order_id = 'mine' where user_id = 1",
    f"update {ISSUES} set order_id = 'mine' where user_id = 3",
    f"update {ISSUES} set reservation_id = null where user_id = 2",
    f"update {ISSUES} set used_at = now() where user_id = 1",
    f"update {ISSUES} set used_at = null where user_id = 3",
    f"delete from {ISSUES} where user_id = 1",
    f"delete from {ISSUES} where user_id = 3",
    f"truncate {ISSUES} cascade",
    # also by who says that he has written the step whole
    f"update {ISSUES} set id = id + 1000, {WHOLE} where user_id = 1",
    f"update {ISSUES} set policy_id = 900002, {WHOLE} where user_id = 1",
    f"update {ISSUES} set coupon_number = 'CPN1', {WHOLE} where user_id = 1",
    f"update {ISSUES} set expiry_date = 'infinity', {WHOLE} where user_id = 1",
    f"update {ISSUES} set status = 'LOST', {WHOLE} where user_id = 1",
    f"update {ISSUES} set id = (2000 << 40) + 5 where user_id = 4",  # in another partition, and nothing counts it
    f"update {RESERVATIONS} set discount_amount = 0, {WHOLE} where user_id = 3",
    f"update {RESERVATIONS} set coupon_id = 5, {WHOLE} where user_id = 3",
    # the same by the name of the partition
    "update {issues} set status = 'USED' where user_id = 1",
    "update {issues} set policy_id = 900002 where user_id = 1",
    "delete from {issues} where user_id = 1",
    "update {audit} set action = 'LIE'",
    "delete from {audit}",
    # records
    "update coupon.coupon_issue_audit set action = 'LIE'",
    "delete from coupon.coupon_issue_audit",
    "truncate coupon.coupon_issue_audit",
    # counters
    "update coupon.coupon_stock set remaining = -1",
    "update coupon.coupon_stock set remaining = null",
    "update coupon.coupon_stock set capacity = capacity + 1",
    "update coupon.coupon_stock set policy_id = 900002",
    "insert into coupon.coupon_stock values (900001, 500, 10, 10)",
    "insert into coupon.coupon_stock values (900002, 1, 10, 10)",
    "delete from coupon.coupon_stock",
    "truncate coupon.coupon_stock",
    "update coupon.coupon_quotas set issued = -1",
    "update coupon.coupon_quotas set user_id = user_id + 100",
    "delete from coupon.coupon_quotas",
    "truncate coupon.coupon_quotas",
    # policies
    f"update {POLICIES} set id = 5 where id = 900001",
    f"update {POLICIES} set max_issue_count = null where id = 900001",
    f"update {POLICIES} set max_issue_count = 5 where id = 900002",
    f"update {POLICIES} set max_issue_count = 1 where id = 900001",
    f"update {POLICIES} set max_issue_count = -1 where id = 900001",
    f"update {POLICIES} set discount_value = 'NaN' where id = 900001",
    f"update {POLICIES} set discount_value = 'infinity' where id = 900001",
    f"update {POLICIES} set discount_value = -1 where id = 900001",
    f"update {POLICIES} set discount_value = 150 where id = 900002",
    f"update {POLICIES} set minimum_order_amount = 'NaN' where id = 900001",
    f"update {POLICIES} set max_discount_amount = 'NaN' where id = 900001",
    f"update {POLICIES} set issue_end_date = issue_start_date where id = 900001",
    f"update {POLICIES} set valid_days = 0 where id = 900001",
    f"delete from {POLICIES}",
    f"truncate {POLICIES} cascade",
    # reservations
    f"update {RESERVATIONS} set coupon_id = (select i.id from {ISSUES} as i where i.user_id = 1) where user_id = 3",
    f"update {RESERVATIONS} set user_id = 1 where user_id = 2",
    f"update {RESERVATIONS} set order_id = 'mine' where user_id = 3",
    f"update {RESERVATIONS} set reservation_id = 'mine' where user_id = 3",
    f"update {RESERVATIONS} set status = 'PENDING' where user_id = 3",
    f"update {RESERVATIONS} set status = 'EXPIRED' where user_id = 3",
    f"update {RESERVATIONS} set status = 'CONFIRMED' where user_id = 2",
    f"update {RESERVATIONS} set discount_amount = order_amount + 1 where user_id = 2",
    f"update {RESERVATIONS} set discount_amount = -1 where user_id = 2",
    f"update {RESERVATIONS} set order_amount = 'NaN' where user_id = 2",
    f"update {RESERVATIONS} set expires_at = 'infinity' where user_id = 2",
    f"update {RESERVATIONS} set context = 'null' where user_id = 2",
    f"update {RESERVATIONS} set discount_amount = 0 where user_id = 3",
    f"update {RESERVATIONS} set order_amount = 9000 where user_id = 3",
    f"update {RESERVATIONS} set confirmed_at = null where user_id = 3",
    f"update {RESERVATIONS} set status = 'CONFIRMED', confirmed_at = now(), discount_amount = 9000 where user_id = 2",
    f"update {RESERVATIONS} set status = 'CONFIRMED', confirmed_at = now(), user_id = 1 where user_id = 2",
    f"delete from {RESERVATIONS} where user_id = 2",
    f"delete from {RESERVATIONS} where user_id = 3",
    f"truncate {RESERVATIONS}",
    # a second hold, one of a coupon that is not there, of a cancelled one, of another user's
    f"insert into {RESERVATIONS} {{hold}} where i.user_id = 2",
    f"insert into {RESERVATIONS} {{hold}} where i.user_id = 3",
    f"insert into {RESERVATIONS} {{hold}} where i.user_id = 4",
    f"insert into {RESERVATIONS} {COLUMNS} values ('mine', 5, 1, 'mine', 5000, 1000, now() + interval '1 hour')",
    f"insert into {RESERVATIONS} {COLUMNS} select 'mine', i.id, 99, 'mine', 5000, 1000, now() + interval '1 hour'"
    f" from {ISSUES} as i where i.user_id = 1",
    # the rest
    "update coupon.number_key set secret = 5",
    "delete from coupon.number_key",
    "truncate coupon.number_key",
    "insert into coupon.number_key values (false, 5)",
    "delete from coupon.expiry_progress",
    "delete from coupon.release_progress",
    "insert into coupon.daily_statistics (date, total_used, calculated_at) values ('2020-01-01', -1, now())",
    "insert into coupon.daily_statistics (date, calculated_at) values ('infinity', now())",
    "insert into coupon.daily_statistics (date, issue_by_hour, calculated_at) values ('2020-01-01', 'null', now())",
]

HOLD = f"{COLUMNS} select 'mine', i.id, i.user_id, 'mine', 5000, 1000, now() + interval '1 hour' from {ISSUES} as i"

NUMBER = (
    "(select coupon._number_of(coupon._scramble(platform.month_id(now(), 7), k.secret)) from coupon.number_key as k)"
)

# what every issuing call would have to be looked at for
FOUND = [
    ("update coupon.coupon_stock set remaining = remaining + 1 where stripe = 0", "coupon.stock_sums_to_limit"),
    ("update coupon.coupon_stock set remaining = remaining - 1 where remaining > 0", "coupon.stock_sums_to_limit"),
    ("update coupon.coupon_quotas set issued = issued + 1 where user_id = 1", "coupon.quotas_match_issues"),
    (
        f"insert into {ISSUES} (id, policy_id, user_id, coupon_number, expiry_date, counts_written)"
        " values (platform.month_id(now(), 7), 900001, 5, {number}, now() + interval '1 day', true)",
        "coupon.stock_sums_to_limit",
    ),
    ("insert into coupon.coupon_quotas values (1, 66, 0)", "coupon.policies_of_issues_exist"),
    # who says that he has written a step whole, and has not
    (f"update {ISSUES} set status = 'USED', {WHOLE} where user_id = 1", "coupon.holds_match_reservations"),
    (f"update {ISSUES} set status = 'ISSUED', {WHOLE} where user_id = 3", "coupon.redemptions_match_reservations"),
    (f"update {ISSUES} set status = 'CANCELLED', {WHOLE} where user_id = 1", "coupon.stock_sums_to_limit"),
    (f"update {ISSUES} set user_id = 77, {WHOLE} where user_id = 1", "coupon.quotas_match_issues"),
    (f"update {ISSUES} set order_id = 'mine', {WHOLE} where user_id = 3", "coupon.holds_match_reservations"),
    (f"update {ISSUES} set used_at = null, {WHOLE} where user_id = 3", "coupon.times_match_status"),
    (f"update {ISSUES} set balance = 5, {WHOLE} where user_id = 1", "coupon.redemptions_match_reservations"),
    (
        f"insert into {RESERVATIONS} {COLUMNS_WHOLE} select 'mine', i.id, i.user_id, 'mine', 5000, 1000,"
        f" now() + interval '1 hour', 1 from {ISSUES} as i where i.user_id = 1",
        "coupon.holds_match_reservations",
    ),
    (
        f"insert into {RESERVATIONS} {COLUMNS_WHOLE} values ('mine', 5, 1, 'mine', 5000, 1000,"
        " now() + interval '1 hour', 1)",
        "coupon.coupons_of_reservations_exist",
    ),
    (f"update {RESERVATIONS} set status = 'CANCELLED', {WHOLE} where user_id = 2", "coupon.holds_match_reservations"),
    (
        f"update {RESERVATIONS} set status = 'CONFIRMED', confirmed_at = now(), {WHOLE} where user_id = 2",
        "coupon.holds_match_reservations",
    ),
    (f"update {RESERVATIONS} set status = 'PENDING', {WHOLE} where user_id = 3", "coupon.holds_match_reservations"),
    (
        f"update {RESERVATIONS} set discount_amount = -1, {WHOLE} where user_id = 2",
        "coupon.coupons_of_reservations_exist",
    ),
]


@pytest.fixture(scope="module")
def attacked(server: LocalServer, template: str) -> Iterator[Connection]:
    """Return a superuser's session in a database of this module's own: four coupons in four states."""
    with connect(testing.clone(server.admin_dsn("postgres"), template), autocommit=False) as connection:
        connection.execute(
            """
            insert into coupon.coupon_policies (
              id, coupon_name, coupon_code, discount_type, discount_value, issue_type, max_issue_count,
              max_issue_per_user, valid_days, issue_start_date, issue_end_date
            )
            values
              (900001, 'raw', 'RAW-1', 'FIXED_AMOUNT', 1000, 'DIRECT', 10, 2, 30, now() - interval '1 day',
                now() + interval '1 day'),
              (900002, 'raw', 'RAW-2', 'PERCENTAGE', 10, 'DIRECT', null, 2, 30, now() - interval '1 day',
                now() + interval '1 day')
            """
        )
        connection.execute("select coupon.issue_coupon(900001, u) from generate_series(1, 4) as u")
        connection.execute(
            f"select coupon.reserve_coupon(i.coupon_number, i.user_id, 'o', 5000)"
            f" from {ISSUES} as i where user_id in (2, 3)"
        )
        connection.execute(
            f"select coupon.confirm_reservation(r.reservation_id) from {RESERVATIONS} as r where r.user_id = 3"
        )
        connection.execute(f"select coupon.cancel_coupon(i.coupon_number, 'x') from {ISSUES} as i where user_id = 4")
        yield connection
        connection.rollback()


def as_owner(attacked: Connection, statement: str) -> int:
    """Run a statement as the owner and return how many rows it met."""
    names = {"hold": HOLD, "number": NUMBER}
    for name, table in (("issues", ISSUES), ("audit", "coupon.coupon_issue_audit")):
        row = attacked.execute(f"select t.tableoid::regclass::text from {table} as t limit 1".encode()).fetchone()
        assert row is not None
        names[name] = row[0]
    attacked.execute("set local role moadb_owner")
    return attacked.execute(statement.format(**names).encode()).rowcount


def broken(attacked: Connection) -> list[str]:
    """Return the invariants that do not hold."""
    attacked.execute("reset role")
    rows = attacked.execute(
        "select c.invariant from platform.check_invariants() as c where c.violations > 0"
    ).fetchall()
    return [name for (name,) in rows]


@pytest.mark.parametrize("statement", REFUSED)
def test_refused(attacked: Connection, statement: str) -> None:
    with pytest.raises(psycopg.Error) as error, attacked.transaction():
        as_owner(attacked, statement)
    assert str(error.value.sqlstate)[:2] in ("MC", "MP", "22", "23"), "by a rule, not because the statement is wrong"


@pytest.mark.parametrize(("statement", "invariant"), FOUND)
def test_found(attacked: Connection, statement: str, invariant: str) -> None:
    with attacked.transaction(force_rollback=True):
        assert as_owner(attacked, statement) > 0
        assert invariant in broken(attacked)


def test_nothing_is_broken_before(attacked: Connection) -> None:
    with attacked.transaction(force_rollback=True):
        assert broken(attacked) == []
