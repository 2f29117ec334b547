"""Benchmark of the dashboard: marketing.performance beside the query that one writes over the raw rows.

A workspace has 100 campaigns in eight channels, with a row for every hour of 13 months: 950,000 rows, loaded by
marketing's own loader. Each question of the dashboard is asked of the roll-ups, as an application does, with
marketing.performance and row-level roles checked; and of marketing.campaign_metrics by a plain GROUP BY of the hours,
which need not even know that a day may have a daily row. Both give the same figures, or the benchmark ends.

The questions: months by channel, campaigns as a whole, weeks by channel, days of the workspace, all over 13 months, and
months by channel where half of the campaigns are in another currency, which raw rows cannot answer without joining the
rates of each day. Caches are warm, tables analysed; medians of the rounds. JSON on standard output, progress on
standard error. It takes two minutes on two cores.

    python scripts/bench/marketing/dashboard.py [--server embedded|system] [--campaigns 100] [--rounds 15] [--json FILE]
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from psycopg import Connection

from moadb import deploy
from moadb.connection import connect
from moadb.server import LocalServer, find_binaries

FIRST, LAST = "2025-10-01", "2026-10-31"

SHOP = """
insert into marketing.users (id, email, password_hash, name) values (1, 'bench@example.com', 'x', 'Bench');
insert into marketing.workspaces (id, name, report_currency) values (1, 'One currency', 'KRW'), (2, 'Two', 'KRW');
insert into marketing.workspace_members (workspace_id, user_id, role) values (1, 1, 'viewer'), (2, 1, 'viewer');
insert into marketing.marketing_accounts (id, platform, account_id, currency, time_zone)
values (1, 'google_ads', 'won', 'KRW', 'Asia/Seoul'), (2, 'google_ads', 'won too', 'KRW', 'Asia/Seoul'),
  (3, 'meta_ads', 'dollars', 'USD', 'America/Los_Angeles');
insert into marketing.account_connections (workspace_id, marketing_account_id, user_id)
values (1, 1, 1), (1, 2, 1), (2, 1, 1), (2, 3, 1);
insert into marketing.fx_rates (base, quote, date, rate)
select 'USD', 'KRW', d, 1300 + extract(doy from d) / 2
from generate_series(%(first)s::date, %(last)s::date, interval '1 day') as d
where extract(isodow from d) < 6;
"""

CAMPAIGNS = """
insert into marketing.campaigns (id, marketing_account_id, campaign_id, campaign_name, platform, channel_id)
select
  a.id * 100000 + n, a.id, 'c' || n, 'Campaign ' || n, a.platform,
  (select h.id from marketing.channels as h order by h.id offset n %% 8 limit 1)
from marketing.marketing_accounts as a
cross join generate_series(1, %(half)s) as n
"""

HOURS = """
select
  c.id, d::date, h::smallint, 1000 + (c.id * 7 + h) % 500, 10 + (c.id + h) % 40,
  (100 + (c.id * 13 + h * 7) % 900)::numeric(20, 6), ((c.id + h) % 4 / 2.0)::numeric(20, 6),
  (300 + (c.id * 17 + h) % 4000)::numeric(20, 6), 1::bigint, 0::bigint, 2::bigint, 0::bigint, d + interval '3 days'
from marketing.campaigns as c
cross join generate_series('{first}'::timestamptz, '{last}'::timestamptz, interval '1 day') as d
cross join generate_series(0, 23) as h
where c.marketing_account_id = {account}
"""

RAW = """
select
  {period} as period, {group} as "group",
  sum(m.impressions), sum(m.clicks), sum(m.cost), sum(m.conversions), sum(m.revenue),
  round(100.0 * sum(m.clicks) / nullif(sum(m.impressions), 0), 6) as ctr,
  round(sum(m.cost) / nullif(sum(m.clicks), 0), 6) as cpc,
  round(1000 * sum(m.cost) / nullif(sum(m.impressions), 0), 6) as cpm,
  round(sum(m.revenue) / nullif(sum(m.cost), 0), 6) as roas
from marketing.campaign_metrics as m
join marketing.campaigns as c on c.id = m.campaign_id
join marketing.account_connections as n on n.marketing_account_id = c.marketing_account_id
where n.workspace_id = 1 and n.disconnected_at is null and m.date between '{first}' and '{last}'
group by 1, 2
order by 1, 2
"""

RAW_TWO_CURRENCIES = """
select
  date_trunc('month', m.date)::date as period, c.channel_id as "group",
  sum(m.impressions), sum(m.clicks), sum(m.cost * r.rate), sum(m.conversions), sum(m.revenue * r.rate),
  round(100.0 * sum(m.clicks) / nullif(sum(m.impressions), 0), 6) as ctr,
  round(sum(m.cost * r.rate) / nullif(sum(m.clicks), 0), 6) as cpc,
  round(1000 * sum(m.cost * r.rate) / nullif(sum(m.impressions), 0), 6) as cpm,
  round(sum(m.revenue * r.rate) / nullif(sum(m.cost * r.rate), 0), 6) as roas
from marketing.campaign_metrics as m
join marketing.campaigns as c on c.id = m.campaign_id
join marketing.marketing_accounts as a on a.id = c.marketing_account_id
join marketing.account_connections as n on n.marketing_account_id = a.id
join (
  select distinct on (d.date) d.date::date as date, f.rate
  from generate_series('{first}'::timestamp, '{last}'::timestamp, interval '1 day') as d (date)
  join marketing.fx_rates as f
    on f.base = 'USD' and f.quote = 'KRW' and f.date between d.date - interval '7 days' and d.date
  order by d.date, f.date desc
) as f on f.date = m.date
cross join lateral (select case a.currency when 'USD' then f.rate else 1 end as rate) as r
where n.workspace_id = 2 and n.disconnected_at is null and m.date between '{first}' and '{last}'
group by 1, 2
order by 1, 2
"""

ROLLED = """
select
  p.period_from, p.group_id, p.impressions, p.clicks, p.cost, p.conversions, p.revenue, p.ctr, p.cpc, p.cpm, p.roas
from marketing.performance({workspace}, '{first}', '{last}', '{grain}', '{by}') as p
order by 1, 2
"""

QUESTIONS = {
    "months by channel": ("date_trunc('month', m.date)::date", "c.channel_id", 1, "month", "channel"),
    "campaigns as a whole": ("'{first}'::date", "c.id", 1, "total", "campaign"),
    "weeks by channel": (
        "greatest(date_trunc('week', m.date)::date, '{first}'::date)", "c.channel_id", 1, "week", "channel"
    ),
    "days of the workspace": ("m.date", "n.workspace_id", 1, "day", "workspace"),
    "months by channel, two currencies": ("", "", 2, "month", "channel"),
}  # fmt: skip


def load(connection: Connection, campaigns: int) -> int:
    """Make the workspaces and load their facts as a bulk load does; return the number of rows."""
    connection.execute("set time zone 'UTC'")
    dates = {"first": FIRST, "last": LAST}
    for statement in SHOP.split(";\n"):
        connection.execute(statement, dates)
    connection.execute(CAMPAIGNS, {"half": campaigns // 2})
    connection.execute("select marketing._cover_months(%(first)s, %(last)s)", dates)
    rows = 0
    for account in (1, 2, 3):
        print(f"account {account} is loaded", file=sys.stderr, flush=True)
        row = connection.execute(
            """
            select l.inserted
            from marketing._load_metrics(
              %s, array(select c.id from marketing.campaigns as c where c.marketing_account_id = %s), %s, %s
            ) as l
            """,
            [HOURS.format(account=account, **dates), account, FIRST, LAST],
        ).fetchone()
        assert row is not None
        rows += row[0]
    connection.execute("vacuum analyze")
    return rows


def ask(connection: Connection, query: str) -> tuple[float, list[Any]]:
    """Return the seconds that a query takes, and its rows."""
    began = time.perf_counter()
    rows = connection.execute(query).fetchall()
    return time.perf_counter() - began, rows


def same(raw: list[Any], rolled: list[Any], tolerance: float) -> bool:
    """Return whether two answers agree; figures that were converted hour by hour differ by the rounding of each day."""
    return len(raw) == len(rolled) and all(
        r == s or (not isinstance(r, str) and r is not None and s is not None and abs(r - s) <= tolerance)
        for one, other in zip(raw, rolled, strict=True)
        for r, s in zip(one, other, strict=True)
    )


def run(connection: Connection, rounds: int) -> dict[str, dict[str, list[float]]]:
    """Return the seconds of each question in each round, by raw rows and by roll-ups."""
    samples: dict[str, dict[str, list[float]]] = {}
    connection.execute("set moadb.marketing_user = '1'")
    for question, (period, group, workspace, grain, by) in QUESTIONS.items():
        dates = {"first": FIRST, "last": LAST}
        template = RAW if workspace == 1 else RAW_TWO_CURRENCIES
        raw = template.format(period=period, group=group, **dates).format(**dates)
        rolled = ROLLED.format(workspace=workspace, grain=grain, by=by, **dates)
        taken: dict[str, list[float]] = {"raw rows": [], "roll-ups": []}
        for n in range(-6, rounds):  # the first are for the caches and the plans, and do not count
            slow, there = ask(connection, raw) if n >= -1 else (0.0, None)
            fast, here = ask(connection, rolled)
            if there is not None and not same(there, here, 0 if workspace == 1 else 0.001):
                raise SystemExit(f"{question}: raw rows and roll-ups do not agree")
            if n >= 0:
                taken["raw rows"].append(slow)
                taken["roll-ups"].append(fast)
        medians = [statistics.median(seconds) * 1000 for seconds in taken.values()]
        print(
            f"{question}: {len(here)} rows, {medians[0]:.1f} ms from raw rows, {medians[1]:.2f} ms from roll-ups",
            file=sys.stderr, flush=True,
        )  # fmt: skip
        samples[question] = taken
    return samples


def main() -> None:
    """Measure, and print the JSON."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--server", choices=("embedded", "system"), default="embedded")
    parser.add_argument("--campaigns", type=int, default=100)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--json", type=Path)
    arguments = parser.parse_args()

    with tempfile.TemporaryDirectory(prefix="moadb-bench-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        server = LocalServer(folder / "server", find_binaries(arguments.server))
        try:
            server.init()
            server.start(settings={"shared_buffers": "2GB", "max_wal_size": "8GB"})
            with connect(server.admin_dsn("postgres")) as admin:
                admin.execute("create database bench")
                version = admin.info.parameter_status("server_version")
            deploy.migrate(server.admin_dsn("bench"), ["marketing"])
            with connect(server.admin_dsn("bench")) as connection:
                rows = load(connection, arguments.campaigns)
            with connect(server.admin_dsn("bench")) as connection:
                samples = run(connection, arguments.rounds)
        finally:
            server.destroy()

    ratios = {
        question: statistics.median(taken["raw rows"]) / statistics.median(taken["roll-ups"])
        for question, taken in samples.items()
    }
    document = {
        "server": f"{arguments.server} {version}",
        "cpus": os.cpu_count(),
        "campaigns": arguments.campaigns,
        "rows": rows,
        "seconds": samples,
        "ratios": ratios,
        "aims": {"months by channel": 30.0, "campaigns as a whole": 30.0},
    }
    text = json.dumps(document, indent=2)
    print(text)
    if arguments.json:
        arguments.json.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
