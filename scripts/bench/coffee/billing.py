"""Benchmark of billing: coffee.process_monthly_billing beside a row-by-row loop, and two sessions beside one.

The loop is what the specification describes, in a schema of its own: for each subscription that is due insert a charge,
move the date by a month, insert a request for a box. Its tables have the specification's columns and indexes, and the
foreign keys that the specification forgets. It keeps no record of periods, and a second run at the same time would
charge twice.

Each round bills all subscriptions, by each design, for another month: the loop in one transaction; moadb in one
transaction; moadb in batches of 1,000 with a commit after each, by one session and by two at once. Reported are the
seconds of the rounds, elapsed and on a processor, and the ratios of their medians, as JSON on standard output; progress
goes to standard error. It takes five minutes on two cores.

    python scripts/bench/coffee/billing.py [--server embedded|system] [--subscriptions 200000] [--rounds 2]
        [--json FILE]
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from psycopg import Connection

from moadb import deploy
from moadb.connection import connect
from moadb.server import LocalServer, find_binaries

BATCH = 1000
START = "2026-01-01 00:00+00"

LOOP = """
create schema textbook;
create table textbook.subscriptions (
  id               uuid primary key default gen_random_uuid(),
  user_id          uuid not null references coffee.users (id),
  type             varchar(20) not null default 'monthly_pick',
  status           varchar(20) not null default 'active',
  price_per_month  decimal(10, 2) not null,
  includes_lab_pro boolean not null default true,
  shipping_address jsonb not null default '{}',
  preferred_delivery_day integer,
  started_at       timestamptz not null default now(),
  next_billing_at  timestamptz not null,
  paused_at        timestamptz,
  cancelled_at     timestamptz,
  created_at       timestamptz not null default now(),
  updated_at       timestamptz not null default now()
);
create index on textbook.subscriptions (user_id);
create index on textbook.subscriptions (status);
create index on textbook.subscriptions (next_billing_at);
create table textbook.charges (
  id              uuid primary key default gen_random_uuid(),
  subscription_id uuid not null references textbook.subscriptions (id),
  amount          decimal(10, 2) not null,
  due_date        timestamptz not null,
  status          varchar(20) not null default 'pending',
  created_at      timestamptz not null default now()
);
create index on textbook.charges (subscription_id);
create table textbook.box_requests (
  id              uuid primary key default gen_random_uuid(),
  subscription_id uuid not null references textbook.subscriptions (id),
  target_month    date not null,
  created_at      timestamptz not null default now()
);
create index on textbook.box_requests (subscription_id);

create function textbook.bill(p_now timestamptz) returns void language plpgsql as $$
declare
  v_row record;
begin
  for v_row in
    select * from textbook.subscriptions as s where s.status = 'active' and s.next_billing_at <= p_now
  loop
    insert into textbook.charges (subscription_id, amount, due_date)
    values (v_row.id, v_row.price_per_month, v_row.next_billing_at);
    update textbook.subscriptions set next_billing_at = next_billing_at + interval '1 month' where id = v_row.id;
    insert into textbook.box_requests (subscription_id, target_month)
    values (v_row.id, date_trunc('month', p_now + interval '1 month'));
  end loop;
end;
$$;
"""


def load(dsn: str, number: int) -> None:
    """Add users with a subscription each, due on all days of January, in both designs."""
    with connect(dsn) as connection:
        connection.execute(LOOP)
        connection.execute("select coffee.create_plan('bench', 'Bench', 'monthly_pick', 30000)")
        with connection.transaction():
            connection.execute("set local session_replication_role = replica")
            connection.execute(
                "insert into coffee.users (email) select n || '@example.com' from generate_series(1, %s) as n", [number]
            )
            connection.execute(
                """
                insert into coffee.coffee_subscriptions (
                  user_id, plan_id, type, price_per_month, shipping_address, anchor_at, next_billing_at
                )
                select u.id, p.id, p.type, p.price_per_month, '{}', d.due, d.due
                from coffee.users as u
                cross join coffee.plans as p
                cross join lateral (
                  select %s::timestamptz + (hashtext(u.id::text) & 2147483647) %% 2592000 * interval '1 second' as due
                ) as d
                """,
                [START],
            )
            connection.execute(
                """
                insert into textbook.subscriptions (user_id, price_per_month, next_billing_at)
                select s.user_id, s.price_per_month, s.next_billing_at from coffee.coffee_subscriptions as s
                """
            )


def tidy(dsn: str) -> None:
    """Do between two measurements what autovacuum does between two months."""
    with connect(dsn) as connection:
        for table in (
            "coffee.coffee_subscriptions", "coffee.billing_periods", "coffee.billing_jobs", "coffee.monthly_order_jobs",
            "textbook.subscriptions", "textbook.charges", "textbook.box_requests",
        ):  # fmt: skip
            connection.execute(f"vacuum analyze {table}")
        connection.execute("checkpoint")


def moment(month: int) -> str:
    """Return the time at which all subscriptions are due for that month, counted from 0."""
    return f"platform.period_start('{START}', 1, {month} + 1, 'UTC') - interval '1 second'"


def spent(connection: Connection) -> float:
    """Return the processor time of the connection's server process, in seconds; without /proc, 0."""
    try:
        fields = Path(f"/proc/{connection.info.backend_pid}/stat").read_text().rpartition(")")[2].split()
    except FileNotFoundError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def bill(dsn: str, month: int, statement: str) -> tuple[float, float]:
    """Return the seconds that the statement takes, and those of them on a processor."""
    with connect(dsn) as connection:
        connection.execute(f"select set_config('moadb.now', ({moment(month)})::text, false)")
        began, used = time.perf_counter(), spent(connection)
        connection.execute(statement)
        return time.perf_counter() - began, spent(connection) - used


def bill_in_batches(dsn: str, month: int, sessions: int) -> tuple[float, float]:
    """Return the same of so many sessions together, each a batch and a commit at a time."""
    start = threading.Barrier(sessions + 1)

    def work(_: int) -> tuple[int, float]:
        handled = 0
        with connect(dsn) as connection:
            connection.execute(f"select set_config('moadb.now', ({moment(month)})::text, false)")
            start.wait()
            used = spent(connection)
            while True:
                row = connection.execute("select coffee.process_monthly_billing(null, %s)", [BATCH]).fetchone()
                assert row is not None
                if not row[0]:
                    return handled, spent(connection) - used
                handled += row[0]

    with ThreadPoolExecutor(sessions) as pool:
        results = [pool.submit(work, n) for n in range(sessions)]
        start.wait()
        began = time.perf_counter()
        shares = [result.result() for result in results]
        seconds = time.perf_counter() - began
    print(f"    shares of the sessions: {[handled for handled, _ in shares]}", file=sys.stderr, flush=True)
    return seconds, sum(used for _, used in shares)


def run(dsn: str, number: int, rounds: int) -> dict[str, list[tuple[float, float]]]:
    """Return the seconds of each design in each round, and the processor's."""
    load(dsn, number)
    samples: dict[str, list[tuple[float, float]]] = {"loop": [], "at once": [], "one session": [], "two sessions": []}
    month = 0
    for n in range(-1, rounds):  # the first is for the caches and the history, and does not count
        for design in samples:
            tidy(dsn)
            if design == "loop":
                sample = bill(dsn, n + 1, f"select textbook.bill({moment(n + 1)})")
            elif design == "at once":
                sample = bill(dsn, month, "select coffee.process_monthly_billing()")
            else:
                sample = bill_in_batches(dsn, month, 1 + (design == "two sessions"))
            month += design != "loop"
            print(f"round {n + 1}: {design}: {sample[0]:.1f} s", file=sys.stderr, flush=True)
            if n >= 0:
                samples[design].append(sample)
    with connect(dsn) as connection:
        row = connection.execute(
            """
            select count(*), count(distinct (b.subscription_id, b.period_index)), count(j.id)
            from coffee.billing_periods as b left join coffee.billing_jobs as j on j.period_id = b.id
            """
        ).fetchone()
    if row != (number * month,) * 3:
        raise SystemExit(f"{number * month} periods should be billed once each, these are there: {row}")
    return samples


def main() -> None:
    """Measure, and print the JSON."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--server", choices=("embedded", "system"), default="embedded")
    parser.add_argument("--subscriptions", type=int, default=200_000)
    parser.add_argument("--rounds", type=int, default=2)
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
            deploy.migrate(server.admin_dsn("bench"), ["coffee"])
            samples = run(server.admin_dsn("bench"), arguments.subscriptions, arguments.rounds)
        finally:
            server.destroy()

    seconds = {design: statistics.median(s for s, _ in taken) for design, taken in samples.items()}
    processor = {design: statistics.median(p for _, p in taken) for design, taken in samples.items()}
    document = {
        "server": f"{arguments.server} {version}",
        "cpus": os.cpu_count(),
        "subscriptions": arguments.subscriptions,
        "seconds": {design: [s for s, _ in taken] for design, taken in samples.items()},
        "processor_seconds": {design: [p for _, p in taken] for design, taken in samples.items()},
        "periods_per_second": {design: arguments.subscriptions / s for design, s in seconds.items()},
        "ratios": {
            "loop to moadb, one transaction": seconds["loop"] / seconds["at once"],
            "the same, processor time": processor["loop"] / processor["at once"] if processor["at once"] else None,
            "one session to two": seconds["one session"] / seconds["two sessions"],
        },
        "aims": {"loop to moadb, one transaction": 1.0, "one session to two": 1.7},
    }
    text = json.dumps(document, indent=2)
    print(text)
    if arguments.json:
        arguments.json.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
