"""Benchmark of bulk ingest: a million rows of metrics, with ratios and roll-ups, against COPY into a bare table.

    copy     the file into a table with the same columns, no index, no trigger, nothing else
    load     the file into facts with their seven ratios, and all roll-ups of day, week, month and channel: the file is
             copied into an unlogged table and loaded from there in two transactions at the same time, a half of the
             campaigns each, as importers do
    import   the same through `moadb import metrics`, as a user runs it: the file is looked through, copied into a
             table, cut into slices and loaded, everything written down

All in one run on one server, durable (fsync, synchronous_commit), in turn; reported are medians of elapsed time and of
processor time (of the whole server and of the client), with their ratios. Where a machine has other work, only the
ratio of processor time says something; divided among several processors it is what elapsed time can come to at best.
The rows are hours of 100 campaigns (or, with --grain day, days of 2,500). It takes about two minutes.

    python scripts/bench/marketing/ingest.py [--server embedded|system] [--grain hour|day] [--rows 1000000]
        [--rounds 3] [--jobs 2] [--json FILE]
"""

from __future__ import annotations

import argparse
import json
import os
import random
import statistics
import tempfile
import threading
import time
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from pathlib import Path

from moadb import deploy
from moadb.connection import Connection, connect
from moadb.console import print_table
from moadb.imports import Options, import_metrics
from moadb.server import LocalServer, find_binaries

FIRST_DAY = date(2025, 10, 1)
HEADER = "campaign_id,date,hour,impressions,clicks,cost,conversions,revenue,likes,shares,comments,saves\n"
COLUMNS = """
  campaign_id bigint not null, date date not null, hour smallint, impressions bigint not null, clicks bigint not null,
  cost numeric(20, 6) not null, conversions numeric(20, 6) not null, revenue numeric(20, 6) not null,
  likes bigint not null, shares bigint not null, comments bigint not null, saves bigint not null
"""
STAGE = f"create unlogged table bench.stage{{part}} ({COLUMNS}) with (autovacuum_enabled = false)"
SETUP = """
insert into marketing.marketing_accounts (id, platform, account_id, currency, time_zone)
values (1, 'google_ads', '111', 'KRW', 'Asia/Seoul');
insert into marketing.users (id, email, password_hash, name) values (1, 'a@example.com', 'x', 'A');
insert into marketing.workspaces (id, name) values (1, 'bench');
insert into marketing.workspace_members (workspace_id, user_id, role) values (1, 1, 'admin');
insert into marketing.account_connections (workspace_id, marketing_account_id, user_id) values (1, 1, 1);
insert into marketing.campaigns (id, marketing_account_id, campaign_id, campaign_name, platform, channel_id)
select n, 1, n, 'campaign ' || n, 'google_ads', 1 + n % 3 from generate_series(1, 2500) as n;
select marketing._cover_months('2025-10-01', '2026-12-31');
"""
EMPTY = """
truncate marketing.campaign_metrics, marketing.campaign_daily, marketing.campaign_weekly, marketing.campaign_monthly,
  marketing.channel_performance;
"""
LOAD = """
select l.inserted
from marketing._load_metrics(
  'select s.campaign_id, s.date, s.hour, s.impressions, s.clicks, s.cost, s.conversions, s.revenue, s.likes, s.shares,
    s.comments, s.saves, timestamptz ''2026-11-01 00:00Z'' from bench.stage{part} as s',
  array(select distinct s.campaign_id from bench.stage{part} as s), %s, %s
) as l
"""


def write_file(path: Path, grain: str, rows: int) -> list[int]:
    """Write the rows, campaign by campaign, and return where in the file the rows of each campaign begin."""
    starts: list[int] = []
    draw = random.Random(1)
    hours: list[int | str] = [""] if grain == "day" else list(range(24))
    days = 400 if grain == "day" else 417
    campaign = 0
    with path.open("w", encoding="ascii") as file:
        file.write(HEADER)
        while rows > 0:
            campaign += 1
            starts.append(file.tell())
            for day in range(days):
                for hour in hours:
                    impressions = draw.randrange(5000)
                    clicks = draw.randrange(impressions // 20 + 1)
                    cost = clicks * draw.randrange(200) / 100
                    file.write(
                        f"{campaign},{FIRST_DAY + timedelta(day)},{hour},{impressions},{clicks},{cost:.2f},"
                        f"{clicks * 0.03:.2f},{clicks * 1.2:.2f},{clicks // 5},{clicks // 50},{clicks // 20},"
                        f"{clicks // 30}\n"
                    )
                    rows -= 1
    return starts


def copy(connection: Connection, table: str, data: memoryview, options: str = "") -> None:
    """Send rows in CSV to a table."""
    with connection.cursor().copy(f"copy {table} from stdin (format csv{options})".encode()) as stream:
        for start in range(0, len(data), 1 << 18):
            stream.write(data[start : start + (1 << 18)])


@dataclass(frozen=True)
class Spent:
    """Seconds that passed, and seconds of processors."""

    elapsed: float
    server: float
    client: float


class Clock:
    """Measures seconds that pass, and seconds of processors: all processes of the server, and this one.

    Args:
        postmaster: process id of the server.
    """

    def __init__(self, postmaster: int) -> None:
        self.postmaster = postmaster
        self.started = (0.0, 0.0, 0.0)

    def start(self) -> None:
        """Begin."""
        self.started = self._now()

    def stop(self) -> Spent:
        """Return what has passed since the beginning."""
        elapsed = time.perf_counter() - self.started[0]
        time.sleep(0.3)  # until the server has taken account of processes that have just ended
        _, server, client = (after - before for before, after in zip(self.started, self._now(), strict=True))
        return Spent(elapsed, server, client)

    def _now(self) -> tuple[float, float, float]:
        elapsed = time.perf_counter()
        ticks = 0
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                fields = (folder / "stat").read_text(encoding="utf-8").rpartition(")")[2].split()
            except OSError:
                continue  # it has ended
            if int(folder.name) == self.postmaster:  # with those of its children that have ended
                ticks += sum(map(int, fields[11:15]))
            elif int(fields[1]) == self.postmaster:
                ticks += int(fields[11]) + int(fields[12])
        own = os.times()
        return elapsed, ticks / os.sysconf("SC_CLK_TCK"), own.user + own.system


def bare(clock: Clock, dsn: str, data: memoryview) -> Spent:
    """Return the time of COPY into a bare table."""
    with connect(dsn) as connection:
        connection.execute(f"create table bench.bare ({COLUMNS})".encode())
        connection.execute("checkpoint")
        clock.start()
        copy(connection, "bench.bare", data)
        spent = clock.stop()
        connection.execute("drop table bench.bare")
    return spent


def load(clock: Clock, dsn: str, parts: list[memoryview]) -> Spent:
    """Return the time of loading parts of the file at the same time."""
    with connect(dsn) as connection:
        connection.execute(EMPTY.encode())
        connection.execute("checkpoint")
    failures: list[BaseException] = []

    def work(number: int) -> None:
        try:
            with connect(dsn) as connection:
                with connection.transaction():
                    connection.execute(STAGE.format(part=number).encode())
                    copy(connection, f"bench.stage{number}", parts[number], ", freeze")
                connection.execute(LOAD.format(part=number).encode(), [FIRST_DAY, FIRST_DAY + timedelta(456)])
                connection.execute(f"drop table bench.stage{number}".encode())
        except BaseException as failure:  # raised again by the caller
            failures.append(failure)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(len(parts))]
    clock.start()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    spent = clock.stop()
    if failures:
        raise failures[0]
    return spent


def import_file(clock: Clock, dsn: str, path: Path, jobs: int) -> Spent:
    """Return the time of `moadb import metrics`."""
    with connect(dsn) as connection:
        connection.execute(EMPTY.encode())
        connection.execute("checkpoint")
    clock.start()
    import_metrics(dsn, path, Options(account="google_ads:111", jobs=jobs, rejects=path.with_suffix(".rejected")))
    return clock.stop()


def check(dsn: str, rows: int) -> None:
    """Stop when not all rows are there, or an invariant does not hold."""
    with connect(dsn) as connection:
        found = connection.execute("select count(*) from marketing.campaign_metrics").fetchone()
        broken = connection.execute(
            "select c.invariant from platform.check_invariants('marketing') as c where c.violations > 0"
        ).fetchall()
    if found is None or found[0] != rows or broken:
        raise SystemExit(f"{found} rows are there, not {rows}; invariants that do not hold: {broken}")


def main() -> None:
    """Measure, print the table, write the JSON."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--server", choices=("embedded", "system"), default="embedded")
    parser.add_argument("--grain", choices=("hour", "day"), default="hour")
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--no-import", action="store_true", help="leave `moadb import` out")
    parser.add_argument("--json", type=Path)
    arguments = parser.parse_args()

    spent: dict[str, list[Spent]] = {"copy": [], "load": [], "import": []}
    with tempfile.TemporaryDirectory(prefix="moadb-bench-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        file = folder / "metrics.csv"
        starts = write_file(file, arguments.grain, arguments.rows)
        data = file.read_bytes()
        rows = data.count(b"\n") - 1
        view = memoryview(data)
        cuts = [starts[len(starts) * part // arguments.jobs] for part in range(arguments.jobs)] + [len(data)]
        parts = [view[cuts[part] : cuts[part + 1]] for part in range(arguments.jobs)]
        server = LocalServer(folder / "server", find_binaries(arguments.server))
        try:
            server.init()
            server.start(settings={"shared_buffers": "1GB", "max_wal_size": "4GB"})
            with connect(server.admin_dsn("postgres")) as admin:
                admin.execute("create database bench")
                version = admin.info.parameter_status("server_version")
                pid = admin.execute("select split_part(pg_read_file('postmaster.pid'), chr(10), 1)::integer").fetchone()
            assert pid is not None
            clock = Clock(pid[0])
            dsn = server.admin_dsn("bench")
            deploy.migrate(dsn, ["marketing"])
            with connect(dsn) as connection:
                connection.execute("create schema bench")
                connection.execute(SETUP.encode())
            for _ in range(arguments.rounds):
                spent["copy"].append(bare(clock, dsn, view[starts[0] :]))
                spent["load"].append(load(clock, dsn, parts))
                check(dsn, rows)
                if not arguments.no_import:
                    spent["import"].append(import_file(clock, dsn, file, arguments.jobs))
                    check(dsn, rows)
        finally:
            server.destroy()

    elapsed = {what: statistics.median(one.elapsed for one in runs) for what, runs in spent.items() if runs}
    used = {what: statistics.median(one.server + one.client for one in runs) for what, runs in spent.items() if runs}
    ratios = {what: elapsed["copy"] / median for what, median in elapsed.items()}
    processor_ratios = {what: used["copy"] / median for what, median in used.items()}
    print_table(
        ["what", "rows", "seconds", "rows/s", "of COPY", "processor s", "of COPY's", "aim (elapsed)"],
        [
            (
                what,
                f"{rows:,}",
                f"{median:.2f}",
                f"{rows / median:,.0f}",
                f"{ratios[what]:.2f}",
                f"{used[what]:.2f}",
                f"{processor_ratios[what]:.2f}",
                "" if what == "copy" else "0.35 at least",
            )
            for what, median in elapsed.items()
        ],
    )
    if arguments.json:
        document = {
            "server": f"{arguments.server} {version}",
            "cpus": os.cpu_count(),
            "grain": arguments.grain,
            "rows": rows,
            "load_average": os.getloadavg(),
            "spent": {what: [asdict(one) for one in runs] for what, runs in spent.items()},
            "ratios": ratios,
            "processor_ratios": processor_ratios,
        }
        arguments.json.write_text(json.dumps(document, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
