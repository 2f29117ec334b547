"""Administration by many sessions at once, and while coupons are issued: no change is lost, no promise is broken."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest

from concurrency.sessions import Connection, one, outcome, storm

CREATE = """
select policy_id from coupon.create_policy('storm', %s, 'FIXED_AMOUNT', 1000, 'CODE', 30, '2020-01-01', '2100-01-01',
  p_max_issue_count => %s, p_max_issue_per_user => null, p_request_key => %s)
"""


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


def test_no_edit_is_lost(admin: Connection, database: str) -> None:
    """16 sessions add one to the same limit five times each, by reading and writing: it ends at 80."""
    policy = one(admin, CREATE, "STORM", 0, None)

    def work(connection: Connection, n: int) -> int:
        done = tries = 0
        while done < 5:
            row = connection.execute(
                "select row_version, max_issue_count from coupon.get_policy(%s)", (policy,)
            ).fetchone()
            assert row is not None
            changes = f'{{"max_issue_count": {row[1] + 1}}}'
            told = outcome(connection, "select coupon.edit_policy(%s, %s, %s)", policy, changes, row[0])
            assert told in ("done", "MC073")
            done += told == "done"
            tries += 1
        return tries

    tries = storm(database, 16, work, role="coupon_admin")
    assert sum(tries) > 80, "nobody was in anybody's way"
    assert admin.execute("select max_issue_count, row_version from coupon.get_policy(%s)", (policy,)).fetchone() == (
        80,
        81,
    )
    assert one(admin, "select count(*) from platform.audit_log where table_name = 'coupon_policies'") == 81


def test_one_of_many_gets_the_code(database: str) -> None:
    """16 sessions make a policy of the same code, however it is written."""
    outcomes = storm(
        database, 16, lambda c, n: outcome(c, CREATE, "Same" if n % 2 else "SAME", None, None), role="coupon_admin"
    )
    assert Counter(outcomes) == {"done": 1, "MC075": 15}


def test_codes_are_swapped_without_deadlock(admin: Connection, database: str) -> None:
    """Two sessions rename policies to each other's codes, one of them in two steps: the second has to take another."""
    ours, theirs = one(admin, CREATE, "OURS", 0, None), one(admin, CREATE, "THEIRS", 0, None)
    rename = "select coupon.edit_policy(%s, jsonb_build_object('coupon_code', %s::text), %s)"
    with psycopg.connect(database) as session, ThreadPoolExecutor(1) as pool:
        session.execute(rename, (ours, "BETWEEN", 1))
        with psycopg.connect(database, autocommit=True) as other:
            waiting = pool.submit(outcome, other, rename, theirs, "OURS", 1)
            while not one(admin, "select cardinality(pg_blocking_pids(%s)) > 0", other.info.backend_pid):
                assert not waiting.done(), "it did not wait"
            with pytest.raises(psycopg.Error) as refused:
                session.execute(rename, (ours, "THEIRS", 2))
            assert refused.value.sqlstate == "MC075"
            session.rollback()
            assert waiting.result() == "MC075", "the first code is still taken"


def test_one_request_makes_one_policy(admin: Connection, database: str) -> None:
    """16 sessions make the same request under the same key."""
    made = storm(database, 16, lambda c, n: one(c, CREATE, "SAME", None, "key"), role="coupon_admin")
    assert len(set(made)) == 1
    assert one(admin, "select count(*) from coupon.coupon_policies") == 1


@pytest.mark.parametrize(("end", "expected"), [("rollback", "done"), ("commit", "MC071")])
def test_worth_waits_for_who_is_issuing(admin: Connection, database: str, end: str, expected: str) -> None:
    """A coupon that is issued but not committed freezes the terms; when it is rolled back, it does not."""
    policy = one(admin, CREATE, "LIMITED", 10, None)
    with psycopg.connect(database) as issuer:
        issuer.execute("select coupon.issue_coupon(%s, 1)", (policy,))

        def work(connection: Connection, n: int) -> str:
            if n == 0:
                return outcome(connection, "select coupon.edit_policy(%s, '{\"minimum_order_amount\": 1}', 1)", policy)
            while one(connection, "select count(*) from pg_locks where not granted and pid <> pg_backend_pid()") == 0:
                time.sleep(0.01)
            issuer.execute(end)
            return "let go"

        assert storm(database, 2, work, role="coupon_admin") == [expected, "let go"]


def test_a_closed_policy_issues_nothing(admin: Connection, database: str) -> None:
    """It is closed while 32 sessions issue: whoever begins after that gets nothing."""
    policy = one(admin, CREATE, "CLOSING", None, None)

    def work(connection: Connection, n: int) -> Counter[str]:
        if n == 0:
            connection.execute("set role coupon_admin")
            connection.execute("select coupon.close_policy(%s)", (policy,))
            connection.execute("set role coupon_app")
            return Counter(outcome(connection, "select coupon.issue_coupon(%s, 0)", policy) for _ in range(3))
        return Counter(outcome(connection, "select coupon.issue_coupon(%s, %s)", policy, n) for _ in range(30))

    outcomes = storm(database, 33, work, role=None)
    assert outcomes[0] == {"MC070": 3}
    found = sum(outcomes, Counter())
    assert set(found) <= {"done", "MC070"}
    assert one(admin, "select count(*) from coupon.coupon_issues") == found["done"]


def test_room_for_codes_is_counted_exactly(admin: Connection, database: str) -> None:
    """Four random places have room for nine codes: of eight sessions that want three, three get them."""
    policy = one(admin, CREATE, "ROOM", None, None)
    outcomes = storm(
        database,
        8,
        lambda c, n: outcome(c, "select coupon.generate_codes(%s, 3, 'ROOM-#####')", policy),
        role="coupon_admin",
    )
    assert Counter(outcomes) == {"done": 3, "MC068": 5}
    assert one(admin, "select count(*) from coupon.policy_codes where not is_main") == 9


def test_imports_that_share_codes(admin: Connection, database: str) -> None:
    """Eight sessions import the same 500 codes for eight policies, in different orders: each code has one owner."""
    policies = [one(admin, CREATE, f"IMPORT-{n}", None, None) for n in range(8)]
    codes = [f"SHARED-{n}" for n in range(500)]

    def work(connection: Connection, n: int) -> Counter[str]:
        shuffled = codes[n * 60 :] + codes[: n * 60]
        rows = connection.execute("select outcome from coupon.import_codes(%s, %s)", (policies[n], shuffled)).fetchall()
        return Counter(str(row[0]) for row in rows)

    assert sum(storm(database, 8, work, role="coupon_admin"), Counter()) == {"IMPORTED": 500, "TAKEN": 3500}
