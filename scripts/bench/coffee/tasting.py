"""Benchmark of taste records: what the taste DNA costs when a record comes, alone or with many.

    single   one record, for a user who has 10 and for one who has 100,000 in the last three months, in turn; by a plain
             insert, through coffee.record_taste, and by a plain insert under the specification's trigger, which reads
             those records anew each time
    bulk     100,000 records in one insert, with the trigger and without it, in turn, each rolled back; of one user and
             of a thousand

Reported are medians and their ratios. It takes about three minutes.

    python scripts/bench/coffee/tasting.py [--server embedded|system] [--calls 400] [--rounds 3] [--records 100000]
        [--json FILE]
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from moadb import deploy
from moadb.connection import Connection, connect
from moadb.console import print_table
from moadb.server import LocalServer, find_binaries

SETUP = """
create schema bench;
insert into coffee.roasters (id, name) values ('00000000-0000-0000-0000-0000000000a1', 'bench');
insert into coffee.coffees (id, name, roaster_id, origin_country)
values ('00000000-0000-0000-0000-0000000000c1', 'bench', '00000000-0000-0000-0000-0000000000a1', 'Kenya');
insert into coffee.users (id, email)
select ('00000000-0000-0000-0000-' || lpad(n::text, 12, '0'))::uuid, n || '@example.com'
from generate_series(1, 2000) as n;
select platform.maintain_partitions('coffee.taste_records');
create function bench.textbook() returns trigger language plpgsql as $$
declare
  v_found record;
begin
  select
    count(*) as total, avg((r.taste_layers ->> 'acidity')::numeric) as acidity,
    avg((r.taste_layers ->> 'sweetness')::numeric) as sweetness, avg((r.taste_layers ->> 'body')::numeric) as body
  into v_found
  from coffee.taste_records as r
  where r.user_id = new.user_id and r.created_at >= now() - interval '3 months';
  update coffee.users as u
  set taste_dna = jsonb_build_object(
      'acidity_preference', v_found.acidity, 'sweetness_preference', v_found.sweetness, 'body_preference', v_found.body,
      'total_records', v_found.total, 'last_updated', now()
    ),
    taste_dna_version = u.taste_dna_version + 1,
    taste_dna_updated_at = now()
  where u.id = new.user_id;
  return null;
end;
$$;
create trigger bench_textbook after insert on coffee.taste_records for each row execute function bench.textbook();
alter table coffee.taste_records disable trigger bench_textbook;
"""
MANY = """
insert into coffee.taste_records (user_id, coffee_id, mode, taste_layers, created_at)
select
  ('00000000-0000-0000-0000-' || lpad((%(first)s + n %% %(users)s)::text, 12, '0'))::uuid,
  '00000000-0000-0000-0000-0000000000c1', 'lab',
  jsonb_build_object('acidity', n %% 10, 'sweetness', n %% 7, 'body', n %% 9, 'aroma', 5),
  now() - random() * interval '90 days'
from generate_series(1, %(records)s) as n
"""
INSERT = """
insert into coffee.taste_records (user_id, coffee_id, mode, taste_layers)
values (%s, '00000000-0000-0000-0000-0000000000c1', 'lab', '{"acidity": 7, "sweetness": 6, "body": 4}')
"""
CALL = """
select coffee.record_taste(
  %s, '00000000-0000-0000-0000-0000000000c1', 'lab', '{"acidity": 7, "sweetness": 6, "body": 4}'
)
"""
FEW, MUCH = "00000000-0000-0000-0000-000000000001", "00000000-0000-0000-0000-000000000002"


def timed(connection: Connection, statement: str, values: Sequence[str] | Mapping[str, int]) -> float:
    """Return how many milliseconds a statement takes."""
    started = time.perf_counter()
    connection.execute(statement, values, prepare=True)
    return (time.perf_counter() - started) * 1000


def single(connection: Connection, statement: str, calls: int) -> tuple[float, float]:
    """Return the median milliseconds of one record, with few and with many before it, called in turn."""
    few: list[float] = []
    much: list[float] = []
    for number in range(calls + 20):
        times = timed(connection, statement, [FEW]), timed(connection, statement, [MUCH])
        if number >= 20:
            few.append(times[0])
            much.append(times[1])
    return statistics.median(few), statistics.median(much)


def bulk(connection: Connection, users: int, records: int, rounds: int) -> tuple[float, float]:
    """Return the median milliseconds of an insert of many records, without the trigger and with it."""
    without: list[float] = []
    with_trigger: list[float] = []
    for _ in range(rounds):
        for disabled, times in ((True, without), (False, with_trigger)):
            connection.execute("begin")
            if disabled:
                connection.execute("alter table coffee.taste_records disable trigger update_taste_dna_trigger")
            times.append(timed(connection, MANY, {"first": 100, "users": users, "records": records}))
            connection.execute("rollback")
    return statistics.median(without), statistics.median(with_trigger)


def measure(dsn: str, arguments: argparse.Namespace) -> dict[str, tuple[float, float]]:
    """Return pairs of medians by what was measured."""
    results: dict[str, tuple[float, float]] = {}
    with connect(dsn) as connection:
        connection.execute("set synchronous_commit = off")
        connection.execute(MANY, {"first": 1, "users": 1, "records": 10})
        connection.execute(MANY, {"first": 2, "users": 1, "records": 100_000})
        connection.execute("vacuum analyze coffee.taste_records, coffee.users")
        for what, statement in (("insert", INSERT), ("record_taste", CALL)):
            results[what] = single(connection, statement, arguments.calls)
        broken = connection.execute(
            "select * from platform.check_invariants('coffee') as c where c.violations > 0"
        ).fetchall()
        if broken:
            raise SystemExit(f"invariants do not hold after the benchmark: {broken}")
        for users in (1, 1000):
            results[f"bulk, users: {users}"] = bulk(connection, users, arguments.records, arguments.rounds)
        connection.execute("alter table coffee.taste_records disable trigger update_taste_dna_trigger")
        connection.execute("alter table coffee.taste_records enable trigger bench_textbook")
        results["insert, textbook"] = single(connection, INSERT, max(arguments.calls // 10, 10))
    return results


def main() -> None:
    """Measure, print the table, write the JSON."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--server", choices=("embedded", "system"), default="embedded")
    parser.add_argument("--calls", type=int, default=400)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--records", type=int, default=100_000)
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
            deploy.migrate(dsn, ["coffee"])
            with connect(dsn) as connection:
                connection.execute(SETUP)
            results = measure(dsn, arguments)
        finally:
            server.destroy()

    aims = {"insert": "1.1 at most", "record_taste": "1.1 at most", "insert, textbook": ""}
    rows = []
    for what, (first, second) in results.items():
        names = ("without trigger", "with it") if what.startswith("bulk") else ("10 before", "100,000 before")
        ratio = first / second if what.startswith("bulk") else second / first
        rows.append(
            (
                what,
                f"{names[0]}: {first:.2f}",
                f"{names[1]}: {second:.2f}",
                f"{ratio:.2f}",
                aims.get(what, "0.5 at least"),
            )
        )
    print_table(["what", "ms", "ms", "ratio", "aim"], rows)
    if arguments.json:
        document = {"server": f"{arguments.server} {version}", "cpus": os.cpu_count(), "ms": results}
        arguments.json.write_text(json.dumps(document, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
