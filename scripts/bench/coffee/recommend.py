"""Benchmark of recommendations: a million taste vectors in 24 monthly partitions, HNSW beside exact search.

The same functions run twice, once as they are and once in sessions that may not use indexes in order, so that every
vector is compared. Reported are medians of the times, their ratio, and the recall: how many of the exact answers the
indexes find, for the nearest records, for as many of them as a call asks for, and for the coffees that are recommended.

Vectors are `clustered` (coffees belong to families, users to those who like one family; records taste like their
coffee, with noise), `unrelated` (the same with coffees that have nothing in common) or `uniform` (no structure at all,
which is the worst that can happen to an index of this kind). Loading takes most of the time; the whole takes about ten
minutes on two cores. Pages are what one call reads, on average: a count, which other work on the machine does not
change. The plan is printed, and the benchmark fails when it sorts vectors instead of merging the partitions' indexes.
The last line is the result as JSON.

    python scripts/bench/coffee/recommend.py [--server embedded|system] [--vectors clustered|unrelated|uniform]
        [--records 1000000] [--queries 40] [--json FILE]
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from moadb import deploy
from moadb.connection import Connection, connect
from moadb.console import print_table
from moadb.server import LocalServer, find_binaries

MONTHS = 24
COFFEES = 1000
FAMILIES = 40
USERS = 20000
SESSIONS = 2
NEAREST = """
    select n.record_id::text
    from coffee._nearest_records(coffee._taste_vector(%(user)s::uuid, now()), now(), %(user)s::uuid) as n
    limit %(limit)s
"""
RECOMMEND = "select r.coffee_id::text from coffee.recommend(%(user)s::uuid, %(limit)s) as r"
SCATTER = "(select array_agg(random() * 2 - 1) from generate_series(1, 128) where {0} is not null)::extensions.vector"
NOISE = SCATTER.replace("* 2 - 1", "* 0.2 - 0.1")  # two thirds as long as a vector of length 1


def prepare(dsn: str, families: int = FAMILIES) -> str:
    """Make partitions, coffees of so many families and users; take the vector index away, return its definition."""
    with connect(dsn) as connection:
        for month in range(MONTHS):
            connection.execute(
                "select set_config('moadb.now', (now() - make_interval(months => %s))::text, false)", [month]
            )
            connection.execute("select platform.maintain_partitions('coffee.taste_records')")
        connection.execute("reset moadb.now")
        row = connection.execute("select pg_get_indexdef('coffee.taste_records_vector_idx'::regclass)").fetchone()
        assert row is not None
        connection.execute("drop index coffee.taste_records_vector_idx")
        connection.execute(
            """
            insert into coffee.roasters (name) select 'roaster ' || n from generate_series(1, 100) as n
            """
        )
        connection.execute("create schema bench")
        connection.execute(
            f"""
            create table bench.families as
            select n, extensions.l2_normalize({SCATTER.format("n")}) as v from generate_series(0, %s) as n
            """
            % (families - 1)
        )
        connection.execute(
            f"""
            insert into coffee.coffees (
              name, roaster_id, origin_country, available_for_subscription, subscription_price_100g, flavor_vector
            )
            select g.n, (array(select r.id from coffee.roasters as r))[1 + g.n %% 100], 'country ' || g.n %% 20,
              true, 18000, extensions.l2_normalize(f.v operator(extensions.+) {NOISE.format("g.n")})
            from generate_series(1, %s) as g (n)
            join bench.families as f on f.n = g.n %% %s
            """,
            [COFFEES, families],
        )
        connection.execute(
            "select coffee.receive_stock(c.id, '100g', 50, current_date, current_date + 90) from coffee.coffees as c"
        )
        connection.execute(
            "insert into coffee.users (email) select 'user' || n || '@example.com' from generate_series(1, %s) as n",
            [USERS],
        )
        connection.execute(
            "create table bench.coffees as select c.name::integer as n, c.id, c.flavor_vector from coffee.coffees as c"
        )
        connection.execute("create table bench.users as select row_number() over () as n, u.id from coffee.users as u")
        connection.execute("create unique index on bench.coffees (n)")
        connection.execute("create unique index on bench.users (n)")
        connection.execute("vacuum analyze bench.coffees, bench.users, coffee.users, coffee.coffees")
    return str(row[0]).replace(" ON ONLY ", " ON ")


def load(dsn: str, records: int, vectors: str) -> None:
    """Insert the records, a session's month in a statement: the taste DNA is kept as always.

    Each session has users of its own, in all months: whoever writes tastings of a user waits for whoever else does.
    """
    per_statement = records // (MONTHS * SESSIONS)
    own = SCATTER if vectors == "uniform" else "c.flavor_vector operator(extensions.+) " + NOISE
    own = f"extensions.l2_normalize({own.format('k.n')})"

    def fill(session: int) -> None:
        with connect(dsn) as connection:
            connection.execute("set synchronous_commit = off")
            for month in range(MONTHS):
                connection.execute(
                    f"""
                    insert into coffee.taste_records (user_id, coffee_id, mode, taste_layers, taste_vector, created_at)
                    select u.id, c.id, 'lab', jsonb_build_object('acidity', k.n %% 10, 'body', k.n %% 7), {own},
                      date_trunc('month', now()) - make_interval(months => %(month)s)
                        + random() * case %(month)s
                          when 0 then now() - date_trunc('month', now()) else interval '27 days' end
                    from (
                      select n,
                        1 + %(session)s + %(sessions)s * floor(random() * %(users)s / %(sessions)s)::integer as u,
                        floor(random() * %(coffees)s / %(families)s)::integer as c
                      from generate_series(1, %(number)s) as n
                    ) as k
                    join bench.users as u on u.n = k.u
                    join bench.coffees as c on c.n = 1 + (k.u - 1) %% %(families)s + %(families)s * k.c
                    """,
                    {
                        "month": month,
                        "users": USERS,
                        "coffees": COFFEES,
                        "families": FAMILIES,
                        "number": per_statement,
                        "session": session,
                        "sessions": SESSIONS,
                    },
                )

    with ThreadPoolExecutor(SESSIONS) as pool:
        list(pool.map(fill, range(SESSIONS)))


def build(dsn: str, definition: str) -> None:
    """Build the vector indexes of all partitions, as they are in the migration."""
    with connect(dsn) as connection:
        connection.execute("set maintenance_work_mem = '1GB'")
        connection.execute("set max_parallel_maintenance_workers = 2")
        connection.execute(definition)
        connection.execute("vacuum analyze coffee.taste_records")


def ask(connection: Connection, query: str, users: list[str], limit: int) -> tuple[list[set[str]], float]:
    """Return the answers for each user, and the median of the times in milliseconds."""
    answers: list[set[str]] = []
    times: list[float] = []
    for user in users:
        started = time.perf_counter()
        rows = connection.execute(query, {"user": user, "limit": limit}).fetchall()
        times.append((time.perf_counter() - started) * 1000)
        answers.append({row[0] for row in rows})
    return answers, statistics.median(times)


def pages(connection: Connection, query: str, users: list[str], limit: int) -> float:
    """Return how many pages a call reads, on average over some of the users; all are in memory."""
    total = 0
    for user in users[:10]:
        row = connection.execute(
            f"explain (analyze, buffers, timing off, format json) {query}", {"user": user, "limit": limit}
        ).fetchone()
        assert row is not None
        total += row[0][0]["Plan"]["Shared Hit Blocks"] + row[0][0]["Plan"]["Shared Read Blocks"]
    return total / len(users[:10])


def plan(connection: Connection, user: str) -> str:
    """Return the plan of the search in coffee._nearest_records."""
    connection.execute("set search_path = pg_catalog, extensions")
    row = connection.execute("select coffee._taste_vector(%s::uuid, now())::text", [user]).fetchone()
    assert row is not None
    rows = connection.execute(
        f"""
        explain (costs off)
        select r.id, r.created_at, r.coffee_id, r.subscription_order_id, r.taste_vector <=> '{row[0]}' as distance
        from coffee.taste_records as r
        where r.coffee_id <> all ('{{}}'::uuid[])
          and r.user_id is distinct from '{user}'::uuid
          and r.created_at <= now()
        order by r.taste_vector <=> '{row[0]}'
        limit 128
        """
    ).fetchall()
    connection.execute("reset search_path")
    return "\n".join(line[:160] for (line,) in rows)


def compare(dsn: str, queries: int) -> dict[str, Any]:
    """Run both ways and return times, ratios and recalls."""
    with connect(dsn) as connection:
        users = [
            row[0]
            for row in connection.execute(
                "select u.id::text from bench.users as u order by u.n limit %s", [queries]
            ).fetchall()
        ]
    results: dict[str, Any] = {}
    with connect(dsn) as fast, connect(dsn) as exact:
        exact.execute("set enable_indexscan = off")
        exact.execute("set enable_indexonlyscan = off")
        for connection in (fast, exact):  # both warm, with the plans that sessions end up with
            for query, limit in ((NEAREST, 10), (RECOMMEND, 5)):
                ask(connection, query, users[:6], limit)
        shown = plan(fast, users[0])
        for what, query, limit in (
            ("nearest 10", NEAREST, 10),
            ("nearest 128", NEAREST, 128),
            ("recommend 5", RECOMMEND, 5),
            ("recommend 10", RECOMMEND, 10),
        ):
            found, fast_ms = ask(fast, query, users, limit)
            wanted, exact_ms = ask(exact, query, users, limit)
            hits = sum(len(a & b) for a, b in zip(found, wanted, strict=True))
            results[what] = {
                "ms": fast_ms,
                "exact_ms": exact_ms,
                "ratio": exact_ms / fast_ms,
                "recall": hits / sum(map(len, wanted)),
                "pages": pages(fast, query, users, limit),
            }
    results["plan"] = shown
    return results


def main() -> None:
    """Load, measure, print the table, write the JSON."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--server", choices=("embedded", "system"), default="embedded")
    parser.add_argument("--vectors", choices=("clustered", "unrelated", "uniform"), default="clustered")
    parser.add_argument("--records", type=int, default=1_000_000)
    parser.add_argument("--queries", type=int, default=40)
    parser.add_argument("--json", type=Path)
    arguments = parser.parse_args()

    with tempfile.TemporaryDirectory(prefix="moadb-bench-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        server = LocalServer(folder / "server", find_binaries(arguments.server))
        try:
            server.init()
            server.start(settings={"shared_buffers": "4GB", "max_wal_size": "8GB", "checkpoint_timeout": "1h"})
            with connect(server.admin_dsn("postgres")) as admin:
                admin.execute("create database bench")
                version = admin.info.parameter_status("server_version")
            dsn = server.admin_dsn("bench")
            deploy.migrate(dsn, ["coffee"])
            seconds: dict[str, float] = {}
            started = time.monotonic()
            definition = prepare(dsn, COFFEES if arguments.vectors == "unrelated" else FAMILIES)
            load(dsn, arguments.records, arguments.vectors)
            seconds["load"] = time.monotonic() - started
            print(f"{arguments.records} records in {seconds['load']:.0f} s", flush=True)
            started = time.monotonic()
            build(dsn, definition)
            seconds["build"] = time.monotonic() - started
            print(f"indexes in {seconds['build']:.0f} s", flush=True)
            results = compare(dsn, arguments.queries)
        finally:
            server.destroy()

    shown = results.pop("plan")
    print(shown)
    print_table(
        ["what", "ms", "exact ms", "times faster", "recall", "pages"],
        [
            (
                what,
                f"{r['ms']:.1f}",
                f"{r['exact_ms']:.0f}",
                f"{r['ratio']:.0f}",
                f"{r['recall']:.3f}",
                f"{r['pages']:.0f}",
            )
            for what, r in results.items()
        ],
    )
    document = {
        "server": f"{arguments.server} {version}",
        "cpus": os.cpu_count(),
        "records": arguments.records,
        "vectors": arguments.vectors,
        "seconds": seconds,
        "results": results,
        "plan": shown,
    }
    print(json.dumps(document))
    if arguments.json:
        arguments.json.write_text(json.dumps(document, indent=2) + "\n", encoding="utf-8")
    if "Merge Append" not in shown or shown.count("Sort") > shown.count("Sort Key"):
        raise SystemExit("the plan sorts vectors")


if __name__ == "__main__":
    main()
