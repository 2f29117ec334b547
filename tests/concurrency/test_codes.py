"""Claiming by code under many sessions at once: a code gives what it may, and guesses are counted exactly."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import psycopg
import pytest

from concurrency.sessions import Connection, one, storm

ISSUED = "ISSUED"
UNKNOWN = "CODE_UNKNOWN"
THROTTLED = "MC060"
USED_UP = "MC064"


@pytest.fixture
def admin(database: str) -> Iterator[Connection]:
    """Return a superuser's session; nothing is violated when the test ends."""
    with psycopg.connect(database, autocommit=True) as connection:
        yield connection
        assert (
            connection.execute(
                "select c.invariant, c.sample from platform.check_invariants('coupon') as c where c.violations > 0"
            ).fetchall()
            == []
        )


def add_policy(admin: Connection, code: str = "STORM", per_user: int | None = None) -> int:
    """Add a running policy that is claimed by code, and return its id."""
    policy = one(
        admin,
        """
        insert into coupon.coupon_policies (
          coupon_name, coupon_code, discount_type, discount_value, issue_type, max_issue_per_user, valid_days,
          issue_start_date, issue_end_date
        )
        values ('storm', %s, 'FIXED_AMOUNT', 1000, 'CODE', %s, 30, now() - interval '1 day', now() + interval '1 day')
        returning id
        """,
        code,
        per_user,
    )
    return int(policy)


def add_code(admin: Connection, policy: int, code: str, max_uses: int | None) -> None:
    """Add a code to a policy."""
    admin.execute(
        "insert into coupon.policy_codes (policy_id, code, max_uses) values (%s, %s, %s)", (policy, code, max_uses)
    )


def claim(connection: Connection, code: str, user: int, address: str | None = None) -> str:
    """Call issue_coupon_by_code and return the status that it answers, or the SQLSTATE of the refusal."""
    try:
        return str(
            one(connection, "select status from coupon.issue_coupon_by_code(%s, %s, null, %s)", code, user, address)
        )
    except psycopg.Error as error:
        return error.sqlstate or "no sqlstate"


@pytest.mark.parametrize("uses", [1, 3])
def test_a_code_gives_as_many_as_it_may(admin: Connection, database: str, uses: int) -> None:
    """64 sessions of 64 users claim one code at once."""
    add_code(admin, add_policy(admin), "ONLY", uses)
    outcomes = storm(database, 64, lambda c, n: claim(c, "only", n))
    assert Counter(outcomes) == {ISSUED: uses, USED_UP: 64 - uses}
    assert one(admin, "select count(*) from coupon.coupon_issues") == uses


def test_uses_that_are_rolled_back_or_cancelled_come_back(admin: Connection, database: str) -> None:
    """A third of the sessions rolls back, a third cancels; the code is used up by the others, and fully."""
    add_code(admin, add_policy(admin), "TEN", 10)

    def work(connection: Connection, n: int) -> Counter[str]:
        outcomes: Counter[str] = Counter()
        for _ in range(10):
            if n % 3 == 0:
                with connection.transaction(force_rollback=True):
                    claim(connection, "TEN", n)
            elif n % 3 == 1:
                with connection.transaction():
                    row = connection.execute("select coupon_number from coupon.wallet(%s, 'ISSUED')", (n,)).fetchone()
                    if row is not None:
                        connection.execute("select coupon.cancel_coupon(%s, 'storm')", row)
                claim(connection, "TEN", n)
            else:
                outcomes[claim(connection, "TEN", n)] += 1
        for (number,) in connection.execute("select coupon_number from coupon.wallet(%s, 'ISSUED')", (n,)).fetchall():
            if n % 3 == 1:
                connection.execute("select coupon.cancel_coupon(%s, 'storm')", (number,))
        return outcomes

    issued = sum(storm(database, 30, work), Counter())[ISSUED]
    while claim(admin, "TEN", 1000) == ISSUED:
        issued += 1
    assert issued == 10
    assert one(admin, "select uses from coupon.policy_codes where code = 'TEN'") == 10


def test_a_public_code_is_no_queue(admin: Connection, database: str) -> None:
    """While one user's claim is not committed, others claim by the same code."""
    add_policy(admin, "PUBLIC")
    with psycopg.connect(database) as holder:
        assert claim(holder, "PUBLIC", 1) == ISSUED
        admin.execute("set lock_timeout = '5s'")
        assert claim(admin, "public", 2) == ISSUED


def test_guesses_of_a_user_are_counted_exactly(admin: Connection, database: str) -> None:
    """32 sessions of one user try 128 wrong codes: ten are answered, all others refused; then the right one is, too."""
    add_policy(admin, "RIGHT")
    outcomes = storm(database, 32, lambda c, n: Counter(claim(c, f"WRONG-{n}-{i}", 7) for i in range(4)))
    assert sum(outcomes, Counter()) == {UNKNOWN: 10, THROTTLED: 118}
    assert claim(admin, "RIGHT", 7) == THROTTLED
    assert claim(admin, "RIGHT", 8) == ISSUED


def test_a_user_gains_nothing_by_many_sessions(admin: Connection, database: str) -> None:
    """One session has the right code, 63 keep the user's calls busy: who comes after ten wrong ones is refused."""
    add_policy(admin, "RIGHT")
    outcomes = storm(database, 64, lambda c, n: claim(c, "RIGHT" if n == 63 else f"WRONG-{n}", 7))
    found = Counter(outcomes)
    assert found[UNKNOWN] == 10
    assert found[ISSUED] <= 1
    assert found[THROTTLED] == 64 - 10 - found[ISSUED]


def test_guesses_of_an_address_are_counted_exactly(admin: Connection, database: str) -> None:
    """32 users of one address try 160 wrong codes: 100 are answered."""
    outcomes = storm(database, 32, lambda c, n: Counter(claim(c, f"W-{n}-{i}", n, "192.0.2.7") for i in range(5)))
    assert sum(outcomes, Counter()) == {UNKNOWN: 100, THROTTLED: 60}
    assert claim(admin, "WRONG", 99, "192.0.2.8") == UNKNOWN


def test_what_is_rolled_back_was_not_guessed(admin: Connection, database: str) -> None:
    """The limit holds for users, not for a role that rolls back: that is what the manual says, and this is why."""
    add_policy(admin, "RIGHT")
    with psycopg.connect(database) as attacker:
        attacker.execute("set role coupon_app")
        attacker.commit()
        for n in range(30):
            assert claim(attacker, f"WRONG-{n}", 7) == UNKNOWN
            attacker.rollback()
    assert one(admin, "select count(*) from platform.token_buckets where bucket like 'coupon.%%'") == 0


def test_two_codes_that_differ_in_case_are_one(admin: Connection, database: str) -> None:
    """Policies and codes of one name are made in 16 sessions at once: one is."""
    policy = add_policy(admin, "HOME")

    def work(connection: Connection, n: int) -> str:
        try:
            if n % 2:
                add_policy(connection, "Same" if n % 4 == 1 else "sAME")
            else:
                add_code(connection, policy, "SAME" if n % 4 == 0 else "same", None)
        except psycopg.errors.UniqueViolation:
            return "taken"
        return "made"

    assert Counter(storm(database, 16, work, role=None)) == {"made": 1, "taken": 15}
