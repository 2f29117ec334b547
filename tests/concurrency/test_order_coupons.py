"""Limits on redeeming, and what goes together in one order, under many sessions at once: exact to the last coin."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest

from concurrency.sessions import Connection, await_lock, one, outcome, storm, violations

LIMIT = "MC033"
SUBJECT_LIMIT = "MC034"
NOT_COMBINABLE = "MC035"
BELOW_USED = "MC040"
DONE = "done"
RESERVE = "select coupon.reserve_coupons(%s, 0, %s, 5000, p_context => jsonb_build_object('device', %s::text))"


@pytest.fixture
def admin(database: str) -> Iterator[Connection]:
    """Return a superuser's session."""
    with psycopg.connect(database, autocommit=True) as connection:
        yield connection


def add_coupons(
    admin: Connection, policy: int, coupons: int, group: str | None = None, exclusive: bool = False
) -> list[str]:
    """Add a policy of 1,000 won, and return the numbers of coupons of user 0."""
    admin.execute(
        """
        insert into coupon.coupon_policies (
          id, coupon_name, coupon_code, discount_type, discount_value, issue_type, max_issue_per_user, valid_days,
          issue_start_date, issue_end_date, stack_group, exclusive
        )
        values (%s, 'storm', 'STORM-' || %s, 'FIXED_AMOUNT', 1000, 'DIRECT', null, 30, now() - interval '1 day',
          now() + interval '1 day', %s, %s)
        """,
        (policy, policy, group, exclusive),
    )
    rows = admin.execute(
        "select i.coupon_number from generate_series(1, %s) as n, coupon.issue_coupon(%s, n * 0) as i",
        (coupons, policy),
    ).fetchall()
    return [number for (number,) in rows]


def used(admin: Connection) -> dict[str, int]:
    """Return what is used of limits, by subject."""
    rows = admin.execute("select u.subject, u.used from coupon.v_limit_usages as u where u.used > 0").fetchall()
    return {subject: int(amount) for subject, amount in rows}


def test_budget(admin: Connection, database: str) -> None:
    """64 sessions reserve 2 coupons each of 1,000 won out of a budget of 50,500: 50 have one, the others are told."""
    numbers = add_coupons(admin, 900001, 128)
    admin.execute("select coupon.set_policy_limit(900001, 'POLICY', 50500, p_measure => 'AMOUNT')")

    def work(connection: Connection, n: int) -> list[str]:
        return [outcome(connection, RESERVE, [numbers[n + 64 * i]], f"o-{n}-{i}", "x") for i in range(2)]

    outcomes = Counter(told for found in storm(database, 64, work) for told in found)
    assert outcomes == {DONE: 50, LIMIT: 78}
    assert used(admin) == {"": 50000}
    assert violations(admin) == []


def test_limit_of_each_device(admin: Connection, database: str) -> None:
    """T10: 64 sessions on eight devices, three redemptions each: none takes another's, none looks exhausted."""
    numbers = add_coupons(admin, 900001, 64)
    admin.execute("select coupon.set_policy_limit(900001, 'ATTRIBUTE', 3, 'DAY', p_attribute => 'device')")
    outcomes = storm(database, 64, lambda c, n: (n % 8, outcome(c, RESERVE, [numbers[n]], f"o-{n}", f"d-{n % 8}")))
    assert Counter(outcomes) == {
        (device, what): n for device in range(8) for what, n in ((DONE, 3), (SUBJECT_LIMIT, 5))
    }
    assert used(admin) == {f"d-{device}": 3 for device in range(8)}
    assert not one(admin, "select v.exhausted from coupon.v_policy_limits as v")
    assert violations(admin) == []


def test_given_back_and_taken_again(admin: Connection, database: str) -> None:
    """T7: sessions reserve, cancel, pay and roll back under a limit of 10: never more, and at the end what is open."""
    numbers = add_coupons(admin, 900001, 32)
    admin.execute("select coupon.set_policy_limit(900001, 'USER', 10)")

    def work(connection: Connection, n: int) -> Counter[str]:
        outcomes: Counter[str] = Counter()
        for i in range(12):
            order = f"o-{n}-{i}"
            told = outcome(connection, RESERVE, [numbers[n]], order, "x")
            outcomes[told] += 1
            if told == DONE:
                if i % 3 == 0:
                    connection.execute("select coupon.confirm_order(%s, 0)", (order,))
                connection.execute("select coupon.rollback_order(%s, 0, 'changed my mind')", (order,))
        return outcomes

    outcomes = sum(storm(database, 32, work), Counter())
    assert set(outcomes) <= {DONE, SUBJECT_LIMIT}
    assert outcomes[DONE] >= 10
    assert used(admin) == {}
    assert violations(admin) == []
    again = Counter(outcome(admin, RESERVE, [number], f"p-{number}", "x") for number in numbers)
    assert again == {DONE: 10, SUBJECT_LIMIT: 22}


def test_stacks_of_two_limited_policies(admin: Connection, database: str) -> None:
    """Orders take coupons of two policies, the older coupon of either first: nobody waits for ever."""
    first, second = add_coupons(admin, 900001, 20), add_coupons(admin, 900002, 40)
    first += [
        number
        for (number,) in admin.execute(
            "select i.coupon_number from generate_series(1, 20) as n, coupon.issue_coupon(900001, n * 0) as i"
        ).fetchall()
    ]
    admin.execute("select coupon.set_policy_limit(p, 'POLICY', 1000) from unnest(array[900002, 900001]) as p")

    def work(connection: Connection, n: int) -> list[str]:
        found = []
        for k in range(n, 40, 16):
            found.append(outcome(connection, RESERVE, [first[k], second[39 - k]], f"o-{k}", "x"))
            found.append(outcome(connection, "select coupon.confirm_order(%s, 0)", f"o-{k}"))
            if k % 2:
                found.append(outcome(connection, "select coupon.rollback_order(%s, 0, 'refund')", f"o-{k}"))
        return found

    outcomes = Counter(told for found in storm(database, 16, work) for told in found)
    assert outcomes == {DONE: 100}
    assert one(admin, "select sum(u.used) from coupon.v_limit_usages as u") == 40
    assert violations(admin) == []


def test_limit_moves(admin: Connection, database: str) -> None:
    """The budget is raised and lowered while orders take from it: never below what they have taken."""
    numbers = add_coupons(admin, 900001, 160)
    query = "select coupon.set_policy_limit(900001, 'POLICY', %s, p_measure => 'AMOUNT')"
    admin.execute(query, (20000,))

    def work(connection: Connection, n: int) -> list[str]:
        if n == 0:
            connection.execute("reset role")
            return [outcome(connection, query, budget) for budget in (60000, 40000, 90000, 5000, 70000)]
        return [outcome(connection, RESERVE, [numbers[n - 1 + 16 * i]], f"o-{n}-{i}", "x") for i in range(10)]

    moves, *found = storm(database, 17, work)
    assert set(moves) <= {DONE, BELOW_USED}
    outcomes = Counter(told for outcomes in found for told in outcomes)
    assert set(outcomes) <= {DONE, LIMIT}
    budget = one(admin, "select maximum from coupon.policy_limits")
    assert used(admin)[""] == outcomes[DONE] * 1000 <= budget
    assert violations(admin) == []


def test_limit_moves_while_the_last_of_it_is_taken(admin: Connection, database: str) -> None:
    """An order that waited for the last of a budget in vain holds its row of usage, and needs not the limit's."""
    *numbers, earlier = add_coupons(admin, 900001, 3)
    move = "select coupon.set_policy_limit(900001, 'POLICY', 2500, p_measure => 'AMOUNT')"
    admin.execute("select coupon.set_policy_limit(900001, 'POLICY', 2000, p_measure => 'AMOUNT')")
    admin.execute(RESERVE, ([earlier], "o-0", "x"))
    with (
        psycopg.connect(database) as first,
        psycopg.connect(database, autocommit=True) as second,
        psycopg.connect(database, autocommit=True) as mover,
        ThreadPoolExecutor(2) as pool,
    ):
        first.execute(RESERVE, ([numbers[0]], "o-1", "x"))
        late = pool.submit(outcome, second, RESERVE, [numbers[1]], "o-2", "x")
        await_lock(admin, second)
        moved = pool.submit(outcome, mover, move)
        await_lock(admin, mover)
        first.commit()
        assert (late.result(), moved.result()) == (LIMIT, DONE)
    assert violations(admin) == []


@pytest.mark.parametrize("together", [False, True])
@pytest.mark.parametrize("exclusive", [False, True])
def test_one_order_many_tabs(admin: Connection, database: str, exclusive: bool, together: bool) -> None:
    """16 sessions add a coupon each to the same orders: one of each group, or an exclusive one alone."""
    orders = 12
    kinds = [
        add_coupons(admin, 900001, orders * 4, "rate"),
        add_coupons(admin, 900002, orders * 4, "gift"),
        add_coupons(admin, 900003, orders * 4, "rate"),
        add_coupons(admin, 900004, orders * 4, exclusive=exclusive),
    ]
    alone = "select coupon.reserve_coupon(%s, 0, %s, 5000)"

    def work(connection: Connection, n: int) -> list[str]:
        mine = [(kinds[n % 4][order * 4 + n // 4], f"o-{order}") for order in range(orders)]
        if together:
            return [outcome(connection, RESERVE, [number], order, "x") for number, order in mine]
        return [outcome(connection, alone, number, order) for number, order in mine]

    outcomes = Counter(told for found in storm(database, 16, work) for told in found)
    assert set(outcomes) <= {DONE, NOT_COMBINABLE, "MC032"}  # MC032: nothing is left to be taken off
    held = admin.execute(
        """
        select r.order_id, array_agg(i.policy_id - 900000), sum(r.discount_amount)
        from coupon.coupon_reservations as r join coupon.coupon_issues as i on i.id = r.coupon_id
        group by r.order_id
        """
    ).fetchall()
    assert len(held) == orders
    for _, policies, discount in held:
        assert policies.count(1) + policies.count(3) <= 1
        assert policies.count(2) <= 1
        assert discount <= 5000
        if exclusive and 4 in policies:
            assert policies == [4]
    assert violations(admin) == []


def test_plain_coupons_of_one_order(admin: Connection, database: str) -> None:
    """16 sessions add a plain coupon of 1,000 each to the same orders of 2,500: together they take off 2,500."""
    orders = 12
    numbers = add_coupons(admin, 900001, orders * 16)
    query = "select coupon.reserve_coupon(%s, 0, %s, 2500)"
    found = storm(database, 16, lambda c, n: [outcome(c, query, numbers[k * 16 + n], f"o-{k}") for k in range(orders)])
    assert Counter(each for outcomes in found for each in outcomes) == {DONE: orders * 3, "MC032": orders * 13}
    held = admin.execute("select sum(r.discount_amount) from coupon.coupon_reservations as r group by r.order_id")
    assert held.fetchall() == [(2500,)] * orders
    assert violations(admin) == []


def test_sweep_of_limited_policies(admin: Connection, database: str) -> None:
    """Holds of two limited policies lapse and are swept while orders take coupons of both: nobody waits for ever."""
    lapsing = [add_coupons(admin, 900001, 120), add_coupons(admin, 900002, 120)]
    admin.execute("select coupon.set_policy_limit(p, 'POLICY', 100000) from unnest(array[900002, 900001]) as p")
    for k in range(120):
        admin.execute(RESERVE, ([lapsing[k % 2][k]], f"o-{k}", "x"))
    admin.execute(
        "update coupon.coupon_reservations set reserved_at = reserved_at - interval '1 hour', "
        "expires_at = expires_at - interval '1 hour'"
    )

    def work(connection: Connection, n: int) -> list[str]:
        if n < 2:
            connection.execute("reset role")
            return [outcome(connection, "select coupon.expire_reservations(15)") for _ in range(12)]
        mine = range(n - 2, 120, 6)
        return [
            outcome(connection, RESERVE, [lapsing[1 - k % 2][k], lapsing[k % 2][119 - k]], f"p-{k}", "x") for k in mine
        ]

    outcomes = Counter(told for found in storm(database, 8, work) for told in found)
    assert set(outcomes) <= {DONE, "MC017"}
    assert violations(admin) == []
