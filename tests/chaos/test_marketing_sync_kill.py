"""A synchronisation whose server is killed at random instants: it goes on where it was, and each row counts once."""

from __future__ import annotations

import json
import os
import random
import signal
import threading
import time
from typing import Any

import psycopg
import pytest

from concurrency.sessions import Connection, one, violations
from moadb.connection import connect
from moadb.server import LocalServer
from moadb.server.processes import server_processes
from servers import kill9

BATCHES = 60
CRASHES = 5
ACCOUNT = """
insert into marketing.marketing_accounts (id, platform, account_id, currency, time_zone)
values (101, 'google_ads', '111', 'KRW', 'Asia/Seoul');
insert into marketing.users (id, email, password_hash, name) values (-1, 'a@example.com', 'x', 'A');
insert into marketing.workspaces (id, name) values (-1, 'team');
insert into marketing.workspace_members (workspace_id, user_id, role) values (-1, -1, 'admin');
insert into marketing.account_connections (workspace_id, marketing_account_id, user_id) values (-1, 101, -1);
"""


@pytest.fixture
def cluster(cluster: LocalServer) -> LocalServer:
    """Return a server that may be killed, with an account that nothing is known of."""
    with connect(cluster.admin_dsn()) as connection:
        connection.execute(ACCOUNT)
    return cluster


def rows(batch: int) -> str:
    """Return the rows of a batch: five campaigns, the hours of a day; the last batches say anew what the first said."""
    day, again = batch % 40, batch // 40
    return json.dumps(
        [
            {
                "campaign_id": f"c{c}",
                "date": f"2026-{9 + day // 30:02}-{1 + day % 30:02}",
                "hour": h,
                "impressions": 100,
                "clicks": 1 + again,
                "cost": 10,
            }
            for c in range(5)
            for h in range(24)
        ]
    )


class Loader:
    """What a connector does: starts, loads batch after batch, finishes; begins again when it is thrown out."""

    def __init__(self, cluster: LocalServer) -> None:
        self.cluster = cluster
        self.pid = 0
        self.done = 0
        self.lost = 0

    def once(self, connection: Connection) -> None:
        """Synchronise from where the last one got to."""
        connection.execute("set role marketing_admin")
        connection.execute("select marketing.reap_syncs('1 microsecond')")
        found: Any = connection.execute(
            "select s.token, s.cursor from marketing.sync_start(101, 'full', '2026-09-01', '2026-10-10') as s"
        ).fetchone()
        token, cursor = found
        for batch in range((cursor or {"next": 0})["next"], BATCHES):
            for _ in range(random.choice((1, 1, 2))):  # an answer that got lost is asked for again
                connection.execute(
                    "select marketing.sync_batch(%s, %s, %s, %s)",
                    [token, f"b{batch}", rows(batch), json.dumps({"next": batch + 1})],
                )
            self.done = batch + 1
        connection.execute("select marketing.sync_finish(%s)", [token])

    def run(self) -> None:
        """Synchronise until it is finished."""
        deadline = time.monotonic() + 240
        while time.monotonic() < deadline:
            try:
                with psycopg.connect(self.cluster.admin_dsn(), autocommit=True) as connection:
                    self.pid = connection.info.backend_pid
                    self.once(connection)
                return
            except psycopg.OperationalError as error:
                if error.sqlstate is not None and not error.sqlstate.startswith(("57P", "08")):
                    raise
                self.lost += 1
                time.sleep(0.02)
        raise TimeoutError("the synchronisation does not end")


def disturb(cluster: LocalServer, loader: Loader, ended: threading.Event) -> None:
    """Kill the loader's server process, or the whole server, in turn, at points drawn."""
    for number, point in enumerate(sorted(random.sample(range(3, BATCHES * 9 // 10), CRASHES))):
        while loader.done < point:
            if ended.wait(0.002):
                return
        time.sleep(random.uniform(0, 0.02))
        if number % 2:
            if loader.pid in server_processes(cluster.cluster):
                os.kill(loader.pid, signal.SIGKILL)  # the server throws everybody out and recovers
        else:
            kill9(cluster)
            cluster.start()


def test_synchronisation(cluster: LocalServer) -> None:
    """T10: through five crashes every batch is loaded, none twice; sums and versions are those of a quiet run."""
    loader = Loader(cluster)
    ended = threading.Event()
    killer = threading.Thread(target=disturb, args=(cluster, loader, ended))
    killer.start()
    try:
        loader.run()
    finally:
        ended.set()
        killer.join()

    assert loader.lost >= CRASHES // 2, "the crashes did not meet the load"
    with connect(cluster.admin_dsn()) as connection:
        assert one(connection, "select count(*) from marketing.campaign_metrics") == 40 * 5 * 24
        assert one(connection, "select sum(d.clicks) from marketing.campaign_daily as d") == (20 * 2 + 20) * 5 * 24
        assert one(connection, "select count(*) from marketing.campaign_metric_versions") == 20 * 5 * 24
        assert one(connection, "select sum(l.batches) from marketing.data_sync_logs as l") == BATCHES
        assert one(connection, "select sum(l.records_synced) from marketing.data_sync_logs as l") == BATCHES * 120
        assert one(connection, "select c.cursor ->> 'next' from marketing.sync_cursors as c") == str(BATCHES)
        statuses = "select array_agg(l.status::text order by l.id) from marketing.data_sync_logs as l"
        *before, last = one(connection, statuses)
        assert set(before) == {"failed"}
        assert last == "success"
        assert violations(connection) == []
