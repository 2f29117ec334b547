"""The order of locks: whoever works on the same stock, quotas, roasters or users at once waits, but never in a circle.

Each pair meets alone, so that what is wrong shows, and then all of them meet in one storm. Nothing is tried again: one
deadlock is one too many.
"""

from __future__ import annotations

import itertools
import json
from collections import Counter
from collections.abc import Callable, Iterator

import psycopg
import pytest

from coffee_shop import CHOICE, PICK, Connection, coffee, open_shop, subscribe
from concurrency.sessions import one, outcome, overtake, storm, violations

ROASTERS = [f"f0000000-0000-0000-0000-0000000000f{n}" for n in range(5)]
END = "select coffee.end_dunning(7)"
PACK = "select coffee.assemble_boxes(7)"
BILL = "select coffee.process_monthly_billing()"
Work = Callable[[Connection], Counter[str]]


@pytest.fixture
def shop(database: str) -> Iterator[Connection]:
    """Return a superuser's session: ten coffees of five roasters in stock."""
    with psycopg.connect(database, autocommit=True) as connection:
        open_shop(connection, 0)
        connection.execute("update coffee.plans set oos_policy = 'delay', cutoff = '0'")
        yield connection


def users(shop: Connection, number: int) -> list[str]:
    """Register so many users, and return their ids."""
    query = """
        insert into coffee.users (email)
        select gen_random_uuid() || '@example.com' from generate_series(1, %s)
        returning id::text
    """
    return [user for (user,) in shop.execute(query, [number]).fetchall()]


def choose(shop: Connection, customers: list[str], *coffees: int) -> list[str]:
    """Subscribe users to a box of these coffees, and bill them; return the ids of the subscriptions."""
    items = json.dumps([{"coffee_id": coffee(n), "quantity": 1} for n in coffees])
    subscriptions = subscribe(shop, customers, CHOICE, items=items)
    shop.execute(BILL)
    return subscriptions


def pack(shop: Connection) -> None:
    """Pack all boxes whose time has come."""
    while one(shop, "select coffee.assemble_boxes(100)"):
        pass


def charge(shop: Connection, result: str) -> None:
    """Charge what is open, with this result."""
    shop.execute(
        "select coffee.record_charge_result(c.job_id, c.lease_token, %s, 'payment ' || c.job_id)"
        " from coffee.claim_billing_jobs(1000) as c",
        [result],
    )


def unpaid(shop: Connection, number: int) -> None:
    """Pack boxes that nobody pays for, the later the lower their coffees, and let their grace be over."""
    for n in reversed(range(10)):
        choose(shop, users(shop, number // 10), n)
    pack(shop)
    charge(shop, "failed")
    shop.execute("update coffee.coffee_subscriptions set grace_until = platform.now() where status = 'past_due'")


def delivered(shop: Connection, number: int) -> list[tuple[str, str, str]]:
    """Send paid boxes, and return their users, orders and coffees."""
    customers = users(shop, number)
    for n in range(number):
        choose(shop, [customers[n]], n % 10)
    pack(shop)
    charge(shop, "succeeded")
    shop.execute("select coffee.ship_order(o.id, null) from coffee.subscription_orders as o where o.status = 'paid'")
    return shop.execute(
        "select o.user_id::text, o.id::text, i.coffee_id::text from coffee.subscription_orders as o"
        " join coffee.order_items as i on i.order_id = o.id where o.user_id = any (%s::uuid[])",
        [customers],
    ).fetchall()


def packed(shop: Connection, number: int, *coffees: int) -> list[str]:
    """Pack so many boxes of these coffees, and return their ids."""
    subscriptions = choose(shop, users(shop, number), *coffees)
    pack(shop)
    query = "select o.id::text from coffee.subscription_orders as o where o.subscription_id = any (%s::uuid[])"
    return [order for (order,) in shop.execute(query, [subscriptions]).fetchall()]


def turning(shop: Connection, number: int) -> list[str]:
    """Return users with two subscriptions each: one ends by now, its box packed and not paid, the other resumes."""
    customers = users(shop, number)
    with shop.transaction():
        shop.execute("select set_config('moadb.now', (now() - interval '40 days')::text, true)")
        query = """
            select coffee.subscribe(u.id, %s, '{"street": "1"}', p_items => %s)::text
            from unnest(%s::uuid[]) with ordinality as u (id, place)
            order by (u.place * 7) %% 11
        """
        items = [json.dumps([{"coffee_id": coffee(n)}]) for n in range(10)]
        ending: list[str] = []
        for n, user in enumerate(reversed(customers)):
            ending += [one(shop, query, CHOICE, items[9 - n % 10], [user])]
        resuming = [row for (row,) in shop.execute(query, [PICK, None, customers]).fetchall()]
        shop.execute(BILL)
        pack(shop)
        both = "from coffee.coffee_subscriptions as s where s.id = any (%s::uuid[])"
        shop.execute(f"select coffee.cancel_subscription(s.id, s.user_id, 'period_end') {both}", [ending])
    with shop.transaction():
        shop.execute("select set_config('moadb.now', (now() - interval '39 days')::text, true)")
        shop.execute(
            "select coffee.record_charge_result(c.job_id, c.lease_token, 'succeeded', 'payment ' || c.job_id)"
            " from coffee.claim_billing_jobs(1000) as c where c.subscription_id = any (%s::uuid[])",
            [resuming],
        )
        until = "platform.now() + interval '1 day'"
        shop.execute(f"select coffee.pause_subscription(s.id, s.user_id, 'now', {until}) {both}", [resuming])
    return customers


def again(query: str, times: int) -> Work:
    """Return the work of running a query so many times."""
    return lambda connection: Counter(outcome(connection, query) for _ in range(times))


def cancel(orders: list[str]) -> Work:
    """Return the work of cancelling orders one by one."""
    query = "select coffee.cancel_order(%s, 'x')"
    return lambda connection: Counter(outcome(connection, query, order) for order in orders)


def edit(times: int) -> Work:
    """Return the work of changing roasters' quotas and names, and the prices of coffees from both sides."""

    def work(connection: Connection) -> Counter[str]:
        done: Counter[str] = Counter()
        roaster = "select coffee.edit_roaster(%s, %s)"
        for n, at in zip(range(times), itertools.cycle(ROASTERS), strict=False):
            done[outcome(connection, roaster, at, json.dumps({"monthly_quota": 100_000 + n}))] += 1
            done[outcome(connection, roaster, at, json.dumps({"name": f"roaster {n} {at}"}))] += 1
            both = json.dumps({"monthly_quota": 200_000 + n, "name": f"roaster {n} of {at}"})
            done[outcome(connection, roaster, at, both)] += 1
            price = json.dumps({"subscription_price_60g": 9_000 + n, "subscription_price_100g": 15_000 + n})
            done[outcome(connection, "select coffee.edit_coffee(%s, %s)", coffee(n % 10), price)] += 1
            price = json.dumps({"unit_price": 16_000 + n})
            done[outcome(connection, "select coffee.edit_stock(%s, '100g', %s)", coffee(n % 10), price)] += 1
        return done

    return work


def rate(boxes: list[tuple[str, str, str]], times: int) -> Work:
    """Return the work of rating what boxes have brought, again and again."""
    query = "select coffee.submit_feedback(%s, %s, %s, %s)"
    return lambda connection: Counter(
        outcome(connection, query, *box, 1 + n % 5) for n in range(times) for box in boxes
    )


def taste(customers: list[str]) -> Work:
    """Return the work of tasting: users who are busy when billing wants them."""
    query = "select r.record_id from coffee.record_taste(%s, %s, 'cafe', '{\"body\": 5}') as r"
    return lambda connection: Counter(
        outcome(connection, query, user, coffee(n % 10)) for n, user in enumerate(customers)
    )


def delete(customers: list[str]) -> Work:
    """Return the work of deleting users, whom a subscription keeps."""
    query = "select coffee.delete_user(%s)"
    return lambda connection: Counter(outcome(connection, query, user) for user in customers)


def meet(database: str, *works: Work) -> Counter[str]:
    """Let each of the works loose in a session of its own, all at once, and return what came out of all of them."""
    results = storm(database, len(works), lambda connection, n: works[n](connection), None)
    return sum(results, Counter())


def assert_settled(shop: Connection) -> None:
    """Do what was passed over, and check that all adds up."""
    shop.execute(BILL)
    shop.execute("select coffee.end_dunning()")
    pack(shop)
    due = "select count(*) from coffee.coffee_subscriptions as s where s.status = 'past_due' and s.grace_until <= now()"
    assert one(shop, due) == 0
    late = "s.status = 'pending_cancel' and s.cancel_at <= now() or s.status = 'paused' and s.resume_at <= now()"
    assert one(shop, f"select count(*) from coffee.coffee_subscriptions as s where {late}") == 0
    assert violations(shop) == []


def test_what_boxes_take_is_locked(shop: Connection, database: str) -> None:
    """The stock and the quotas of boxes are locked before they are released, and no others."""
    orders = packed(shop, 2, 0, 6) + packed(shop, 1, 5, 0)
    packed(shop, 1, 2, 3)
    free = (
        "select c.name from coffee.coffee_inventory as i join coffee.coffees as c on c.id = i.coffee_id"
        " where i.reserved_stock > 0 order by 1 for no key update of i skip locked",
        "select r.name from coffee.roaster_quotas as q join coffee.roasters as r on r.id = q.roaster_id"
        " where q.used > 0 order by 1 for no key update of q skip locked",
    )
    with psycopg.connect(database) as other:
        other.execute("select coffee._lock_stock(%s::uuid[])", [orders])
        assert [[name for (name,) in shop.execute(query).fetchall()] for query in free] == [
            ["coffee 2", "coffee 3"],
            ["roaster 2", "roaster 3"],
        ]


def test_the_end_of_grace_meets_packing(shop: Connection, database: str) -> None:
    """Boxes are given up, those of high coffees first, while others are packed from all of them."""
    unpaid(shop, 60)
    subscribe(shop, users(shop, 60))
    shop.execute(BILL)
    counted = meet(database, again(END, 8), again(PACK, 8), again(END, 8), again(PACK, 8))
    assert counted == {"done": 32}
    assert_settled(shop)


def test_cancellations_of_the_same_roasters(shop: Connection, database: str) -> None:
    """Boxes of other coffees, but of the same two roasters the other way round, are cancelled at once."""
    works = [cancel(packed(shop, 30, 0, 6)), cancel(packed(shop, 30, 1, 5)), cancel(packed(shop, 30, 0, 6))]
    assert meet(database, *works, again(PACK, 10)) == {"done": 100}
    assert_settled(shop)
    assert one(shop, "select sum(q.used) from coffee.roaster_quotas as q") == 0


def test_roasters_are_edited_while_boxes_are_packed(shop: Connection, database: str) -> None:
    """Quotas are changed, and used up, while boxes of all roasters are packed, the first of their month."""
    shop.execute("update coffee.roasters set monthly_quota = 100000")
    subscribe(shop, users(shop, 80))
    shop.execute(BILL)
    shop.execute(
        "update coffee.monthly_order_jobs set target_month = target_month + make_interval(months => (id % 6)::integer)"
    )
    counted = meet(database, edit(8), again(PACK, 8), edit(8), again(PACK, 8))
    assert counted == {"done": 96}
    assert_settled(shop)


def test_roasters_are_edited_while_coffees_are_rated(shop: Connection, database: str) -> None:
    """Names are in the coffees' search vectors, ratings in the roasters' sums: each writes both."""
    boxes = delivered(shop, 20)
    counted = meet(database, edit(12), rate(boxes, 4), rate(boxes[::-1], 4), edit(12))
    assert counted == {"done": 280}
    assert_settled(shop)


def test_billing_over_users_with_two_subscriptions(shop: Connection, database: str) -> None:
    """Four sessions let subscriptions end and resume, two of each user, while these users taste."""
    customers = turning(shop, 30)
    counted = meet(database, *[again(BILL, 2)] * 4, taste(customers))
    assert counted == {"done": 38}
    assert_settled(shop)


def test_the_end_of_grace_over_users_with_two_subscriptions(shop: Connection, database: str) -> None:
    """Four sessions give up two subscriptions of each user."""
    customers = users(shop, 30)
    for order in (customers, customers[::-1]):
        choose(shop, order, 3)
    # not by packing: with boxes they would queue for the stock
    shop.execute("select coffee._open_billing_job(b.id) from coffee.billing_periods as b")
    charge(shop, "failed")
    shop.execute("update coffee.coffee_subscriptions set grace_until = platform.now() - random() * interval '1 hour'")
    assert meet(database, *[again(END, 9)] * 4) == {"done": 36}
    assert_settled(shop)


def test_two_subscriptions_of_a_user_pause_at_once(shop: Connection, database: str) -> None:
    """Whoever pauses the second while the first is not committed yet waits, and the user's copy says: both."""
    customers = users(shop, 1)
    both = [*subscribe(shop, customers), *subscribe(shop, customers)]
    shop.execute(BILL)
    pack(shop)
    charge(shop, "succeeded")
    one_pause, other_pause = (f"select coffee.pause_subscription('{s}', '{customers[0]}', 'now')" for s in both)
    assert overtake(database, one_pause, other_pause, role="coffee_app") == "done"
    assert_settled(shop)


def test_all_at_once(shop: Connection, database: str) -> None:
    """Everybody meets everybody; nobody has to try again."""
    boxes = delivered(shop, 10)
    unpaid(shop, 20)
    customers = turning(shop, 20)
    cancelled = packed(shop, 12, 0, 6), packed(shop, 12, 1, 5)
    subscribe(shop, users(shop, 40))
    counted = meet(
        database,
        again(BILL, 3), again(BILL, 3), again(PACK, 8), again(PACK, 8), again(END, 4), again(END, 4),
        cancel(cancelled[0]), cancel(cancelled[1]), edit(6), rate(boxes, 4), taste(customers), delete(customers[::-1]),
    )  # fmt: skip
    assert set(counted) <= {"done", "MF144"}, counted
    assert_settled(shop)
