"""What a file has done: what it left behind or skipped, what replacing has lost, whether the bodies are sound."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import psycopg
from psycopg import sql

from moadb.connection import Connection
from moadb.deploy import ledger, lexer
from moadb.deploy.catalog import Place, Rows, Snapshot
from moadb.deploy.run import ScriptError
from moadb.deploy.source import Script
from moadb.errors import MoadbError

# pg_trigger.tgenabled → how to get there, and what to call it
_STATES = {
    "D": ("disable trigger", "disabled"),
    "R": ("enable replica trigger", "enabled on replicas only"),
    "A": ("enable always trigger", "enabled always"),
}


def check_overloads(
    connection: Connection, script: Script, after: Snapshot, changed: Rows, owners: Mapping[Place, str]
) -> None:
    """Refuse a file that does not define the routine it is named after, or leaves one with other arguments behind.

    Args:
        connection: in the deploy's transaction.
        script: the file that has just run.
        after: the schema now.
        changed: what of it the file has written.
        owners: the scripts of this deploy that made objects.

    Raises:
        MoadbError: with the signature of the old routine, and what to do.
    """
    routine = script.routine
    if routine is None:
        return
    named = {("pg_proc", oid) for oid, row in after["pg_proc"].items() if row.name == routine}
    written = named & changed.keys()
    if not written:
        raise MoadbError(
            f"{script.path} does not define {script.schema}.{routine}",
            hint="a file of procedures/ bears the name of the routine that it defines",
        )
    stale = [place[1] for place in named - written if not _of_version(connection, place, owners)]
    if stale:
        rows = connection.execute(
            "select case p.prokind when 'p' then 'procedure' when 'a' then 'aggregate' else 'function' end, "
            "p.oid::regprocedure::text from pg_proc as p where p.oid = any(%s) order by 2",
            [stale],
        ).fetchall()
        old = ", ".join(f"{kind} {name}" for kind, name in rows)
        raise MoadbError(
            f"{script.path} changes the arguments of {script.schema}.{routine}: {old} would stay beside it",
            hint="drop the old one in a migration (`moadb new`), which runs first in the same deploy",
            details=[f"drop {kind} {name};" for kind, name in rows],
        )


def _of_version(connection: Connection, place: Place, owners: Mapping[Place, str]) -> bool:
    """Say whether a migration made this routine: then it is no left-over of a file."""
    row = connection.execute(
        """
        select exists (
          select from moadb.scripts as s
          where s.kind = 'version' and s.id = coalesce(
            %s, (select o.script_id from moadb.objects as o
                 where o.class in ('function', 'procedure', 'aggregate') and o.identity = %s::oid::regprocedure::text)
          )
        )
        """,
        [owners.get(place), place[1]],
    ).fetchone()
    return row is not None and bool(row[0])


def check_skipped(connection: Connection, script: Script, before: Snapshot, after: Snapshot) -> None:
    """Refuse a changed `create … if not exists` of something that exists: the old one would silently stay.

    Args:
        connection: in the deploy's transaction; the ledger still has the text that ran last.
        script: the file that has just run.
        before: the schema before it.
        after: the schema now.

    Raises:
        MoadbError: names the relation, and what to do.
    """
    if script.kind != "repeatable" or "exists" not in script.text.lower():
        return
    skipping = [s for s in lexer.split(script.text) if s.words[:1] == ("create",) and "exists" in s.words]
    old = ledger.body(connection, script.id) if skipping else None
    if old is None:
        return
    known = {lexer.normalise(statement.text) for statement in lexer.split(old)}
    kept = {row.name for oid, row in before["pg_class"].items() if oid in after["pg_class"]}
    for statement in skipping:
        name = lexer.name_after(statement.text, "exists")
        if lexer.normalise(statement.text) not in known and name and name[-1].strip('"') in kept:
            raise MoadbError(
                f"{script.path}:{statement.line}: {'.'.join(name)} has changed here, and `if not exists` keeps the old",
                hint="drop it in a migration (`moadb new`), which runs first, and this file makes it anew",
            )


def changed_attributes(connection: Connection, before: Snapshot, changed: Rows) -> list[str]:
    """Return a line for each attribute that a replaced routine had and has no longer.

    `create or replace` resets what the file does not state.
    """
    lines: list[str] = []
    for (catalog, oid), row in changed.items():
        was = before[catalog].get(oid)
        if catalog != "pg_proc" or was is None or was.attributes == row.attributes:
            continue
        found = connection.execute("select %s::oid::regprocedure::text", [oid]).fetchone()
        name = found[0] if found else row.name
        pairs = zip(was.attributes, row.attributes, strict=True)
        lines += [f"{name}: was {old}, is {new}" for old, new in pairs if old != new]
    return lines


def keep_trigger_states(connection: Connection, before: Snapshot, changed: Rows) -> list[str]:
    """Put triggers that a file has made anew back into the state that they were in; return a line for each."""
    enabled = {place: row for place, row in changed.items() if place[0] == "pg_trigger" and row.attributes == ["O"]}
    states = {row.name: row.attributes[0] for row in before["pg_trigger"].values()} if enabled else {}
    lines: list[str] = []
    for place, row in enabled.items():
        state = states.get(row.name)
        if state not in _STATES:
            continue
        found = connection.execute(
            "select n.nspname, c.relname, t.tgname from pg_trigger as t join pg_class as c on c.oid = t.tgrelid "
            "join pg_namespace as n on n.oid = c.relnamespace where t.oid = %s",
            [place[1]],
        ).fetchone()
        assert found is not None
        clause, word = _STATES[state]
        connection.execute(
            sql.SQL("alter table {} {} {}").format(
                sql.Identifier(found[0], found[1]), sql.SQL(clause), sql.Identifier(found[2])
            )
        )
        lines.append(f"trigger {row.name} was {word} before, and stays so")
    return lines


_ROUTINES = """
select p.oid, l.lanvalidator::regproc::text, p.oid::regprocedure::text,
       coalesce(
         (select substr(s, 13) from unnest(p.proconfig) as s where s like 'search_path=%%'), 'pg_catalog, pg_temp'
       )
from pg_proc as p
join pg_language as l on l.oid = p.prolang
where p.oid = any(%s) and l.lanname in ('sql', 'plpgsql') and p.prosqlbody is null
order by p.oid
"""


def check_bodies(connection: Connection, written: Mapping[int, Script]) -> None:
    """Let the server check the bodies of routines, as it does at `create function` where check_function_bodies is on.

    Args:
        connection: in the deploy's transaction.
        written: oid → the file that wrote the routine.

    Raises:
        ScriptError: a body is not sound; names file and line.
    """
    rows = connection.execute(_ROUTINES, [list(written)]).fetchall()
    if not rows:
        return
    try:
        with connection.transaction():
            _validate(connection, rows)
        return
    except psycopg.Error:
        pass  # which one? one after the other tells
    for row in rows:
        try:
            with connection.transaction():
                _validate(connection, [row])
        except psycopg.Error as error:
            raise _explain(error, written[row[0]], row[2]) from None


def _validate(connection: Connection, rows: Iterable[tuple[int, str, str, str]]) -> None:
    by_path: dict[tuple[str, str], list[int]] = {}
    for oid, validator, _, path in rows:
        by_path.setdefault((validator, path), []).append(oid)
    connection.execute("set local check_function_bodies = on")
    for (validator, path), oids in by_path.items():
        connection.execute("select set_config('search_path', %s, true)", [path])
        connection.execute(
            sql.SQL("select {}(o) from unnest(%s::oid[]) as o").format(sql.Identifier("pg_catalog", validator)), [oids]
        )
    connection.execute("set local search_path = pg_catalog, pg_temp; set local check_function_bodies = off")


def _explain(error: psycopg.Error, script: Script, name: str) -> ScriptError:
    diag = error.diag
    where = script.path
    start = script.text.find(diag.internal_query) if diag.internal_query else -1
    if start >= 0 and diag.internal_position:
        line, column = lexer.position(script.text, start + int(diag.internal_position) - 1)
        where += f":{line}:{column}"
    details = [f"in {name}"]
    if diag.message_detail:
        details.append(f"DETAIL: {diag.message_detail}")
    if diag.context:
        details += [f"CONTEXT: {part}" for part in diag.context.splitlines()]
    details.append(f"SQLSTATE: {error.sqlstate}")
    return ScriptError(
        f"{where}: {diag.message_primary}", sqlstate=error.sqlstate, hint=diag.message_hint, details=details
    )
