"""One database with everything in it, to be read by the rules."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from catalog.rules import Catalog, Routine, without_comments
from moadb import testing
from moadb.connection import connect
from moadb.server import LocalServer
from moadb.systems import read_systems


@pytest.fixture(scope="session")
def catalog(server: LocalServer, template: str) -> Iterator[Catalog]:
    """Return the catalog of a database with every system, read-only."""
    with connect(testing.clone(server.admin_dsn("postgres"), template)) as connection:
        connection.execute("set default_transaction_read_only = on")
        connection.execute("set search_path = pg_catalog, pg_temp")
        yield Catalog(connection, [schema for system in read_systems() for schema in system.schemas])


@pytest.fixture(scope="session")
def routines(catalog: Catalog) -> list[Routine]:
    """Return every routine of every system."""
    rows = catalog.rows(
        """
        select
          n.nspname || '.' || p.proname,
          p.oid::regprocedure::text,
          p.prokind::text,
          l.lanname,
          coalesce(pg_get_function_sqlbody(p.oid), p.prosrc),
          coalesce(pg_get_function_result(p.oid), 'void'),
          array(
            select a.name
            from unnest(p.proargnames, p.proargmodes) as a(name, mode)
            where coalesce(a.mode, 'i') in ('i', 'b', 'v')
          ),
          p.prosecdef,
          coalesce(p.proconfig, '{}'),
          coalesce(obj_description(p.oid, 'pg_proc'), ''),
          p.prosqlbody is not null
        from pg_proc as p
        join pg_namespace as n on n.oid = p.pronamespace
        join pg_language as l on l.oid = p.prolang
        where n.nspname = any(%(schemas)s)
        order by 2
        """
    )
    return [Routine(*row)._replace(source=without_comments(row[4])) for row in rows]
