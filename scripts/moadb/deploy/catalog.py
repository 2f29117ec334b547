"""What the catalog says: the signature of everything in the managed schemas, and which rows a file has written."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, NamedTuple

from psycopg.types.json import Jsonb

from moadb.connection import Connection
from moadb.deploy import expressions, lexer, rows

Key = tuple[str, str]  # class and identity of an object: ("function", "platform.now()")
Place = tuple[
    str, int
]  # where the catalog keeps it: ("pg_proc", 16401); for rows, their file: ("sql/shop/jobs.sql", 0)
Properties = dict[str, str]


@dataclass(frozen=True)
class Described:
    """One object of the catalog: its schema, its place there, its properties."""

    schema: str
    place: Place
    properties: Properties


@dataclass(frozen=True)
class Recorded:
    """One object of the ledger: its schema, the script that made it, the properties that it was deployed with."""

    schema: str
    script: str | None
    properties: Properties


class Row(NamedTuple):
    """A row of the catalog.

    Args:
        version: changes whenever the row is written.
        name: the object's name, for triggers with its table.
        attributes: a routine's, that `create or replace` resets unless they are stated again; a trigger's state; a
            relation's kind.
    """

    version: str
    name: str
    attributes: list[str]


Signature = dict[Key, Described]
Rows = dict[Place, Row]
Snapshot = dict[str, dict[int, Row]]  # by catalog and oid
Written = list[int] | None  # see `written`

_CATALOGS = (
    "pg_namespace",
    "pg_class",
    "pg_constraint",
    "pg_trigger",
    "pg_rewrite",
    "pg_policy",
    "pg_statistic_ext",
    "pg_proc",
    "pg_type",
    "pg_default_acl",
)
# What a file's `create or replace` leaves alone: if somebody changed it by hand, that stays visible.
_KEPT = ("granted to ", "owner", "state")


@cache
def _sql(name: str) -> bytes:
    return resources.files(__package__).joinpath(name).read_bytes()


def signature(connection: Connection, schemas: Collection[str]) -> Signature:
    """Return every object that a deploy may have made in these schemas, and the rows that files declare for them.

    The search_path must be pg_catalog alone.
    """
    names = connection.execute("select n::regclass::oid, n from unnest(%s::text[]) as n", [list(_CATALOGS)])
    catalogs: dict[int, str] = dict(names.fetchall())
    found = connection.execute(_sql("signature.sql"), _scope(connection, schemas)).fetchall()
    objects = {
        (class_, identity): Described(schema, (catalogs[catalog], oid), properties)
        for catalog, oid, class_, identity, schema, properties in found
    }
    return objects | _declared(connection, schemas)


def _declared(connection: Connection, schemas: Collection[str]) -> Signature:
    """Return the rows that files declare for these schemas."""
    return {
        (rows.CLASS, identity): Described(schema, (file, 0), digests)
        for identity, schema, file, digests in rows.read(connection, schemas)
    }


def partitions(connection: Connection, schemas: Collection[str]) -> list[tuple[str, str]]:
    """Return where attached partitions of these schemas are not as their parents: each partition and what differs."""
    return connection.execute(_sql("partitions.sql"), _scope(connection, schemas)).fetchall()


def _scope(connection: Connection, schemas: Collection[str]) -> dict[str, list[str]]:
    """Return the parameters of the queries that tell the partition manager's tables from others."""
    sets = _partition_sets(connection)
    return {"schemas": list(schemas), "set_schemas": [s for s, _ in sets], "set_tables": [t for _, t in sets]}


def _partition_sets(connection: Connection) -> list[tuple[str, str]]:
    """Return the tables whose partitions the partition manager makes and retires."""
    row = connection.execute("select to_regclass('platform.partition_sets') is not null").fetchone()
    if row is None or not row[0]:
        return []
    sets = connection.execute("select s.schema_name, s.table_name from platform.partition_sets as s").fetchall()
    return [(schema, table) for schema, table in sets]


@cache
def _looks() -> dict[str, tuple[str, frozenset[str]]]:
    """Return by catalog the query of snapshot.sql for it, and the catalogs that the query reads."""
    texts = [statement.text.removesuffix(";") for statement in lexer.split(_sql("snapshot.sql").decode())]
    return {text.split("'")[1]: (text, frozenset(re.findall(r"\bpg_[a-z_]+\b", text))) for text in texts}


@cache
def _read() -> list[str]:
    """Return the catalogs that any of these queries reads."""
    return sorted({name for _, names in _looks().values() for name in names})


@cache
def written() -> str:
    """Return the SQL expression for how many rows the open transaction has written to each of the catalogs.

    What a savepoint takes back has been counted, too. Null where somebody has turned track_counts off.
    """
    counts = (
        " + ".join(f"pg_stat_get_xact_tuples_{what}('{name}'::regclass)" for what in ("inserted", "updated", "deleted"))
        for name in _read()
    )
    return f"case when current_setting('track_counts')::bool then array[{', '.join(counts)}] end"


def snapshot(
    connection: Connection, schema: str, old: Snapshot | None = None, then: Written = None, now: Written = None
) -> Snapshot:
    """Return the version of every row that the catalog has for a schema; two of these tell what happened in between.

    Args:
        connection: to the database.
        schema: the schema.
        old: an earlier snapshot of it, taken in the same transaction. What can have changed since is looked at again.
        then: what that transaction had `written` at that time, or before.
        now: what it has written by now.
    """
    looks = _looks()
    if old is not None and then is not None and now is not None:
        moved = {name for name, before, after in zip(_read(), then, now, strict=True) if before != after}
        looks = {catalog: look for catalog, look in looks.items() if look[1] & moved}
        if not looks:
            return old
    result = {**(old or {}), **{catalog: dict[int, Row]() for catalog in looks}}
    query = "\nunion all\n".join(text for text, _ in looks.values())
    for catalog, oid, *row in connection.execute(query.encode(), {"schema": schema}).fetchall():
        result[catalog][oid] = Row(*row)
    return result


def changed(before: Snapshot, after: Snapshot) -> Rows:
    """Return the rows of the later snapshot that are new or were written anew."""
    return {
        (catalog, oid): row
        for catalog, rows in after.items()
        if rows is not (known := before[catalog])
        for oid, row in rows.items()
        if (old := known.get(oid)) is None or old.version != row.version
    }


def changes(before: Mapping[str, str], after: Mapping[str, str]) -> dict[str, str | None]:
    """Return the properties that differ, each with its value afterwards, None for one that is gone."""
    return {
        name: after.get(name)
        for name in sorted(before.keys() | after.keys())
        if not expressions.same(before.get(name), after.get(name))
    }


def recorded(connection: Connection, schemas: Collection[str]) -> dict[Key, Recorded]:
    """Return the objects of the ledger that lie in these schemas, or in none (default privileges)."""
    found = connection.execute(
        """
        select o.class, o.identity, o.schema_name, o.script_id, o.signature
        from moadb.objects as o
        where o.schema_name = any(%s) or o.schema_name = ''
        """,
        [list(schemas)],
    ).fetchall()
    return {
        (class_, identity): Recorded(schema, script, properties)
        for class_, identity, schema, script, properties in found
    }


def save(
    connection: Connection,
    schemas: Collection[str],
    before: Signature,
    after: Signature,
    owners: Mapping[Place, str],
    remade: Collection[Place],
) -> None:
    """Record what a deploy has changed, property by property: what somebody changed by hand stays recorded as it was.

    Args:
        connection: in the deploy's transaction.
        schemas: what the signatures cover.
        before: the signature before the work.
        after: the signature now.
        owners: the scripts that made objects.
        remade: objects that a file wrote anew: recorded as they came out, even if that is no change, because the file
            may have followed a fix by hand.
    """
    known = recorded(connection, schemas)
    written: list[tuple[Any, ...]] = []
    for key, now in after.items():
        old, was = known.get(key), before.get(key)
        if was is None:
            properties = now.properties
        elif old is None:
            if now.place not in owners and was.properties == now.properties:
                continue  # somebody made it by hand, and this deploy left it alone
            properties = now.properties
        else:
            different = changes(was.properties, now.properties)
            if now.place in remade:
                names = old.properties.keys() | now.properties.keys()
                different |= {name: now.properties.get(name) for name in names if not name.startswith(_KEPT)}
            merged = old.properties | different
            properties = {name: value for name, value in merged.items() if value is not None}
        script = owners.get(now.place, old.script if old else None)
        if old is None or (old.script, old.properties) != (script, properties):
            written.append((*key, now.schema, script, Jsonb(properties)))
    _write(connection, written, [key for key in before if key not in after])


def _write(connection: Connection, objects: list[tuple[Any, ...]], gone: list[Key]) -> None:
    with connection.cursor() as cursor:
        cursor.executemany(
            """
            insert into moadb.objects as o (class, identity, schema_name, script_id, signature)
            values (%s, %s, %s, %s, %s)
            on conflict (class, identity) do update
            set script_id = excluded.script_id, signature = excluded.signature
            """,
            objects,
        )
        cursor.executemany("delete from moadb.objects where class = %s and identity = %s", gone)


def replace(connection: Connection, schemas: Collection[str]) -> None:
    """Record the objects of these schemas as they are, whatever was recorded before; their scripts stay known."""
    known = recorded(connection, schemas)
    now = signature(connection, schemas)
    _write(
        connection,
        [
            (*key, described.schema, known[key].script if key in known else None, Jsonb(described.properties))
            for key, described in now.items()
            if key not in known or known[key].properties != described.properties
        ],
        [key for key in known if key not in now],
    )


def vanished(connection: Connection) -> dict[str, list[str]]:
    """Return the repeatables of which something is no longer there, and what that is, as "class identity"."""
    result: dict[str, list[str]] = {}
    for script, class_, identity in connection.execute(_sql("vanished.sql")).fetchall():
        result.setdefault(script, []).append(f"{class_} {identity}")
    return result


def undone(connection: Connection) -> dict[str, list[str]]:
    """Return the repeatables whose rows are not as they left them, and which rows these are."""
    known = connection.execute(
        """
        select o.identity, o.schema_name, o.script_id, o.signature
        from moadb.objects as o
        where o.class = %s
        order by o.identity
        """,
        [rows.CLASS],
    ).fetchall()
    now = _declared(connection, {schema for _, schema, _, _ in known})
    result: dict[str, list[str]] = {}
    for identity, _, script, digests in known:
        described = now.get((rows.CLASS, identity))
        if script is not None and (described.properties if described else {}) != digests:
            result.setdefault(script, []).append(f"{rows.CLASS} {identity}")
    return result
