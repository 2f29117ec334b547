"""What budgets have spent, under many sessions at once: every commit leaves the sum, and a level is told once."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import psycopg
import pytest

from concurrency.sessions import Connection, one, outcome, overtake, storm, violations

DAY = "2026-06-01"
ROW = '[{{"campaign_id": {campaign}, "date": "{day}", "impressions": 1, "clicks": 1, "cost": {cost}}}]'
# In one statement, so of one snapshot: both are as one commit left them.
WRONG = """
    select b.id, b.spent_amount, s.cost
    from marketing.budgets as b
    cross join lateral (
      select coalesce(sum(d.cost), 0) as cost
      from marketing.campaign_daily as d
      where d.date between b.start_date and b.end_date
        and (b.scope = 'workspace' or d.campaign_id in (
          select m.campaign_id from marketing.budget_campaigns as m where m.budget_id = b.id
        ))
    ) as s
    where b.spent_amount <> s.cost
"""
TOLD = "select a.kind, a.level, a.revision from marketing.budget_alerts as a where a.budget_id = %s order by a.id"
TASKS = "select count(*) from platform.tasks as t where t.topic = 'marketing.budget_alert'"


def load(campaign: int, cost: int, day: str = DAY) -> str:
    """Return a statement that loads what a campaign spent on a day."""
    return f"select marketing.upsert_campaign_metrics('{ROW.format(campaign=campaign, cost=cost, day=day)}')"


def create(amount: int, campaigns: str = "null") -> str:
    """Return a statement that makes a budget of June."""
    return (
        f"select marketing.create_budget(1, 'June', {amount}, 'monthly', '2026-06-01', p_campaign_ids => {campaigns})"
    )


def broken(admin: Connection) -> list[Any]:
    """Return the invariants of marketing that do not hold; that no partition was made for past months is none of it."""
    return [violation for violation in violations(admin) if violation[0].startswith("marketing.")]


@pytest.fixture
def admin(database: str) -> Iterator[Connection]:
    """Return a superuser's session: one workspace, its account, sixteen campaigns."""
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute("""
            insert into marketing.workspaces (id, name) values (1, 'Agency');
            insert into marketing.users (id, email, password_hash, name) values (1, 'a@example.com', 'x', 'A');
            insert into marketing.workspace_members (workspace_id, user_id, role) values (1, 1, 'admin');
            insert into marketing.marketing_accounts (id, platform, account_id, currency, time_zone)
            values (1, 'naver_ads', 'n-1', 'KRW', 'Asia/Seoul');
            insert into marketing.account_connections (workspace_id, marketing_account_id, user_id) values (1, 1, 1);
            insert into marketing.campaigns (id, marketing_account_id, campaign_id, campaign_name, platform)
            select n, 1, 'c-' || n, 'C', 'naver_ads' from generate_series(1, 16) as n;
        """)
        yield connection


def test_every_commit_leaves_the_sum(admin: Connection, database: str) -> None:
    """T12: loads that rise and fall, on budgets that overlap, while a reader compares what each commit left."""
    admin.execute(create(100_000))
    admin.execute(create(50_000, "array[1, 2, 3, 4]::bigint[]"))
    admin.execute(create(50_000, "array[3, 4, 5, 6]::bigint[]"))
    done = False

    def read() -> int:
        looks = 0
        with psycopg.connect(database, autocommit=True) as reader:
            while not done:
                assert reader.execute(WRONG).fetchall() == []
                looks += 1
        return looks

    def work(connection: Connection, n: int) -> Counter[str]:
        dice = random.Random(n)
        return Counter(
            outcome(connection, load(n + 1, dice.randrange(5000), f"2026-06-{dice.randrange(1, 4):02}"))
            for _ in range(25)
        )

    with ThreadPoolExecutor(1) as pool:
        reading = pool.submit(read)
        try:
            outcomes = sum(storm(database, 8, work, None), Counter())
        finally:
            done = True
        assert reading.result() > 0
    assert outcomes == {"done": 200}
    assert admin.execute(WRONG).fetchall() == []
    assert broken(admin) == []


def test_a_level_is_told_once(admin: Connection, database: str) -> None:
    """T12: sixteen loads at once, each of which reaches 80 per cent or more: one alert for each level, and one task."""
    budget = one(admin, create(1000))
    assert storm(database, 16, lambda c, n: outcome(c, load(n + 1, 900)), None) == ["done"] * 16
    assert admin.execute(TOLD, [budget]).fetchall() == [("spent", 80, 1), ("spent", 100, 1)]
    assert one(admin, TASKS) == 2
    admin.execute("select marketing.edit_budget(%s, '{\"amount\": 15000}')", [budget])
    assert storm(database, 16, lambda c, n: outcome(c, load(n + 1, 901)), None) == ["done"] * 16
    assert admin.execute(TOLD, [budget]).fetchall()[2:] == [("spent", 80, 2)]
    assert one(admin, TASKS) == 3
    assert broken(admin) == []


def test_an_alert_lives_and_dies_with_its_load(admin: Connection, database: str) -> None:
    """Nobody is told of what was not loaded, and nobody before it was."""
    budget = one(admin, create(1000))
    with psycopg.connect(database) as loader:
        loader.execute(load(1, 900))
        assert loader.execute(TOLD, [budget]).fetchall() == [("spent", 80, 1)]
        assert one(admin, TASKS) == 0
        loader.rollback()
        assert (one(admin, TASKS), admin.execute(TOLD, [budget]).fetchall()) == (0, [])
        loader.execute(load(1, 900))
        loader.commit()
    assert one(admin, TASKS) == 1


@pytest.mark.parametrize(
    "second",
    [
        load(2, 500),
        'select marketing.edit_budget(1, \'{"start_date": "2026-05-01"}\')',
        "select marketing.set_budget_campaigns(1, array[1, 2]::bigint[])",
        create(1000),
        "select marketing.disconnect_account(1, 1)",
    ],
    ids=["load", "edit", "campaigns", "create", "disconnect"],
)
def test_who_meets_a_load_waits_and_sees_it(admin: Connection, database: str, second: str) -> None:
    """A second load, or a change of the budget, counts what the first has written, and the first is not lost."""
    assert one(admin, create(100_000, "array[1]::bigint[]")) == 1
    assert overtake(database, load(1, 700), second, None) == "done"
    assert broken(admin) == []
    connected = "disconnect" not in second
    assert one(admin, "select b.spent_amount from marketing.budgets as b where b.id = 1") >= (700 if connected else 0)


def test_changes_meet_loads(admin: Connection, database: str) -> None:
    """Raising, moving, choosing and making budgets beside loads and the job: nobody waits in a circle."""
    for n in range(4):
        admin.execute(create(2000 + n, f"array[{n + 1}, {n + 5}]::bigint[]"))
    admin.execute(create(9000))
    changes = [
        "select marketing.edit_budget({b}, jsonb_build_object('amount', {n} * 1000))",
        "select marketing.set_budget_campaigns({c}, array[{n}, 9]::bigint[])",
        "select marketing.edit_budget({b}, jsonb_build_object('end_date', '2026-07-{n:02}'))",
        "select marketing.evaluate_budget_alerts()",
        create(5000),
    ]

    def work(connection: Connection, n: int) -> Counter[str]:
        dice = random.Random(n)
        done: Counter[str] = Counter()
        for _ in range(12):
            if n % 2:
                done[outcome(connection, load(n + 1, dice.randrange(3000)))] += 1
            else:
                change = dice.choice(changes)
                values = {"b": dice.randrange(1, 6), "c": dice.randrange(1, 5), "n": dice.randrange(1, 13)}
                done[outcome(connection, change.format(**values))] += 1
        return done

    assert sum(storm(database, 8, work, None), Counter()) == {"done": 96}
    assert broken(admin) == []


def test_the_pace_is_told_once(admin: Connection, database: str) -> None:
    """The job in four sessions at once: each budget is judged by one of them."""
    for _ in range(6):
        admin.execute(create(30_000))
    for day in range(1, 9):
        admin.execute(load(1, 2000, f"2026-06-{day:02}"))
    told = "select count(*) from marketing.budget_alerts as a where a.kind = 'pace'"

    def work(connection: Connection, n: int) -> int:
        connection.execute("set moadb.now = '2026-06-09 12:00+09'")
        return int(one(connection, "select marketing.evaluate_budget_alerts()"))

    assert sum(storm(database, 4, work, None)) == 6
    assert one(admin, told) == 6


def test_an_old_snapshot_is_refused(admin: Connection, database: str) -> None:
    """It would not see what others have loaded meanwhile."""
    admin.execute(create(1000))
    with psycopg.connect(database) as old:
        old.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        assert one(old, "select count(*) from marketing.budgets") == 1
        admin.execute(load(1, 100))
        assert outcome(old, load(2, 100)) == "MM094"
