"""How coupon systems have failed elsewhere, one test each, by number; the other numbers are in the files beside.

tests/catalog/test_failure_modes_listed.py says what each number means and fails when one has no test.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator

import psycopg
import pytest
from psycopg.types.json import Jsonb

from concurrency.sessions import Connection, one, outcome, overtake, storm, violations

POLICY = 900001
SOLD_OUT = "MC006"
USER_LIMIT = "MC007"
DONE = "done"

ISSUE = "select coupon.issue_coupon(900001, %s)"


@pytest.fixture
def admin(database: str) -> Iterator[Connection]:
    """Return a superuser's session."""
    with psycopg.connect(database, autocommit=True) as connection:
        yield connection


def add_policy(admin: Connection, limit: int | None, per_user: int | None, policy: int = POLICY) -> None:
    """Add a policy that runs for two years."""
    admin.execute(
        """
        insert into coupon.coupon_policies (
          id, coupon_name, coupon_code, discount_type, discount_value, issue_type, max_issue_count, max_issue_per_user,
          valid_days, issue_start_date, issue_end_date
        )
        values (%(id)s, 'failure', 'FAILURE-' || %(id)s::bigint, 'FIXED_AMOUNT', 1000, 'DIRECT', %(limit)s,
          %(per_user)s, 30, now() - interval '1 day', now() + interval '2 years')
        """,
        {"id": policy, "limit": limit, "per_user": per_user},
    )


def issue(connection: Connection, user: int) -> str:
    """Issue a coupon and return its number."""
    return str(one(connection, "select i.coupon_number from coupon.issue_coupon(900001, %s) as i", user))


def reserve(connection: Connection, number: str, user: int, order: str) -> str:
    """Reserve a coupon and return the reservation's id."""
    return str(
        one(
            connection, "select r.reservation_id from coupon.reserve_coupon(%s, %s, %s, 5000) as r", number, user, order
        )
    )


def count(admin: Connection) -> int:
    """Return how many coupons there are that are not cancelled."""
    return int(one(admin, "select count(*) from coupon.coupon_issues as i where i.status <> 'CANCELLED'"))


@pytest.mark.parametrize(
    ("limit", "per_user", "users", "refusal"),
    [(1, 1, 64, SOLD_OUT), (None, 1, 1, USER_LIMIT), (1, None, 1, SOLD_OUT), (64, 1, 1, USER_LIMIT)],
)
def test_one_of_64_claims(
    admin: Connection, database: str, limit: int | None, per_user: int | None, users: int, refusal: str
) -> None:
    """T1: 64 sessions claim at once where the stock, or the user's limit, is one: one coupon, 63 refusals."""
    add_policy(admin, limit, per_user)
    outcomes = Counter(storm(database, 64, lambda c, n: outcome(c, ISSUE, n % users)))
    assert outcomes == {DONE: 1, refusal: 63}
    assert count(admin) == 1
    assert violations(admin) == []


def test_three_redemptions_of_a_voucher(admin: Connection, database: str) -> None:
    """T2: a voucher may be redeemed three times; 16 sessions redeem it at once: three do."""
    add_policy(admin, None, 1)
    admin.execute("select coupon.set_policy_limit(900001, 'POLICY', 3)")

    def redeem(connection: Connection, n: int) -> str:
        number = issue(connection, n)
        try:
            held = reserve(connection, number, n, f"o-{n}")
        except psycopg.Error as error:
            return error.sqlstate or "no sqlstate"
        return outcome(connection, "select coupon.confirm_reservation(%s)", held)

    assert Counter(storm(database, 16, redeem)) == {DONE: 3, "MC033": 13}
    assert one(admin, "select count(*) from coupon.coupon_issues as i where i.status = 'USED'") == 3
    assert violations(admin) == []


FREE = ""
RESERVED = "select coupon.reserve_coupon('{number}', 0, 'o-1', 5000)"
LAPSED = (
    RESERVED + "; update coupon.coupon_reservations set reserved_at = now() - interval '2 h',"
    " expires_at = now() - interval '1 h'"
)
USED = RESERVED + "; select coupon.confirm_reservation(r.reservation_id) from coupon.coupon_reservations as r"
TRANSFER = "select coupon.transfer_coupon('{number}', 0, 1)"
CANCEL = "select coupon.cancel_coupon('{number}', 'x')"
CONFIRM = "select coupon.confirm_reservation('{reservation}')"
RELEASE = "select coupon.cancel_reservation('{reservation}', 'x')"
ROLL_BACK = "select coupon.rollback_redemption('{number}', 'x')"
OTHER_ORDER = "select coupon.reserve_coupon('{number}', 0, 'o-2', 5000)"


@pytest.mark.parametrize(
    ("state", "first", "second", "refusal"),
    [
        (FREE, RESERVED, OTHER_ORDER, "MC017"),
        (FREE, RESERVED, TRANSFER, "MC017"),
        (FREE, RESERVED, CANCEL, "MC017"),
        (FREE, TRANSFER, RESERVED, "MC013"),
        (FREE, TRANSFER, "select coupon.transfer_coupon('{number}', 0, 2)", "MC013"),
        (FREE, CANCEL, RESERVED, "MC015"),
        (FREE, CANCEL, TRANSFER, "MC015"),
        (RESERVED, CONFIRM, RELEASE, "MC020"),
        (RESERVED, CONFIRM, OTHER_ORDER, "MC016"),
        (RESERVED, CONFIRM, CANCEL, "MC016"),
        (LAPSED, OTHER_ORDER, CONFIRM, "MC022"),
        (LAPSED, CONFIRM, OTHER_ORDER, "MC016"),
        (USED, ROLL_BACK, ROLL_BACK, "MC023"),
        (USED, ROLL_BACK, CONFIRM, "MC021"),
        (FREE, "select coupon.issue_coupon(900001, 7)", "select coupon.issue_coupon(900001, 8)", SOLD_OUT),
        (FREE, "select coupon.issue_coupon(900001, 7)", "select coupon.issue_coupon(900001, 7)", SOLD_OUT),
        (FREE, "select coupon.issue_coupon(900002, 7)", "select coupon.issue_coupon(900002, 7)", USER_LIMIT),
    ],
)
def test_nothing_changed_is_no_success(
    admin: Connection, database: str, state: str, first: str, second: str, refusal: str
) -> None:
    """T4: a call whose rows another one changed while it waited finds nothing to change, and says so."""
    add_policy(admin, 2, None)
    add_policy(admin, None, 1, policy=900002)
    number = issue(admin, 0)
    admin.execute(state.format(number=number).encode())
    found = admin.execute("select r.reservation_id from coupon.coupon_reservations as r").fetchone()
    names = {"number": number, "reservation": found and found[0]}
    assert overtake(database, first.format(**names), second.format(**names)) == refusal
    assert violations(admin) == []


def test_a_second_coupon_of_an_order(admin: Connection, database: str) -> None:
    """T6: an order holds the only coupon its user may redeem; eight sessions add another: the first stays as it is."""
    add_policy(admin, None, 1)
    add_policy(admin, None, 1, policy=900002)
    admin.execute("select coupon.set_policy_limit(900001, 'USER', 1)")
    first = issue(admin, 0)
    second = one(admin, "select i.coupon_number from coupon.issue_coupon(900002, 0) as i")
    held = reserve(admin, first, 0, "o-1")
    both = "select r.reservation_id, r.discount_amount from coupon.reserve_coupons(%s, 0, 'o-1', 5000) as r order by 1"
    answers = storm(database, 8, lambda c, n: c.execute(both, ([first, second],)).fetchall())
    assert answers == [answers[0]] * 8
    assert [discount for _, discount in answers[0]] == [1000, 1000]
    assert held in [reservation for reservation, _ in answers[0]]
    assert outcome(admin, "select coupon.confirm_order('o-1', 0)") == DONE
    assert one(admin, "select count(*) from coupon.coupon_issues as i where i.status = 'USED'") == 2
    assert violations(admin) == []


def test_cancelled_orders_give_back(admin: Connection, database: str) -> None:
    """T7: 16 paid orders are cancelled at once: their coupons are free again, and cancelling those frees the quotas."""
    add_policy(admin, 16, 1)

    def order(connection: Connection, user: int) -> str:
        number = issue(connection, user)
        connection.execute("select coupon.confirm_reservation(%s)", (reserve(connection, number, user, f"o-{user}"),))
        return number

    numbers = storm(database, 16, order)
    assert outcome(admin, ISSUE, 99) == SOLD_OUT

    def cancel_order(connection: Connection, user: int) -> str:
        status = one(connection, "select coupon.rollback_redemption(%s, 'order cancelled')", numbers[user])
        again = reserve(connection, numbers[user], user, f"p-{user}")  # another order may have it now
        connection.execute("select coupon.cancel_reservation(%s, 'order cancelled')", (again,))
        return str(status)

    assert storm(database, 16, cancel_order) == ["ISSUED"] * 16
    assert outcome(admin, ISSUE, 99) == SOLD_OUT, "they are still their holders'"
    storm(database, 16, lambda c, user: c.execute("select coupon.cancel_coupon(%s, 'back')", (numbers[user],)))
    assert one(admin, "select remaining from coupon.v_policy_stock where policy_id = 900001") == 16
    assert Counter(storm(database, 16, lambda c, user: outcome(c, ISSUE, user))) == {DONE: 16}
    assert outcome(admin, ISSUE, 0) == SOLD_OUT
    assert violations(admin) == []


def claims(database: str, policy: int) -> set[str]:
    """Let eight users claim a coupon each and return what came of it."""
    return set(storm(database, 8, lambda c, n: outcome(c, "select coupon.issue_coupon(%s, %s)", policy, n)))


def test_no_limit_and_a_limit_of_none(admin: Connection, database: str) -> None:
    """T11: null is no limit, 0 is a limit of nothing, and no row is no limit either, for eight sessions each."""
    cases = [(None, None, DONE), (0, None, SOLD_OUT), (None, 0, USER_LIMIT), (8, 1, DONE)]
    for policy, (limit, per_user, expected) in enumerate(cases, 900001):
        add_policy(admin, limit, per_user, policy=policy)
        assert claims(database, policy) == {expected}, (limit, per_user)

    issued = "select i.coupon_number from coupon.coupon_issues as i where i.policy_id = 900001 order by i.user_id"
    numbers = [number for (number,) in admin.execute(issued)]
    query = "select coupon.reserve_coupon(%s, %s, %s, 5000)"
    for maximum, expected in ((None, DONE), (0, "MC033")):
        admin.execute("select coupon.set_policy_limit(900001, 'POLICY', %s)", (maximum,))
        outcomes = storm(database, 8, lambda c, n: outcome(c, query, numbers[n], n, f"o-{n}"))
        assert set(outcomes) == {expected}, maximum
        admin.execute("select coupon.cancel_reservation(r.reservation_id, 'x') from coupon.coupon_reservations as r")
    assert violations(admin) == []


def test_paid_after_the_coupon_expired(admin: Connection, database: str) -> None:
    """T12: 16 orders are paid a year after their coupons expired: each gets the discount that it was quoted."""
    add_policy(admin, 16, 1)
    later = one(admin, "select (now() + interval '1 year')::text")
    holds = storm(database, 16, lambda c, n: reserve(c, issue(c, n), n, f"o-{n}"))
    admin.execute("select set_config('moadb.now', %s, false)", (later,))
    admin.execute("select coupon.expire_coupons(100), coupon.expire_reservations(100)")

    def pay(connection: Connection, n: int) -> int:
        connection.execute("select set_config('moadb.now', %s, false)", (later,))
        query = "select c.discount_amount from coupon.confirm_reservation(%s) as c"
        return int(one(connection, query, holds[n]))

    assert storm(database, 16, pay) == [1000] * 16
    admin.execute("select platform.maintain_partitions()")
    assert one(admin, "select count(*) from coupon.coupon_issues as i where i.status = 'USED'") == 16
    assert violations(admin) == []


def test_parts_sum_to_the_whole(admin: Connection) -> None:
    """T13: three lines at every odd per cent and at 100, and amounts above the total: exact, and never negative."""
    dice = random.Random(13)
    for place, value in enumerate([*range(1, 100, 14), 33, 100, None]):
        policy = 900001 + place
        add_policy(admin, None, None, policy=policy)
        if value is not None:
            admin.execute(
                "update coupon.coupon_policies set discount_type = 'PERCENTAGE', discount_value = %s where id = %s",
                (value, policy),
            )
        number = one(admin, "select i.coupon_number from coupon.issue_coupon(%s, 1) as i", policy)
        for _ in range(10):
            lines = [{"id": str(k), "amount": dice.choice([0, 1, 33, 101, 999, 12345])} for k in range(3)]
            total = sum(int(str(line["amount"])) for line in lines)
            row = admin.execute(
                "select q.discount_amount, q.payable_amount, q.lines from coupon.quote_coupons(%s, 1, %s, %s) as q",
                ([number], total, Jsonb({"lines": lines})),
            ).fetchone()
            assert row is not None
            discount, payable, parts = row
            assert discount == (min(1000, total) if value is None else int((total * value + 50) // 100))
            assert payable == total - discount
            assert sum(part["discount"] for part in parts) == discount
            assert all(0 <= part["discount"] <= part["amount"] for part in parts)


@pytest.mark.parametrize("limit", [None, 30000])
def test_numbers_in_bulk(admin: Connection, database: str, limit: int | None) -> None:
    """T15: three sessions issue 10,000 coupons each, in one transaction each: 30,000 numbers, all different."""
    add_policy(admin, limit, None)

    def bulk(connection: Connection, n: int) -> set[str]:
        users = f"generate_series({n}0001, {n + 1}0000)"
        source = (
            f"coupon.issue_coupons(900001, array(select {users}))"
            if n
            else f"{users} as u, coupon.issue_coupon(900001, u)"
        )
        with connection.transaction():
            query = f"select i.coupon_number from {source} as i"
            return {number for (number,) in connection.execute(query.encode())}

    assert len(set().union(*storm(database, 3, bulk))) == 30000
    assert one(admin, "select count(distinct i.coupon_number) from coupon.coupon_issues as i") == 30000
    assert violations(admin) == []


def test_the_month_rolls_over_without_jobs(admin: Connection, database: str) -> None:
    """T16: a year after the partition job stopped, eight sessions issue and redeem; the job repairs it meanwhile."""
    add_policy(admin, 400, None)
    later = one(admin, "select (now() + interval '1 year')::text")
    default = """
        select count(*) from (
          select i.tableoid from coupon.coupon_issues as i
          union all
          select a.tableoid from coupon.coupon_issue_audit as a
        ) as r
        where r.tableoid::regclass::text like '%%_default'
    """

    def work(connection: Connection, n: int) -> None:
        connection.execute("select set_config('moadb.now', %s, false)", (later,))
        if n == 8:
            return
        for k in range(20):
            number = issue(connection, n)
            reservation = reserve(connection, number, n, f"o-{n}-{k}")
            if k % 4:
                connection.execute("select coupon.confirm_reservation(%s)", (reservation,))
            else:
                connection.execute("select coupon.cancel_reservation(%s, 'declined')", (reservation,))
                connection.execute("select coupon.cancel_coupon(%s, 'back')", (number,))

    storm(database, 8, work)
    assert one(admin, default) == 160 + 120 * 3 + 40 * 4, "the coupons and their records"

    def work_and_repair(connection: Connection, n: int) -> None:
        if n < 8:
            return work(connection, n)
        connection.execute("reset role")
        connection.execute("select set_config('moadb.now', %s, false)", (later,))
        connection.execute("select coupon.create_monthly_partition()")
        return None

    storm(database, 9, work_and_repair)
    admin.execute("select set_config('moadb.now', %s, false)", (later,))
    admin.execute("select coupon.create_monthly_partition(), platform.maintain_partitions()")
    assert one(admin, default) == 0
    statuses = "select i.status, count(*) from coupon.coupon_issues as i group by 1 order by 1"
    assert admin.execute(statuses).fetchall() == [("CANCELLED", 80), ("USED", 240)]
    assert violations(admin) == []


HOLD = """
    insert into coupon.coupon_reservations (
      reservation_id, coupon_id, user_id, order_id, order_amount, discount_amount, expires_at
    )
    select 'second', i.id, i.user_id, 'o-2', 5000, 1000, now() + interval '1 hour' from coupon.coupon_issues as i
"""


@pytest.mark.parametrize(
    ("state", "attack"),
    [
        (USED, "update coupon.coupon_issues set status = 'ISSUED'"),
        (
            USED,
            "update coupon.coupon_issues set status = 'ISSUED', used_at = null, reserved_at = null, order_id = null,"
            " reservation_id = null",
        ),
        (USED, "update coupon.coupon_reservations set status = 'PENDING'"),
        (USED, HOLD),
        (RESERVED, HOLD),
        (FREE, "update coupon.coupon_stock set remaining = remaining - 2"),
        (FREE, "update coupon.coupon_stock set capacity = capacity + 1"),
        (FREE, "update coupon.coupon_policies set max_issue_count = 0"),
        (FREE, "delete from coupon.coupon_issues"),
    ],
)
def test_raw_sql_is_refused(admin: Connection, database: str, state: str, attack: str) -> None:
    """T17: the owner's raw SQL in four sessions at once: none can use a coupon twice, or issue more than there are."""
    add_policy(admin, 1, None)
    admin.execute(state.format(number=issue(admin, 0)).encode())
    outcomes = storm(database, 4, lambda c, n: outcome(c, attack), role="moadb_owner")
    assert {code[:2] for code in outcomes} <= {"MC", "MP", "23"}, "refused by a rule, in each of them"
    assert violations(admin) == []
