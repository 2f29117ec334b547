"""Jobs and invariants: each runs, and running a job again at once changes nothing."""

from __future__ import annotations

import pytest

from catalog.rules import refuse
from moadb import jobs, seed, testing
from moadb.connection import Connection, connect
from moadb.server import LocalServer

# where runs are written down; a job that does nothing else has done nothing
BOOKKEEPING = {"platform.job_runs"}


@pytest.fixture(scope="module")
def alive(server: LocalServer, demo: str) -> str:
    """Return a superuser's connection string to a database with demo data, as alive as `moadb up` leaves it."""
    dsn = testing.clone(server.admin_dsn("postgres"), demo)
    with connect(dsn) as connection:
        connection.execute("select platform.adopt_installation()")
    return dsn


def test_every_job_twice_in_a_row_is_once(alive: str) -> None:
    with connect(alive) as connection:
        names = [name for (name,) in connection.execute("select j.name from platform.jobs as j order by 1")]
        assert names
        for name in names:
            jobs.run_job(alive, name)
        offenders = []
        for name in names:
            jobs.run_job(alive, name)
            before = _contents(connection)
            jobs.run_job(alive, name)
            after = _contents(connection)
            changed = sorted(table for table in after.keys() | before.keys() if after.get(table) != before.get(table))
            if changed:
                offenders.append(f"{name}: {', '.join(changed)}")
        refuse("a job that runs again at once changes nothing", offenders)


def test_every_job_succeeds(alive: str) -> None:
    with connect(alive) as connection:
        for (name,) in connection.execute("select j.name from platform.jobs as j order by 1").fetchall():
            jobs.run_job(alive, name)
        failed = connection.execute(
            "select r.job_name || ': ' || coalesce(r.error_message, r.status) from platform.job_runs as r "
            "where r.status <> 'succeeded'"
        ).fetchall()
    refuse("a job succeeds", [row[0] for row in failed])


def test_every_invariant_runs_and_holds(alive: str) -> None:
    with connect(alive) as connection:
        rows = connection.execute(
            "select i.invariant, i.violations, i.sample::text from platform.check_invariants() as i"
        ).fetchall()
    assert rows
    refuse("an invariant holds", [f"{name}: {count} rows, such as {sample}" for name, count, sample in rows if count])


def test_demo_data_twice_is_once(alive: str) -> None:
    with connect(alive) as connection:
        before = _contents(connection)
        seed.seed_reference(alive)
        seed.seed_demo(alive)
        after = _contents(connection)
    refuse("loading the data again adds nothing", sorted(t for t in after if after[t] != before.get(t)))


def _contents(connection: Connection) -> dict[str, tuple[int, int]]:
    """Return the number of rows of each table and a digest of them, in whatever order."""
    tables = connection.execute(
        """
        select c.oid::regclass::text
        from pg_class as c
        join pg_namespace as n on n.oid = c.relnamespace
        where c.relkind in ('r', 'm') and n.nspname not in ('pg_catalog', 'information_schema', 'moadb', 'public')
          and n.nspname !~ '^pg_'
        """
    ).fetchall()
    found = {}
    for (table,) in tables:
        if table not in BOOKKEEPING:
            row = connection.execute(
                f"select count(*), coalesce(sum(hashtextextended(t::text, 0)), 0) from {table} as t"
            ).fetchone()
            assert row is not None
            found[table] = (int(row[0]), int(row[1]))
    return found
