"""Is the database what was deployed? Files against the ledger, the catalog against the ledger, and what is unsound."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from psycopg import sql

from moadb.connection import Connection, connect
from moadb.deploy import bootstrap, catalog, ledger, session
from moadb.deploy.engine import Work
from moadb.deploy.events import silent
from moadb.deploy.plan import FOLLOWS, make_plan
from moadb.deploy.session import reading
from moadb.deploy.source import Source, read_source
from moadb.errors import Refused
from moadb.systems import read_systems


@dataclass(frozen=True)
class Finding:
    """One thing that is not as it should be.

    Args:
        check: files, objects, partitions, indexes, constraints or bodies.
        object: the file or object, as "class identity".
        problem: what is wrong with it.
        script: the script that made the object, where the ledger knows one.
    """

    check: str
    object: str
    problem: str
    script: str | None = None

    def to_json(self) -> dict[str, Any]:
        """Return the finding for programs."""
        return {"check": self.check, "object": self.object, "problem": self.problem, "script": self.script}


def verify(dsn: str, *, root: Path | None = None) -> list[Finding]:
    """Return what differs between a database and what was deployed into it; reads only, and works on a standby.

    Args:
        dsn: the database.
        root: the folder with migrations/, procedures/ …; None means the installed SQL.

    Raises:
        Refused: nothing is deployed there.
    """
    with connect(dsn, application_name="moadb verify") as connection, reading(connection):
        source = installed(connection, root)
        return [
            *_files(connection, source),
            *_objects(connection, source.schemas),
            *_partitions(connection, source.schemas),
            *_indexes(connection, source.schemas),
            *_constraints(connection, source.schemas),
            *_bodies(connection, source.schemas),
        ]


def accept(dsn: str, *, root: Path | None = None) -> list[Finding]:
    """Record the objects as they are now as right, whoever changed them; return what was found and is accepted.

    For a change by hand that is to stay, and after an upgrade of the server, which words some definitions anew.

    Args:
        dsn: the database.
        root: the folder with migrations/, procedures/ …; None means the installed SQL.

    Raises:
        Refused: nothing is deployed there, or a deploy is at work.
    """
    with session.open_session(dsn, lock_timeout="2s", allow_pooler=False, progress=silent) as opened:
        session.take_lock(opened, wait=0.0)
        source = installed(opened.connection, root)
        opened.refresh()
        found = list(_objects(opened.connection, source.schemas))
        if found:
            work = Work(opened, "accept", source.schemas, attempts=1)
            work.transaction(lambda attempt: catalog.replace(attempt.connection, source.schemas), last=True)
        return found


def installed(connection: Connection, root: Path | None) -> Source:
    """Return the files of the systems that are deployed in a database, and act as moadb_owner where that is allowed.

    Raises:
        Refused: there is no ledger, or it is empty.
    """
    present = bootstrap.has_ledger(connection)
    if present:
        bootstrap.become_owner(connection)
    names = {entry.system for entry in ledger.read(connection).values()} if present else set()
    known = [system.name for system in read_systems(root) if system.name in names]
    if not known:
        raise Refused(
            f"nothing is deployed in database {connection.info.dbname!r}",
            hint="is this the right database? `moadb migrate` deploys",
        )
    return read_source(known, root)


def _files(connection: Connection, source: Source) -> Iterator[Finding]:
    made = make_plan(connection, source)
    for line in made.rewritten:
        path, _, problem = line.partition(": ")
        yield Finding("files", path, problem)
    for script in made.scripts:
        if made.reasons[script.id] != FOLLOWS:
            yield Finding("files", script.path, f"not deployed as it is: {made.reasons[script.id]}")
    for path, objects in made.gone.items():
        for name in objects:
            yield Finding("objects", name, f"the file that made it is gone: {path}", path)


def _objects(connection: Connection, schemas: Collection[str]) -> Iterator[Finding]:
    now = catalog.signature(connection, schemas)
    known = catalog.recorded(connection, schemas)
    for key in sorted(now.keys() | known.keys()):
        name = " ".join(key)
        if key not in known:
            yield Finding("objects", name, "no deploy has made it")
        elif key not in now:
            yield Finding("objects", name, "it is gone", known[key].script)
        else:
            was, properties = known[key].properties, now[key].properties
            for property, value in catalog.changes(was, properties).items():
                yield Finding("objects", name, _difference(property, was.get(property), value), known[key].script)


def _difference(property: str, was: str | None, value: str | None) -> str:
    if property == "body":
        return "its body was changed"
    if property.startswith("its row "):
        change = "no deploy has made it" if was is None else "it is gone" if value is None else "changed"
        return f"{property}: {change}"
    old, new = (_short(text) if text is not None else "nothing" for text in (was, value))
    return f"{property}: deployed was {old}, there is {new}"


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 200 else line[:199] + "…"


def _partitions(connection: Connection, schemas: Collection[str]) -> Iterator[Finding]:
    """Compare the partitions, which no deploy records, with their parents."""
    for partition, problem in catalog.partitions(connection, schemas):
        yield Finding("partitions", f"table {partition}", problem)


def _indexes(connection: Connection, schemas: Collection[str]) -> Iterator[Finding]:
    rows = connection.execute(
        """
        select i.indexrelid::regclass::text
        from pg_index as i
        join pg_class as c on c.oid = i.indexrelid
        join pg_namespace as n on n.oid = c.relnamespace
        where n.nspname = any(%s) and not (i.indisvalid and i.indisready)
        order by 1
        """,
        [list(schemas)],
    )
    for (name,) in rows.fetchall():
        yield Finding("indexes", f"index {name}", "it is invalid: an interrupted build; reindex it, or drop it")


def _constraints(connection: Connection, schemas: Collection[str]) -> Iterator[Finding]:
    rows = connection.execute(
        """
        select format(
          '%%I on %%s', k.conname, coalesce(nullif(k.conrelid, 0)::regclass::text, k.contypid::regtype::text)
        )
        from pg_constraint as k
        join pg_namespace as n on n.oid = k.connamespace
        where n.nspname = any(%s) and not k.convalidated
        order by 1
        """,
        [list(schemas)],
    )
    for (name,) in rows.fetchall():
        yield Finding("constraints", f"constraint {name}", "not validated: older rows were never checked")


def _bodies(connection: Connection, schemas: Collection[str]) -> Iterator[Finding]:
    """Run plpgsql_check over all routines, where that extension is installed."""
    row = connection.execute(
        """
        select n.nspname, has_schema_privilege(n.oid, 'usage'), has_schema_privilege(session_user, n.oid, 'usage')
        from pg_extension as e
        join pg_namespace as n on n.oid = e.extnamespace
        where e.extname = 'plpgsql_check'
        """
    ).fetchone()
    if row is None:
        return
    schema, may_use, login_may_use = row
    if not may_use and not login_may_use:
        yield Finding("bodies", f"schema {schema}", "nobody here may use plpgsql_check in it: bodies were not checked")
        return
    if not may_use:
        connection.execute("set local role none")
    # a trigger function is checked once per table that it serves, with the names of that trigger's transition tables
    query = sql.SQL(
        """
        select p.oid::regprocedure::text, t.tgrelid::regclass::text, c.lineno, c.message
        from pg_proc as p
        join pg_namespace as n on n.oid = p.pronamespace
        join pg_language as l on l.oid = p.prolang and l.lanname = 'plpgsql'
        left join pg_trigger as t on t.tgfoid = p.oid and t.tgparentid = 0
        cross join lateral {}.plpgsql_check_function_tb(
          p.oid, coalesce(t.tgrelid, 0), oldtable => t.tgoldtable, newtable => t.tgnewtable, extra_warnings => false,
          performance_warnings => false
        ) as c
        where n.nspname = any(%s) and p.prorettype <> 'event_trigger'::regtype
          and (p.prorettype <> 'trigger'::regtype or t.oid is not null)
          and c.level in ('error', 'warning')
        order by 1, 2, 3
        """
    ).format(sql.Identifier(schema))
    for routine, table, line, message in connection.execute(query, [list(schemas)]).fetchall():
        where = f"line {line} of its body" if line else "its body"
        yield Finding("bodies", f"routine {routine}" + (f" on {table}" if table else ""), f"{where}: {message}")
