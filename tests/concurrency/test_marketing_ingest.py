"""Metrics that many sessions load at once: the newest snapshot counts, rows before it are kept, sums are right."""

from __future__ import annotations

import json
import random
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import psycopg

from concurrency.sessions import Connection, await_lock, one, outcome, overtake, storm, violations

ACCOUNT = """
insert into marketing.marketing_accounts (id, platform, account_id, currency, time_zone)
values (101, 'google_ads', '111', 'KRW', 'Asia/Seoul');
insert into marketing.campaigns (id, marketing_account_id, campaign_id, campaign_name, platform)
select 1000 + n, 101, 'c' || n, 'Campaign ' || n, 'google_ads' from generate_series(0, 9) as n;
with u as (
  insert into marketing.users (id, email, password_hash, name) values (-1, 'a@example.com', 'x', 'A') returning id
), w as (
  insert into marketing.workspaces (id, name) values (-1, 'team') returning id
), m as (
  insert into marketing.workspace_members (workspace_id, user_id, role) select w.id, u.id, 'admin' from u, w
)
insert into marketing.account_connections (workspace_id, marketing_account_id, user_id)
select w.id, 101, u.id from u, w;
"""
ADMIN = "marketing_admin"
START = "select s.token from marketing.sync_start(101, 'full', '2026-11-01', '2026-11-02') as s"


def prepared(dsn: str) -> None:
    """Make an account that a workspace has connected, with ten campaigns."""
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute(ACCOUNT)


def row(campaign: int, day: int, hour: int | None = None, **values: Any) -> dict[str, Any]:
    """Return a row of metrics of November 2026."""
    return {"campaign_id": f"c{campaign}", "date": f"2026-11-{day:02}", "hour": hour, "impressions": 1000, **values}


def upsert(connection: Connection, rows: list[dict[str, Any]], snapshot: str) -> tuple[Any, ...]:
    """Load rows and return the four counts."""
    found = connection.execute(
        "select * from marketing.upsert_campaign_metrics(%s, 101, %s)", [json.dumps(rows), snapshot]
    ).fetchone()
    assert found is not None
    return found


def test_batches_out_of_order(database: str) -> None:
    """T3: forty snapshots of the same days arrive in any order, in eight sessions: the newest is what is there."""
    prepared(database)
    snapshots = list(range(40))
    random.shuffle(snapshots)

    def work(connection: Connection, number: int) -> list[tuple[Any, ...]]:
        return [
            upsert(
                connection,
                [row(c, d, clicks=snapshot) for c in random.sample(range(10), 10) for d in (1, 2, 3)],
                f"2026-11-05 00:{snapshot:02}:00Z",
            )
            for snapshot in snapshots[number::8]
        ]

    counts = [count for session in storm(database, 8, work, ADMIN) for count in session]
    assert sum(sum(count) for count in counts) == 40 * 30
    assert sum(count[0] for count in counts) == 30
    with psycopg.connect(database, autocommit=True) as connection:
        assert one(connection, "select array_agg(distinct m.clicks) from marketing.campaign_metrics as m") == [39]
        assert one(connection, "select count(*) from marketing.campaign_metric_versions") == sum(c[1] for c in counts)
        assert one(connection, "select sum(d.clicks) from marketing.campaign_daily as d") == 39 * 30
        assert violations(connection) == []


def test_two_loaders_of_the_same_campaigns(database: str) -> None:
    """T1: daily and hourly rows of the same days, loaded again and again in eight sessions: each counts once."""
    prepared(database)

    def work(connection: Connection, number: int) -> None:
        for turn in range(6):
            campaigns = random.sample(range(12), 8)  # two of which nobody knows yet
            if (number + turn) % 2:
                rows = [row(c, d, h, clicks=1) for c in campaigns for d in (1, 2) for h in range(24)]
            else:
                rows = [row(c, d, clicks=24) for c in campaigns for d in (1, 2)]
            upsert(connection, rows, "2026-11-05 00:00Z")

    storm(database, 8, work, ADMIN)
    with psycopg.connect(database, autocommit=True) as connection:
        assert one(connection, "select array_agg(distinct d.clicks) from marketing.campaign_daily as d") == [24]
        assert one(connection, "select count(*) from marketing.campaign_metric_versions") == 0
        assert one(connection, "select count(*) from marketing.campaigns") == 12
        assert violations(connection) == []


def test_loaders_and_raw_writers(database: str) -> None:
    """Who writes the table by hand meets loaders of the same campaigns: roll-ups, channels and versions agree."""
    prepared(database)

    def work(connection: Connection, number: int) -> int:
        refused = 0
        for turn in range(15):
            if number % 3:
                upsert(
                    connection,
                    [row(c, d, clicks=random.randrange(100)) for c in range(5) for d in (1, 2)],
                    f"2026-11-05 00:{turn:02}:{number:02}Z",
                )
            else:
                connection.execute("reset role")
                refused += (
                    outcome(
                        connection,
                        """
                        insert into marketing.campaign_metrics as m (campaign_id, date, impressions, clicks)
                        values (1000 + %s, '2026-11-01', 1000, 7)
                        on conflict (campaign_id, date, hour) do update set clicks = m.clicks / 2
                        """,
                        random.randrange(5),
                    )
                    == "40P01"
                )
        return refused

    storm(database, 6, work, ADMIN)
    with psycopg.connect(database, autocommit=True) as connection:
        assert violations(connection) == []


def test_one_sync_runs(database: str) -> None:
    """T10: eight sessions start to synchronise an account: one does, the others are told which."""
    prepared(database)
    start = "select marketing.sync_start(101, 'incremental', '2026-11-01', '2026-11-10')"
    outcomes = storm(database, 8, lambda connection, _: outcome(connection, start), ADMIN)
    assert sorted(outcomes) == ["MM031"] * 7 + ["done"]


def test_the_same_batch_at_once(database: str) -> None:
    """T10: a batch that six sessions send at once is loaded once, and all get its answer."""
    prepared(database)
    rows = json.dumps([row(c, 1, clicks=3) for c in range(10)])
    with psycopg.connect(database, autocommit=True) as connection:
        token = one(
            connection, "select s.token from marketing.sync_start(101, 'full', '2026-11-01', '2026-11-02') as s"
        )

    def work(connection: Connection, _: int) -> Any:
        return connection.execute("select * from marketing.sync_batch(%s, 'b', %s, '1')", [token, rows]).fetchone()

    assert set(storm(database, 6, work, ADMIN)) == {(10, 0, 0, 0)}
    with psycopg.connect(database, autocommit=True) as connection:
        assert one(connection, "select l.records_synced from marketing.data_sync_logs as l") == 10
        assert one(connection, "select count(*) from marketing.campaign_metric_versions") == 0


def test_reaped_run_comes_back(database: str) -> None:
    """T10: a run is given up, the next goes on from its cursor; what the first one sends late is refused."""
    prepared(database)
    start = "select s.token, s.cursor from marketing.sync_start(101, 'full', '2026-11-01', '2026-11-02') as s"
    with psycopg.connect(database, autocommit=True) as connection:
        first = connection.execute(start).fetchone()
        assert first is not None
        batch = "select marketing.sync_batch(%s, %s, %s, %s)"
        connection.execute(batch, [first[0], "b1", json.dumps([row(1, 1, clicks=1)]), '{"page": 1}'])
        assert one(connection, "select marketing.reap_syncs('1 microsecond')") == 1
        second = connection.execute(start).fetchone()
        assert second is not None
        assert second[1] == {"page": 1}
        late = [first[0], "b2", json.dumps([row(1, 1, clicks=9)]), '{"page": 2}']
        assert outcome(connection, batch, *late) == "MM032"
        assert outcome(connection, "select marketing.sync_finish(%s)", first[0]) == "MM032"
        connection.execute(batch, [second[0], "b2", json.dumps([row(1, 2, clicks=2)]), '{"page": 2}'])
        connection.execute("select marketing.sync_finish(%s)", [second[0]])
        assert one(connection, "select sum(d.clicks) from marketing.campaign_daily as d") == 3
        assert one(connection, "select c.synced_to::text from marketing.sync_cursors as c") == "2026-11-02"
        assert violations(connection) == []


def test_reaping_leaves_who_is_loading(database: str) -> None:
    """A batch that is being loaded is heard of when it is committed; until then its run is not given up."""
    prepared(database)
    with psycopg.connect(database, autocommit=True) as connection, psycopg.connect(database) as loader:
        token = one(
            connection, "select s.token from marketing.sync_start(101, 'full', '2026-11-01', '2026-11-02') as s"
        )
        loader.execute("select marketing.sync_batch(%s, 'b', %s)", [token, json.dumps([row(1, 1)])])
        assert one(connection, "select marketing.reap_syncs('1 microsecond')") == 0
        loader.commit()


def test_finish_meets_batch(database: str) -> None:
    """A run that is finished while a batch of it is on its way: the batch waits, and is refused."""
    prepared(database)
    with psycopg.connect(database, autocommit=True) as connection:
        token = one(
            connection, "select s.token from marketing.sync_start(101, 'full', '2026-11-01', '2026-11-02') as s"
        )
    batch = f"select marketing.sync_batch('{token}', 'b', '{json.dumps([row(1, 1)])}')"
    assert overtake(database, f"select marketing.sync_finish('{token}')", batch, ADMIN) == "MM032"


def test_connecting_meets_a_load(database: str) -> None:
    """A workspace that connects the account while rows of it are loaded sees them in its channels."""
    prepared(database)
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute("update marketing.campaigns set channel_id = 1")
        connection.execute("insert into marketing.workspaces (id, name) values (-2, 'client')")
        connection.execute("insert into marketing.workspace_members values (-2, -1, 'admin')")
    load = f"select marketing.upsert_campaign_metrics('{json.dumps([row(1, 1, clicks=5)])}', 101, '2026-11-05 00:00Z')"
    connect = "select marketing.connect_account(-2, 'google_ads', '111', p_user_id => -1)"
    assert overtake(database, load, connect, ADMIN) == "done"
    with psycopg.connect(database, autocommit=True) as connection:
        found = connection.execute(
            "select p.workspace_id, p.total_clicks from marketing.channel_performance as p order by 1"
        ).fetchall()
        assert found == [(-2, 5), (-1, 5)]
        assert violations(connection) == []


def test_a_new_campaign_is_told_and_loaded_at_once(database: str) -> None:
    """Whoever tells all campaigns of an account and whoever loads one of them for the first time do not deadlock."""
    prepared(database)
    rows = [row(0, 1, clicks=1), row(99, 1, clicks=1)]
    told = json.dumps([{"campaign_id": "c0"}, {"campaign_id": "c99"}])
    with (
        psycopg.connect(database, autocommit=True) as observer,
        psycopg.connect(database) as holder,
        psycopg.connect(database, autocommit=True) as loader,
        psycopg.connect(database, autocommit=True) as teller,
        ThreadPoolExecutor(2) as pool,
    ):
        holder.execute("select from marketing.campaigns as c where c.id = 1000 for update")
        changed = pool.submit(outcome, teller, "select marketing.upsert_campaigns(101, %s)", told)
        await_lock(observer, teller)
        loaded = pool.submit(
            outcome, loader, "select marketing.upsert_campaign_metrics(%s, 101, '2026-11-05 00:00Z')", json.dumps(rows)
        )
        await_lock(observer, loader)
        holder.commit()
        assert (loaded.result(), changed.result()) == ("done", "done")
        assert violations(observer) == []


def test_replacing_meets_a_load_of_older_rows(database: str) -> None:
    """T3: a window is replaced while older rows of a campaign that it knows nothing of arrive: they never count."""
    prepared(database)
    for day, comes_first in ((1, True), (2, False)):
        with psycopg.connect(database, autocommit=True) as connection:
            token = one(
                connection,
                """
                select s.token
                from marketing.sync_start(
                  101, 'full', %s::date, %s::date, p_snapshot_at => '2026-11-06 00:00Z', p_replaces => true
                ) as s
                """,
                *[f"2026-11-{day:02}"] * 2,
            )
        finish = f"select marketing.sync_finish('{token}')"
        rows = json.dumps([row(77, day, clicks=5)])
        load = f"select marketing.upsert_campaign_metrics('{rows}', 101, '2026-11-05 00:00Z')"
        first, second = (finish, load) if comes_first else (load, finish)
        assert overtake(database, first, second, ADMIN) == "done"
        with psycopg.connect(database, autocommit=True) as connection:
            assert one(connection, "select coalesce(sum(d.clicks), 0) from marketing.campaign_daily as d") == 0
            assert violations(connection) == []


def test_loads_that_tell_of_their_campaigns(database: str) -> None:
    """Transactions that load, and then tell of the campaigns that they have loaded, do not deadlock."""
    prepared(database)

    with (
        psycopg.connect(database) as first,
        psycopg.connect(database) as second,
        psycopg.connect(database, autocommit=True) as observer,
        ThreadPoolExecutor(1) as pool,
    ):
        # else the second waits for the workspace that the first has locked
        observer.execute("update marketing.account_connections set disconnected_at = now()")
        for number, connection in enumerate((first, second)):
            upsert(connection, [row(number, 2, clicks=1)], "2026-11-05 00:00Z")
        tell = "select marketing.upsert_campaigns(101, %s)"
        result = pool.submit(outcome, first, tell, json.dumps([{"campaign_id": "c0", "campaign_name": "A"}]))
        assert outcome(second, tell, json.dumps([{"campaign_id": "c1", "campaign_name": "B"}])) == "done"
        assert result.result() == "done"


def test_two_streams_bring_new_campaigns(database: str) -> None:
    """Synchronisations of two streams of one account, whose batches both make a campaign, do not deadlock."""
    prepared(database)
    start = "select s.token from marketing.sync_start(101, 'full', '2026-11-01', '2026-11-02', %s) as s"
    fact = {"date": "2026-11-01", "action": "buy", "model": "last", "click_window": 7, "view_window": 1}
    rows = {
        "campaign_metrics": [row(98, 1)],
        "conversion_facts": [{"campaign_id": "c99", "conversions": 1, **fact}],
    }
    with (
        psycopg.connect(database, autocommit=True) as observer,
        psycopg.connect(database) as holder,
        psycopg.connect(database, autocommit=True) as first,
        psycopg.connect(database, autocommit=True) as second,
        ThreadPoolExecutor(2) as pool,
    ):
        tokens = [one(observer, start, stream) for stream in rows]
        holder.execute("select from marketing.marketing_accounts as a where a.id = 101 for no key update")
        results = []
        for connection, token, batch in zip((first, second), tokens, rows.values(), strict=True):
            call = "select marketing.sync_batch(%s, 'b', %s)"
            results.append(pool.submit(outcome, connection, call, token, json.dumps(batch)))
            await_lock(observer, connection)
        holder.commit()
        assert [result.result() for result in results] == ["done", "done"]
        assert violations(observer) == []


def test_connecting_goes_before_loading(database: str) -> None:
    """Transactions that load and then connect are told so by a deadlock; in the order that is documented they wait."""
    prepared(database)
    connect = "select marketing.connect_account(-1, 'google_ads', '111', p_user_id => -1)"
    with (
        psycopg.connect(database) as first,
        psycopg.connect(database) as second,
        psycopg.connect(database, autocommit=True) as observer,
        ThreadPoolExecutor(1) as pool,
    ):
        observer.execute("update marketing.account_connections set disconnected_at = now()")
        for number, connection in enumerate((first, second)):
            upsert(connection, [row(number, 2, clicks=1)], "2026-11-05 00:00Z")
        result = pool.submit(outcome, first, connect)
        await_lock(observer, first)
        outcomes = [outcome(second, connect)]
        second.rollback()
        outcomes.append(result.result())
        first.rollback()
        assert sorted(outcomes) == ["40P01", "done"]

        outcomes = [outcome(first, connect)]
        result = pool.submit(outcome, second, connect)
        await_lock(observer, second)
        upsert(first, [row(0, 2, clicks=1)], "2026-11-05 00:00Z")
        first.commit()
        assert [*outcomes, result.result()] == ["done", "done"]
        upsert(second, [row(1, 2, clicks=1)], "2026-11-05 00:00Z")
        second.commit()
        assert one(observer, "select sum(d.clicks) from marketing.campaign_daily as d") == 2
        assert violations(observer) == []


def test_loads_of_two_accounts(database: str) -> None:
    """Loads that have a campaign of one account and make one of another, and the other way around, do not deadlock."""
    prepared(database)
    load = "select marketing.upsert_campaign_metrics(%s, p_snapshot_at => '2026-11-05 00:00Z')"

    def rows(known: int, platform: str, account: str, name: str) -> str:
        day = {"date": "2026-11-01", "impressions": 5}
        made = {"platform": platform, "account_id": account, "campaign_id": name}
        return json.dumps([{"campaign_id": str(known), **day}, {**made, **day}])

    with (
        psycopg.connect(database, autocommit=True) as observer,
        psycopg.connect(database) as holder,
        psycopg.connect(database, autocommit=True) as first,
        psycopg.connect(database, autocommit=True) as second,
        ThreadPoolExecutor(2) as pool,
    ):
        observer.execute("""
            insert into marketing.marketing_accounts (id, platform, account_id, currency, time_zone)
            values (102, 'naver_ads', '222', 'KRW', 'Asia/Seoul');
            insert into marketing.campaigns (id, marketing_account_id, campaign_id, campaign_name, platform)
            values (2000, 102, 'n0', 'N', 'naver_ads');
        """)
        holder.execute("""
            insert into marketing.campaigns (marketing_account_id, campaign_id, campaign_name, platform)
            values (102, 'new', 'N', 'naver_ads')
        """)
        results = [pool.submit(outcome, first, load, rows(1000, "naver_ads", "222", "new"))]
        await_lock(observer, first)
        results.append(pool.submit(outcome, second, load, rows(2000, "google_ads", "111", "new")))
        await_lock(observer, second)
        holder.rollback()
        assert [result.result() for result in results] == ["done", "done"]
        assert violations(observer) == []
