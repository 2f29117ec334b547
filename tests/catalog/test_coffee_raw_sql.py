"""What the owner of coffee's tables, past all rights, can break by raw SQL: no money, no stock, no history."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest

from coffee_shop import BLIND, PICK, bill, coffee, open_shop, subscribe
from moadb import testing
from moadb.connection import Connection, connect
from moadb.server import LocalServer

SUBS = "coffee.coffee_subscriptions"
PAID, OWING, ENDED = (
    f"(select s.id from {SUBS} as s where s.metadata ->> 'is' = '{what}')" for what in ("paid", "owing", "ended")
)

# one subscription is paid, one owes a failed charge, one has ended; the box of the first is packed, a fourth's sent
REFUSED = [
    # states of subscriptions
    f"update {SUBS} set status = 'cancelled' where id = {PAID}",
    f"update {SUBS} set status = 'paused' where id = {PAID}",
    f"update {SUBS} set status = 'past_due' where id = {PAID}",
    f"update {SUBS} set status = 'active' where id = {ENDED}",
    f"update {SUBS} set status = 'active', cancelled_at = null where id = {ENDED}",
    f"update {SUBS} set status = 'paused', paused_at = now() where id = {OWING}",
    f"update {SUBS} set status = 'gone' where id = {PAID}",
    f"update {SUBS} set status = null where id = {PAID}",
    # their schedule
    f"update {SUBS} set next_billing_at = next_billing_at + interval '1 month' where id = {PAID}",
    f"update {SUBS} set next_billing_at = now() where id = {PAID}",
    f"update {SUBS} set next_period = 0 where id = {PAID}",
    f"update {SUBS} set next_period = next_period - 1 where id = {PAID}",
    f"update {SUBS} set anchor_at = 'infinity' where id = {PAID}",
    f"update {SUBS} set interval_months = 0 where id = {PAID}",
    f"update {SUBS} set time_zone = 'KST' where id = {PAID}",
    f"update {SUBS} set time_zone = 'Nowhere/Land' where id = {PAID}",
    # what they are
    f"update {SUBS} set user_id = (select id from coffee.users where email = 'shop2@example.com') where id = {PAID}",
    f"update {SUBS} set id = gen_random_uuid() where id = {PAID}",
    f"update {SUBS} set price_per_month = -1 where id = {PAID}",
    f"update {SUBS} set price_per_month = 'NaN' where id = {PAID}",
    f"update {SUBS} set credit_balance = -1 where id = {PAID}",
    f"update {SUBS} set credit_balance = 'NaN' where id = {PAID}",
    f"update {SUBS} set prepaid_remaining = -1 where id = {PAID}",
    f"update {SUBS} set shipping_address = '5' where id = {PAID}",
    f"update {SUBS} set preferred_delivery_day = 31 where id = {PAID}",
    f"delete from {SUBS}",
    f"truncate {SUBS} cascade",
    # a second bill for the same time
    "insert into coffee.billing_periods (subscription_id, period_index, period, amount, value)"
    " select subscription_id, 7, period, 30000, 30000 from coffee.billing_periods limit 1",
    "insert into coffee.billing_periods (subscription_id, period_index, period, amount, value)"
    " select subscription_id, 7,"
    " tstzrange(upper(period) - interval '1 second', upper(period) + interval '1 day'),"
    " 30000, 30000 from coffee.billing_periods limit 1",
    "insert into coffee.billing_periods (subscription_id, period_index, period, amount, value)"
    " select gen_random_uuid(), 0, period, 30000, 30000 from coffee.billing_periods limit 1",
    "insert into coffee.billing_periods (subscription_id, period_index, period, previous_end, amount, value)"
    " select gen_random_uuid(), 7, period, lower(period), 30000, 30000 from coffee.billing_periods limit 1",
    "insert into coffee.billing_periods (subscription_id, period_index, period, amount, value)"
    " select subscription_id, period_index, '[2099-01-01, 2099-02-01)', 30000, 30000"
    " from coffee.billing_periods limit 1",
    "insert into coffee.billing_periods (subscription_id, period_index, period, amount, value)"
    " select subscription_id, 7, 'empty', 0, 0 from coffee.billing_periods limit 1",
    "insert into coffee.billing_jobs (subscription_id, period_id, amount, due_date)"
    " select subscription_id, period_id, amount, due_date from coffee.billing_jobs",
    "insert into coffee.billing_jobs (subscription_id, period_id, amount, due_date, status, completed_at)"
    " select subscription_id, id, 30000, now(), 'succeeded', now() from coffee.billing_periods",
    "update coffee.billing_periods set period = '[2020-01-01, 2099-01-01)'",
    "update coffee.billing_periods set period = 'empty'",
    "update coffee.billing_periods set kind = 'gift'",
    "update coffee.billing_periods set amount = -1",
    "delete from coffee.billing_periods",
    "truncate coffee.billing_periods cascade",
    # payments
    "update coffee.billing_jobs set status = 'pending' where status = 'succeeded'",
    "update coffee.billing_jobs set status = 'succeeded' where status = 'retrying'",
    "update coffee.billing_jobs set status = 'succeeded', completed_at = now(), next_attempt_at = null"
    " where status = 'retrying'",
    "update coffee.billing_jobs set amount = 1",
    "update coffee.billing_jobs set amount = 'NaN'",
    "update coffee.billing_jobs set period_id = period_id + 1",
    "insert into coffee.billing_jobs (subscription_id, period_id, amount, due_date)"
    " values (gen_random_uuid(), -1, 1, now())",
    "update coffee.monthly_order_jobs set subscription_id = gen_random_uuid()",
    "update coffee.monthly_order_jobs set period_id = period_id + 1",
    "insert into coffee.monthly_order_jobs (subscription_id, period_id, box_no, target_month, run_at)"
    " select gen_random_uuid(), id, 90, '2026-01-01', now() from coffee.billing_periods limit 1",
    "insert into coffee.monthly_order_jobs (subscription_id, period_id, box_no, target_month, run_at)"
    " select subscription_id, id + 1000000, 90, '2026-01-01', now() from coffee.billing_periods limit 1",
    "update coffee.billing_jobs set subscription_id = gen_random_uuid()",
    "delete from coffee.billing_jobs",
    "truncate coffee.billing_jobs cascade",
    "update coffee.charge_attempts set result = 'failed' where result = 'succeeded'",
    "update coffee.charge_attempts set gateway_reference = 'mine' where gateway_reference is not null",
    "insert into coffee.charge_attempts (job_id, attempt, lease_token, result, gateway_reference)"
    " select job_id, 99, lease_token, 'succeeded', gateway_reference from coffee.charge_attempts"
    " where result = 'succeeded'",
    "update coffee.charge_attempts set result = 'unknown' where result = 'failed'",
    "update coffee.charge_attempts set result = null, finished_at = null where result = 'failed'",
    "delete from coffee.charge_attempts",
    "truncate coffee.charge_attempts",
    "update coffee.monthly_order_jobs set run_at = now() where status = 'done'",
    "update coffee.monthly_order_jobs set status = 'pending' where status = 'done'",
    "update coffee.monthly_order_jobs set box_no = box_no + 1 where status = 'done'",
    "delete from coffee.monthly_order_jobs",
    "truncate coffee.monthly_order_jobs cascade",
    "update coffee.monthly_order_jobs set target_month = target_month + 1",
    # stock
    "update coffee.coffee_inventory set current_stock = -5",
    "update coffee.coffee_inventory set reserved_stock = 0 where reserved_stock > 0",
    "update coffee.coffee_inventory set reserved_stock = current_stock + 1",
    "update coffee.coffee_inventory set coffee_id = gen_random_uuid()",
    "update coffee.coffee_inventory set unit_price = -1",
    "update coffee.coffee_inventory set unit_price = 'NaN'",
    "delete from coffee.coffee_inventory",
    "update coffee.stock_lots set remaining = remaining - 1",
    "update coffee.stock_lots set reserved = 0 where reserved > 0",
    "update coffee.stock_lots set quantity = quantity + 5",
    "delete from coffee.stock_lots",
    "truncate coffee.stock_lots cascade",
    "update coffee.stock_movements set stock_change = 0",
    "delete from coffee.stock_movements",
    "truncate coffee.stock_movements",
    # boxes
    "update coffee.subscription_orders set status = 'pending' where status = 'paid'",
    "update coffee.subscription_orders set status = 'shipped' where status = 'pending'",
    "update coffee.subscription_orders set status = 'paid' where status = 'shipped'",
    "update coffee.subscription_orders set user_id = gen_random_uuid()",
    "update coffee.subscription_orders set order_month = order_month + 1",
    "update coffee.subscription_orders set order_number = 'CB1'",
    "update coffee.subscription_orders set total_price = -1",
    "update coffee.subscription_orders set reveal_at = '2020-01-01' where is_blind",
    "update coffee.subscription_orders set reveal_at = now() + interval '1 hour' where is_blind",
    "update coffee.subscription_orders set reveal_at = null where is_blind",
    "update coffee.subscription_orders set shipped_at = shipped_at - interval '1 year' where status = 'shipped'",
    "update coffee.subscription_orders set coffee_items = '[]'",
    "update coffee.subscription_orders set qr_codes = '[]'",
    "delete from coffee.subscription_orders",
    "truncate coffee.subscription_orders cascade",
    "update coffee.order_items set quantity = quantity + 1",
    f"update coffee.order_items set coffee_id = '{coffee(1)}'",
    "delete from coffee.order_items",
    "truncate coffee.order_items cascade",
    "update coffee.qr_codes set token = 'mine'",
    "update coffee.qr_codes set scanned_by = (select id from coffee.users limit 1)",
    "delete from coffee.qr_codes",
    "insert into coffee.subscription_feedback (user_id, order_id, coffee_id, overall_rating)"
    " select user_id, id, gen_random_uuid(), 5 from coffee.subscription_orders limit 1",
    "insert into coffee.subscription_feedback (user_id, order_id, coffee_id, overall_rating)"
    " select o.user_id, o.id, i.coffee_id, 6 from coffee.subscription_orders as o"
    " join coffee.order_items as i on i.order_id = o.id limit 1",
    # users
    "update coffee.users set email = 'shop1@example.com' where email = 'shop2@example.com'",
    "update coffee.users set email = 'SHOP1@example.com' where email = 'shop2@example.com'",
    "update coffee.users set email = 'nobody' where email = 'shop2@example.com'",
    "update coffee.users set time_zone = 'UTC+9'",
    "delete from coffee.users",
    "truncate coffee.users cascade",
    "update coffee.experience_entries set points = points + 1",
    "delete from coffee.experience_entries",
    "insert into coffee.experience_entries (user_id, reason, reference, points)"
    " select user_id, reason, reference, points from coffee.experience_entries",
    # records
    "update coffee.subscription_events set event = 'lie'",
    "delete from coffee.subscription_events",
    "truncate coffee.subscription_events",
    "update coffee.subscription_credits set amount = amount + 1",
    "delete from coffee.subscription_credits",
    "update coffee.taste_records set taste_layers = '[]'",
    "insert into coffee.taste_records (user_id, coffee_id, mode, taste_layers)"
    " values (gen_random_uuid(), gen_random_uuid(), 'lab', '{}')",
    "update coffee.taste_records set mode = 'home'",
    # plans
    "update coffee.plans set price_per_month = -1",
    "update coffee.plans set interval_months = 0",
    "update coffee.plans set interval_months = 3 where id = -1",
    "delete from coffee.plans",
    "truncate coffee.plans cascade",
]

# what every bill, tasting or shipment would have to be looked at for
FOUND = [
    (f"update {SUBS} set is_change_unpaid = true where id = {PAID}", "coffee.unpaid_changes_wait"),
    (f"update {SUBS} set credit_balance = credit_balance + 5000 where id = {PAID}", "coffee.credits_sum_to_balance"),
    (
        f"update {SUBS} set next_period = next_period + 1, anchor_period = 1 where id = {PAID}",
        "coffee.periods_are_counted",
    ),
    (f"update {SUBS} set status = 'active' where id = {OWING}", "coffee.failed_bills_are_dunned"),
    (f"update {SUBS} set grace_until = '2099-01-01' where id = {OWING}", "coffee.grace_is_what_was_granted"),
    (f"update {SUBS} set past_due_since = '2099-01-01' where id = {OWING}", "coffee.grace_is_what_was_granted"),
    (f"update {SUBS} set type = 'blind_box' where id = {PAID}", "coffee.types_are_those_of_plans"),
    (
        "update coffee.subscription_orders set status = 'paid' where status = 'pending'",
        "coffee.boxes_leave_when_paid",
    ),
    (
        "delete from coffee.taste_days",
        "coffee.taste_days_match_records",
    ),
]

# what follows from other rows, whatever is written; a stock that is written is a count, which the lots follow
STOCK = """
select sum(i.current_stock) - (select sum(l.remaining) from coffee.stock_lots as l), sum(i.current_stock - m.stock)
from coffee.coffee_inventory as i
cross join lateral (
  select sum(m.stock_change) as stock from coffee.stock_movements as m where m.inventory_id = i.id
) as m
"""
KEPT = [
    (
        "update coffee.coffee_inventory set current_stock = current_stock + 1",
        STOCK,
    ),
    (
        "insert into coffee.coffee_inventory (coffee_id, roaster_id, unit, unit_price, current_stock)"
        f" select id, roaster_id, '60g', 1, 5 from coffee.coffees where id = '{coffee(1)}'",
        STOCK,
    ),
    (
        "update coffee.users set experience_points = experience_points + 1000 where experience_points > 0",
        "select sum(u.experience_points) from coffee.users as u",
    ),
    ("update coffee.users set level = 99", "select max(u.level) from coffee.users as u"),
]


@pytest.fixture(scope="module")
def attacked(server: LocalServer, template: str) -> Iterator[Connection]:
    """Return a superuser's session in a database of this module's own: four subscriptions in four states."""
    dsn = testing.clone(server.admin_dsn("postgres"), template)
    with connect(dsn) as connection:
        users = open_shop(connection, 4)
        paid, owing, ended = subscribe(connection, users[:3], PICK)
        subscribe(connection, users[3:], BLIND)
        for what, subscription in (("paid", paid), ("owing", owing), ("ended", ended)):
            connection.execute(
                f"update {SUBS} set metadata = jsonb_build_object('is', %s::text) where id = %s".encode(),
                [what, subscription],
            )
        bill(connection)
        for job, token, subscription in connection.execute(
            "select job_id, lease_token, subscription_id::text from coffee.claim_billing_jobs(10)"
        ).fetchall():
            result = "failed" if subscription == owing else "succeeded"
            connection.execute("select coffee.record_charge_result(%s, %s, %s, %s)", [job, token, result, f"raw-{job}"])
        connection.execute("select coffee.cancel_subscription(%s, %s, 'now')", [ended, users[2]])
        connection.execute("select coffee.ship_order(o.id, 'T1') from coffee.subscription_orders as o where o.is_blind")
        connection.execute("select coffee.record_taste(%s, %s, 'lab', '{\"acidity\": 5}')", [users[0], coffee(1)])
    with connect(dsn, autocommit=False) as connection:
        yield connection
        connection.rollback()


def as_owner(attacked: Connection, statement: str) -> int:
    """Run a statement as the owner and return how many rows it met."""
    attacked.execute("set local role moadb_owner")
    return attacked.execute(statement.encode()).rowcount


@pytest.mark.parametrize("statement", REFUSED)
def test_refused(attacked: Connection, statement: str) -> None:
    with pytest.raises(psycopg.Error) as error, attacked.transaction():
        as_owner(attacked, statement)
    assert str(error.value.sqlstate)[:2] in ("MF", "MP", "22", "23"), "by a rule, not because the statement is wrong"


@pytest.mark.parametrize(("statement", "invariant"), FOUND)
def test_found(attacked: Connection, statement: str, invariant: str) -> None:
    with attacked.transaction(force_rollback=True):
        assert as_owner(attacked, statement) > 0
        attacked.execute("reset role")
        rows = attacked.execute(
            "select c.invariant from platform.check_invariants() as c where c.violations > 0"
        ).fetchall()
        assert (invariant,) in rows


@pytest.mark.parametrize(("statement", "figure"), KEPT)
def test_kept(attacked: Connection, statement: str, figure: str) -> None:
    with attacked.transaction(force_rollback=True):
        before = attacked.execute(figure.encode()).fetchone()
        assert as_owner(attacked, statement) > 0
        assert attacked.execute(figure.encode()).fetchone() == before


def test_nothing_is_broken_before(attacked: Connection) -> None:
    with attacked.transaction(force_rollback=True):
        attacked.execute("reset role")
        assert (
            attacked.execute(
                "select c.invariant, c.sample from platform.check_invariants() as c where c.violations > 0"
            ).fetchall()
            == []
        )
