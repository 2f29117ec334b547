"""Calls that are a transaction each never deadlock, and what an order holds is looked at by whoever sees all of it."""

from __future__ import annotations

import random
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import psycopg
import pytest

from concurrency.sessions import Connection, one, outcome, storm, violations

DEADLOCK = "40P01"
ISOLATION = "MC053"
DONE = "done"
ORDERS = ("o-0", "o-1", "o-2")
HOLD = "select coupon.reserve_coupon(%s, 0, %s, 5000, %s::interval, null, jsonb_build_object('device', %s::text))"
HOLD_ALL = "select coupon.reserve_coupons(%s, 0, %s, 5000, %s::interval, null, jsonb_build_object('device', %s::text))"
SWEEP = "select coupon.expire_reservations(5)"
LIMIT = "select coupon.set_policy_limit(%s, 'ATTRIBUTE', %s, p_attribute => 'device')"
LAPSING, LASTING = "1 microsecond", "30 minutes"


@pytest.fixture
def admin(database: str) -> Iterator[Connection]:
    """Return a superuser's session."""
    with psycopg.connect(database, autocommit=True) as connection:
        yield connection


@pytest.fixture
def numbers(admin: Connection) -> list[list[str]]:
    """Return the numbers of user 0's coupons of two policies, which have limits, one of them a stack group.

    The coupons are issued in turns, and the limits of the later policy made first: no order of ids is that of another.
    """
    for policy, group in ((900001, "rate"), (900002, None)):
        admin.execute(
            """
            insert into coupon.coupon_policies (
              id, coupon_name, coupon_code, discount_type, discount_value, issue_type, max_issue_per_user, valid_days,
              issue_start_date, issue_end_date, stack_group
            )
            values (%s, 'storm', 'STORM-' || %s, 'FIXED_AMOUNT', 1000, 'DIRECT', null, 30, now() - interval '1 day',
              now() + interval '1 day', %s)
            """,
            (policy, policy, group),
        )
    for policy in (900002, 900001):
        admin.execute("select coupon.set_policy_limit(%s, 'POLICY', 100000)", (policy,))
        admin.execute(LIMIT, (policy, 100000))
    rows = admin.execute(
        "select i.coupon_number from generate_series(0, 23) as n, coupon.issue_coupon(900001 + n %% 2, n * 0) as i "
        "order by i.coupon_id",
        (),
    ).fetchall()
    found = [number for (number,) in rows]
    return [found[0::2], found[1::2]]


def run(
    database: str, sessions: int, rounds: int, step: Callable[[random.Random, int], tuple[Any, ...]]
) -> Counter[str]:
    """Let sessions make the calls that `step` gives for each of them, and count the outcomes."""

    def work(connection: Connection, n: int) -> list[str]:
        connection.execute("set deadlock_timeout = '100ms'")
        luck = random.Random(n)
        return [outcome(connection, *step(luck, n)) for _ in range(rounds)]

    return Counter(found for each in storm(database, sessions, work, role=None) for found in each)


def check(admin: Connection, outcomes: Counter[str]) -> None:
    """Expect refusals at most."""
    assert outcomes[DONE] > 0
    assert {state for state in outcomes if not state.startswith("MC") and state != DONE} == set(), outcomes
    assert violations(admin) == []


def late(numbers: list[list[str]], luck: random.Random) -> tuple[Any, ...]:
    """Pay for a reservation, whatever became of it."""
    query = (
        "select coupon.confirm_reservation((select r.reservation_id from coupon.coupon_reservations as r "
        "where r.coupon_number = %s and r.order_id = %s order by r.reserved_at desc limit 1))"
    )
    return query, luck.choice(numbers[luck.randrange(2)][:4]), luck.choice(ORDERS)


def hold(numbers: list[list[str]], luck: random.Random, ttl: str) -> tuple[Any, ...]:
    """Reserve one coupon."""
    return HOLD, luck.choice(numbers[luck.randrange(2)][:4]), luck.choice(ORDERS), ttl, luck.choice("xyz")


def hold_all(numbers: list[list[str]], luck: random.Random, ttl: str) -> tuple[Any, ...]:
    """Reserve a coupon of each policy."""
    pair = [luck.choice(numbers[0][:4]), luck.choice(numbers[1][:4])]
    luck.shuffle(pair)
    return HOLD_ALL, pair, luck.choice(ORDERS), ttl, luck.choice("xyz")


def pay(luck: random.Random) -> tuple[Any, ...]:
    """Pay for an order."""
    return "select coupon.confirm_order(%s, 0)", luck.choice(ORDERS)


def undo(luck: random.Random) -> tuple[Any, ...]:
    """Roll an order back."""
    return "select coupon.rollback_order(%s, 0, 'refund')", luck.choice(ORDERS)


def test_lapsed_elsewhere(admin: Connection, database: str, numbers: list[list[str]]) -> None:
    """Coupons whose holds of another order have lapsed go from order to order, alone and in pairs."""
    check(admin, run(database, 12, 40, lambda luck, n: (hold, hold_all)[n % 2](numbers, luck, LAPSING)))


def test_sweep(admin: Connection, database: str, numbers: list[list[str]]) -> None:
    """Lapsed holds are swept while orders take and lose coupons."""

    def step(luck: random.Random, n: int) -> tuple[Any, ...]:
        return (SWEEP,) if n < 2 else undo(luck) if n < 5 else hold_all(numbers, luck, LAPSING)

    check(admin, run(database, 12, 40, step))


def test_late_payment(admin: Connection, database: str, numbers: list[list[str]]) -> None:
    """Reservations that have lapsed are paid while their order takes other coupons."""

    def step(luck: random.Random, n: int) -> tuple[Any, ...]:
        if n < 5:
            return late(numbers, luck) if luck.random() < 0.7 else pay(luck)
        if n < 7:
            return (SWEEP,) if n < 6 else undo(luck)
        return (hold, hold_all)[n % 2](numbers, luck, LAPSING)

    check(admin, run(database, 12, 60, step))


def test_payment_of_what_was_swept(admin: Connection, database: str, numbers: list[list[str]]) -> None:
    """Each order's hold, long over, is paid in the moment in which the order takes another coupon of the policy."""
    rounds = 60
    rows = admin.execute(
        "select i.coupon_number from generate_series(1, %s) as n, coupon.issue_coupon(900002, n * 0) as i",
        (2 * rounds,),
    ).fetchall()
    found = [number for (number,) in rows]
    for k in range(rounds):
        admin.execute(HOLD, (found[k], f"p-{k}", LAPSING, "x"))
    while one(admin, "select coupon.expire_reservations(1000)"):
        pass
    paid = (
        "select coupon.confirm_reservation(r.reservation_id) from coupon.coupon_reservations as r where r.order_id = %s"
    )
    together = threading.Barrier(2)

    def work(connection: Connection, n: int) -> list[str]:
        connection.execute("set deadlock_timeout = '100ms'")
        outcomes = []
        for k in range(rounds):
            together.wait()
            if n == 0:
                outcomes.append(outcome(connection, paid + " and r.coupon_number = %s", f"p-{k}", found[k]))
            else:
                outcomes.append(outcome(connection, HOLD, found[rounds + k], f"p-{k}", LASTING, "x"))
        return outcomes

    check(admin, Counter(what for each in storm(database, 2, work, role=None) for what in each))


def test_rolled_back_while_it_lapses(admin: Connection, database: str, numbers: list[list[str]]) -> None:
    """An order is rolled back while it takes coupons and lets lapsed ones go."""

    def step(luck: random.Random, n: int) -> tuple[Any, ...]:
        return undo(luck) if n < 4 else hold(numbers, luck, LAPSING)

    check(admin, run(database, 12, 60, step))


def test_limits_move(admin: Connection, database: str, numbers: list[list[str]]) -> None:
    """Limits change while orders are judged anew from another device."""

    def step(luck: random.Random, n: int) -> tuple[Any, ...]:
        if n < 3:
            return LIMIT, luck.choice((900001, 900002)), luck.choice((100000, 200000))
        return (hold, hold_all)[n % 2](numbers, luck, luck.choice((LAPSING, LASTING)))

    check(admin, run(database, 12, 40, step))


def test_everything(admin: Connection, database: str, numbers: list[list[str]]) -> None:
    """All of it at once."""

    def step(luck: random.Random, n: int) -> tuple[Any, ...]:
        number = luck.choice(numbers[luck.randrange(2)][:4])
        return luck.choice(
            (
                (SWEEP,),
                ("select coupon.expire_coupons(5)",),
                ("select coupon.settle_limits()",),
                (LIMIT, luck.choice((900001, 900002)), luck.choice((100000, 200000))),
                ("select coupon.rollback_redemption(%s, 'refund')", number),
                ("select coupon.transfer_coupon(%s, 0, 0)", number),
                late(numbers, luck),
                pay(luck),
                undo(luck),
                undo(luck),
                hold(numbers, luck, LAPSING),
                hold_all(numbers, luck, LAPSING),
                hold(numbers, luck, LASTING),
                hold_all(numbers, luck, LASTING),
            )
        )

    check(admin, run(database, 16, 60, step))


@pytest.mark.parametrize("level", ["repeatable read", "serializable"])
@pytest.mark.parametrize("query", [HOLD, HOLD_ALL])
def test_old_snapshot(admin: Connection, database: str, numbers: list[list[str]], level: str, query: str) -> None:
    """Whoever began before the order took a coupon of a group is refused: it would not see that one."""
    first, second = numbers[0][0], numbers[0][1]
    with psycopg.connect(database) as older:
        older.execute(f"set transaction isolation level {level}")
        older.execute("select * from coupon.wallet(0)")
        admin.execute(HOLD, (first, "o-1", LASTING, "x"))
        named = [second] if query == HOLD_ALL else second
        assert outcome(older, query, named, "o-1", LASTING, "x") == ISOLATION
    assert outcome(admin, query, named, "o-1", LASTING, "x") == "MC035"
    assert violations(admin) == []


def test_old_snapshot_of_a_payment(admin: Connection, database: str, numbers: list[list[str]]) -> None:
    """A hold that lasts is paid at any isolation level; what was over is not taken up again beside what is not seen."""
    paid = (
        "select coupon.confirm_reservation(r.reservation_id) from coupon.coupon_reservations as r "
        "where r.order_id = 'o-1' and r.coupon_number = %s"
    )
    admin.execute(HOLD, (numbers[0][0], "o-1", LAPSING, "x"))
    admin.execute(SWEEP)
    with psycopg.connect(database) as older:
        older.execute("set transaction isolation level repeatable read")
        older.execute("select * from coupon.wallet(0)")
        admin.execute(HOLD, (numbers[0][1], "o-1", LASTING, "x"))
        assert outcome(older, paid, numbers[0][0]) == ISOLATION
        older.rollback()
        older.execute("set transaction isolation level repeatable read")
        assert outcome(older, "select coupon.confirm_order('o-1', 0)") == ISOLATION
        older.rollback()
        older.execute("set transaction isolation level serializable")
        assert outcome(older, paid, numbers[0][1]) == DONE
    assert violations(admin) == []


def test_same_number_of_two_users(admin: Connection, numbers: list[list[str]]) -> None:
    """Orders of two users that have the same number do not know of each other, as their quotes say."""
    other = one(admin, "select i.coupon_number from coupon.issue_coupon(900001, 1) as i")
    admin.execute(HOLD, (numbers[0][0], "o-1", LASTING, "x"))
    context = '{"order_id": "o-1", "device": "y"}'
    assert one(admin, "select q.applicable from coupon.quote_coupon(%s, 1, 5000, %s) as q", other, context)
    assert outcome(admin, HOLD.replace(", 0,", ", 1,"), other, "o-1", LASTING, "y") == DONE
    assert outcome(admin, HOLD, numbers[0][1], "o-1", LASTING, "x") == "MC035"
    assert violations(admin) == []


def test_over_midnight(admin: Connection, database: str, numbers: list[list[str]]) -> None:
    """Orders of yesterday are judged anew with a coupon of today, under a daily and a total budget."""
    rounds = 40
    admin.execute("select coupon.set_policy_limit(900002, 'POLICY', 9000000, 'DAY', 'AMOUNT')")
    admin.execute("select coupon.set_policy_limit(900002, 'POLICY', 9000000, 'TOTAL', 'AMOUNT')")
    rows = admin.execute(
        "select i.coupon_number from generate_series(1, %s) as n, coupon.issue_coupon(900002, n * 0) as i order by 1",
        (4 * rounds,),
    ).fetchall()
    found = [number for (number,) in rows]
    admin.execute("select set_config('moadb.now', (now() - interval '1 day')::text, false)")
    for k in range(rounds):
        small = HOLD.replace("5000", "500")
        assert outcome(admin, small, found[k], f"p-{k}", "3 days", "x") == DONE
    admin.execute("reset moadb.now")
    together = threading.Barrier(4)

    def work(connection: Connection, n: int) -> list[str]:
        connection.execute("set deadlock_timeout = '100ms'")
        outcomes = []
        for k in range(rounds):
            together.wait()
            if n == 0:
                pair = [found[k], found[rounds + k]]
                outcomes.append(outcome(connection, HOLD_ALL, pair, f"p-{k}", LASTING, "x"))
            elif n == 1:
                outcomes.append(outcome(connection, LIMIT, 900002, 100000 + k))
            else:
                outcomes.append(outcome(connection, HOLD, found[n * rounds + k], f"q-{n}-{k}", LASTING, "y"))
        return outcomes

    check(admin, Counter(what for each in storm(database, 4, work, role=None) for what in each))
