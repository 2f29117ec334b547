"""A shop of the coffee system for tests that commit: coffees in stock, plans, users, subscriptions."""

from __future__ import annotations

from typing import Any

import psycopg

Connection = psycopg.Connection[tuple[Any, ...]]

PICK, CHOICE, BLIND = -1, -2, -3

SHOP = """
insert into coffee.roasters (id, name)
select ('f0000000-0000-0000-0000-0000000000f' || n)::uuid, 'roaster ' || n from generate_series(0, 4) as n;
insert into coffee.coffees (
  id, name, roaster_id, origin_country, available_for_subscription, subscription_price_60g, subscription_price_100g
)
select
  ('f0000000-0000-0000-0000-0000000000c' || n)::uuid, 'coffee ' || n,
  ('f0000000-0000-0000-0000-0000000000f' || n % 5)::uuid,
  (array['Kenya', 'Brazil', 'Panama'])[1 + n % 3], true, 9000, 15000
from generate_series(0, 9) as n;
insert into coffee.coffee_inventory (coffee_id, roaster_id, unit, unit_price, max_stock)
select c.id, c.roaster_id, '100g', 15000, 1000000 from coffee.coffees as c where c.id::text like 'f0000000%';
insert into coffee.plans (id, code, name, type, price_per_month, items_per_box)
values
  (-1, 'shop-pick', 'Pick', 'monthly_pick', 30000, 2), (-2, 'shop-choice', 'Choice', 'my_choice', 20000, 2),
  (-3, 'shop-blind', 'Blind', 'blind_box', 25000, 2);
"""


def coffee(n: int) -> str:
    """Return the id of coffee `n`, 0 to 9."""
    return f"f0000000-0000-0000-0000-0000000000c{n}"


def open_shop(connection: Connection, users: int, stock: int = 100_000) -> list[str]:
    """Make coffees with `stock` bags of 100 g each, plans and users, and return the users' ids."""
    connection.execute(SHOP.encode())
    if stock:
        connection.execute(
            "select coffee.receive_stock(c.id, '100g', %s, current_date, '2099-12-31') from coffee.coffees as c",
            [stock],
        )
    rows = connection.execute(
        """
        insert into coffee.users (id, email)
        select gen_random_uuid(), 'shop' || n || '@example.com' from generate_series(1, %s) as n
        returning id::text
        """,
        [users],
    ).fetchall()
    return [str(user) for (user,) in rows]


def subscribe(
    connection: Connection, users: list[str], plan: int = PICK, ago: str = "0", items: str | None = None
) -> list[str]:
    """Subscribe each of the users, from `ago` (an interval) on, and return the ids of the subscriptions."""
    rows = connection.execute(
        """
        select coffee.subscribe(u, %s, '{"street": "1"}', p_items => %s, p_anchor_at => now() - %s::interval)::text
        from unnest(%s::uuid[]) as u
        """,
        [plan, items, ago, users],
    ).fetchall()
    return [str(subscription) for (subscription,) in rows]


def bill(connection: Connection) -> int:
    """Do what the jobs do now, and return how many periods were billed."""
    row = connection.execute("select coffee.process_monthly_billing()").fetchone()
    connection.execute("select coffee.assemble_boxes()")
    assert row is not None
    return int(row[0])


def pay(connection: Connection, result: str = "succeeded") -> list[int]:
    """Do what the payment worker does until nothing is left to be charged, and return the ids of the jobs."""
    paid: list[int] = []
    while jobs := connection.execute("select job_id, lease_token from coffee.claim_billing_jobs(100)").fetchall():
        for job, token in jobs:
            connection.execute(
                "select coffee.record_charge_result(%s, %s, %s, %s)", [job, token, result, f"gateway-{job}"]
            )
            paid.append(job)
    return paid
