"""The rows that files declare (jobs, invariants, errors, transitions, partition sets): a digest of each."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from psycopg import sql

from moadb.connection import Connection

CLASS = "rows"  # what moadb.objects calls them


@dataclass(frozen=True)
class _Declared:
    """A table of schema platform whose rows files declare.

    Args:
        file: the file of a schema, with {} for its name.
        key: the columns that name a row.
        free: the columns that the file does not state: the operator's, or computed.
    """

    file: str
    key: tuple[str, ...]
    free: tuple[str, ...] = ()


_TABLES = {
    "error_codes": _Declared("sql/{}/errors.sql", ("sqlstate",)),
    "invariants": _Declared("sql/{}/invariants.sql", ("name",)),
    "jobs": _Declared("sql/{}/jobs.sql", ("name",), ("is_paused", "active_since", "lock_key")),
    "partition_sets": _Declared("partitions/{}.sql", ("table_name",), ("covers_from",)),
    "transitions": _Declared("sql/{}/transitions.sql", ("machine", "from_state", "to_state")),
}


def read(connection: Connection, schemas: Collection[str]) -> Iterator[tuple[str, str, str, dict[str, str]]]:
    """Yield identity, schema, declaring file and digests by row, for each table and schema that has rows."""
    present = connection.execute(
        "select t from unnest(%s::text[]) as t where to_regclass('platform.' || t) is not null order by t",
        [list(_TABLES)],
    ).fetchall()
    for (table,) in present:
        declared = _TABLES[table]
        query = sql.SQL(
            """
            select k.schema_name, jsonb_object_agg('its row ' || k.key, k.digest)
            from (
              select
                coalesce(r.r ->> 'schema_name', split_part(r.r ->> 'machine', '.', 1)) as schema_name,
                (select string_agg(nullif(r.r ->> c.name, ''), ' ' order by c.n)
                 from unnest(%s::text[]) with ordinality as c (name, n)) as key,
                encode(sha256(convert_to((r.r - %s::text[])::text, 'UTF8')), 'hex') as digest
              from (select to_jsonb(t) as r from {} as t) as r
            ) as k
            where k.schema_name = any(%s)
            group by k.schema_name
            order by k.schema_name
            """
        ).format(sql.Identifier("platform", table))
        rows = connection.execute(query, [list(declared.key), list(declared.free), list(schemas)])
        for schema, digests in rows.fetchall():
            yield f"platform.{table} of {schema}", schema, declared.file.format(schema), digests
