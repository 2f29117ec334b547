"""What puts load on the servers: pgbench on PostgreSQL, redis-benchmark on Redis."""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

from psycopg import conninfo

from moadb.connection import connect

HERE = Path(__file__).resolve().parent
BATCH = 1000  # coupons per call of batch.pgbench, and inserts per bare_batch.pgbench


@dataclass
class Bench:
    """A database with moadb and setup.sql in it, and how long each measurement lasts."""

    binaries: Path
    dsn: str
    seconds: int
    next_policy: int = 910000
    rates: dict[str, float] = field(default_factory=dict)  # transactions per second of the last run of each script

    def pgbench(self, script: str, clients: int, **variables: int) -> float:
        """Return transactions per second of one run; a single failed transaction ends the benchmark."""
        parts = conninfo.conninfo_to_dict(self.dsn)
        command = [
            str(self.binaries / "pgbench"), "--no-vacuum", "--protocol=prepared", f"--client={clients}",
            f"--jobs={min(clients, 2)}", f"--time={self.seconds}", f"--file={HERE / script}.pgbench",
            *(f"--define={name}={value}" for name, value in variables.items()),
            f"--host={parts['host']}", f"--port={parts['port']}", f"--username={parts['user']}", str(parts["dbname"]),
        ]  # fmt: skip
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        match = re.search(r"^tps = ([\d.]+)", done.stdout, re.MULTILINE)
        if done.returncode or match is None or "aborted" in done.stderr:
            raise SystemExit(f"pgbench {script} failed:\n{done.stdout}{done.stderr}")
        self.rates[script] = float(match[1])
        return self.rates[script]

    def batch(self, script: str, clients: int) -> float:
        """Return rows per second of a script that makes a thousand at once."""
        return BATCH * self.pgbench(script, clients)

    def pairs(self, clients: int) -> float:
        """Return pairs of reserve and confirm per second, each on a coupon of its own, issued before.

        There are as many coupons as the bare insert, measured before with as many clients, made rows.
        """
        self._prepare_coupons(self.seconds * int(self.rates["bare"]))
        return self.pgbench("pair", clients)

    def sold_out_during(self, clients: int) -> float:
        """Return calls per second on a policy of 1,000 coupons: nearly all of them are refused."""
        self.next_policy += 1
        with connect(self.dsn) as connection:
            connection.execute(
                """
                insert into coupon.coupon_policies (
                  id, coupon_name, coupon_code, discount_type, discount_value, issue_type, max_issue_count, valid_days,
                  issue_start_date, issue_end_date
                )
                values (%(id)s, 'bench', 'BENCH-' || %(id)s::bigint, 'FIXED_AMOUNT', 1000, 'DIRECT', 1000, 30,
                  now() - interval '1 day', now() + interval '1 day')
                """,
                {"id": self.next_policy},
            )
        return self.pgbench("attempt", clients, policy=self.next_policy)

    def redis(self, clients: int, pipeline: int = 1) -> float:
        """Return calls per second of the Lua script on a Redis that syncs every write to disk before it answers.

        With `pipeline`, each client sends so many calls before it waits for the answers, which are synced together.
        """
        with tempfile.TemporaryDirectory(prefix="moadb-redis-") as name:
            socket = Path(name) / "redis.sock"
            server = subprocess.Popen(
                ["redis-server", "--port", "0", "--unixsocket", str(socket), "--appendonly", "yes", "--appendfsync",
                 "always", "--save", "", "--dir", name],
                stdout=subprocess.DEVNULL,
            )  # fmt: skip
            try:
                while not socket.exists():
                    time.sleep(0.05)
                return self._redis_benchmark(str(socket), clients, pipeline)
            finally:
                server.terminate()
                server.wait()

    def _redis_benchmark(self, socket: str, clients: int, pipeline: int) -> float:
        script = (HERE / "redis.lua").read_text(encoding="utf-8")
        load = ["redis-cli", "-s", socket, "script", "load", script]
        sha = subprocess.run(load, capture_output=True, text=True, check=True).stdout.strip()
        bench = ["redis-benchmark", "-s", socket, "-c", str(clients), "-P", str(pipeline), "-r", "1000000000", "--csv"]
        calls, rate = 2000 * pipeline, 0.0
        for number in ("1", "2"):  # the first run finds out how many calls the time is worth
            # two runs may draw the same random numbers: users of the second one are others all the same
            call = ["-n", str(calls), "evalsha", sha, "0", number, "__rand_int__", "__rand_int__"]
            text = subprocess.run([*bench, *call], capture_output=True, text=True, check=True).stdout
            rate = float(text.strip().splitlines()[-1].split(",")[1].strip('"'))
            calls = max(2000, int(rate) * self.seconds)
        return rate

    def _prepare_coupons(self, number: int) -> None:
        """Issue coupons for pairs."""
        with connect(self.dsn) as connection:
            connection.execute("truncate bench.coupons restart identity")
            connection.execute("alter sequence bench.next_coupon restart")
            for _ in range(number // 10000 + 1):
                connection.execute(
                    """
                    insert into bench.coupons (coupon_number, user_id)
                    select i.coupon_number, i.user_id
                    from (select (random() * 9e9)::bigint * 1000000 as number) as first
                    cross join lateral coupon.issue_coupons(
                      900003, array(select first.number + n from generate_series(1, 10000) as n)
                    ) as i
                    """
                )
            connection.execute("vacuum analyze bench.coupons")


def has_redis() -> bool:
    """Return whether redis-server and redis-benchmark are on this machine."""
    return shutil.which("redis-server") is not None and shutil.which("redis-benchmark") is not None
