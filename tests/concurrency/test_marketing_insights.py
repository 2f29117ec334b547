"""Insight rules that run in many sessions at once, while users apply and dismiss what they find."""

from __future__ import annotations

import psycopg
import pytest

from concurrency.sessions import Connection, one, outcome, storm, violations

SHOP = """
insert into marketing.users (id, email, password_hash, name) values (1, 'a@example.com', 'x', 'a');
insert into marketing.workspaces (id, name) values (1, 'one'), (2, 'two');
insert into marketing.workspace_members (workspace_id, user_id, role) values (1, 1, 'user'), (2, 1, 'user');
insert into marketing.marketing_accounts (id, platform, account_id, currency, time_zone)
values (1, 'google_ads', 'g1', 'KRW', 'Asia/Seoul');
insert into marketing.account_connections (workspace_id, marketing_account_id, user_id) values (1, 1, 1), (2, 1, 1);
insert into marketing.campaigns (id, marketing_account_id, campaign_id, campaign_name, platform)
select n, 1, 'c' || n, 'C' || n, 'google_ads' from generate_series(1, 20) as n;
insert into marketing.campaign_daily (
  campaign_id, date, impressions, clicks, cost, conversions, revenue, likes, shares, comments, saves
)
select c, '2026-11-17'::date - d, 1000, 100, 100000, 5, case when d = 0 then 0 else 60000 end, 0, 0, 0, 0
from generate_series(1, 20) as c, generate_series(0, 60) as d;
"""
RUN = "select marketing.run_insight_rules(%s::bigint, %s::date)"


@pytest.fixture
def shop(database: str) -> str:
    """Return a database with two workspaces that have the same account: 20 campaigns, each earning too little."""
    with psycopg.connect(database) as connection:
        connection.execute(SHOP)
    return database


def test_a_finding_is_told_once(shop: str) -> None:
    """8 sessions look at the same days, for all workspaces or for one: an insight for each campaign and workspace."""

    def work(connection: Connection, n: int) -> int:
        days = ["2026-11-15", "2026-11-16", "2026-11-17"]
        for day in days if n % 2 else days[::-1]:
            one(connection, RUN, n % 3 or None, day)
        return int(one(connection, RUN, None, "2026-11-17"))

    storm(shop, 8, work, role="marketing_admin")
    with psycopg.connect(shop) as connection:
        assert connection.execute(
            "select workspace_id, count(*), count(distinct dedupe_key), min(last_day)::text from marketing.insights "
            "where rule_code = 'roas_low' group by 1 order by 1"
        ).fetchall() == [(1, 20, 20, "2026-11-17"), (2, 20, 20, "2026-11-17")]
        assert one(connection, RUN, None, "2026-11-17") == 0
        assert not [v for v in violations(connection) if v[0].startswith("marketing.insights")]


def test_what_has_expired_is_told_once_again(shop: str) -> None:
    """Sessions that run the rules meet those that close what has expired: one insight stands, one is closed."""
    with psycopg.connect(shop) as connection:
        one(connection, RUN, None, "2026-11-17")
        connection.execute("update marketing.insights set created_at = '2020-01-01', expires_at = '2020-02-01'")

    def work(connection: Connection, n: int) -> int:
        if n % 3:
            return int(one(connection, RUN, None, "2026-11-17"))
        return -int(one(connection, "select marketing.expire_insights(7)"))

    told = storm(shop, 9, work, role="marketing_admin")
    with psycopg.connect(shop) as connection:
        found = connection.execute(
            "select count(*), count(*) filter (where closed_at is null) from marketing.insights "
            "group by workspace_id, dedupe_key"
        ).fetchall()
        assert sum(n for n in told if n > 0) == len(found)
        assert set(found) == {(2, 1)}


def test_it_is_applied_or_dismissed(shop: str) -> None:
    """Users apply and dismiss the same insights while the rules run: each is one of the two, nobody hangs."""
    with psycopg.connect(shop) as connection:
        one(connection, RUN, None, "2026-11-16")
        ids = [row[0] for row in connection.execute("select id from marketing.insights order by 1")]

    def work(connection: Connection, n: int) -> set[str]:
        if n == 0:
            one(connection, RUN, None, "2026-11-17")
            return {"done"}
        call = "select marketing.apply_insight(%s)" if n % 2 else "select marketing.dismiss_insight(%s)"
        connection.execute("set moadb.marketing_user = '1'")
        return {outcome(connection, call, key) for key in (ids if n % 4 < 2 else ids[::-1])}

    outcomes = set().union(*storm(shop, 6, work, role=None))
    assert outcomes <= {"done", "MM111"}
    with psycopg.connect(shop) as connection:
        assert (
            one(connection, "select count(*) from marketing.insights where is_applied = (dismissed_at is not null)")
            == 0
        )
