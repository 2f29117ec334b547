"""Every PL/pgSQL body, read by plpgsql_check where the server has it: missing names, unused variables, bad casts."""

from __future__ import annotations

import pytest

from catalog.rules import refuse
from moadb.connection import connect
from moadb.systems import read_systems


def test_bodies_are_clean(database: str) -> None:
    schemas = [schema for system in read_systems() for schema in system.schemas]
    with connect(database) as connection:
        if not connection.execute("select 1 from pg_available_extensions where name = 'plpgsql_check'").fetchone():
            pytest.skip("this server does not have plpgsql_check")
        connection.execute("create extension plpgsql_check")
        connection.execute("set search_path = pg_catalog, public")
        rows = connection.execute(
            """
            select distinct
              format('%%s line %%s: %%s %%s %%s', p.oid::regprocedure, c.lineno, c.level, c.message, c.detail)
            from pg_proc as p
            join pg_language as l on l.oid = p.prolang and l.lanname = 'plpgsql'
            left join lateral (
              select t.tgrelid, max(t.tgoldtable) as tgoldtable, max(t.tgnewtable) as tgnewtable
              from pg_trigger as t
              where t.tgfoid = p.oid and not t.tgisinternal and t.tgparentid = 0
              group by t.tgrelid
            ) as t on true
            cross join lateral public.plpgsql_check_function_tb(
              p.oid,
              coalesce(t.tgrelid, 0),
              fatal_errors => false,
              other_warnings => true,
              extra_warnings => true,
              oldtable => t.tgoldtable,
              newtable => t.tgnewtable
            ) as c
            where p.pronamespace = any(%(schemas)s::regnamespace[])
              and (p.prorettype <> 'trigger'::regtype or t.tgrelid is not null)
              -- it does not know that platform.fail never returns
              and c.message <> 'control reached end of function without RETURN'
            """,
            {"schemas": schemas},
        ).fetchall()
    refuse("plpgsql_check finds nothing", [row[0] for row in rows])
