"""Reserving, redeeming and expiring under many sessions at once: a coupon counts once, and no paid order is lost."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import psycopg
import pytest

from concurrency.sessions import Connection, one, outcome, overtake, storm, violations

USED = "MC016"
HELD = "MC017"
NOT_USED = "MC023"
CONFIRMED = "MC020"
LOST = "MC022"
REACHED = "MC033"
DONE = "done"


@pytest.fixture
def admin(database: str) -> Iterator[Connection]:
    """Return a superuser's session."""
    with psycopg.connect(database, autocommit=True) as connection:
        yield connection


def add_coupons(admin: Connection, users: int, limit: int | None = 1000) -> list[str]:
    """Add a policy, and return the number of a coupon for each of the users 0, 1, …"""
    admin.execute(
        """
        insert into coupon.coupon_policies (
          id, coupon_name, coupon_code, discount_type, discount_value, issue_type, max_issue_count, max_issue_per_user,
          valid_days, issue_start_date, issue_end_date
        )
        values (900001, 'storm', 'STORM', 'FIXED_AMOUNT', 1000, 'DIRECT', %s, 1, 30, now() - interval '1 day',
          now() + interval '1 day')
        """,
        (limit,),
    )
    rows = admin.execute(
        "select i.coupon_number from generate_series(0, %s - 1) as u, coupon.issue_coupon(900001, u) as i order by u",
        (users,),
    ).fetchall()
    return [number for (number,) in rows]


def reserve(connection: Connection, number: str, user: int, order: str, ttl: str = "30 minutes") -> str:
    """Reserve, and return the id of the reservation."""
    query = "select r.reservation_id from coupon.reserve_coupon(%s, %s, %s, 5000, %s) as r"
    return str(one(connection, query, number, user, order, ttl))


def lapse(admin: Connection) -> None:
    """Let the time of every hold be over, as if an hour had gone by."""
    admin.execute(
        "update coupon.coupon_reservations set reserved_at = reserved_at - interval '1 hour', "
        "expires_at = expires_at - interval '1 hour' where status = 'PENDING'"
    )


def statuses(admin: Connection) -> dict[str, int]:
    """Return how many coupons there are of each status."""
    return dict(admin.execute("select i.status, count(*) from coupon.coupon_issues as i group by 1").fetchall())


def test_one_coupon_many_orders(admin: Connection, database: str) -> None:
    """T3: 16 orders want the same coupon: one has it, the others are told who."""
    (number,) = add_coupons(admin, 1)
    query = "select coupon.reserve_coupon(%s, 0, %s, 5000)"
    assert Counter(storm(database, 16, lambda c, n: outcome(c, query, number, f"o-{n}"))) == {DONE: 1, HELD: 15}
    assert one(admin, "select count(*) from coupon.coupon_reservations") == 1
    assert violations(admin) == []


def test_one_order_reserves_many_times(admin: Connection, database: str) -> None:
    """16 clicks on the same button are one reservation."""
    (number,) = add_coupons(admin, 1)
    assert len(set(storm(database, 16, lambda c, n: reserve(c, number, 0, "o-1")))) == 1
    assert violations(admin) == []


def test_one_order_is_paid_once(admin: Connection, database: str) -> None:
    """T5: the payment is reported 16 times: the coupon is used once, and everybody hears the same."""
    (number,) = add_coupons(admin, 1)
    reservation = reserve(admin, number, 0, "o-1")
    query = "select c.used_at from coupon.confirm_reservation(%s) as c"
    assert len(set(storm(database, 16, lambda c, n: one(c, query, reservation)))) == 1
    used = "select count(*) from coupon.coupon_issue_audit as a where a.details ->> 'new_status' = 'USED'"
    assert one(admin, used) == 1
    assert violations(admin) == []


def test_paid_or_given_up(admin: Connection, database: str) -> None:
    """Each of 40 orders is paid and cancelled at once: paid wins, before or after, and nothing is lost between."""
    numbers = add_coupons(admin, 40)
    reservations = [reserve(admin, number, user, f"o-{user}") for user, number in enumerate(numbers)]

    def work(connection: Connection, n: int) -> Counter[str]:
        query = ("select coupon.confirm_reservation(%s)", "select coupon.cancel_reservation(%s, 'declined')")[n % 2]
        return Counter(f"{n % 2} {outcome(connection, query, reservation)}" for reservation in reservations)

    outcomes = sum(storm(database, 8, work), Counter())
    assert outcomes["0 done"] == 4 * 40
    assert set(outcomes) <= {"0 done", "1 done", f"1 {CONFIRMED}"}
    assert statuses(admin) == {"USED": 40}
    assert violations(admin) == []


def test_paid_while_the_hold_expires(admin: Connection, database: str) -> None:
    """T9: the holds of 200 paid orders have lapsed, and the job releases them while the payments come in."""
    numbers = add_coupons(admin, 200)
    reservations = [reserve(admin, number, user, f"o-{user}") for user, number in enumerate(numbers)]
    lapse(admin)

    def work(connection: Connection, n: int) -> Counter[str]:
        if n < 2:
            connection.execute("reset role")
            while one(connection, "select coupon.expire_reservations(7)"):
                pass
            return Counter()
        mine = reservations[n - 2 :: 6]
        return Counter(outcome(connection, "select coupon.confirm_reservation(%s)", r) for r in mine)

    assert sum(storm(database, 8, work), Counter()) == {DONE: 200}
    assert statuses(admin) == {"USED": 200}
    assert violations(admin) == []


def test_paid_late_against_another_order(admin: Connection, database: str) -> None:
    """100 holds have lapsed; the order that had it is paid while another reserves it: one of the two has it."""
    numbers = add_coupons(admin, 100)
    reservations = [reserve(admin, number, user, f"o-{user}") for user, number in enumerate(numbers)]
    lapse(admin)

    def work(connection: Connection, n: int) -> list[str]:
        if n % 2:
            query = "select coupon.reserve_coupon(%s, %s, %s, 5000)"
            return [outcome(connection, query, number, user, f"p-{user}") for user, number in enumerate(numbers)]
        return [outcome(connection, "select coupon.confirm_reservation(%s)", r) for r in reservations]

    paid, reserved = storm(database, 2, work)
    assert set(zip(paid, reserved, strict=True)) <= {(DONE, USED), (LOST, DONE)}
    assert statuses(admin) == {s: n for s, n in {"USED": paid.count(DONE), "RESERVED": paid.count(LOST)}.items() if n}
    assert violations(admin) == []


def test_lapsed_holds_give_way_to_many(admin: Connection, database: str) -> None:
    """40 holds that are a limit have lapsed, and no sweep comes by: of 80 others 40 have what these had."""
    numbers = add_coupons(admin, 120)
    for limit in ("'POLICY', 40", "'POLICY', 40000, p_measure => 'AMOUNT'"):
        admin.execute(f"select coupon.set_policy_limit(900001, {limit})".encode())
    for user in range(40):
        reserve(admin, numbers[user], user, f"o-{user}")
    lapse(admin)

    def work(connection: Connection, n: int) -> Counter[str]:
        query = "select coupon.reserve_coupon(%s, %s, %s, 5000)"
        mine = range(40 + n, 120, 8)
        return Counter(outcome(connection, query, numbers[user], user, f"o-{user}") for user in mine)

    assert sum(storm(database, 8, work), Counter()) == {DONE: 40, REACHED: 40}
    assert statuses(admin) == {"RESERVED": 40, "ISSUED": 80}
    assert violations(admin) == []


def test_declined_and_tried_again(admin: Connection, database: str) -> None:
    """T8: 40 orders each are declined, released, tried again and paid, over and over, in many sessions at once."""
    numbers = add_coupons(admin, 40)

    def work(connection: Connection, n: int) -> None:
        for user in range(n, 40, 8):
            for _ in range(3):
                reservation = reserve(connection, numbers[user], user, f"o-{user}")
                connection.execute("select coupon.cancel_reservation(%s, 'declined')", (reservation,))
            connection.execute("select coupon.confirm_reservation(%s)", (reservation,))

    storm(database, 8, work)
    assert statuses(admin) == {"USED": 40}
    assert one(admin, "select count(*) from coupon.coupon_reservations") == 40
    assert violations(admin) == []


def test_rolled_back_once(admin: Connection, database: str) -> None:
    """A refund that is reported eight times gives one coupon back; the order cannot redeem it again."""
    (number,) = add_coupons(admin, 1)
    reservation = reserve(admin, number, 0, "o-1")
    admin.execute("select coupon.confirm_reservation(%s)", (reservation,))
    query = "select coupon.rollback_redemption(%s, 'refund')"
    assert Counter(storm(database, 8, lambda c, n: outcome(c, query, number))) == {DONE: 1, NOT_USED: 7}
    assert outcome(admin, "select coupon.confirm_reservation(%s)", reservation) == "MC021"
    assert statuses(admin) == {"ISSUED": 1}
    assert violations(admin) == []


@pytest.mark.parametrize("limit", [None, 40])
def test_cancelled_coupons_return(admin: Connection, database: str, limit: int | None) -> None:
    """Eight sessions cancel all 40 coupons while orders reserve them: stock and counts get back what was cancelled."""
    numbers = add_coupons(admin, 40, limit)

    def work(connection: Connection, n: int) -> list[str]:
        if n % 2:
            return [outcome(connection, "select coupon.cancel_coupon(%s, 'mistake')", number) for number in numbers]
        query = "select coupon.reserve_coupon(%s, %s, %s, 5000)"
        return [outcome(connection, query, number, user, f"o-{n}") for user, number in enumerate(numbers)]

    storm(database, 8, work)
    found = statuses(admin)
    assert found.get("RESERVED", 0) + found.get("CANCELLED", 0) == 40
    query = "select current_issue_count from coupon.v_policy_stock where policy_id = 900001"
    assert one(admin, query) == found.get("RESERVED", 0)
    assert violations(admin) == []
    again = [outcome(admin, "select coupon.issue_coupon(900001, %s)", user) for user in range(40)]
    assert again.count(DONE) == found.get("CANCELLED", 0)
    assert violations(admin) == []


def test_issuing_goes_on_while_coupons_are_cancelled(admin: Connection, database: str) -> None:
    """A policy of 30: 16 sessions issue and cancel in turn, and the stock is exact at the end."""
    add_coupons(admin, 0, 30)

    def work(connection: Connection, n: int) -> Counter[str]:
        outcomes: Counter[str] = Counter()
        for _ in range(20):
            try:
                number = one(connection, "select i.coupon_number from coupon.issue_coupon(900001, %s) as i", n)
            except psycopg.Error as error:
                outcomes[error.sqlstate or "no sqlstate"] += 1
            else:
                connection.execute("select coupon.cancel_coupon(%s, 'changed my mind')", (number,))
                outcomes[DONE] += 1
        return outcomes

    assert sum(storm(database, 16, work), Counter()) == {DONE: 320}
    assert one(admin, "select remaining from coupon.v_policy_stock where policy_id = 900001") == 30
    assert violations(admin) == []


def test_coupons_go_round(admin: Connection, database: str) -> None:
    """Eight users give their coupons to the next one, in both directions at once: nobody waits for ever, all add up."""
    numbers = add_coupons(admin, 8)
    admin.execute("update coupon.coupon_policies set max_issue_per_user = 8 where id = 900001")
    query = "select i.user_id from coupon.coupon_issues as i where i.id = %s"
    ids = [one(admin, "select id from coupon.coupon_issues where coupon_number = %s", number) for number in numbers]
    admin.execute("grant select on coupon.coupon_issues to coupon_app")

    def work(connection: Connection, n: int) -> Counter[str]:
        outcomes: Counter[str] = Counter()
        for step in range(40):
            k = (n + step) % 8
            holder = one(connection, query, ids[k])
            to = (holder + (1 if n % 2 else 7)) % 8
            outcomes[outcome(connection, "select coupon.transfer_coupon(%s, %s, %s)", numbers[k], holder, to)] += 1
        return outcomes

    outcomes = sum(storm(database, 8, work), Counter())
    assert set(outcomes) <= {DONE, "MC013"}
    assert one(admin, "select sum(issued::integer) from coupon.coupon_quotas where policy_id = 900001") == 8
    assert violations(admin) == []


def test_two_sweeps_expire_each_coupon_once(admin: Connection, database: str) -> None:
    """The time of 300 coupons is over; four sweeps run at once while orders still reserve."""
    numbers = add_coupons(admin, 300)
    admin.execute("select set_config('moadb.now', (now() + interval '31 days')::text, false)")

    def work(connection: Connection, n: int) -> int:
        connection.execute("reset role")
        if n >= 4:
            for user, number in enumerate(numbers):
                outcome(connection, "select coupon.reserve_coupon(%s, %s, 'o', 5000)", number, user)
            return 0
        connection.execute("select set_config('moadb.now', (now() + interval '31 days')::text, false)")
        expired = 0
        while found := one(connection, "select coupon.expire_coupons(20)"):
            expired += found
        return expired

    expired = sum(storm(database, 6, work))
    rest = one(admin, "select coupon.expire_coupons(1000)")
    assert {"EXPIRED": expired + rest} == {k: v for k, v in statuses(admin).items() if k == "EXPIRED"}
    assert set(statuses(admin)) <= {"EXPIRED", "RESERVED"}
    assert violations(admin) == []


@pytest.mark.parametrize(
    ("busy", "sweep", "mark", "count"),
    [
        (
            "select from coupon.coupon_reservations where order_id = 'o-1' for update",
            "select coupon.expire_reservations(100)",
            "select r.released_to from coupon.release_progress as r",
            "select count(*) from coupon.coupon_reservations as r where r.status = 'PENDING'",
        ),
        (
            "select from coupon.coupon_issues where user_id = 1 for update",
            "select coupon.expire_coupons(100)",
            "select e.expired_to from coupon.expiry_progress as e",
            "select count(*) from coupon.coupon_issues as i where i.status = 'ISSUED'",
        ),
    ],
)
def test_what_a_sweep_passes_over_is_seen_again(
    admin: Connection, database: str, busy: str, sweep: str, mark: str, count: str
) -> None:
    """A sweep after a long pause meets a row that is locked for a moment, among others: it is the next one's."""
    numbers = add_coupons(admin, 6)
    for user in (0, 1, 2):
        reserve(admin, numbers[user], user, f"o-{user}", f"{user + 1} minutes")
    if "expire_coupons" in sweep:
        admin.execute("update coupon.coupon_reservations set status = 'CANCELLED'")
    admin.execute("select set_config('moadb.now', (now() + interval '60 days')::text, false)")
    with psycopg.connect(database) as checkout:
        checkout.execute(busy.encode())
        assert one(admin, sweep) > 0
        before = one(admin, mark)
    assert one(admin, sweep) == 1
    assert one(admin, count) == 0
    assert one(admin, sweep) == 0
    assert one(admin, mark) >= before
    assert violations(admin) == []


def test_the_sweeps_do_not_wait_for_each_other(admin: Connection, database: str) -> None:
    with psycopg.connect(database) as sweep:
        sweep.execute("select coupon.expire_coupons(1)")
        admin.execute("set lock_timeout = '1s'")
        assert one(admin, "select coupon.expire_reservations(1)") == 0


def test_an_order_is_given_up_while_its_hold_lapses(admin: Connection, database: str) -> None:
    """The sweep was first: the order has nothing to give back, and nobody hears of an error."""
    numbers = add_coupons(admin, 1)
    reserve(admin, numbers[0], 0, "o-1")
    lapse(admin)
    admin.execute("grant execute on function coupon.expire_reservations(integer) to coupon_app")
    sweep, give_up = "select coupon.expire_reservations(1)", "select coupon.rollback_order('o-1', 0, 'changed my mind')"
    assert overtake(database, sweep, give_up) == "done"
    assert statuses(admin) == {"ISSUED": 1}
    assert admin.execute(give_up.encode()).fetchall() == []
    assert one(admin, "select r.status from coupon.coupon_reservations as r") == "EXPIRED"
    assert violations(admin) == []
