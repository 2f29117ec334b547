"""The partition manager between sessions: writers and readers go on, nothing is lost or seen twice."""

from __future__ import annotations

import os
import random
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import psycopg
import pytest

from concurrency.sessions import Connection, one, storm
from moadb import partitions

NOW = "2027-05-31 12:00+00"

TABLES = """
set role moadb_owner;
create schema tap;
create table tap.policies (id bigint primary key);
create table tap.coupons (id bigint primary key, policy_id bigint references tap.policies, writer integer)
  partition by range (id);
create table tap.coupons_default partition of tap.coupons default;
create table tap.holds (
  id bigint generated always as identity primary key, coupon_id bigint not null references tap.coupons
);
create index on tap.holds (coupon_id);
create table tap.days (day date not null, n bigint) partition by range (day);
insert into tap.policies values (1);
reset role;
delete from platform.partition_sets;
select platform.define_partition_set('tap.coupons', p_unit => 'month', p_id_shift => 40, p_premake => 3);
select platform.define_partition_set('tap.days', p_unit => 'day', p_premake => 2, p_has_default => false);
"""


@pytest.fixture
def admin(database: str) -> Iterator[Connection]:
    """Return a session on a database where two tables are declared and the job has never run."""
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute(f"alter database {connection.info.dbname} set moadb.now = '{NOW}'")
        connection.execute(f"set moadb.now = '{NOW}'")
        connection.execute(TABLES)
        yield connection


def maintain(connection: Connection, table: str | None = None, timeout: str = "2s") -> dict[str, Any]:
    """Call platform.maintain_partitions and return what it did to `table`, or to each table."""
    query = "select to_jsonb(m) from platform.maintain_partitions(%s::regclass, %s) as m"
    done = {row["table_name"]: row for (row,) in connection.execute(query, (table, timeout))}
    return done[table.split(".")[1]] if table else done


def until(condition: Callable[[], bool]) -> None:
    """Wait until it is so."""
    for _ in range(3000):
        if condition():
            return
        time.sleep(0.01)
    raise AssertionError("it never came to that")


def waiting(admin: Connection, table: str | None = None) -> int:
    """Return how many sessions wait for a lock on a table of the schema, or on the one that is named."""
    query = "select count(*) from pg_locks where not granted and relation::regclass::text ~ %s"
    return int(one(admin, query, f"^{table}$" if table else "^tap[.]"))


def places(connection: Connection) -> Counter[str]:
    """Return the number of coupons in each partition."""
    return Counter(dict(connection.execute("select tableoid::regclass::text, count(*) from tap.coupons group by 1")))


def add_coupons(connection: Connection, month: str, count: int) -> None:
    """Issue coupons of a month, and hold the first of them."""
    connection.execute(
        "insert into tap.coupons select platform.month_id(%s, n), 1 from generate_series(1, %s) as n", (month, count)
    )
    connection.execute("insert into tap.holds (coupon_id) values (platform.month_id(%s, 1))", (month,))


def test_writers_and_readers_during_a_drain(admin: Connection, database: str) -> None:
    """Eight writers and two readers go on while 24 months move out of the default partition, one transaction each."""
    for month in range(24):
        add_coupons(admin, f"{2025 + month // 12}-{month % 12 + 1:02}-15", 100)
    drained = threading.Event()

    def write(connection: Connection, n: int) -> int:
        """Write to months that are moving, to the current one and to one that is there already."""
        written = 0
        while not drained.is_set():
            year, month = random.choice([(2025, n + 1), (2026, n + 3), (2027, 5)])
            connection.execute(
                "insert into tap.coupons values (platform.month_id(%s, %s), 1, %s)",
                (f"{year}-{month:02}-15", 1_000_000 * (n + 1) + written, n),
            )
            written += 1
        return written

    def read(connection: Connection, n: int) -> int:
        """Read all coupons, or those of one month; there are never fewer than before, and never one twice."""
        seen = 0
        reads = 0
        while not drained.is_set():
            count, distinct = connection.execute("select count(*), count(distinct id) from tap.coupons").fetchall()[0]
            assert count == distinct
            assert count >= seen
            seen = count
            month = random.randrange(24)
            found = one(
                connection,
                """
                select count(*)
                from tap.coupons
                where id between platform.month_id(%s, 1) and platform.month_id(%s, 100)
                """,
                *[f"{2025 + month // 12}-{month % 12 + 1:02}-15"] * 2,
            )
            assert found == 100
            reads += 1
        return reads

    def work(connection: Connection, n: int) -> int:
        if n:
            return write(connection, n - 1) if n < 9 else read(connection, n)
        try:
            while row := connection.execute(
                """
                select (platform._make_partition('tap.coupons', base_name, lower_position, upper_position, true)).made
                from platform._plan_partitions('tap.coupons')
                limit 1
                """
            ).fetchone():
                assert row[0] is not None
        finally:
            drained.set()
        return 0

    written = storm(database, 11, work, role=None)
    assert all(written[1:]), "everybody has had a turn"
    assert places(admin)["tap.coupons_default"] == 0
    assert one(admin, "select count(*) from tap.coupons") == 2400 + sum(written[1:9])
    by_writer: dict[int, int] = dict(
        admin.execute("select writer, count(*) from tap.coupons where writer is not null group by 1")
    )
    assert by_writer == dict(enumerate(written[1:9]))
    assert one(admin, "select count(*) from tap.holds join tap.coupons on coupons.id = coupon_id") == 24
    assert one(admin, "select bool_and(convalidated) from pg_constraint where conrelid = 'tap.holds'::regclass")


@pytest.mark.parametrize("is_referred_to", [True, False])
def test_who_waits_for_a_drain_sees_its_result(admin: Connection, database: str, is_referred_to: bool) -> None:
    """Readers and a writer that came in the middle of it find all rows, and no partition closed to them."""
    add_coupons(admin, NOW, 100)
    if not is_referred_to:
        admin.execute("drop table tap.holds")
    with ThreadPoolExecutor(3) as pool, psycopg.connect(database) as maintainer:
        assert maintain(maintainer, "tap.coupons")["drained"] == 100

        def act(query: str) -> Future[Any]:
            def run() -> Any:
                with psycopg.connect(database, autocommit=True) as connection:
                    return one(connection, query)

            return pool.submit(run)

        all_rows = act("select count(*) from tap.coupons")
        month = act("select count(*) from tap.coupons where id >= platform.month_id('2027-05-01', 0)")
        written = act(
            "insert into tap.coupons values (platform.month_id('2027-05-01', 999)) returning tableoid::regclass::text"
        )
        until(lambda: waiting(admin) == 3)
        maintainer.commit()
        assert written.result() == "tap.coupons_2027_05"
        assert all_rows.result() in (100, 101)
        assert month.result() in (100, 101)


def test_a_long_reader_delays_one_table_only(admin: Connection, database: str) -> None:
    """The table that is being read is skipped, and the report names the reader; the other is done; writers go on."""
    add_coupons(admin, NOW, 10)
    with psycopg.connect(database) as reader:
        one(reader, "select count(*) from tap.coupons")
        with ThreadPoolExecutor(1) as pool:
            report = pool.submit(partitions.maintain, database, lock_timeout="300ms")
            until(lambda: report.done() or waiting(admin, "tap.coupons") > 0)
            # It comes while the maintenance waits, and is through while the reader still reads.
            admin.execute("insert into tap.coupons values (platform.month_id(%s, 5000), 1)", (NOW,))
            coupons, days = report.result()
        assert days.ok
        assert len(days.made) == 3
        assert coupons.made == coupons.detached == []
        assert coupons.skipped[0] == (
            f"coupons_2027_05: canceling statement due to lock timeout; in use by {reader.info.backend_pid}"
        )
        assert places(admin) == {"tap.coupons_default": 11}
    (coupons,) = partitions.maintain(database, "tap.coupons")
    assert coupons.ok
    assert coupons.drained == 11


def test_coming_months_are_made_beside_readers_and_writers(admin: Connection, database: str) -> None:
    """Without rows to move, a transaction that has read and written other partitions is in nobody's way."""
    maintain(admin)
    admin.execute("set moadb.now = '2027-06-01 00:00+00'")
    with psycopg.connect(database) as user:
        user.execute("insert into tap.coupons values (platform.month_id('2027-05-31', 1), 1)")
        user.execute("insert into tap.days values ('2027-05-31')")
        user.execute("select from tap.coupons where id = platform.month_id('2027-05-31', 1)")
        user.execute("select * from tap.days")
        assert maintain(admin, "tap.days", "300ms")["made"] == ["days_2027_06_03"]
        assert maintain(admin, "tap.coupons", "300ms")["made"] == ["coupons_2027_09"]


def test_what_needs_not_wait_does_not(admin: Connection, database: str) -> None:
    """The current month needs the whole table, which somebody reads; the months to come do not."""
    maintain(admin)
    admin.execute("set moadb.now = '2027-09-15 00:00+00'")
    with psycopg.connect(database) as reader:
        one(reader, "select count(*) from tap.coupons where id = platform.month_id('2027-05-31', 1)")
        done = maintain(admin, "tap.coupons", "300ms")
        assert done["made"] == ["coupons_2027_10", "coupons_2027_11", "coupons_2027_12"]
        assert [line.split(":")[0] for line in done["skipped"]] == ["coupons_2027_09"]
    assert maintain(admin, "tap.coupons")["made"] == ["coupons_2027_09"]


def test_a_deadlock_ends_the_maintenance(admin: Connection, database: str) -> None:
    """A transaction that reads the table and then writes to what it refers to goes on; the maintenance gives way."""
    with (
        ThreadPoolExecutor(1) as pool,
        psycopg.connect(database) as user,
        psycopg.connect(database, autocommit=True) as maintainer,
    ):
        one(user, "select count(*) from tap.coupons")
        report = pool.submit(maintain, maintainer, "tap.coupons")
        until(lambda: waiting(admin, "tap.coupons") == 1)
        user.execute("update tap.policies set id = id")
        until(report.done)
        assert report.result()["skipped"][0] == (
            f"coupons_2027_05: canceling statement due to lock timeout; in use by {user.info.backend_pid}"
        )
    assert maintain(admin, "tap.coupons")["skipped"] == []


def test_a_deadlock_that_comes_late_ends_the_maintenance(admin: Connection, database: str) -> None:
    """The maintenance waits for somebody else first, and for the transaction that waits for it only then."""
    with (
        ThreadPoolExecutor(2) as pool,
        psycopg.connect(database) as user,
        psycopg.connect(database) as other,
        psycopg.connect(database, autocommit=True) as maintainer,
    ):
        other.execute("lock table only tap.coupons in row exclusive mode")
        user.execute("lock table tap.holds in row exclusive mode")
        report = pool.submit(maintain, maintainer, "tap.coupons")
        until(lambda: waiting(admin, "tap.coupons") == 1)
        written = pool.submit(user.execute, "update tap.policies set id = id")
        until(lambda: waiting(admin, "tap.policies") == 1)
        time.sleep(0.5)
        other.rollback()
        assert written.result().rowcount == 1
        user.commit()
        report.result()
    assert maintain(admin, "tap.coupons")["skipped"] == []


@pytest.mark.parametrize("sessions", [2, 6])
def test_sessions_maintain_at_once(admin: Connection, database: str, sessions: int) -> None:
    """Each partition is made by one of them; nobody fails, nothing is done twice."""
    add_coupons(admin, NOW, 1000)
    reports = storm(database, sessions, lambda connection, n: maintain(connection, timeout="20s"), role=None)
    made = Counter(name for report in reports for table in report.values() for name in table["made"])
    assert set(made.values()) == {1}
    assert sorted(made) == [
        "coupons_2027_05", "coupons_2027_06", "coupons_2027_07", "coupons_2027_08",
        "days_2027_05_31", "days_2027_06_01", "days_2027_06_02",
    ]  # fmt: skip
    assert sum(report["coupons"]["drained"] for report in reports) == 1000
    assert not any(table["skipped"] for report in reports for table in report.values())
    assert places(admin) == {"tap.coupons_2027_05": 1000}


def test_bounds_are_the_same_in_any_zone(admin: Connection) -> None:
    """Two sessions with settings of their own make the same partitions, over the day on which clocks change."""
    bounds = []
    for settings in ("set timezone = 'Asia/Seoul'", "set timezone = 'America/Los_Angeles'; set datestyle = 'SQL, DMY'"):
        admin.execute(f"set role moadb_owner; drop table if exists tap.times; {settings}")
        admin.execute("create table tap.times (at timestamptz not null) partition by range (at)")
        admin.execute("reset role; set moadb.now = '2026-10-31 23:30-04'")
        admin.execute("select platform.define_partition_set('tap.times', 'day', p_time_zone => 'America/New_York')")
        maintain(admin, "tap.times")
        bounds.append(
            admin.execute(
                "select partition_name, from_value, to_value from platform.list_partitions('tap.times')"
            ).fetchall()
        )
    assert bounds[0] == bounds[1]
    assert ("times_2026_11_01", "2026-11-01 04:00:00+00", "2026-11-02 05:00:00+00") in bounds[0]


def interrupted(database: str, admin: Connection, partition: str) -> None:
    """Begin to detach a partition concurrently while somebody reads the table, and end the session in the middle."""
    with psycopg.connect(database) as reader, psycopg.connect(database, autocommit=True) as detacher:
        one(reader, "select count(*) from tap.days")

        def detach() -> None:
            with pytest.raises(psycopg.errors.AdminShutdown):
                detacher.execute(f"alter table tap.days detach partition tap.{partition} concurrently")

        thread = threading.Thread(target=detach)
        thread.start()
        until(lambda: one(admin, "select exists (select from pg_inherits where inhdetachpending)"))
        admin.execute("select pg_terminate_backend(%s)", (detacher.info.backend_pid,))
        thread.join()


def attached(admin: Connection) -> list[str]:
    """Return the partitions of tap.days."""
    return [
        name
        for (name,) in admin.execute(
            "select partition_name from platform.list_partitions('tap.days') where state <> 'detached'"
        )
    ]


@pytest.mark.parametrize("action", ["detach", "drop"])
def test_interrupted_detach_is_finished(admin: Connection, database: str, action: str) -> None:
    """It is seen, and the next maintenance finishes it and goes on."""
    maintain(admin, "tap.days")
    admin.execute(
        "update platform.partition_sets set retention = '1 day', retention_action = %s where table_name = 'days'",
        (action,),
    )
    admin.execute("set moadb.now = '2027-06-03 00:00+00'")
    admin.execute(f"alter database {admin.info.dbname} set moadb.now = '2027-06-03 00:00+00'")
    interrupted(database, admin, "days_2027_05_31")
    assert admin.execute(
        "select problem, detail from platform.partition_health where problem = 'detaching'"
    ).fetchall() == [("detaching", "days_2027_05_31")]
    assert admin.execute("select partition_name, is_detaching from platform.list_expired_partitions()").fetchall() == [
        ("days_2027_05_31", True), ("days_2027_06_01", False)
    ]  # fmt: skip

    (done,) = partitions.maintain(database, "tap.days")
    assert done.ok
    assert sorted(done.detached if action == "detach" else done.dropped) == ["days_2027_05_31", "days_2027_06_01"]
    assert attached(admin) == ["days_2027_06_02", "days_2027_06_03", "days_2027_06_04", "days_2027_06_05"]
    assert one(admin, "select to_regclass('tap.days_2027_05_31') is null") == (action == "drop")
    assert admin.execute("select * from platform.partition_health where table_name = 'days'").fetchall() == []


def test_detaching_concurrently_under_a_long_reader(admin: Connection, database: str) -> None:
    """Readers and writers go on meanwhile; what the reader keeps from ending is reported and ended by the next call."""
    maintain(admin, "tap.days")
    admin.execute("insert into tap.days values ('2027-05-31', 1)")
    admin.execute("update platform.partition_sets set retention = '1 day' where table_name = 'days'")
    admin.execute(f"alter database {admin.info.dbname} set moadb.now = '2027-06-02 00:00+00'")
    with psycopg.connect(database) as reader:
        one(reader, "select count(*) from tap.days")
        (done,) = partitions.maintain(database, "tap.days", lock_timeout="300ms")
        assert done.made == ["days_2027_06_03", "days_2027_06_04"]
        assert done.detached == []
        assert done.skipped[0].startswith("days_2027_05_31: canceling statement due to lock timeout")
        admin.execute("insert into tap.days values ('2027-06-01', 1)")
        assert one(admin, "select count(*) from tap.days") == 1
    (done,) = partitions.maintain(database, "tap.days")
    assert done.ok
    assert done.detached == ["days_2027_05_31"]
    assert one(admin, "select count(*) from tap.days_2027_05_31") == 1


def test_retirement_without_concurrency(admin: Connection, database: str) -> None:
    """With a default partition it is the function that detaches; a partition that is referred to stays."""
    maintain(admin, "tap.coupons")
    add_coupons(admin, "2027-05-31", 3)
    admin.execute("select platform.define_partition_set('tap.coupons', 'month', 40, p_retention => '1 month')")
    admin.execute(f"alter database {admin.info.dbname} set moadb.now = '2027-08-31 00:00+00'")
    (done,) = partitions.maintain(database, "tap.coupons")
    assert done.detached == ["coupons_2027_06"]
    assert [line.split(":")[0] for line in done.skipped] == ["coupons_2027_05"]
    assert "violates foreign key constraint" in done.skipped[0]
    admin.execute("truncate tap.holds")
    (done,) = partitions.maintain(database, "tap.coupons")
    assert done.detached == ["coupons_2027_05"]
    assert one(admin, "select count(*) from tap.coupons_2027_05") == 3


def test_killed_in_mid_drain(admin: Connection, database: str) -> None:
    """Kill -9 of the server process that moves rows: all are where they were, and the next call moves them."""
    add_coupons(admin, NOW, 100_000)
    holds = one(admin, "select count(*) from tap.holds")
    with psycopg.connect(database, autocommit=True) as maintainer:
        pid = maintainer.info.backend_pid

        def drain() -> None:
            with pytest.raises(psycopg.OperationalError):
                maintain(maintainer, "tap.coupons")

        thread = threading.Thread(target=drain)
        thread.start()
        # It has taken its last lock, and made the table that the rows move to.
        until(
            lambda: one(
                admin,
                "select exists (select from pg_locks where pid = %s and relation = 'tap.holds'::regclass and granted)",
                pid,
            )
        )
        os.kill(pid, signal.SIGKILL)
        thread.join()

    def is_up() -> bool:
        try:
            psycopg.connect(database).close()
        except psycopg.OperationalError:
            return False
        return True

    with pytest.raises(psycopg.OperationalError):  # the server ends every session before it comes back
        admin.execute("select pg_sleep(60)")
    until(is_up)
    with psycopg.connect(database, autocommit=True) as again:
        assert places(again) == {"tap.coupons_default": 100_000}
        assert one(again, "select to_regclass('tap.coupons_2027_05')") is None
        assert maintain(again, "tap.coupons")["drained"] == 100_000
        assert places(again) == {"tap.coupons_2027_05": 100_000}
        assert one(again, "select count(*) from tap.holds join tap.coupons on coupons.id = coupon_id") == holds


def test_locks(admin: Connection) -> None:
    """What is locked, how strongly, and in which order: first what the table refers to, last what refers to it."""

    def locks(is_exclusive: bool) -> list[tuple[str, str]]:
        with admin.transaction(force_rollback=True):
            admin.execute("select platform._lock_partition_set('tap.coupons', %s)", (is_exclusive,))
            return admin.execute(
                """
                select relation::regclass::text, mode
                from pg_locks
                where pid = pg_backend_pid() and relation in (
                  select oid from pg_class where relnamespace = 'tap'::regnamespace
                )
                order by 1
                """
            ).fetchall()

    assert locks(False) == [
        ("tap.coupons", "ShareUpdateExclusiveLock"),
        ("tap.coupons_default", "AccessExclusiveLock"),
        ("tap.holds", "ShareRowExclusiveLock"),
        ("tap.policies", "ShareRowExclusiveLock"),
    ]
    assert locks(True) == [
        ("tap.coupons", "AccessExclusiveLock"),
        ("tap.coupons_default", "AccessExclusiveLock"),
        ("tap.holds", "AccessExclusiveLock"),
        ("tap.policies", "ShareRowExclusiveLock"),
    ]


@pytest.mark.parametrize(
    ("held", "free"),
    [
        ("policies", ["coupons", "coupons_default", "holds"]),
        ("coupons", ["coupons_default", "holds"]),
        ("coupons_default", ["holds"]),
    ],
)
def test_lock_order(admin: Connection, database: str, held: str, free: list[str]) -> None:
    """While the maintenance waits for one table it has not locked those that come after."""
    with ThreadPoolExecutor(1) as pool, psycopg.connect(database) as holder, psycopg.connect(database) as maintainer:
        holder.execute(f"lock table only tap.{held} in access exclusive mode")
        done = pool.submit(maintainer.execute, "select platform._lock_partition_set('tap.coupons', true)")
        until(lambda: waiting(admin, f"tap.{held}") == 1)
        for table in free:
            admin.execute(f"begin; lock table only tap.{table} in access exclusive mode nowait; commit")
        holder.rollback()
        done.result()


@pytest.mark.parametrize("level", ["repeatable read", "serializable"])
def test_isolation_level(admin: Connection, level: str) -> None:
    """A transaction that does not see what others commit cannot maintain partitions."""
    with pytest.raises(psycopg.Error) as caught:
        admin.execute(f"begin isolation level {level}; select platform.maintain_partitions(); commit")
    admin.execute("rollback")
    assert caught.value.sqlstate == "MP036"
    assert caught.value.diag.message_primary == (
        f"partitions cannot be maintained in a {level} transaction: it does not see what others commit"
    )


def test_read_only_transaction(admin: Connection) -> None:
    """Where nothing can be written, as on a standby, the call fails at once."""
    with pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
        admin.execute("begin read only; select platform.maintain_partitions(); commit")
    admin.execute("rollback")
