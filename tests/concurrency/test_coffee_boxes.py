"""Boxes under many sessions: the last bag, two assemblers, one code scanned by everybody, results that cross."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import psycopg
import pytest

from concurrency.sessions import Connection, one, outcome, storm, violations

ROLE = "coffee_app"
UNKNOWN = "MF072"
GUESSED = "MF074"


@pytest.fixture
def admin(database: str) -> Iterator[Connection]:
    """Return a superuser's session: two roasters with four coffees, a plan of each type, twelve users."""
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute(
            "insert into coffee.users (email, preferences)"
            " select n || '@example.com', '{\"acidity\": 9}' from generate_series(1, 12) as n"
        )
        connection.execute("insert into coffee.roasters (name) values ('North'), ('South')")
        connection.execute(
            """
            insert into coffee.coffees (
              name, roaster_id, origin_country, available_for_subscription, subscription_price_100g, flavor_profile
            )
            select r.name || n, r.id, 'Kenya', true, 15000, jsonb_build_object('acidity', 10 - n)
            from coffee.roasters as r cross join generate_series(1, 2) as n
            """
        )
        connection.execute(
            """
            select
              coffee.create_plan('pick', 'Pick', 'monthly_pick', 30000),
              coffee.create_plan('choice', 'Choice', 'my_choice', 28000),
              coffee.create_plan('blind', 'Blind', 'blind_box', 25000)
            """
        )
        yield connection


def receive(admin: Connection, bags: int) -> None:
    """Take so many bags of each coffee into the stock."""
    admin.execute("select coffee.receive_stock(c.id, '100g', %s, current_date) from coffee.coffees as c", [bags])


def subscribe(admin: Connection, users: int, plan: str, items: str | None = None) -> None:
    """Subscribe so many users to a plan, and bill them."""
    admin.execute(
        """
        select coffee.subscribe(u.id, p.id, '{"street": "1"}', p_items => %s)
        from (select u.id from coffee.users as u order by u.email limit %s) as u
        join coffee.plans as p on p.code = %s
        """,
        [items, users, plan],
    )
    admin.execute("select coffee.process_monthly_billing()")


def coffee(admin: Connection, name: str) -> str:
    """Return the id of a coffee."""
    return str(one(admin, "select c.id from coffee.coffees as c where c.name = %s", name))


def assemble(connection: Connection, limit: int = 1000) -> int:
    """Assemble until nothing is left, and return how many requests were handled."""
    total = 0
    while count := one(connection, "select coffee.assemble_boxes(%s)", limit):
        total += count
    return total


def ship(admin: Connection) -> None:
    """Pay for all boxes, and send them."""
    admin.execute(
        "select coffee.record_charge_result(c.job_id, c.lease_token, 'succeeded', 'payment ' || c.job_id)"
        " from coffee.claim_billing_jobs(100) as c"
    )
    admin.execute("select coffee.ship_order(o.id, null) from coffee.subscription_orders as o where o.status = 'paid'")


@pytest.mark.parametrize("bags", [0, 1])
def test_last_bag(admin: Connection, database: str, bags: int) -> None:
    """T8: nothing left, nobody is charged; one left and two subscribers, one box and one charge."""
    receive(admin, 1)
    subscribe(admin, 2, "choice", f'[{{"coffee_id": "{coffee(admin, "North1")}"}}]')
    admin.execute("update coffee.coffee_inventory set is_available = %s", [bags > 0])
    admin.execute("update coffee.plans set oos_policy = 'skip'")
    handled = storm(database, 2, lambda c, n: assemble(c), ROLE)
    assert sum(handled) == 2
    assert one(admin, "select count(*) from coffee.subscription_orders") == bags
    charges = "select count(*) from coffee.billing_jobs as b where b.status = 'pending'"
    assert one(admin, charges) == bags
    assert one(admin, "select count(*) from coffee.claim_billing_jobs(10)") == bags
    assert violations(admin) == []


def test_assemblers(admin: Connection, database: str) -> None:
    """Four sessions assemble twelve boxes of two from four coffees with five bags each: ten boxes, and no bag twice."""
    receive(admin, 5)
    subscribe(admin, 12, "pick")
    storm(database, 4, lambda c, n: assemble(c, 1 + n), ROLE)
    assert one(admin, "select count(*) from coffee.subscription_orders") == 10
    assert one(admin, "select sum(i.reserved_stock) from coffee.coffee_inventory as i") == 20
    assert one(admin, "select count(*) from coffee.monthly_order_jobs as j where j.status = 'delayed'") == 2
    assert violations(admin) == []


def test_assembly_meets_shipping_and_cancelling(admin: Connection, database: str) -> None:
    """Boxes are packed, sent and cancelled at once: nobody waits for ever, and the stock is right."""
    receive(admin, 30)
    subscribe(admin, 6, "pick")
    assemble(admin)
    admin.execute(
        "select coffee.record_charge_result(c.job_id, c.lease_token, 'succeeded', 'payment ' || c.job_id)"
        " from coffee.claim_billing_jobs(100) as c"
    )
    orders = [row[0] for row in admin.execute("select o.id from coffee.subscription_orders as o").fetchall()]
    subscribe(admin, 12, "blind")

    def work(connection: Connection, n: int) -> str:
        if n < 2:
            assemble(connection, 3)
            return "done"
        query = "select coffee.ship_order(%s, null)" if n % 2 else "select coffee.cancel_order(%s, 'x')"
        return outcome(connection, query, orders[n - 2])

    assert Counter(storm(database, 8, work, "coffee_admin")) == {"done": 8}
    states = admin.execute("select o.status, count(*) from coffee.subscription_orders as o group by 1 order by 1")
    assert states.fetchall() == [("cancelled", 3), ("pending", 12), ("shipped", 3)]
    assert violations(admin) == []


def test_code_scanned_by_16(admin: Connection, database: str) -> None:
    """T14: 16 sessions scan the code of one bag at once: one record; whoever has no such bag is refused."""
    receive(admin, 10)
    subscribe(admin, 2, "choice", f'[{{"coffee_id": "{coffee(admin, "North1")}"}}]')
    assemble(admin)
    ship(admin)
    rows = admin.execute(
        """
        select q.token, o.user_id
        from coffee.qr_codes as q
        join coffee.order_items as i on i.id = q.order_item_id
        join coffee.subscription_orders as o on o.id = i.order_id
        """
    ).fetchall()
    (token, owner), (_, stranger) = rows

    def scan(connection: Connection, n: int) -> tuple[str, object]:
        user = stranger if n % 4 == 3 else owner
        try:
            return "done", one(connection, "select s.record_id from coffee.scan_qr(%s, %s) as s", token, user)
        except psycopg.Error as error:
            return error.sqlstate or "no sqlstate", None

    results = storm(database, 16, scan, ROLE)
    assert Counter(what for what, _ in results) == {"done": 12, UNKNOWN: 4}
    assert len({record for what, record in results if what == "done"}) == 1
    assert one(admin, "select count(*) from coffee.taste_records") == 1
    assert one(admin, "select count(*) from coffee.qr_codes as q where q.record_id is not null") == 1
    assert violations(admin) == []


def test_blind_item_guessed_by_8(admin: Connection, database: str) -> None:
    """Eight sessions guess one item at once: one guess counts, and the others learn nothing but that."""
    receive(admin, 10)
    subscribe(admin, 1, "blind")
    assemble(admin)
    ship(admin)
    item = admin.execute(
        "select o.user_id, o.id, min(i.id) from coffee.subscription_orders as o"
        " join coffee.order_items as i on i.order_id = o.id group by 1, 2"
    ).fetchone()
    assert item is not None
    coffees = [row[0] for row in admin.execute("select c.id from coffee.coffees as c").fetchall()]
    query = "select coffee.submit_blind_guess(%s, %s, %s, %s)"
    outcomes = storm(database, 8, lambda c, n: outcome(c, query, *item, coffees[n % 4]), ROLE)
    assert Counter(outcomes) == {"done": 1, GUESSED: 7}
    assert violations(admin) == []


def test_answer_is_told_after_the_guess_is_committed(admin: Connection, database: str) -> None:
    """A guess that can be taken back tells nothing, in its own transaction or in another's; the next one is told."""
    receive(admin, 10)
    subscribe(admin, 1, "blind")
    assemble(admin)
    ship(admin)
    user, order, item = admin.execute(
        "select o.user_id, o.id, min(i.id) from coffee.subscription_orders as o"
        " join coffee.order_items as i on i.order_id = o.id group by 1, 2"
    ).fetchone() or (None, None, None)
    told = "select count(*) from coffee.reveal_blind(%s, %s) as r where num_nonnulls(r.coffee_id, r.score) > 0"
    with psycopg.connect(database) as guesser, psycopg.connect(database, autocommit=True) as other:
        for connection in (guesser, other):
            connection.execute(f"set role {ROLE}")
        guesser.commit()
        guess = "select coffee.submit_blind_guess(%s, %s, %s, p_origin_country => 'Peru')"
        for _ in range(2):
            guesser.execute(guess, [user, order, item])
            assert one(guesser, told, user, order) == 0
            assert one(other, told, user, order) == 0
            guesser.execute("savepoint s")
            assert one(guesser, told, user, order) == 0
            guesser.rollback()
        guesser.execute(guess, [user, order, item])
        guesser.commit()
        assert one(other, told, user, order) == 1
        assert one(guesser, told, user, order) == 1


def test_results_that_cross(admin: Connection, database: str) -> None:
    """T10: a payment reported by eight sessions at once, and again under another reference: one order, one state."""
    receive(admin, 10)
    subscribe(admin, 1, "pick")
    assemble(admin)
    claim = "select c.job_id, c.lease_token from coffee.claim_billing_jobs() as c"
    job, lease = admin.execute(claim).fetchone() or (0, None)
    query = "select coffee.record_charge_result(%s, %s, 'succeeded', %s)"
    outcomes = storm(database, 8, lambda c, n: outcome(c, query, job, lease, f"payment {n % 2}"), ROLE)
    assert set(outcomes) == {"done"}
    assert outcome(admin, "select coffee.record_charge_result(%s, %s, 'failed', null, 'late')", job, lease) == "done"
    assert admin.execute("select o.status from coffee.subscription_orders as o").fetchall() == [("paid",)]
    assert one(admin, "select b.status from coffee.billing_jobs as b") == "succeeded"
    assert one(admin, "select count(*) from platform.tasks as t where t.topic = 'coffee.refund_charge'") == 1
    assert assemble(admin) == 0
    assert violations(admin) == []


def test_killed_in_the_middle(admin: Connection, database: str) -> None:
    """A session that ends while it assembles leaves nothing half; the next one does it all."""
    receive(admin, 30)
    subscribe(admin, 12, "pick")
    with psycopg.connect(database) as victim:
        victim.execute("select coffee.assemble_boxes(7)")
        admin.execute("select pg_terminate_backend(%s)", [victim.info.backend_pid])
        with pytest.raises(psycopg.OperationalError):
            victim.execute("select 1")
    assert one(admin, "select count(*) from coffee.subscription_orders") == 0
    assert one(admin, "select sum(i.reserved_stock) from coffee.coffee_inventory as i") == 0
    assert assemble(admin) == 12
    assert one(admin, "select count(*) from coffee.subscription_orders") == 12
    assert violations(admin) == []
