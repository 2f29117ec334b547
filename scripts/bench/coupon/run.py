"""Benchmark of issuing: moadb beside the textbook design, the same from an application, a bare insert, and Redis.

All is measured on one server in one run: every round runs every design at every number of clients; reported is the
median of the rounds and its ratio to the others of the same run. The server is as durable as `moadb up` makes it.

    python scripts/bench/coupon/run.py [--server embedded|system] [--rounds 3] [--seconds 10] [--json FILE]
"""

from __future__ import annotations

import argparse
import json
import platform
import re
import shutil
import statistics
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Literal

from psycopg import conninfo

from moadb import deploy
from moadb.connection import connect
from moadb.console import print_table
from moadb.server import LocalServer, find_binaries

HERE = Path(__file__).resolve().parent
DESIGNS = ("bare", "moadb", "textbook", "round_trips")
CLIENTS = (1, 8, 32, 64)


def pgbench(binaries: Path, dsn: str, script: str, clients: int, seconds: int) -> float:
    """Return transactions per second of one pgbench run; a single failed transaction ends the benchmark."""
    parts = conninfo.conninfo_to_dict(dsn)
    command = [
        str(binaries / "pgbench"), "--no-vacuum", "--protocol=prepared", f"--client={clients}",
        f"--jobs={min(clients, 2)}", f"--time={seconds}", f"--file={HERE / script}.pgbench",
        f"--host={parts['host']}", f"--port={parts['port']}", f"--username={parts['user']}", str(parts["dbname"]),
    ]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    match = re.search(r"^tps = ([\d.]+)", done.stdout, re.MULTILINE)
    if done.returncode or match is None or "aborted" in done.stderr:
        raise SystemExit(f"pgbench {script} failed:\n{done.stdout}{done.stderr}")
    return float(match[1])


def redis(folder: Path, clients: int, seconds: int) -> float:
    """Return calls per second of the Lua script on a Redis that syncs every write to disk before it answers."""
    socket = folder / "redis.sock"
    server = subprocess.Popen(
        ["redis-server", "--port", "0", "--unixsocket", str(socket), "--appendonly", "yes", "--appendfsync", "always",
         "--save", "", "--dir", str(folder)],
        stdout=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        while not socket.exists():
            time.sleep(0.05)
        cli = ["redis-cli", "-s", str(socket)]
        sha = subprocess.run(
            [*cli, "script", "load", (HERE / "redis.lua").read_text(encoding="utf-8")],
            capture_output=True, text=True, check=True,
        ).stdout.strip()  # fmt: skip
        bench = ["redis-benchmark", "-s", str(socket), "-c", str(clients), "-r", "1000000000", "--csv"]
        call = ["evalsha", sha, "0", "__rand_int__", "__rand_int__"]
        rate = 0.0
        calls = 2000
        for _ in range(2):  # the first run finds out how many calls the time is worth
            text = subprocess.run([*bench, "-n", str(calls), *call], capture_output=True, text=True, check=True).stdout
            rate = float(text.strip().splitlines()[-1].split(",")[1].strip('"'))
            calls = max(2000, int(rate * seconds))
        return rate
    finally:
        server.terminate()
        server.wait()


def measure(kind: Literal["embedded", "system"], rounds: int, seconds: int) -> dict[str, dict[int, float]]:
    """Return calls per second by design and clients: the median of the rounds."""
    binaries = find_binaries(kind)
    samples: dict[str, dict[int, list[float]]] = {}
    with tempfile.TemporaryDirectory(prefix="moadb-bench-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        server = LocalServer(folder / "server", binaries)
        try:
            server.init()
            server.start(settings={"shared_buffers": "2GB", "max_wal_size": "8GB"})
            with connect(server.admin_dsn("postgres")) as admin:
                admin.execute("create database bench")
            dsn = server.admin_dsn("bench")
            deploy.migrate(dsn)
            with connect(dsn) as connection:
                connection.execute((HERE / "setup.sql").read_text(encoding="utf-8"))
            for number in range(rounds):
                for clients in CLIENTS:
                    for design in DESIGNS:
                        rate = pgbench(binaries, dsn, design, clients, seconds)
                        samples.setdefault(design, {}).setdefault(clients, []).append(rate)
                        print(f"round {number + 1}: {design}, {clients} clients: {rate:.0f}/s", flush=True)
                    if shutil.which("redis-server"):
                        with tempfile.TemporaryDirectory(prefix="moadb-redis-") as redis_folder:
                            rate = redis(Path(redis_folder), clients, seconds)
                        samples.setdefault("redis", {}).setdefault(clients, []).append(rate)
                        print(f"round {number + 1}: redis, {clients} clients: {rate:.0f}/s", flush=True)
            with connect(dsn) as connection:
                broken = connection.execute(
                    "select * from platform.check_invariants() as c where c.violations > 0"
                ).fetchall()
            if broken:
                raise SystemExit(f"invariants do not hold after the benchmark: {broken}")
        finally:
            server.destroy()
    return {
        design: {clients: statistics.median(rates) for clients, rates in by_clients.items()}
        for design, by_clients in samples.items()
    }


def main() -> None:
    """Measure, print the table, write the JSON."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--server", choices=("embedded", "system"), default="embedded")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=int, default=10)
    parser.add_argument("--json", type=Path)
    arguments = parser.parse_args()

    rates = measure(arguments.server, arguments.rounds, arguments.seconds)
    rows = [
        (
            design,
            clients,
            f"{rate:.0f}",
            f"{rate / rates['bare'][clients]:.2f}",
            f"{rate / rates['textbook'][clients]:.2f}",
        )
        for design, by_clients in rates.items()
        for clients, rate in by_clients.items()
    ]
    print_table(["design", "clients", "per second", "to bare insert", "to textbook"], rows)
    if arguments.json:
        document = {
            "server": arguments.server,
            "machine": platform.machine(),
            "rounds": arguments.rounds,
            "rates": rates,
        }
        arguments.json.write_text(json.dumps(document, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
