"""Roll-ups, channels and their money, while sessions load, set rates, and move accounts, channels and currencies."""

from __future__ import annotations

import random
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import psycopg
import pytest
from psycopg.types.json import Jsonb

from concurrency.sessions import Connection, await_lock, one, outcome, overtake, storm, violations

SHOP = """
insert into marketing.users (id, email, password_hash, name) values (1, 'a@example.com', 'x', 'A');
insert into marketing.workspaces (id, name, report_currency) values (1, 'Won', 'KRW'), (2, 'Dollar', 'USD');
insert into marketing.workspace_members (workspace_id, user_id, role) values (1, 1, 'admin'), (2, 1, 'admin');
insert into marketing.marketing_accounts (id, platform, account_id, currency, time_zone)
select n, 'google_ads', 'g' || n, case when n % 2 = 1 then 'KRW' else 'USD' end, 'Asia/Seoul'
from generate_series(1, 4) as n;
insert into marketing.account_connections (workspace_id, marketing_account_id, user_id)
select 1, n, 1 from generate_series(1, 4) as n union all values (2, 1, 1), (2, 2, 1);
insert into marketing.campaigns (id, marketing_account_id, campaign_id, campaign_name, platform, channel_id)
select a * 10 + n, a, 'c' || n, 'C' || n, 'google_ads', (select min(h.id) + n % 3 from marketing.channels as h)
from generate_series(1, 4) as a, generate_series(1, 4) as n;
select marketing.set_rates(jsonb_agg(jsonb_build_object('base', 'USD', 'quote', 'KRW', 'date', d.day, 'rate', 1400)))
from unnest('{2025-12-12,2025-12-19,2025-12-26}'::date[]) as d (day);
"""
UPSERT = "select marketing.upsert_campaign_metrics(%s)"
RATE = """select marketing.set_rates('[{{"base": "USD", "quote": "KRW", "date": "{}", "rate": {}}}]')"""
LOAD = "select marketing.upsert_campaign_metrics('[{}]')".format(
    '{"campaign_id": 21, "date": "2025-12-30", "impressions": 10, "clicks": 1, "cost": 2.5, "revenue": 4}'
)
TOTALS = """
select sum(d.impressions)::bigint, sum(d.cost), (select sum(w.cost) from marketing.campaign_weekly as w),
  (select sum(m.cost) from marketing.campaign_monthly as m)
from marketing.campaign_daily as d
"""
# In one statement, so of one snapshot: whatever a reader sees was left by whole commits.
HALVES = """
select
  (select sum(p.cost) from marketing.performance(1, '2025-12-01', '2026-01-31', 'day', 'channel') as p),
  (select sum(p.cost) from marketing.performance(1, '2025-12-01', '2026-01-31', 'total', 'campaign') as p),
  (select sum(c.total_spend) from marketing.channel_performance as c where c.workspace_id = 1),
  (select sum(p.impressions) from marketing.performance(1, '2025-12-29', '2026-01-11', 'week', 'workspace') as p),
  (select sum(d.impressions)
   from marketing.campaign_daily as d where d.date between '2025-12-29' and '2026-01-11')
"""


@pytest.fixture
def shop(database: str) -> Iterator[Connection]:
    """Return a superuser's session: two workspaces, four accounts in two currencies, 16 campaigns."""
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute(SHOP)
        yield connection


def broken(connection: Connection) -> list[Any]:
    """Return the invariants of marketing that do not hold."""
    return [violation for violation in violations(connection) if violation[0].startswith("marketing.")]


def some_rows(chance: random.Random, account: int) -> list[dict[str, Any]]:
    """Return rows of an account around the end of a year, whole days and hours mixed, each place at most once."""
    places = {
        (account * 10 + chance.randint(1, 4), chance.randint(0, 20), chance.choice([None, None, 0, 13, 23]))
        for _ in range(40)
    }
    return [
        {
            "campaign_id": campaign,
            "date": f"2025-12-{12 + day}" if day < 20 else "2026-01-01",
            "hour": hour,
            "impressions": chance.randint(50, 900),
            "clicks": chance.randint(0, 50),
            "cost": chance.randint(0, 10**8) / 100,
            "conversions": chance.randint(0, 9) / 2,
            "revenue": chance.randint(-100, 900),
        }
        for campaign, day, hour in places
    ]


def test_sums_are_the_facts(shop: Connection, database: str) -> None:
    """Eight sessions load four accounts of one workspace, two each the same; readers see no half of a load."""

    def work(connection: Connection, n: int) -> list[tuple[Any, ...]]:
        chance = random.Random(n)
        if n >= 8:
            connection.execute("reset role")
            return [connection.execute(HALVES).fetchone() or () for _ in range(12)]
        for _ in range(12):
            one(connection, UPSERT, Jsonb(some_rows(chance, 1 + n % 4)))
        return []

    seen = [row for rows in storm(database, 10, work, role="marketing_admin") for row in rows]
    assert seen
    for daily, whole, channels, week, days in seen:
        assert daily == whole == channels
        assert week == days
    assert broken(shop) == []
    impressions, cost, weeks, months = shop.execute(TOTALS).fetchone() or ()
    assert impressions > 0
    assert cost == weeks == months
    assert (impressions, cost) == shop.execute("""
        select sum(m.impressions)::bigint, sum(m.cost) from marketing.campaign_metrics as m
        where m.hour is null or not exists (
          select from marketing.campaign_metrics as d
          where d.campaign_id = m.campaign_id and d.date = m.date and d.hour is null
        )
    """).fetchone()


def test_everything_moves_at_once(shop: Connection, database: str) -> None:
    """T7: rates, channels, currencies and connections change while accounts are loaded: nothing is left behind."""

    def work(connection: Connection, n: int) -> None:
        chance = random.Random(n)
        for turn in range(10):
            if n < 4:
                one(connection, UPSERT, Jsonb(some_rows(chance, n + 1)))
            elif n == 4:
                day, rate = f"2025-12-{chance.randint(12, 31)}", chance.choice(["1390.5", "1410", "null"])
                one(connection, RATE.format(day, rate))
            elif n == 5:
                channel = chance.choice(["google_search", "youtube", "google_display"])
                one(connection, "select marketing.set_channel(%s, %s)", chance.choice([11, 22, 33]), channel)
            elif n == 6:
                changes = {"report_currency": "USD" if turn % 2 else "KRW", "rate_max_age": chance.choice([3, 7])}
                one(connection, "select marketing.edit_workspace(%s, %s)", 1 + turn % 2, Jsonb(changes))
            elif turn % 2 == 0:
                one(connection, "select marketing.disconnect_account(1, 3)")
            else:
                one(connection, "select marketing.connect_account(1, 'google_ads', 'g3', p_user_id => 1)")

    storm(database, 8, work, role="marketing_admin")
    assert broken(shop) == []


@pytest.mark.parametrize(
    "change",
    [
        RATE.format("2025-12-29", 1500),
        RATE.format("2025-12-26", "null"),
        "select marketing.set_channel(21, 'youtube')",
        """select marketing.edit_workspace(1, '{"report_currency": "USD"}')""",
        "select marketing.disconnect_account(1, 2)",
        "select marketing.connect_account(2, 'google_ads', 'g4', p_user_id => 1)",
    ],
)
@pytest.mark.parametrize("load_first", [True, False])
def test_a_change_meets_a_load(shop: Connection, database: str, change: str, load_first: bool) -> None:
    """What changes figures of the past waits for a load that is at work, or the load for it; then both count."""
    load = LOAD.replace("21", "41") if "g4" in change else LOAD
    first, second = (load, change) if load_first else (change, load)
    assert overtake(database, first, second, role="marketing_admin") == "done"
    assert broken(shop) == []
    assert one(shop, "select count(*) from marketing.campaign_daily") == 1


def test_a_rate_meets_a_rate(shop: Connection, database: str) -> None:
    """Two sessions set rates that the same days depend on: the channels are converted by both."""
    outcome(shop, LOAD)
    first = RATE.format("2025-12-28", 1450)
    assert overtake(database, first, RATE.format("2025-12-29", 1500), role="marketing_admin") == "done"
    assert one(shop, "select c.total_spend from marketing.channel_performance as c where c.workspace_id = 1") == 3750
    assert broken(shop) == []


def test_rates_are_set_and_taken_away(shop: Connection, database: str) -> None:
    """Rates that one session sets and another takes away, in the opposite order: the second waits for the first."""
    days = ["2025-12-12", "2025-12-19"]
    base = {"base": "USD", "quote": "KRW"}
    query = "select marketing.set_rates(%s)"
    with (
        psycopg.connect(database) as holder,
        psycopg.connect(database, autocommit=True) as setter,
        psycopg.connect(database, autocommit=True) as taker,
        ThreadPoolExecutor(2) as pool,
    ):
        holder.execute("select from marketing.fx_rates as r where r.date = %s for update", days[1:])
        rows = Jsonb([{**base, "date": day, "rate": 6} for day in days])
        first = pool.submit(outcome, setter, query, rows)
        await_lock(shop, setter)
        rows = Jsonb([{**base, "date": day, "rate": None} for day in reversed(days)])
        second = pool.submit(outcome, taker, query, rows)
        await_lock(shop, taker)
        holder.commit()
        assert (first.result(), second.result()) == ("done", "done")
        assert one(shop, "select count(*) from marketing.fx_rates as r where r.date = any (%s::date[])", days) == 0
        assert violations(shop) == []
