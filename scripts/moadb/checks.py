"""Invariants, what is always true of the data: platform.check_invariants runs their queries, here is what it found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from psycopg.rows import class_row

from moadb.connection import connect_deployed
from moadb.errors import Exit, MoadbError


@dataclass(frozen=True)
class Invariant:
    """One invariant and how it stands.

    Args:
        invariant: its name, schema.what_is_true.
        schema_name: whose data it is about.
        description: what holds, and what to suspect when it does not.
        violations: how many rows violate it; 1 when its query failed.
        sample: the first five of them; for a failed query its error.
    """

    invariant: str
    schema_name: str
    description: str
    violations: int
    sample: list[dict[str, Any]]


def check_invariants(dsn: str, schema: str | None = None) -> list[Invariant]:
    """Run the invariants, all on one snapshot and without writing, and return how they stand, by name.

    Args:
        dsn: the database.
        schema: only those of this schema; None for all.

    Raises:
        MoadbError: no invariant is registered for that schema (exit code 2).
    """
    with connect_deployed(dsn, autocommit=False) as connection:
        connection.read_only = True
        with connection.cursor(row_factory=class_row(Invariant)) as cursor:
            found = cursor.execute("select * from platform.check_invariants(%s)", [schema]).fetchall()
            if found or schema is None:
                return found
        known = connection.execute(
            "select string_agg(distinct i.schema_name, ', ') from platform.invariants as i"
        ).fetchone()
    raise MoadbError(
        f"no invariant is registered for schema {schema!r}",
        hint=f"there are some for {known[0]}" if known and known[0] else None,
        exit_code=Exit.USAGE,
    )
