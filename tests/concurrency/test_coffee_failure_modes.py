"""How subscription systems have failed elsewhere when many do the same at once, by number.

tests/catalog/test_failure_modes_listed.py says what each number means; others are in tests/coffee/failures_of_*.sql.
"""

from __future__ import annotations

from collections import Counter

import psycopg
import pytest

from coffee_shop import CHOICE, Connection, bill, coffee, open_shop, pay, subscribe
from concurrency.sessions import one, overtake, storm, violations
from moadb.connection import connect


def billed(connection: Connection) -> Counter[int]:
    """Return how many subscriptions have how many bills."""
    rows = connection.execute(
        """
        select count(j.id)
        from coffee.coffee_subscriptions as s
        left join coffee.billing_jobs as j on j.subscription_id = s.id
        group by s.id
        """
    ).fetchall()
    return Counter(count for (count,) in rows)


def test_billing_by_many_sessions(database: str) -> None:
    """T3: eight sessions bill 400 subscriptions while a ninth is killed at it: one bill each, one period on."""
    with connect(database) as connection:
        subscribe(connection, open_shop(connection, 400), ago="1 hour")

        killed = psycopg.connect(database)
        killed.execute("set role coffee_app")
        killed.execute("select coffee.process_monthly_billing(null, 50)")  # in a transaction that never commits

        def work(session: Connection, number: int) -> int:
            periods = 0
            while some := one(session, "select coffee.process_monthly_billing(null, %s)", 7 + number):
                periods += some
            return periods

        first = sum(storm(database, 8, work, "coffee_app"))
        assert first == 350, "what the ninth has is passed over, the rest is billed once"
        connection.execute("select pg_terminate_backend(%s)", [killed.info.backend_pid])
        with pytest.raises(psycopg.OperationalError):
            killed.execute("select 1")
        killed.close()
        while one(connection, "select count(*) from pg_stat_activity where pid = %s", killed.info.backend_pid):
            pass
        assert sum(storm(database, 8, work, "coffee_app")) == 50, "what it had is billed by the next"

        assert billed(connection) == {1: 400}
        assert one(connection, "select count(distinct subscription_id) from coffee.billing_periods") == 400
        assert one(connection, "select count(*) from coffee.coffee_subscriptions where next_period <> 1") == 0
        assert one(connection, "select coffee.process_monthly_billing()") == 0
        assert violations(connection) == []


def test_charges_by_many_workers(database: str) -> None:
    """T3: eight payment workers: each bill is claimed once, paid once."""
    with connect(database) as connection:
        subscribe(connection, open_shop(connection, 120), ago="1 hour")
        bill(connection)
        paid = [job for jobs in storm(database, 8, lambda session, _: pay(session), "coffee_app") for job in jobs]
        assert len(paid) == len(set(paid)) == 120
        assert one(connection, "select count(*) from coffee.billing_jobs where status = 'succeeded'") == 120
        assert one(connection, "select count(*) from coffee.charge_attempts") == 120
        assert one(connection, "select count(*) from coffee.subscription_orders where status = 'paid'") == 120
        assert violations(connection) == []


def test_result_reported_by_many_workers(database: str) -> None:
    """T10: the same payment is reported eight times at once, then two others: one counts, two are given back."""
    with connect(database) as connection:
        subscribe(connection, open_shop(connection, 1))
        bill(connection)
        job, token = connection.execute("select job_id, lease_token from coffee.claim_billing_jobs(1)").fetchall()[0]

        def report(session: Connection, number: int) -> str:
            reference = f"gateway-{max(0, number - 7)}"
            return str(
                one(session, "select coffee.record_charge_result(%s, %s, 'succeeded', %s)", job, token, reference)
            )

        assert storm(database, 10, report, "coffee_app") == ["succeeded"] * 10
        refunds = "select count(*) from platform.tasks where topic = 'coffee.refund_charge'"
        assert one(connection, refunds) == 2
        assert one(connection, "select count(*) from coffee.subscription_orders where status = 'paid'") == 1
        assert violations(connection) == []


def test_box_is_cancelled_while_its_bill_is_paid(database: str) -> None:
    """T10: one of two boxes is cancelled while their payment is reported: credited, whichever comes first."""
    with connect(database) as connection:
        plan = one(connection, "select coffee.create_plan('two', 'Two', 'monthly_pick', 30000, p_interval_months => 2)")
        subscribe(connection, open_shop(connection, 2), plan, ago="45 days")
        bill(connection)
        charges = connection.execute("select job_id, lease_token, subscription_id from coffee.claim_billing_jobs(2)")
        for number, (job, token, subscription) in enumerate(charges.fetchall()):
            boxes = connection.execute(
                "select id from coffee.subscription_orders where subscription_id = %s order by order_month",
                [subscription],
            ).fetchall()
            assert len(boxes) == 2
            calls = [
                f"select coffee.cancel_order('{boxes[1][0]}', 'broken')",
                f"select coffee.record_charge_result({job}, '{token}', 'succeeded', 'gateway-{job}')",
            ]
            assert overtake(database, calls[number], calls[1 - number], role=None) == "done"
            credit = "select credit_balance from coffee.coffee_subscriptions where id = %s"
            assert one(connection, credit, subscription) == 30000
        assert violations(connection) == []


def test_last_bag(database: str) -> None:
    """T8: one bag is left and twenty want it: one box, one charge; and the others are not charged."""
    items = f'[{{"coffee_id": "{coffee(3)}", "unit": "100g", "quantity": 1}}]'
    with connect(database) as connection:
        users = open_shop(connection, 20, stock=0)
        connection.execute("update coffee.plans set oos_policy = 'skip' where id = %s", [CHOICE])
        connection.execute("select coffee.receive_stock(%s, '100g', 1, current_date, '2099-12-31')", [coffee(3)])
        subscribe(connection, users, CHOICE, items=items)
        assert one(connection, "select coffee.process_monthly_billing()") == 20

        storm(database, 6, lambda session, _: one(session, "select coffee.assemble_boxes(1000)"), "coffee_app")
        storm(database, 6, lambda session, _: one(session, "select coffee.assemble_boxes(1000)"), "coffee_app")
        boxes = "select count(*) from coffee.subscription_orders where status <> 'cancelled'"
        assert one(connection, boxes) == 1
        assert len(pay(connection)) == 1, "one is charged"
        assert one(connection, "select sum(reserved_stock) from coffee.coffee_inventory") == 1
        kinds = connection.execute("select kind, count(*) from coffee.billing_periods group by kind").fetchall()
        assert dict(kinds) == {"billed": 1, "out_of_stock": 19}
        assert violations(connection) == []


def test_one_bag_each(database: str) -> None:
    """T8: 40 boxes of two bags for 60 bags of ten coffees, packed by six sessions: what is promised is there."""
    with connect(database) as connection:
        users = open_shop(connection, 40, stock=6)
        connection.execute("update coffee.plans set oos_policy = 'skip' where id = -1")
        subscribe(connection, users)
        connection.execute("select coffee.process_monthly_billing()")
        storm(database, 6, lambda session, _: one(session, "select coffee.assemble_boxes(1000)"), "coffee_app")
        connection.execute("select coffee.assemble_boxes(1000)")
        charged = len(pay(connection))
        assert charged == one(connection, "select count(*) from coffee.subscription_orders where status = 'paid'")
        bags = one(connection, "select sum(quantity) from coffee.order_items")
        assert bags == one(connection, "select sum(reserved_stock) from coffee.coffee_inventory")
        assert 56 <= bags <= 60, "and nearly all of it is promised"
        assert violations(connection) == []


def test_bag_scanned_at_once(database: str) -> None:
    """T14: a bag's code is scanned by its owner ten times at once: one record; another user is refused as unknown."""
    with connect(database) as connection:
        owner, other = open_shop(connection, 2)
        subscribe(connection, [owner])
        bill(connection)
        pay(connection)
        connection.execute("select coffee.ship_order(id, 'T1') from coffee.subscription_orders")
        token = one(connection, "select token from coffee.qr_codes order by token limit 1")

        def scan(session: Connection, number: int) -> str:
            user = other if number % 3 == 2 else owner
            try:
                return str(session.execute("select * from coffee.scan_qr(%s, %s)", [token, user]).fetchall())
            except psycopg.Error as error:
                return f"{error.sqlstate} {error.diag.message_primary}"

        answers = storm(database, 12, scan, "coffee_app")
        assert len({answer for number, answer in enumerate(answers) if number % 3 != 2}) == 1
        refused = {answer for number, answer in enumerate(answers) if number % 3 == 2}
        assert len(refused) == 1
        assert one(connection, "select count(*) from coffee.taste_records") == 1
        assert one(connection, "select user_id::text from coffee.taste_records") == owner
        with pytest.raises(psycopg.Error) as unknown:
            connection.execute("select * from coffee.scan_qr(%s, %s)", ["0" * len(token), other])
        assert {
            f"{unknown.value.sqlstate} {unknown.value.diag.message_primary}".replace("0" * len(token), token)
        } == refused
        assert violations(connection) == []
