"""Who may do what: the whole matrix, compared with a file that somebody has read, and what must hold in any case."""

from __future__ import annotations

from difflib import unified_diff
from pathlib import Path

import pytest

from catalog.rules import Catalog, refuse
from moadb.systems import read_systems

GOLDEN = Path(__file__).with_name("grants.golden")

ADMINISTRATORS = [f"{system.name}_admin" for system in read_systems() if system.name != "platform"]
APPLICATIONS = [f"{system.name}_app" for system in read_systems() if system.name != "platform"]
READERS = [f"{system.name}_read" for system in read_systems() if system.name != "platform"]
CALLERS = [*APPLICATIONS, *ADMINISTRATORS]

# a table whose rows policies choose, or a view that reads such tables with the rights of whoever asks
ROW_SECURITY = (
    "(c.relrowsecurity or c.relkind = 'v' and coalesce(c.reloptions && '{security_invoker=true}'::text[], false))"
)

MATRIX = """
with grants as (
  select a.grantee, a.privilege_type, a.is_grantable, 'schema ' || n.nspname as object, n.nspowner as owner
  from pg_namespace as n
  cross join lateral aclexplode(coalesce(n.nspacl, acldefault('n', n.nspowner))) as a
  where n.nspname = any(%(schemas)s) or n.nspname = 'moadb'
  union all
  select a.grantee, a.privilege_type, a.is_grantable,
    case c.relkind when 'S' then 'sequence ' when 'v' then 'view ' when 'm' then 'materialized view ' else 'table ' end
      || c.oid::regclass,
    c.relowner
  from pg_class as c
  join pg_namespace as n on n.oid = c.relnamespace
  cross join lateral aclexplode(c.relacl) as a
  where (n.nspname = any(%(schemas)s) or n.nspname = 'moadb') and not c.relispartition
  union all
  select a.grantee, a.privilege_type, a.is_grantable, 'column ' || c.oid::regclass || '.' || t.attname, c.relowner
  from pg_attribute as t
  join pg_class as c on c.oid = t.attrelid
  join pg_namespace as n on n.oid = c.relnamespace
  cross join lateral aclexplode(t.attacl) as a
  where (n.nspname = any(%(schemas)s) or n.nspname = 'moadb') and not c.relispartition
  union all
  select a.grantee, a.privilege_type, a.is_grantable,
    case p.prokind when 'p' then 'procedure ' else 'function ' end || p.oid::regprocedure
      || case when p.prosecdef then ' (security definer)' else '' end,
    p.proowner
  from pg_proc as p
  join pg_namespace as n on n.oid = p.pronamespace
  cross join lateral aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) as a
  where n.nspname = any(%(schemas)s) or n.nspname = 'moadb'
)
select case g.grantee when 0 then 'public' else g.grantee::regrole::text end || ' may ' || lower(g.privilege_type)
  || case when g.is_grantable then ' (and grant it)' else '' end || ': ' || g.object
from grants as g
where g.grantee <> g.owner
"""


def test_matrix(catalog: Catalog, pytestconfig: pytest.Config) -> None:
    """Every right of every role but the owner. `pytest tests/catalog/test_grants.py --write-golden` writes the file."""
    actual = sorted(line for (line,) in catalog.rows(MATRIX))
    if pytestconfig.getoption("--write-golden"):
        GOLDEN.write_text("".join(f"{line}\n" for line in actual), encoding="utf-8")
    golden = GOLDEN.read_text(encoding="utf-8").splitlines()
    assert actual == golden, "\n".join(unified_diff(golden, actual, "grants.golden", "the database", lineterm="", n=0))


@pytest.mark.parametrize("role", CALLERS)
def test_a_caller_touches_no_table(catalog: Catalog, role: str) -> None:
    """Not one column of one, in no schema of ours; nor a sequence, nor a view: but for what row-level security shows.

    That is read only, by columns, from tables with policies (tests/catalog/test_row_security.py), and by views that
    read with the rights of whoever asks.
    """
    rows = catalog.connection.execute(
        r"""
        select c.oid::regclass || ': ' || p.privilege
        from pg_class as c
        join pg_namespace as n on n.oid = c.relnamespace
        cross join unnest('{select,insert,update,references}'::text[]) as p(privilege)
        where (n.nspname = any(%(schemas)s) or n.nspname = 'moadb')
          and c.relkind in ('r', 'p', 'v', 'm', 'f')
          and has_any_column_privilege(%(role)s, c.oid, p.privilege)
          and not (p.privilege = 'select' and %(role)s like '%%\_app' and """
        + ROW_SECURITY
        + """)
        union all
        select c.oid::regclass || ': ' || p.privilege
        from pg_class as c
        join pg_namespace as n on n.oid = c.relnamespace
        cross join unnest('{delete,truncate,trigger}'::text[]) as p(privilege)
        where (n.nspname = any(%(schemas)s) or n.nspname = 'moadb')
          and c.relkind in ('r', 'p', 'v', 'm', 'f')
          and has_table_privilege(%(role)s, c.oid, p.privilege)
        union all
        select c.oid::regclass || ': ' || p.privilege
        from pg_class as c
        join pg_namespace as n on n.oid = c.relnamespace
        cross join unnest('{usage,select,update}'::text[]) as p(privilege)
        where (n.nspname = any(%(schemas)s) or n.nspname = 'moadb')
          and case when c.relkind = 'S' then has_sequence_privilege(%(role)s, c.oid, p.privilege) end
        """,
        {"schemas": catalog.schemas, "role": role},
    ).fetchall()
    refuse(f"{role} calls functions and touches nothing itself", [row[0] for row in rows])


@pytest.mark.parametrize("role", CALLERS)
def test_a_caller_calls_no_internal_routine(catalog: Catalog, role: str) -> None:
    rows = catalog.connection.execute(
        r"""
        select p.oid::regprocedure::text
        from pg_proc as p
        where p.pronamespace = any(%(schemas)s::regnamespace[])
          and (p.proname like '\_%%' or p.prorettype = 'trigger'::regtype)
          and has_function_privilege(%(role)s, p.oid, 'execute')
          and not exists (
            select
            from pg_depend as d
            where d.classid = 'pg_policy'::regclass and d.refclassid = 'pg_proc'::regclass and d.refobjid = p.oid
          )
        """,
        {"schemas": catalog.schemas, "role": role},
    ).fetchall()
    refuse(f"{role} may not execute internal routines and trigger functions", [row[0] for row in rows])


@pytest.mark.parametrize("role", [*CALLERS, *READERS])
def test_roles_create_nothing(catalog: Catalog, role: str) -> None:
    rows = catalog.connection.execute(
        """
        select n.nspname from pg_namespace as n
        where (n.nspname = any(%(schemas)s) or n.nspname in ('moadb', 'public'))
          and has_schema_privilege(%(role)s, n.oid, 'create')
        """,
        {"schemas": catalog.schemas, "role": role},
    ).fetchall()
    refuse(f"{role} may not create anything", [row[0] for row in rows])


@pytest.mark.parametrize("role", READERS)
def test_a_reader_reads_views_alone(catalog: Catalog, role: str) -> None:
    rows = catalog.connection.execute(
        """
        select c.oid::regclass || ': ' || p.privilege
        from pg_class as c
        join pg_namespace as n on n.oid = c.relnamespace
        cross join unnest('{select,insert,update,references}'::text[]) as p(privilege)
        where (n.nspname = any(%(schemas)s) or n.nspname = 'moadb')
          and c.relkind in ('r', 'p', 'v', 'm', 'f')
          and (c.relkind in ('r', 'p', 'f') or p.privilege <> 'select')
          and has_any_column_privilege(%(role)s, c.oid, p.privilege)
          and not (p.privilege = 'select' and """
        + ROW_SECURITY
        + """)
        """,
        {"schemas": catalog.schemas, "role": role},
    ).fetchall()
    refuse(
        f"{role} reads views (and columns that these read with its rights), and writes nothing",
        [row[0] for row in rows],
    )


@pytest.mark.parametrize("role", ["moadb_owner", "moadb_clock", *CALLERS, *READERS])
def test_roles_are_plain(catalog: Catalog, role: str) -> None:
    """They are given to logins; they log in nowhere themselves, and have no right over the cluster."""
    rows = catalog.connection.execute(
        """
        select r.rolname
        from pg_roles as r
        where r.rolname = %s
          and not (r.rolcanlogin or r.rolsuper or r.rolcreatedb or r.rolcreaterole or r.rolreplication)
          and not r.rolbypassrls
        """,
        [role],
    ).fetchall()
    assert rows == [(role,)]
