"""Issuing under many sessions at once: the limits hold exactly, and nobody is refused who could have had one."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator

import psycopg
import pytest

from concurrency.sessions import Connection, one, storm, violations

SOLD_OUT = "MC006"
USER_LIMIT = "MC007"
BELOW_ISSUED = "MC009"
ISSUED = "issued"


@pytest.fixture
def admin(database: str) -> Iterator[Connection]:
    """Return a superuser's session."""
    with psycopg.connect(database, autocommit=True) as connection:
        yield connection


def add_policy(admin: Connection, limit: int | None, per_user: int | None) -> int:
    """Add a running policy and return its id."""
    row = admin.execute(
        """
        insert into coupon.coupon_policies (
          coupon_name, coupon_code, discount_type, discount_value, issue_type, max_issue_count, max_issue_per_user,
          valid_days, issue_start_date, issue_end_date
        )
        select 'storm', 'STORM-' || count(*), 'FIXED_AMOUNT', 1000, 'DIRECT', %s, %s, 30, now() - interval '1 day',
          now() + interval '1 day'
        from coupon.coupon_policies
        returning id
        """,
        (limit, per_user),
    ).fetchone()
    assert row is not None
    return int(row[0])


def issue(connection: Connection, policy: int, user: int) -> str:
    """Call issue_coupon and return 'issued' or the SQLSTATE of the refusal."""
    try:
        connection.execute("select * from coupon.issue_coupon(%s, %s)", (policy, user))
    except psycopg.Error as error:
        return error.sqlstate or "no sqlstate"
    return ISSUED


def set_limit(connection: Connection, policy: int, limit: int) -> str:
    """Change the limit and return 'set' or the SQLSTATE of the refusal."""
    try:
        connection.execute("update coupon.coupon_policies set max_issue_count = %s where id = %s", (limit, policy))
    except psycopg.Error as error:
        return error.sqlstate or "no sqlstate"
    return "set"


def test_limit_is_reached_and_never_passed(admin: Connection, database: str) -> None:
    """64 sessions ask 32 times each for a policy of 1,000: exactly 1,000 get one, the others are told it is over."""
    policy = add_policy(admin, limit=1000, per_user=1)
    outcomes = storm(database, 64, lambda c, n: Counter(issue(c, policy, n * 1000 + i) for i in range(32)))
    assert sum(outcomes, Counter()) == {ISSUED: 1000, SOLD_OUT: 64 * 32 - 1000}
    assert one(admin, "select count(*) from coupon.coupon_issues where policy_id = %s", policy) == 1000
    assert (
        one(admin, "select count(distinct coupon_number) from coupon.coupon_issues where policy_id = %s", policy)
        == 1000
    )
    assert one(admin, "select current_issue_count from coupon.v_policy_stock where policy_id = %s", policy) == 1000
    assert violations(admin) == []


def test_one_coupon_for_64_sessions(admin: Connection, database: str) -> None:
    """A stock of one goes to one."""
    policy = add_policy(admin, limit=1, per_user=1)
    outcomes = storm(database, 64, lambda c, n: issue(c, policy, n))
    assert Counter(outcomes) == {ISSUED: 1, SOLD_OUT: 63}
    assert violations(admin) == []


@pytest.mark.parametrize("limit", [None, 1000])
def test_per_user_limit_under_double_clicks(admin: Connection, database: str, limit: int | None) -> None:
    """64 sessions, 16 users, each user asked for by four sessions at once five times: three each, no more, no fewer."""
    policy = add_policy(admin, limit=limit, per_user=3)
    outcomes = storm(database, 64, lambda c, n: Counter(issue(c, policy, n % 16) for _ in range(5)))
    assert sum(outcomes, Counter()) == {ISSUED: 48, USER_LIMIT: 64 * 5 - 48}
    most = one(
        admin,
        "select max(issued) from coupon.coupon_quotas where policy_id = %s",
        policy,
    )
    assert most == 3
    assert violations(admin) == []


def test_rolled_back_coupons_return_to_the_stock(admin: Connection, database: str) -> None:
    """Half of the sessions take one and roll back; the others still get every coupon of the stock."""
    policy = add_policy(admin, limit=200, per_user=None)

    def work(connection: Connection, n: int) -> Counter[str]:
        outcomes: Counter[str] = Counter()
        for _ in range(20):
            if n % 2:
                with connection.transaction(force_rollback=True):
                    outcomes["rolled back " + issue(connection, policy, n)] += 1
            else:
                outcomes[issue(connection, policy, n)] += 1
        return outcomes

    outcomes = sum(storm(database, 32, work), Counter())
    assert outcomes[ISSUED] == 200
    assert one(admin, "select remaining from coupon.v_policy_stock where policy_id = %s", policy) == 0
    assert violations(admin) == []


def test_a_holder_of_the_last_coupon_is_waited_for(admin: Connection, database: str) -> None:
    """It is not sold out while the last coupon may still come back: the caller waits, and gets it."""
    policy = add_policy(admin, limit=1, per_user=None)
    with psycopg.connect(database) as holder:
        holder.execute("select * from coupon.issue_coupon(%s, 1)", (policy,))

        waiting = "select count(*) from pg_locks where not granted and database = %s"
        this = one(admin, "select oid from pg_database where datname = current_database()")

        def work(connection: Connection, n: int) -> str:
            if n == 1:
                while one(connection, waiting, this) == 0:
                    time.sleep(0.01)
                holder.rollback()
                return "let go"
            return issue(connection, policy, 2)

        assert storm(database, 2, work, role=None) == [ISSUED, "let go"]
    assert violations(admin) == []


def test_limit_moves_while_64_sessions_issue(admin: Connection, database: str) -> None:
    """The limit is raised and lowered during the sale: at the end what was issued fits the last limit exactly."""
    policy = add_policy(admin, limit=100, per_user=None)

    def work(connection: Connection, n: int) -> Counter[str]:
        if n > 0:
            return Counter(issue(connection, policy, n) for _ in range(40))
        connection.execute("reset role")
        for limit in (300, 200, 700, 600, 800):
            set_limit(connection, policy, limit)
        return Counter()

    outcomes = sum(storm(database, 33, work), Counter())
    assert one(admin, "select max_issue_count from coupon.coupon_policies where id = %s", policy) == 800
    assert set_limit(admin, policy, outcomes[ISSUED] - 1) == BELOW_ISSUED
    assert outcomes[ISSUED] == one(
        admin, "select current_issue_count from coupon.v_policy_stock where policy_id = %s", policy
    )
    assert set(outcomes) <= {ISSUED, SOLD_OUT}
    assert outcomes[ISSUED] <= 800
    while issue(admin, policy, 99) == ISSUED:
        pass
    assert one(admin, "select count(*) from coupon.coupon_issues where policy_id = %s", policy) == 800
    assert violations(admin) == []


def test_issuing_goes_on_after_the_last_partition(admin: Connection) -> None:
    """With the partition job off for a year, coupons go to the default partition, and are moved when it runs again."""
    policy = add_policy(admin, limit=100, per_user=None)
    admin.execute(
        "update coupon.coupon_policies set issue_end_date = now() + interval '2 years' where id = %s", (policy,)
    )
    admin.execute("select set_config('moadb.now', (now() + interval '1 year')::text, false)")
    assert issue(admin, policy, 1) == ISSUED
    assert one(
        admin, "select tableoid::regclass::text from coupon.coupon_issues where policy_id = %s", policy
    ).endswith("_default")
    admin.execute("select coupon.create_monthly_partition()")
    assert not one(
        admin, "select tableoid::regclass::text from coupon.coupon_issues where policy_id = %s", policy
    ).endswith("_default")
    admin.execute("reset moadb.now")
    assert violations(admin) == []
