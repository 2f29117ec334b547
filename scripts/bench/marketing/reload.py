"""Benchmark of a re-load of a day: what the platform restates, set by set, against an upsert for each row.

    rows, committed   the specification's table, unique key and row trigger; a loop in the client with a prepared
                      upsert for each row, each committed, as a connector without batches does
    rows              the same loop in one transaction
    upsert            marketing.upsert_campaign_metrics, a call of jsonb: versions, ratios and roll-ups as well
    load              COPY into an unlogged table and marketing._load_metrics, as `moadb import` does: these as well

The day has the hours of 1,000 campaigns, and each re-load changes every row. In turn on one server, durable (fsync,
synchronous_commit); reported are medians and their ratios. It takes about three minutes.

    python scripts/bench/marketing/reload.py [--server embedded|system] [--campaigns 1000] [--rounds 3] [--json FILE]
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

from moadb import deploy
from moadb.connection import Connection, connect
from moadb.console import print_table
from moadb.server import LocalServer, find_binaries

DAY = "2026-11-05"
SETUP = """
insert into marketing.marketing_accounts (id, platform, account_id, currency, time_zone)
values (1, 'google_ads', '111', 'KRW', 'Asia/Seoul');
insert into marketing.campaigns (id, marketing_account_id, campaign_id, campaign_name, platform, channel_id)
select n, 1, n, 'campaign ' || n, 'google_ads', 1 + n % 3 from generate_series(1, 1000) as n;
create schema bench;
create table bench.campaign_metrics (
  id serial primary key, campaign_id integer, date date not null, hour integer,
  impressions bigint default 0, clicks bigint default 0, ctr numeric(30, 6),
  cost numeric(20, 6) default 0, cpc numeric(30, 6), cpm numeric(30, 6),
  conversions numeric(20, 6) default 0, conversion_rate numeric(30, 6), cpa numeric(30, 6),
  revenue numeric(20, 6) default 0, roas numeric(30, 6), roi numeric(30, 6),
  likes integer default 0, shares integer default 0, comments integer default 0, saves integer default 0,
  created_at timestamptz default now(), updated_at timestamptz default now(),
  unique (campaign_id, date, hour)
);
create function bench.calculate_campaign_kpis() returns trigger language plpgsql as $$
begin
  if new.impressions > 0 then
    new.ctr := (new.clicks::decimal / new.impressions) * 100;
    new.cpm := (new.cost / new.impressions) * 1000;
  end if;
  if new.clicks > 0 then
    new.cpc := new.cost / new.clicks;
    new.conversion_rate := (new.conversions / new.clicks) * 100;
  end if;
  if new.conversions > 0 then
    new.cpa := new.cost / new.conversions;
  end if;
  if new.cost > 0 then
    new.roas := new.revenue / new.cost;
    new.roi := ((new.revenue - new.cost) / new.cost) * 100;
  end if;
  return new;
end;
$$;
create trigger trigger_calculate_kpis before insert or update on bench.campaign_metrics
  for each row execute function bench.calculate_campaign_kpis();
create unlogged table bench.stage (
  campaign_id bigint, date date, hour smallint, impressions bigint, clicks bigint, cost numeric(20, 6),
  conversions numeric(20, 6), revenue numeric(20, 6), likes bigint, shares bigint, comments bigint, saves bigint
);
"""
NAMES = (
    "campaign_id",
    "date",
    "hour",
    "impressions",
    "clicks",
    "cost",
    "conversions",
    "revenue",
    "likes",
    "shares",
    "comments",
    "saves",
)
UPSERT = """
insert into bench.campaign_metrics (
  campaign_id, date, hour, impressions, clicks, cost, conversions, revenue, likes, shares, comments, saves
)
values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
on conflict (campaign_id, date, hour) do update
set impressions = excluded.impressions, clicks = excluded.clicks, cost = excluded.cost,
  conversions = excluded.conversions, revenue = excluded.revenue, likes = excluded.likes, shares = excluded.shares,
  comments = excluded.comments, saves = excluded.saves, updated_at = now()
"""
LOAD = """
select l.changed
from marketing._load_metrics(
  'select s.campaign_id, s.date, s.hour, s.impressions, s.clicks, s.cost, s.conversions, s.revenue, s.likes, s.shares,
    s.comments, s.saves, clock_timestamp() from bench.stage as s',
  array(select distinct s.campaign_id from bench.stage as s), %s, %s
) as l
"""


def day(campaigns: int, turn: int) -> list[tuple[Any, ...]]:
    """Return the rows of the day, all other than those of the turn before."""
    return [
        (
            c,
            DAY,
            h,
            5000 + c,
            100 + turn,
            f"{c % 90 + turn}.25",
            f"{h % 7 + turn}.5",
            f"{c % 300 + turn}.75",
            5,
            4,
            3,
            turn,
        )
        for c in range(1, campaigns + 1)
        for h in range(24)
    ]


def loop(connection: Connection, rows: list[tuple[Any, ...]]) -> None:
    """Upsert row by row."""
    for row in rows:
        connection.execute(UPSERT.encode(), row, prepare=True)


def loop_in_one(connection: Connection, rows: list[tuple[Any, ...]]) -> None:
    """Upsert row by row in one transaction."""
    with connection.transaction():
        loop(connection, rows)


def upsert(connection: Connection, rows: list[tuple[Any, ...]]) -> None:
    """Upsert by one call."""
    document = json.dumps([dict(zip(NAMES, row, strict=True)) for row in rows])
    connection.execute("select marketing.upsert_campaign_metrics(%s, 1)", [document])


def load(connection: Connection, rows: list[tuple[Any, ...]]) -> None:
    """Copy and load."""
    with connection.transaction():
        connection.execute("truncate bench.stage")
        with connection.cursor().copy("copy bench.stage from stdin") as stream:
            stream.write("".join("\t".join(map(str, row)) + "\n" for row in rows))
        connection.execute(LOAD.encode(), [DAY, DAY])


WAYS = {"rows, committed": loop, "rows": loop_in_one, "upsert": upsert, "load": load}


def measure(dsn: str, campaigns: int, rounds: int) -> dict[str, list[float]]:
    """Return the seconds of each re-load, by the way it is done."""
    seconds: dict[str, list[float]] = {what: [] for what in WAYS}
    with connect(dsn) as connection:
        loop_in_one(connection, day(campaigns, 0))
        upsert(connection, day(campaigns, 0))
        connection.execute("vacuum analyze")
        for turn in range(rounds):
            for number, (what, reload) in enumerate(WAYS.items()):
                rows = day(campaigns, turn * len(WAYS) + number + 1)
                connection.execute("checkpoint")
                started = time.perf_counter()
                reload(connection, rows)
                seconds[what].append(time.perf_counter() - started)
        broken = connection.execute(
            "select c.invariant from platform.check_invariants('marketing') as c where c.violations > 0"
        ).fetchall()
        kept = connection.execute("select count(*) from marketing.campaign_metric_versions").fetchone()
        if broken or kept != (campaigns * 24 * rounds * 2,):
            raise SystemExit(f"{kept} versions; invariants that do not hold: {broken}")
    return seconds


def main() -> None:
    """Measure, print the table, write the JSON."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--server", choices=("embedded", "system"), default="embedded")
    parser.add_argument("--campaigns", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", type=Path)
    arguments = parser.parse_args()

    with tempfile.TemporaryDirectory(prefix="moadb-bench-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        server = LocalServer(folder / "server", find_binaries(arguments.server))
        try:
            server.init()
            server.start(settings={"shared_buffers": "1GB", "max_wal_size": "4GB"})
            with connect(server.admin_dsn("postgres")) as admin:
                admin.execute("create database bench")
                version = admin.info.parameter_status("server_version")
            dsn = server.admin_dsn("bench")
            deploy.migrate(dsn, ["marketing"])
            with connect(dsn) as connection:
                connection.execute(SETUP.replace("1000) as n", f"{arguments.campaigns}) as n").encode())
            seconds = measure(dsn, arguments.campaigns, arguments.rounds)
        finally:
            server.destroy()

    rows = arguments.campaigns * 24
    medians = {what: statistics.median(times) for what, times in seconds.items()}
    base = medians["rows, committed"]
    aims = {"upsert": "20 at least", "load": "20 at least"}
    print_table(
        ["what", "rows", "seconds", "rows/s", "of rows, committed", "of rows", "aim"],
        [
            (
                what,
                f"{rows:,}",
                f"{median:.2f}",
                f"{rows / median:,.0f}",
                f"{base / median:.1f}",
                f"{medians['rows'] / median:.1f}",
                aims.get(what, ""),
            )
            for what, median in medians.items()
        ],
    )
    if arguments.json:
        document = {
            "server": f"{arguments.server} {version}",
            "cpus": os.cpu_count(),
            "rows": rows,
            "seconds": seconds,
            "ratios": {what: base / median for what, median in medians.items()},
        }
        arguments.json.write_text(json.dumps(document, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
