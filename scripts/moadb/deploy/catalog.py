"""What the catalog says: the signature of everything in the managed schemas, and what a file has made or replaced."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, NamedTuple

from psycopg.types.json import Jsonb

from moadb.connection import Connection

Key = tuple[str, str]  # class and identity, e.g. ("function", "platform.now()")


@dataclass(frozen=True)
class Described:
    """One object: where it lies, its place in the catalog, its properties."""

    schema: str
    place: tuple[str, int]  # catalog table and oid
    properties: dict[str, str]


Signature = dict[Key, Described]


class Row(NamedTuple):
    """A catalog row: its version, its name, and what a replacement would lose (routines) or set (triggers)."""

    version: str
    name: str
    attributes: str


Snapshot = dict[tuple[str, int], Row]


@cache
def _sql(name: str) -> bytes:
    return resources.files(__package__).joinpath(name).read_bytes()


def signature(connection: Connection, schemas: Sequence[str]) -> Signature:
    """Return every object of the schemas that a deploy may have made; needs a search_path of pg_catalog alone."""
    rows = connection.execute(
        _sql("signature.sql"), {"schemas": list(schemas), "sets": partition_sets(connection)}
    ).fetchall()
    tables = _catalogs(connection)
    return {
        (class_, identity): Described(schema, (tables[classid], oid), properties)
        for classid, oid, class_, identity, schema, properties in rows
    }


@cache
def _names() -> tuple[str, ...]:
    return (
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


def _catalogs(connection: Connection) -> dict[int, str]:
    rows = connection.execute("select n::regclass::oid, n from unnest(%s::text[]) as n", [list(_names())]).fetchall()
    return dict(rows)


def snapshot(connection: Connection, schema: str) -> Snapshot:
    """Return the version of every catalog row of one schema."""
    rows = connection.execute(_sql("snapshot.sql"), {"schema": schema}).fetchall()
    return {(table, oid): Row(version, name, attributes) for table, oid, version, name, attributes in rows}


def partition_sets(connection: Connection) -> list[str]:
    """Return the tables whose partitions the partition manager makes and retires."""
    row = connection.execute("select to_regclass('platform.partition_sets') is not null").fetchone()
    if row is None or not row[0]:
        return []
    rows = connection.execute("select format('%I.%I', s.schema_name, s.table_name) from platform.partition_sets as s")
    return [name for (name,) in rows.fetchall()]


def changes(before: Mapping[str, str], after: Mapping[str, str]) -> dict[str, str | None]:
    """Return the properties that differ, with the new value, None for those that are gone."""
    keys = sorted(before.keys() | after.keys(), key=_natural)
    return {key: after.get(key) for key in keys if canonical(before.get(key)) != canonical(after.get(key))}


def _natural(key: str) -> tuple[bool, str]:
    return (key.startswith("granted"), key)


_ARRAY = re.compile(r"\(ARRAY\[((?:[^\[\]']|'(?:[^']|'')*')*)\]\)::text\[\]")
_ITEM = re.compile(r"('(?:[^']|'')*'::character varying)")


def canonical(value: str | None) -> str | None:
    """Return an expression as the server words it after a dump and restore.

    `varchar_column in ('a', 'b')` is stored with one cast around the list; read back from a dump, each item has its own.
    """
    if value is None or "(ARRAY[" not in value:
        return value
    return _ARRAY.sub(lambda match: "ARRAY[" + _ITEM.sub(r"(\1)::text", match.group(1)) + "]", value)


def load(connection: Connection) -> dict[Key, tuple[str | None, dict[str, str]]]:
    """Return the recorded objects: script id and properties."""
    rows = connection.execute("select o.class, o.identity, o.script_id, o.signature from moadb.objects as o").fetchall()
    return {(class_, identity): (script, properties) for class_, identity, script, properties in rows}


# What a file's `create or replace` decides is recorded as it came out; these it leaves alone, so a change by hand stays visible.
_KEPT = ("granted to ", "state", "owner")


def save(
    connection: Connection,
    before: Signature,
    after: Signature,
    owners: Mapping[tuple[str, int], str],
    remade: frozenset[tuple[str, int]],
) -> None:
    """Record what a deploy changed, property by property: what somebody else changed by hand stays recorded as it was.

    Args:
        connection: in the deploy's transaction.
        before: the signature at the transaction's start.
        after: the signature now.
        owners: the scripts that made objects, by their place in the catalog.
        remade: the places of objects that a repeatable wrote anew: recorded as they are now even where that is no change,
            because a fix by hand may have come first.
    """
    recorded = load(connection)
    rows: list[tuple[Any, ...]] = []
    for key, now in after.items():
        script, properties = recorded.get(key, (None, None))
        was = before.get(key)
        script = owners.get(now.place, script)
        if was is None or (properties is None and was.properties != now.properties):
            merged = now.properties
        elif properties is None:
            continue
        else:
            different = changes(was.properties, now.properties)
            if now.place in remade:
                different |= {
                    name: now.properties.get(name)
                    for name in properties.keys() | now.properties.keys()
                    if not name.startswith(_KEPT)
                }
            merged = {name: value for name, value in (properties | different).items() if value is not None}
        if key not in recorded or recorded[key] != (script, merged):
            rows.append((key[0], key[1], now.schema, script, Jsonb(merged)))
    with connection.cursor() as cursor:
        cursor.executemany(
            """
            insert into moadb.objects as o (class, identity, schema_name, script_id, signature) values (%s, %s, %s, %s, %s)
            on conflict (class, identity) do update set script_id = excluded.script_id, signature = excluded.signature
            """,
            rows,
        )
        cursor.executemany(
            "delete from moadb.objects where class = %s and identity = %s", [key for key in before if key not in after]
        )


def vanished(connection: Connection) -> dict[str, list[str]]:
    """Return the repeatables whose recorded routines, views, triggers … are no longer there, and which those are."""
    rows = connection.execute(_sql("vanished.sql")).fetchall()
    result: dict[str, list[str]] = {}
    for script, class_, identity in rows:
        result.setdefault(script, []).append(f"{class_} {identity}")
    return result
