"""Billing under many sessions at once: every period is billed once, whoever dies, and every payment counts once."""

from __future__ import annotations

import contextlib
import threading
import time
from collections import Counter
from collections.abc import Iterator

import psycopg
import pytest

from concurrency.sessions import Connection, one, outcome, storm, violations

ROLE = "coffee_app"
DONE = "done"
SUBSCRIPTIONS = 600
MONTHS = 4


@pytest.fixture
def admin(database: str) -> Iterator[Connection]:
    """Return a superuser's session: 600 subscriptions in three zones, all of them due for four months."""
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute(
            """
            insert into coffee.users (email, time_zone)
            select n || '@example.com', (array['Asia/Seoul', 'America/Los_Angeles', 'Pacific/Auckland'])[1 + n %% 3]
            from generate_series(1, %s) as n
            """,
            [SUBSCRIPTIONS],
        )
        connection.execute("select coffee.create_plan('pick', 'Pick', 'monthly_pick', 30000)")
        connection.execute(
            """
            select coffee.subscribe(
              u.id, (select p.id from coffee.plans as p where p.code = 'pick'), '{"street": "1"}',
              p_anchor_at => platform.period_start(now(), 1, %s, u.time_zone) + interval '1 day'
            )
            from coffee.users as u
            """,
            [-MONTHS],
        )
        yield connection


def assert_billed_once(admin: Connection) -> None:
    """Check that each of the periods is there once, with a bill and a box, and that nothing is due."""
    rows = admin.execute(
        """
        select
          count(*), count(distinct (b.subscription_id, b.period_index)), count(j.id), count(o.id), max(b.period_index)
        from coffee.billing_periods as b
        left join coffee.billing_jobs as j on j.period_id = b.id
        left join coffee.monthly_order_jobs as o on o.period_id = b.id
        """
    ).fetchone()
    total = SUBSCRIPTIONS * MONTHS
    assert rows == (total, total, total, total, MONTHS - 1)
    assert one(admin, "select count(*) from coffee.coffee_subscriptions as s where s.next_billing_at <= now()") == 0
    assert violations(admin) == []


@pytest.mark.parametrize("sessions", [2, 8])
def test_sessions_at_once(admin: Connection, database: str, sessions: int) -> None:
    """T3: two and eight sessions bill at once, each in one transaction: one charge per period, all of them made."""

    def work(connection: Connection, n: int) -> int:
        return int(one(connection, "select coffee.process_monthly_billing()"))

    handled = storm(database, sessions, work, role=ROLE)
    assert sum(handled) == SUBSCRIPTIONS * MONTHS
    assert_billed_once(admin)


@pytest.mark.parametrize("sessions", [2, 8])
def test_procedures_at_once(admin: Connection, database: str, sessions: int) -> None:
    """T3: the committing procedure in two and eight sessions at once, in small batches."""

    def work(connection: Connection, n: int) -> int:
        return int(one(connection, "call coffee.run_monthly_billing(7)"))

    handled = storm(database, sessions, work, role="coffee_admin")
    assert sum(handled) == SUBSCRIPTIONS * MONTHS
    assert_billed_once(admin)


def test_terminated_in_the_middle(admin: Connection, database: str) -> None:
    """T3: of two sessions one is terminated again and again: what it had committed stays, the rest is billed later."""
    stop = threading.Event()

    def bill(connection: Connection) -> None:
        with contextlib.suppress(psycopg.Error):
            connection.execute("call coffee.run_monthly_billing(5)")

    def victims() -> None:
        while not stop.is_set():
            with psycopg.connect(database, autocommit=True) as connection:
                bill(connection)

    with psycopg.connect(database, autocommit=True) as steady:
        thread = threading.Thread(target=victims)
        thread.start()
        killed = 0
        deadline = time.monotonic() + 60
        while killed < 5 and time.monotonic() < deadline:
            killed += admin.execute(
                """
                select count(*) filter (where pg_terminate_backend(a.pid))
                from pg_stat_activity as a
                where a.datname = current_database() and a.query like 'call coffee.run_monthly_billing%%'
                  and a.pid <> %s and a.state = 'active'
                """,
                [steady.info.backend_pid],
            ).fetchone()[0]  # type: ignore[index]
            time.sleep(0.02)
        stop.set()
        bill(steady)
        thread.join()
    assert killed > 0
    admin.execute("call coffee.run_monthly_billing()")
    assert_billed_once(admin)


def test_locked_subscriptions_wait_for_nobody(admin: Connection, database: str) -> None:
    """A subscription that somebody is busy with is passed over, and billed by the next run."""
    with psycopg.connect(database) as busy:
        busy.execute("select from coffee.coffee_subscriptions as s order by s.id limit 10 for no key update of s")
        admin.execute("set lock_timeout = '5s'")
        handled = one(admin, "select coffee.process_monthly_billing()")
        assert handled == (SUBSCRIPTIONS - 10) * MONTHS
        busy.rollback()
    assert one(admin, "select coffee.process_monthly_billing()") == 10 * MONTHS
    assert_billed_once(admin)


def test_skipped_a_moment_ago(admin: Connection, database: str) -> None:
    """A skip that is committed while billing waits to begin is seen; older snapshots are refused."""
    admin.execute("select coffee.process_monthly_billing()")
    with psycopg.connect(database) as old:
        for level in (psycopg.IsolationLevel.REPEATABLE_READ, psycopg.IsolationLevel.SERIALIZABLE):
            old.isolation_level = level
            assert outcome(old, "select coffee.process_monthly_billing()") == "MF054"
            old.rollback()


def test_users_act_while_billing_runs(admin: Connection, database: str) -> None:
    """Skips, cancellations and billing at once: no deadlock, no bill of what was cancelled or skipped."""
    admin.execute("update coffee.plans set cutoff = '0'")
    rows = admin.execute("select s.id, s.user_id from coffee.coffee_subscriptions as s order by s.id").fetchall()

    def work(connection: Connection, n: int) -> Counter[str]:
        counter: Counter[str] = Counter()
        if n < 2:
            counter[outcome(connection, "select coffee.process_monthly_billing()")] += 1
            return counter
        for place, (subscription, user) in enumerate(rows[n * 40 : n * 40 + 40]):
            if place % 2:
                query = "select coffee.cancel_subscription(%s, %s, 'now')"
                counter[outcome(connection, query, subscription, user)] += 1
            else:
                counter[outcome(connection, "select coffee.skip_period(%s, %s)", subscription, user)] += 1
        return counter

    counted: Counter[str] = sum(storm(database, 6, work, role=ROLE), Counter())
    assert counted[DONE] == 2 + 4 * 40, counted
    assert one(admin, "select coffee.process_monthly_billing()") >= 0
    open_bills = """
        select count(*)
        from coffee.billing_jobs as j
        join coffee.coffee_subscriptions as s on s.id = j.subscription_id
        where s.status = 'cancelled' and j.status not in ('cancelled', 'succeeded', 'failed')
    """
    assert one(admin, open_bills) == 0
    assert violations(admin) == []

    admin.execute("select set_config('moadb.now', (now() + interval '40 days')::text, false)")
    admin.execute("select coffee.process_monthly_billing()")
    kinds = """
        select b.kind, count(*), count(j.id)
        from coffee.period_changes as c
        join coffee.billing_periods as b on b.subscription_id = c.subscription_id and b.period_index = c.period_index
        left join coffee.billing_jobs as j on j.period_id = b.id
        group by b.kind
    """
    assert admin.execute(kinds).fetchall() == [("skipped", 80, 0)]


def open_all(admin: Connection, number: int) -> None:
    """Bill, and open the charges of so many subscriptions' first periods, as packing does."""
    admin.execute("select coffee.process_monthly_billing()")
    admin.execute(
        """
        select coffee._open_billing_job(b.id)
        from coffee.billing_periods as b
        where b.period_index = 0
        order by b.id
        limit %s
        """,
        [number],
    )


def test_charges_are_claimed_once(admin: Connection, database: str) -> None:
    """Eight workers: each charge is handed to one of them."""
    open_all(admin, 200)

    def work(connection: Connection, n: int) -> list[int]:
        claimed: list[int] = []
        while jobs := connection.execute("select c.job_id from coffee.claim_billing_jobs(3) as c").fetchall():
            claimed += [job for (job,) in jobs]
        return claimed

    claimed = [job for jobs in storm(database, 8, work, role=ROLE) for job in jobs]
    assert len(claimed) == len(set(claimed))
    rest = admin.execute("select c.job_id from coffee.claim_billing_jobs(1000) as c").fetchall()
    assert len(claimed) + len(rest) == 200
    assert {name for name, _ in violations(admin)} <= {"coffee.charges_have_boxes"}  # none was packed here


def test_results_cross(admin: Connection, database: str) -> None:
    """T10: sixteen results at once for one charge, failed and paid, once or twice: paid once, the rest goes back."""
    open_all(admin, 1)
    job, token = admin.execute("select c.job_id, c.lease_token from coffee.claim_billing_jobs(1) as c").fetchone() or ()

    def work(connection: Connection, n: int) -> str:
        result, reference = ("failed", None) if n % 4 == 0 else ("succeeded", f"payment {n % 2}")
        query = "select coffee.record_charge_result(%s, %s, %s, %s)"
        return outcome(connection, query, job, token, result, reference)

    assert Counter(storm(database, 16, work, role=ROLE)) == {DONE: 16}
    assert one(admin, "select j.status from coffee.billing_jobs as j where j.id = %s", job) == "succeeded"
    assert one(admin, "select count(*) from platform.tasks as t where t.topic = 'coffee.refund_charge'") == 1
    points = "select count(*) from coffee.experience_entries as e where e.reason = 'subscription_paid'"
    assert one(admin, points) == 1
    assert (
        one(
            admin,
            "select s.status from coffee.coffee_subscriptions as s join coffee.billing_jobs as j "
            "on j.subscription_id = s.id where j.id = %s",
            job,
        )
        == "active"
    )
    assert violations(admin) == []


def test_result_meets_cancellation(admin: Connection, database: str) -> None:
    """Forty charges are paid and their subscriptions cancelled at once: each is paid before, or given back."""
    open_all(admin, 40)
    rows = admin.execute(
        "select c.job_id, c.lease_token, c.subscription_id, c.user_id from coffee.claim_billing_jobs(40) as c"
    ).fetchall()

    def work(connection: Connection, n: int) -> Counter[str]:
        counter: Counter[str] = Counter()
        for job, token, subscription, user in rows:
            if n % 2:
                query = "select coffee.record_charge_result(%s, %s, 'succeeded', %s)"
                counter[outcome(connection, query, job, token, f"payment {job}")] += 1
            else:
                query = "select coffee.cancel_subscription(%s, %s, 'now')"
                counter[outcome(connection, query, subscription, user)] += 1
        return counter

    counted: Counter[str] = sum(storm(database, 4, work, role=ROLE), Counter())
    assert counted == {DONE: 160}
    paid = one(admin, "select count(*) from coffee.billing_jobs as j where j.status = 'succeeded'")
    refunds = one(admin, "select count(*) from platform.tasks as t where t.topic = 'coffee.refund_charge'")
    assert paid + refunds == 40
    assert violations(admin) == []


def test_the_end_of_grace_meets_a_payment(admin: Connection, database: str) -> None:
    """Forty bills are given up and paid at once: a box is kept, or its payment is given back."""
    open_all(admin, 40)
    admin.execute(
        "select coffee.record_charge_result(c.job_id, c.lease_token, 'failed') from coffee.claim_billing_jobs(40) as c"
    )
    rows = admin.execute("select a.job_id, a.lease_token from coffee.charge_attempts as a").fetchall()
    admin.execute("update coffee.coffee_subscriptions set grace_until = now() where status = 'past_due'")

    def work(connection: Connection, n: int) -> Counter[str]:
        counter: Counter[str] = Counter()
        if n == 0:
            connection.execute("reset role")
            for _ in range(20):
                counter[outcome(connection, "select coffee.end_dunning(2)")] += 1
            return counter
        for job, token in rows:
            query = "select coffee.record_charge_result(%s, %s, 'succeeded', %s)"
            counter[outcome(connection, query, job, token, f"payment {job}")] += 1
        return counter

    counted: Counter[str] = sum(storm(database, 3, work, role=ROLE), Counter())
    assert counted == {DONE: 100}
    admin.execute("select coffee.end_dunning()")
    paid = one(admin, "select count(*) from coffee.billing_jobs as j where j.status = 'succeeded'")
    refunds = one(admin, "select count(*) from platform.tasks as t where t.topic = 'coffee.refund_charge'")
    assert paid + refunds == 40
    assert violations(admin) == []


def test_notices_once(admin: Connection, database: str) -> None:
    """Four sessions tell users of their next charge: everybody is told once."""
    admin.execute("update coffee.plans set notice = '28 days'")
    admin.execute("select coffee.process_monthly_billing()")

    def work(connection: Connection, n: int) -> int:
        total = 0
        while told := int(one(connection, "select coffee.notify_upcoming(50)")):
            total += told
        return total

    storm(database, 4, work, role="coffee_admin")
    admin.execute("select coffee.notify_upcoming(10000)")
    told = "select count(*), count(distinct n.user_id) from coffee.notifications as n where n.type = 'payment_upcoming'"
    number, users = admin.execute(told).fetchone() or (0, 0)
    assert number == users == one(admin, "select count(*) from coffee.billing_notices") > 0
