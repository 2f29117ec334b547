"""Billing, packing and charging on a server that is killed at random instants: each period is billed and paid once.

The gateway does what gateways do: the same idempotency key is the same charge.
"""

from __future__ import annotations

import os
import random
import signal
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import psycopg
import pytest

from coffee_shop import Connection, open_shop, subscribe
from concurrency.sessions import one, violations
from moadb.connection import connect
from moadb.server import LocalServer
from moadb.server.processes import server_processes
from servers import kill9

SUBSCRIPTIONS = 300
PERIODS = 4  # of each: the job was off for three months
CRASHES = 5
IDLE = 1.5  # seconds without work after which a session ends; longer than a lease


@pytest.fixture
def cluster(cluster: LocalServer) -> LocalServer:
    """Return a server that may be killed, with subscriptions of which four periods are due."""
    with connect(cluster.admin_dsn()) as connection:
        subscribe(connection, open_shop(connection, SUBSCRIPTIONS), ago="3 months 1 day")
    return cluster


class Crashes:
    """Kills the server, or the process that serves a session, as work proceeds."""

    def __init__(self, cluster: LocalServer, total: int) -> None:
        self.cluster = cluster
        self.done = 0
        self.noticed = 0
        self.pids: dict[int, int] = {}
        self.ended = threading.Event()
        self.lock = threading.Lock()
        self.points = sorted(random.sample(range(total // 20, total * 9 // 10), CRASHES))

    def count(self, number: int) -> None:
        """Say that `number` pieces of work are committed."""
        with self.lock:
            self.done += number

    def disturb(self) -> None:
        """Kill one or all, in turn, at the points drawn."""
        for number, point in enumerate(self.points):
            while self.done < point:
                if self.ended.wait(0.002):
                    return
            time.sleep(random.uniform(0, 0.03))
            if number % 2:
                while not (pids := server_processes(self.cluster.cluster) & set(self.pids.values())):
                    if self.ended.wait(0.005):
                        return
                os.kill(random.choice(sorted(pids)), signal.SIGKILL)  # the server throws everybody out and recovers
            else:
                kill9(self.cluster)
                self.cluster.start()

    def work(self, number: int, step: Callable[[Connection], int]) -> None:
        """Call `step` until it has had nothing to do for a while; connect again when the connection is lost."""
        deadline = time.monotonic() + 240
        busy = time.monotonic()
        while time.monotonic() < deadline:
            try:
                with psycopg.connect(self.cluster.admin_dsn(), autocommit=True) as connection:
                    self.pids[number] = connection.info.backend_pid
                    connection.execute("set role coffee_app")
                    while time.monotonic() < busy + IDLE:
                        if some := step(connection):
                            self.count(some)
                            busy = time.monotonic()
                        else:
                            time.sleep(0.02)
                return
            except psycopg.OperationalError as error:
                if error.sqlstate is not None and not error.sqlstate.startswith(("57P", "08", "40")):
                    raise
                with self.lock:
                    self.noticed += 1
                busy = time.monotonic()
                time.sleep(0.02)
        raise TimeoutError("the work does not end")

    def run(self, steps: list[Callable[[Connection], int]]) -> None:
        """Let every step be worked at by a session of its own while the server is killed."""
        with ThreadPoolExecutor(len(steps) + 1) as pool:
            killer = pool.submit(self.disturb)
            try:
                for worker in [pool.submit(self.work, number, step) for number, step in enumerate(steps)]:
                    worker.result()
            finally:
                self.ended.set()
            killer.result()


def test_billing(cluster: LocalServer) -> None:
    """T3: two sessions bill through five crashes: four periods of each subscription, one bill each."""
    crashes = Crashes(cluster, SUBSCRIPTIONS * PERIODS)

    def bill(connection: Connection) -> int:
        return int(one(connection, "select coffee.process_monthly_billing(null, 5)"))

    crashes.run([bill, bill])
    assert crashes.noticed >= CRASHES
    with connect(cluster.admin_dsn()) as connection:
        while bill(connection):
            pass
        rows = connection.execute(
            """
            select
              count(*), count(distinct b.period_index), count(distinct j.period_id), count(j.id), max(b.period_index)
            from coffee.billing_periods as b
            left join coffee.billing_jobs as j on j.period_id = b.id
            group by b.subscription_id
            """
        ).fetchall()
        assert rows == [(PERIODS, PERIODS, PERIODS, PERIODS, PERIODS - 1)] * SUBSCRIPTIONS
        behind = "select count(*) from coffee.coffee_subscriptions where next_period <> %s or next_billing_at <= now()"
        assert one(connection, behind, PERIODS) == 0
        assert violations(connection) == []


def test_charges(cluster: LocalServer) -> None:
    """T3: billing, packing and three payment workers through five crashes: nobody pays twice, or without a box."""
    charged: dict[str, tuple[str, Any]] = {}
    lock = threading.Lock()

    def bill(connection: Connection) -> int:
        return int(one(connection, "select coffee.process_monthly_billing(null, 20)"))

    def pack(connection: Connection) -> int:
        return int(one(connection, "select coffee.assemble_boxes(50)"))

    def pay(connection: Connection) -> int:
        jobs = connection.execute(
            "select job_id, lease_token, idempotency_key, amount from coffee.claim_billing_jobs(5, '1 second')"
        ).fetchall()
        for job, token, key, amount in jobs:
            with lock:
                reference, _ = charged.setdefault(key, (f"charge-{len(charged)}", amount))
            one(connection, "select coffee.record_charge_result(%s, %s, 'succeeded', %s)", job, token, reference)
        return len(jobs)

    def finish() -> None:
        with connect(cluster.admin_dsn()) as connection:
            while bill(connection) + pack(connection) + pay(connection) or one(
                connection,
                "select count(*) from coffee.billing_jobs where status in ('pending', 'processing', 'retrying')",
            ):
                pass

    crashes = Crashes(cluster, SUBSCRIPTIONS * PERIODS * 3)  # bills, boxes and charges
    crashes.run([bill, bill, pack, pack, pay, pay, pay])
    finish()
    assert crashes.noticed >= CRASHES
    with connect(cluster.admin_dsn()) as connection:
        total = one(connection, "select sum(amount) from coffee.billing_jobs where status = 'succeeded'")
        assert total == sum(amount for _, amount in charged.values()) == SUBSCRIPTIONS * PERIODS * 30000
        assert one(connection, "select count(*) from platform.tasks where topic = 'coffee.refund_charge'") == 0
        unpacked = """
            select count(*)
            from coffee.billing_jobs as j
            left join coffee.subscription_orders as o on o.period_id = j.period_id and o.status = 'paid'
            where o.id is null
        """
        assert one(connection, unpacked) == 0
        assert violations(connection) == []
