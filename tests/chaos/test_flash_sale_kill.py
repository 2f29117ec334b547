"""Flash sale and checkout on a server that is killed at random instants: nothing is lost, nothing counts twice.

Clients do what a good client does: they connect again and repeat the request that had no answer, under the same key.
"""

from __future__ import annotations

import os
import random
import signal
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from typing import Any, Generic, TypeVar

import psycopg
import pytest

from moadb.connection import Connection, connect
from moadb.server import LocalServer
from servers import kill9

SESSIONS = 64
STOCK = 3000
SOLD = 1500  # coupons that go through the checkout
CRASHES = 6
SOLD_OUT = "MC006"
USED = "MC016"
HELD = "MC017"

Seen = TypeVar("Seen")


class Client(Generic[Seen]):
    """A session of the application that outlives its connections."""

    def __init__(self, dsn: str) -> None:
        self.dsn = dsn
        self.connection: Connection | None = None
        self.seen: list[Seen] = []
        self.repeated = 0

    def ask(self, query: str, parameters: Any) -> list[tuple[Any, ...]] | str:
        """Return the rows, or the SQLSTATE of a refusal; repeat the query for as long as the connection is lost."""
        deadline = time.monotonic() + 120
        while True:
            try:
                if self.connection is None:
                    self.connection = psycopg.connect(self.dsn, autocommit=True)
                    self.connection.execute("set role coupon_app")
                return self.connection.execute(query.encode(), parameters).fetchall()
            except psycopg.OperationalError as error:
                known = self.connection is not None and not self.connection.closed
                if known and not str(error.sqlstate).startswith("57P"):
                    raise  # a deadlock, say: the connection is there
                if time.monotonic() > deadline:
                    raise  # the server does not come back
                self.close()
                self.repeated += 1
                time.sleep(0.1)  # 64 clients that knock more often keep the server from recovering
            except psycopg.Error as error:
                return str(error.sqlstate)

    def pid(self) -> int | None:
        """Return the process that serves it, if any."""
        connection = self.connection
        try:
            return connection.info.backend_pid if connection is not None else None
        except psycopg.OperationalError:
            return None

    def close(self) -> None:
        """End the connection."""
        if self.connection is not None:
            self.connection.close()
            self.connection = None


@pytest.fixture
def cluster(cluster: LocalServer) -> LocalServer:
    """Return a server that may be killed, with moadb in its database and a policy of limited stock."""
    with connect(cluster.admin_dsn()) as connection:
        connection.execute(
            """
            insert into coupon.coupon_policies (
              id, coupon_name, coupon_code, discount_type, discount_value, issue_type, max_issue_count,
              max_issue_per_user, valid_days, issue_start_date, issue_end_date
            )
            values (900001, 'flash', 'FLASH', 'FIXED_AMOUNT', 1000, 'CODE', %s, null, 30,
              now() - interval '1 day', now() + interval '1 day')
            """,
            [STOCK],
        )
    return cluster


def storm(
    cluster: LocalServer, clients: list[Client[Seen]], work: Callable[[Client[Seen], int], None], answers: int
) -> None:
    """Let every client work; kill the server or one of its backends while `answers` answers come in."""
    dice = random.Random()
    points = sorted(dice.sample(range(answers // 20, answers * 9 // 10), CRASHES))
    ended = threading.Event()

    def disturb() -> None:
        for number, point in enumerate(points):
            while sum(len(client.seen) for client in clients) < point:
                if ended.wait(0.005):
                    return
            time.sleep(dice.uniform(0, 0.05))
            if number % 2:
                kill9(cluster)
                cluster.start()
            else:  # the server notices, throws everybody out, and recovers by itself
                while not (pids := [pid for client in clients if (pid := client.pid())]) and not ended.wait(0.005):
                    pass
                if pids:
                    os.kill(dice.choice(pids), signal.SIGKILL)

    with ThreadPoolExecutor(len(clients) + 1) as pool:
        killer = pool.submit(disturb)
        try:
            for done in [pool.submit(work, client, number) for number, client in enumerate(clients)]:
                done.result()
        finally:
            ended.set()
            for client in clients:
                client.close()
            if killer.done():
                killer.result()  # why the server did not come back
        killer.result()
    assert sum(client.repeated for client in clients) >= CRASHES, "nobody noticed the crashes"


def rows(dsn: str, query: str) -> list[tuple[Any, ...]]:
    """Return the rows of a query."""
    with connect(dsn) as connection:
        return connection.execute(query.encode()).fetchall()


def violations(dsn: str) -> list[tuple[Any, ...]]:
    """Return the invariants that do not hold."""
    return rows(dsn, "select c.invariant, c.sample from platform.check_invariants() as c where c.violations > 0")


BUY = [
    "select 'coupon.issue_coupon', %(user)s, i.coupon_id, i.coupon_number"
    " from coupon.issue_coupon(900001, %(user)s, %(key)s) as i",
    "select 'coupon.issue_coupon_by_code', %(user)s, i.coupon_id, i.coupon_number"
    " from coupon.issue_coupon_by_code('flash', %(user)s, %(key)s) as i",
    "select 'coupon.issue_coupons', i.user_id::integer, i.coupon_id, i.coupon_number"
    " from coupon.issue_coupons(900001, array[%(user)s, %(user)s + 1000, %(user)s + 2000], %(key)s) as i"
    " where i.status = 'ISSUED'",
]


def test_flash_sale(cluster: LocalServer) -> None:
    """64 sessions take a stock of 3,000 through six crashes: all of it is given out, and no key gave a coupon twice."""
    dsn = cluster.admin_dsn()
    clients: list[Client[tuple[str, str, int, int, str]]] = [Client(dsn) for _ in range(SESSIONS)]

    def buy(client: Client[tuple[str, str, int, int, str]], user: int) -> None:
        for attempt in count():
            key = f"{user}-{attempt}"
            answer = client.ask(BUY[user % 3], {"user": user, "key": key})
            if not answer or isinstance(answer, str):
                assert answer in (SOLD_OUT, [])
                return
            client.seen += [(scope, key, *coupon) for scope, *coupon in answer]

    storm(cluster, clients, buy, STOCK)
    seen = sorted(answer for client in clients for answer in client.seen)
    assert len(seen) == STOCK, "issued exactly what there was"
    issued = "select i.user_id, i.id, i.coupon_number from coupon.coupon_issues as i"
    assert sorted(rows(dsn, issued)) == sorted(answer[2:] for answer in seen), "what clients saw is what there is"
    keys = """
        select k.scope, k.request_key, i.user_id, i.id, i.coupon_number
        from platform.request_keys as k
        cross join lateral jsonb_path_query(k.response, 'lax $.coupon_id ? (@ != null)') as c(id)
        join coupon.coupon_issues as i on i.id = c.id::bigint
    """
    assert sorted(rows(dsn, keys)) == seen, "each key has its coupons, each coupon its key"
    again = clients[0]
    for scope, key, user in sorted({(scope, key, user % 1000) for scope, key, user, _, _ in seen}):
        query = next(query for query in BUY if f"'{scope}'" in query)
        answer = again.ask(query, {"user": user, "key": key})
        assert isinstance(answer, list)
        assert sorted((scope, key, *coupon) for _, *coupon in answer) == [a for a in seen if a[:2] == (scope, key)]
    again.close()
    recorded = "select a.user_id, a.coupon_id from coupon.coupon_issue_audit as a where a.action = 'ISSUED'"
    assert sorted(rows(dsn, recorded)) == sorted(answer[2:4] for answer in seen)
    assert rows(dsn, "select remaining from coupon.v_policy_stock where policy_id = 900001") == [(0,)]
    assert violations(dsn) == []


def test_checkout(cluster: LocalServer) -> None:
    """Pairs of orders fight for 1,500 coupons through six crashes: each coupon's order was told so."""
    dsn = cluster.admin_dsn()
    coupons = rows(
        dsn,
        f"""
        select i.coupon_id, i.coupon_number, u
        from generate_series(1, {SOLD}) as u
        cross join lateral coupon.issue_coupon(900001, u) as i
        """,
    )
    clients: list[Client[tuple[int, str, int, Any]]] = [Client(dsn) for _ in range(32)]
    reserve = "select r.reservation_id from coupon.reserve_coupon(%s, %s, %s, 5000, p_request_key => %s) as r"
    confirm = """
        select c.coupon_id, c.order_id, c.discount_amount::integer, c.used_at from coupon.confirm_reservation(%s) as c
    """

    def shop(client: Client[tuple[int, str, int, Any]], number: int) -> None:
        dice = random.Random(number)
        left = [(number_, user) for _, number_, user in coupons[number // 2 :: 16]]  # two clients want the same ones
        attempt = 0
        while left:
            coupon, user = left.pop(0)
            attempt += 1
            held = client.ask(reserve, [coupon, user, f"order-{number}-{user}", f"{number}-{attempt}"])
            if held == HELD:
                left.append((coupon, user))
            elif isinstance(held, str):
                assert held == USED
            elif dice.random() < 0.2:
                assert isinstance(client.ask("select coupon.cancel_reservation(%s, 'declined')", held[0]), list)
                left.append((coupon, user))
            else:
                paid = client.ask(confirm, held[0])
                assert isinstance(paid, list), paid
                client.seen += paid

    storm(cluster, clients, shop, SOLD)
    seen = sorted(answer for client in clients for answer in client.seen)
    used = """
        select i.id, i.order_id, r.discount_amount::integer, i.used_at
        from coupon.coupon_issues as i
        join coupon.coupon_reservations as r on r.reservation_id = i.reservation_id
        where i.status = 'USED' and r.status = 'CONFIRMED'
    """
    assert len(seen) == SOLD, "every coupon was used, by one order"
    assert sorted(rows(dsn, used)) == seen, "the order that was told so, with the discount that it was told"
    recorded = "select a.coupon_id from coupon.coupon_issue_audit as a where a.details ->> 'new_status' = 'USED'"
    assert sorted(rows(dsn, recorded)) == [(answer[0],) for answer in seen]
    assert violations(dsn) == []
