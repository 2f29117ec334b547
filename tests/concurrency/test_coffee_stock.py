"""The stock of the coffee system under many sessions at once: nothing is promised twice, and everybody is told once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from psycopg.types.json import Jsonb

from concurrency.sessions import Connection, one, overtake, storm, violations

ROASTER = "00000000-0000-0000-0000-0000000000a1"
COFFEES = ["00000000-0000-0000-0000-0000000000c1", "00000000-0000-0000-0000-0000000000c2"]
RESERVE = "select sum(r.quantity) from coffee._reserve_stock(%s, '100g', %s, current_date, null) as r"


@pytest.fixture
def admin(database: str) -> Iterator[Connection]:
    """Return a superuser's session; two coffees of one roaster are there, and none of their bags."""
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute("insert into coffee.roasters (id, name) values (%s, 'Roaster')", (ROASTER,))
        for coffee in COFFEES:
            connection.execute(
                "insert into coffee.coffees (id, name, roaster_id, origin_country, subscription_price_100g) "
                "values (%s, %s, %s, 'Kenya', 18000)",
                (coffee, coffee[-2:], ROASTER),
            )
        yield connection


def receive(connection: Connection, coffee: str, quantity: int, days_ago: int = 1) -> int:
    """Receive a lot, and return its id."""
    query = "select r.lot_id from coffee.receive_stock(%s, '100g', %s, current_date - %s::integer) as r"
    return int(one(connection, query, coffee, quantity, days_ago))


def stock(admin: Connection, coffee: str) -> tuple[int, int]:
    """Return current_stock and reserved_stock."""
    query = "select i.current_stock, i.reserved_stock from coffee.coffee_inventory as i where i.coffee_id = %s"
    row = admin.execute(query, (coffee,)).fetchone()
    assert row is not None
    return row[0], row[1]


def broken(admin: Connection) -> list[Any]:
    """Return the invariants that do not hold, but that promised bags belong to boxes: these tests reserve without."""
    return [violation for violation in violations(admin) if violation[0] != "coffee.stock_is_promised_to_boxes"]


def test_last_bags(admin: Connection, database: str) -> None:
    """T8: 64 boxes want the last ten bags, which lie in three lots: ten have one, freshest first, nobody else."""
    fresh, old, middle = (
        receive(admin, COFFEES[0], 3),
        receive(admin, COFFEES[0], 5, 9),
        receive(admin, COFFEES[0], 2, 5),
    )
    got = storm(database, 64, lambda c, n: one(c, RESERVE, COFFEES[0], 1), None)
    assert Counter(got) == {1: 10, None: 54}
    assert stock(admin, COFFEES[0]) == (10, 10)
    ledger = admin.execute("select m.lot_id from coffee.stock_movements as m where m.kind = 'reserve' order by m.id")
    assert [lot for (lot,) in ledger] == [fresh] * 3 + [middle] * 2 + [old] * 5
    assert broken(admin) == []


def test_boxes_of_two(admin: Connection, database: str) -> None:
    """Two of nine bags each: four boxes have both, the ninth bag stays, for nobody gets one of two."""
    receive(admin, COFFEES[0], 4), receive(admin, COFFEES[0], 5)
    assert Counter(storm(database, 32, lambda c, n: one(c, RESERVE, COFFEES[0], 2), None)) == {2: 4, None: 28}
    assert stock(admin, COFFEES[0]) == (9, 8)
    assert broken(admin) == []


def test_all_that_moves_stock(admin: Connection, database: str) -> None:
    """Boxes of both coffees in one transaction, shipped or released, beside deliveries: all of it adds up."""
    for coffee in COFFEES:
        receive(admin, coffee, 40)

    def work(connection: Connection, n: int) -> tuple[int, int]:
        shipped = received = 0
        for step in range(8):
            if n % 4 == 0:
                receive(connection, COFFEES[step % 2], 3, step)
                received += 3
                continue
            with connection.transaction():
                lots = [
                    lot
                    for coffee in COFFEES
                    for lot in connection.execute(
                        "select r.* from coffee._reserve_stock(%s, '100g', 2, current_date, null) as r", (coffee,)
                    ).fetchall()
                ]
            with connection.transaction():
                for lot, quantity in lots:
                    if (n + step) % 2:
                        connection.execute("select coffee._ship_stock(%s, %s)", (lot, quantity))
                        shipped += quantity
                    else:
                        query = "select coffee._release_stock(%s, %s, current_date, 'not sent')"
                        connection.execute(query, (lot, quantity))
        return shipped, received

    results = storm(database, 12, work, None)
    left = [stock(admin, coffee) for coffee in COFFEES]
    assert sum(n for n, _ in left) == 80 + sum(n for _, n in results) - sum(n for n, _ in results)
    assert [n for _, n in left] == [0, 0]
    assert broken(admin) == []


def test_quota(admin: Connection, database: str) -> None:
    """48 boxes of two coffees of a roaster whose month has 20 bags: 20 have one."""
    admin.execute("update coffee.roasters set monthly_quota = 20")
    for coffee in COFFEES:
        receive(admin, coffee, 100)
    got = storm(database, 48, lambda c, n: one(c, RESERVE, COFFEES[n % 2], 1), None)
    assert Counter(got) == {1: 20, None: 28}
    assert one(admin, "select q.used from coffee.roaster_quotas as q") == 20
    assert broken(admin) == []


def test_quota_changes_under_its_first_box(admin: Connection, database: str) -> None:
    """A month's first box waits for a quota that is being changed, and is counted against the new one."""
    admin.execute("update coffee.roasters set monthly_quota = 20")
    receive(admin, COFFEES[0], 10)
    reserve = f"select count(*) from coffee._reserve_stock('{COFFEES[0]}', '100g', 5, current_date, null)"
    edit = f"""select coffee.edit_roaster('{ROASTER}', '{{"monthly_quota": 3}}')"""
    assert overtake(database, edit, reserve, None) == "done"
    assert stock(admin, COFFEES[0]) == (10, 0)
    assert broken(admin) == []


def test_first_delivery(admin: Connection, database: str) -> None:
    """16 first deliveries of a coffee at once: one row of the inventory, 16 lots."""
    storm(database, 16, lambda c, n: receive(c, COFFEES[0], 2, n), "coffee_admin")
    assert stock(admin, COFFEES[0]) == (32, 0)
    assert one(admin, "select count(*) from coffee.stock_lots") == 16
    assert broken(admin) == []


def test_ratings(admin: Connection, database: str) -> None:
    """16 sessions rate two coffees, change their minds and take back every fourth: the averages are exact."""
    admin.execute(
        "alter table coffee.subscription_feedback drop constraint subscription_feedback_order_id_fkey, "
        "drop constraint subscription_feedback_user_id_fkey, disable trigger subscription_feedback_box, "
        "disable trigger subscription_feedback_keep"
    )

    def work(connection: Connection, n: int) -> None:
        for step in range(12):
            key = one(
                connection,
                "insert into coffee.subscription_feedback (user_id, order_id, coffee_id, overall_rating) "
                "values (gen_random_uuid(), gen_random_uuid(), %s, %s) returning id",
                COFFEES[(n + step) % 2],
                1 + (n + step) % 5,
            )
            change = "update coffee.subscription_feedback set overall_rating = 1 + overall_rating %% 5 where id = %s"
            connection.execute(change, (key,))
            if step % 4 == 3:
                connection.execute("delete from coffee.subscription_feedback where id = %s", (key,))

    storm(database, 16, work, None)
    assert one(admin, "select sum(c.total_reviews) from coffee.coffees as c") == 16 * 9
    assert one(admin, "select r.total_reviews from coffee.roasters as r") == 16 * 9
    assert broken(admin) == []


def test_alert(admin: Connection, database: str) -> None:
    """T16: 32 boxes take a stock of 40 to 8: five subscribers are told once that ten are left."""
    receive(admin, COFFEES[0], 40)
    admin.execute("update coffee.coffees set available_for_subscription = true")
    plan = one(admin, "select coffee.create_plan('choice', 'My choice', 'my_choice', 30000)")
    for n in range(5):
        user = one(admin, "insert into coffee.users (email) values (%s) returning id", f"user{n}@example.com")
        admin.execute(
            """select coffee.subscribe(%s, %s, '{"line": "Seoul"}', p_items => %s)""",
            (user, plan, Jsonb([{"coffee_id": COFFEES[0]}])),
        )
    assert Counter(storm(database, 32, lambda c, n: one(c, RESERVE, COFFEES[0], 1), None)) == {1: 32}
    told = admin.execute(
        "select n.metadata ->> 'available', count(*) from coffee.notifications as n group by 1"
    ).fetchall()
    assert told == [("10", 5)]
    tasks = admin.execute(
        "select t.payload ->> 'available' from platform.tasks as t where t.topic = 'coffee.low_stock'"
    )
    assert tasks.fetchall() == [("10",)]
    assert broken(admin) == []
