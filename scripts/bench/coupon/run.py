"""Benchmark of coupons: moadb beside the textbook design, the same from an application, a bare insert, and Redis.

All is measured on one server in one run, as durable as `moadb up` makes it: every round runs every design at every
number of clients; reported are the medians of the rounds and their ratios. The parts, in this order:

    single   one coupon per call, one hot limited policy, a new user per call
    batch    a thousand coupons per call; beside it Redis one call at a time, and with a thousand calls in a pipeline
    pairs    reserve and confirm, two transactions, each pair on a coupon of its own
    refused  calls that are refused because all is sold out, beside calls that succeed; pgbench ends a client whose
             statement fails, so a function catches the refusal, and stands around the success likewise
    flat     single, batch and pairs again, after ten million coupons in 24 monthly partitions were issued

refused and flat are measured with 8 and 64 clients only. It takes about twenty minutes.

    python scripts/bench/coupon/run.py [--server embedded|system] [--only PART,…] [--rounds 3] [--seconds 4]
        [--clients 1,8,32,64] [--coupons 10000000] [--quick] [--json FILE]
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import tempfile
from collections.abc import Callable
from pathlib import Path

from bench.coupon.drivers import HERE, Bench, has_redis
from bench.coupon.load import load
from moadb import deploy
from moadb.connection import connect
from moadb.console import print_table
from moadb.server import LocalServer, find_binaries

Design = Callable[[Bench, int], float]
Rates = dict[str, dict[int, float]]  # design → clients → per second

SINGLE: dict[str, Design] = {
    "bare": lambda bench, clients: bench.pgbench("bare", clients),
    "moadb": lambda bench, clients: bench.pgbench("moadb", clients),
    "textbook": lambda bench, clients: bench.pgbench("textbook", clients),
    "round_trips": lambda bench, clients: bench.pgbench("round_trips", clients),
    "redis": lambda bench, clients: bench.redis(clients),
}
BATCH: dict[str, Design] = {
    "bare": lambda bench, clients: bench.batch("bare_batch", clients),
    "moadb": lambda bench, clients: bench.batch("batch", clients),
    "redis": lambda bench, clients: bench.redis(clients),
    "redis_pipeline": lambda bench, clients: bench.redis(clients, pipeline=1000),
}
PAIRS: dict[str, Design] = {
    "bare": lambda bench, clients: bench.pgbench("bare", clients),
    "moadb": lambda bench, clients: bench.pairs(clients),
}
REFUSED: dict[str, Design] = {
    "success": lambda bench, clients: bench.pgbench("moadb", clients),
    "success_caught": lambda bench, clients: bench.pgbench("attempt", clients, policy=900001),
    "refused_caught": lambda bench, clients: bench.pgbench("attempt", clients, policy=900002),
    "sold_out_caught": lambda bench, clients: bench.sold_out_during(clients),
}
PARTS = ("single", "batch", "pairs", "refused", "flat")
BATCH_CLIENTS = (1, 2, 8)


def measure(name: str, bench: Bench, designs: dict[str, Design], clients: tuple[int, ...], rounds: int) -> Rates:
    """Return the medians of a part."""
    samples: dict[str, dict[int, list[float]]] = {}
    for number in range(rounds):
        for count in clients:
            for design, run in designs.items():
                if design.startswith("redis") and not has_redis():
                    continue
                rate = run(bench, count)
                samples.setdefault(design, {}).setdefault(count, []).append(rate)
                print(f"{name}, round {number + 1}: {design}, {count} clients: {rate:.0f}/s", flush=True)
    return {
        design: {count: statistics.median(rates) for count, rates in by_clients.items()}
        for design, by_clients in samples.items()
    }


def run_parts(bench: Bench, arguments: argparse.Namespace) -> tuple[dict[str, Rates], float | None]:
    """Return the medians by part, and the seconds that loading took."""
    clients: tuple[int, ...] = arguments.clients
    few = tuple(n for n in clients if n in (8, 64)) or clients
    every: dict[str, tuple[dict[str, Design], tuple[int, ...]]] = {
        "single": (SINGLE, clients),
        "batch": (BATCH, BATCH_CLIENTS),
        "pairs": (PAIRS, clients),
        "refused": (REFUSED, few),
    }
    results = {
        name: measure(name, bench, designs, counts, arguments.rounds)
        for name, (designs, counts) in every.items()
        if name in arguments.only or ("flat" in arguments.only and name != "refused")
    }
    with connect(bench.dsn) as connection:
        broken = connection.execute("select * from platform.check_invariants() as c where c.violations > 0").fetchall()
    if broken:
        raise SystemExit(f"invariants do not hold after the benchmark: {broken}")
    if "flat" not in arguments.only:
        return results, None

    print(f"issuing {arguments.coupons} coupons in 24 months", flush=True)
    seconds = load(bench.dsn, arguments.coupons)
    print(f"took {seconds:.0f} s", flush=True)
    for name in ("single", "batch", "pairs"):
        designs, counts = every[name]
        counts = tuple(n for n in counts if n in few) or counts
        again = {design: run for design, run in designs.items() if design in ("bare", "moadb")}
        results[f"{name}_full"] = measure(f"{name}, full", bench, again, counts, arguments.rounds)
    return results, seconds


def summarise(results: dict[str, Rates]) -> list[tuple[str, float, str]]:
    """Return what was aimed at: what it is, what came out, what it should be."""
    rows: list[tuple[str, float, str]] = []
    single, batch, pairs, refused = (results.get(name) for name in ("single", "batch", "pairs", "refused"))
    if single:
        rows += [
            (f"single: to bare, {n} clients", rate / single["bare"][n], "0.5 at 8 and more")
            for n, rate in single["moadb"].items()
        ]
        most = max(single["moadb"])
        rows.append((f"single: to textbook, {most} clients", single["moadb"][most] / single["textbook"][most], "8"))
        if {32, 64} <= set(single["moadb"]):
            rows.append(("single: 64 clients to 32", single["moadb"][64] / single["moadb"][32], "0.85"))
    if batch:
        rows += [
            (f"batch: to {design}, {n} clients", rate / batch[design][n], "1" if design == "redis" else "")
            for design in ("redis", "redis_pipeline")
            if design in batch
            for n, rate in batch["moadb"].items()
        ]
        if single and "redis" in single:
            best = max(*single["redis"].values(), *batch["redis"].values())
            rows.append(("batch: the best to the best of redis", max(batch["moadb"].values()) / best, "1"))
    if pairs:
        rows += [(f"pairs: to bare, {n} clients", rate / pairs["bare"][n], "0.3") for n, rate in pairs["moadb"].items()]
    if refused:
        rows += [
            (f"{design} to {to}, {n} clients", rate / refused[to][n], "1")
            for design in ("refused_caught", "sold_out_caught")
            for to in ("success", "success_caught")
            for n, rate in refused[design].items()
        ]
    for name in ("single", "batch", "pairs"):
        full, empty = results.get(f"{name}_full", {}), results.get(name, {})
        for n, rate in full.get("moadb", {}).items():
            drift = full["bare"][n] / empty["bare"][n]  # what else the machine did meanwhile
            ratio = rate / empty["moadb"][n]
            rows.append((f"{name}: full to empty, {n} clients", ratio, "0.9"))
            rows.append((f"{name}: the same of bare, {n} clients", drift, ""))
            rows.append((f"{name}: the one to the other, {n} clients", ratio / drift, "0.9"))
    return rows


def main() -> None:
    """Measure, print the tables, write the JSON."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--server", choices=("embedded", "system"), default="embedded")
    parser.add_argument("--only", type=lambda text: text.split(","), default=list(PARTS), metavar="PART,…")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=int, default=4)
    parser.add_argument("--clients", type=lambda text: tuple(map(int, text.split(","))), default=(1, 8, 32, 64))
    parser.add_argument("--coupons", type=int, default=10_000_000)
    parser.add_argument("--quick", action="store_true", help="one round, a second each, 8 clients, 240,000 coupons")
    parser.add_argument("--json", type=Path)
    arguments = parser.parse_args()
    if unknown := set(arguments.only) - set(PARTS):
        parser.error(f"no such part: {', '.join(sorted(unknown))}")
    if arguments.quick:
        arguments.rounds, arguments.seconds, arguments.clients, arguments.coupons = 1, 1, (8,), 240_000

    binaries = find_binaries(arguments.server)
    with tempfile.TemporaryDirectory(prefix="moadb-bench-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        server = LocalServer(folder / "server", binaries)
        try:
            server.init()
            server.start(settings={"shared_buffers": "2GB", "max_wal_size": "8GB"})
            with connect(server.admin_dsn("postgres")) as admin:
                admin.execute("create database bench")
                version = admin.info.parameter_status("server_version")
            bench = Bench(binaries, server.admin_dsn("bench"), arguments.seconds)
            deploy.migrate(bench.dsn)
            with connect(bench.dsn) as connection:
                connection.execute((HERE / "setup.sql").read_text(encoding="utf-8"))
            results, load_seconds = run_parts(bench, arguments)
        finally:
            server.destroy()

    print_table(
        ["part", "design", "clients", "per second"],
        [
            (part, design, clients, f"{rate:.0f}")
            for part, rates in results.items()
            for design, by_clients in rates.items()
            for clients, rate in by_clients.items()
        ],
    )
    summary = summarise(results)
    print_table(["ratio", "measured", "aim"], [(what, f"{ratio:.2f}", aim) for what, ratio, aim in summary])
    if arguments.json:
        document = {
            "server": f"{arguments.server} {version}",
            "cpus": os.cpu_count(),
            "rounds": arguments.rounds,
            "seconds": arguments.seconds,
            "coupons": arguments.coupons if load_seconds else None,
            "load_seconds": load_seconds,
            "rates": results,
            "ratios": {what: ratio for what, ratio, _ in summary},
        }
        arguments.json.write_text(json.dumps(document, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
