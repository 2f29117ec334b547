"""Partitions: which there are, and their maintenance, table by table.

Making, draining and retiring are done in the database, by platform.maintain_partitions, which a job calls every hour.
Here is what no function can do: `detach partition … concurrently`, for tables without a default partition.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime

import psycopg
from psycopg import sql
from psycopg.rows import class_row

from moadb.connection import Connection, connect_deployed
from moadb.errors import Exit, MoadbError


@dataclass(frozen=True)
class PartitionSet:
    """A declared table (the columns of platform.partition_sets) and how it stands.

    Args:
        partitions: how many are attached, the default partition not counted.
        detached: how many detached partitions still stand under their names.
        starts_at: where the first partition begins.
        ends_at: where the last one ends: until then rows have a partition.
        rows_estimate: rows in all partitions, as far as they have been analyzed.
        bytes: their size, with indexes and TOAST.
        problems: what platform.partition_health says of it.
    """

    schema_name: str
    table_name: str
    unit: str
    id_shift: int | None
    premake: int
    has_default: bool
    time_zone: str
    retention: str | None
    retention_action: str
    storage_parameters: str | None
    covers_from: date
    partitions: int
    detached: int
    starts_at: datetime | None
    ends_at: datetime | None
    rows_estimate: int
    bytes: int
    problems: list[str]


@dataclass(frozen=True)
class Partition:
    """A partition, or a table that was one: a row of platform.list_partitions, where its columns are explained."""

    schema_name: str
    table_name: str
    partition_name: str
    state: str
    from_value: str | None
    to_value: str | None
    starts_at: datetime | None
    ends_at: datetime | None
    rows_estimate: int | None
    bytes: int
    is_default: bool
    is_expired: bool


@dataclass
class Maintained:
    """What was done for one table.

    Args:
        made: names of the partitions made.
        drained: rows moved out of the default partition.
        detached: names of the partitions detached.
        dropped: names of the partitions detached and dropped.
        skipped: what could not be done now, and why; the next call tries again.
        error: why the table could not be maintained at all.
    """

    schema_name: str
    table_name: str
    made: list[str] = field(default_factory=list)
    drained: int = 0
    detached: list[str] = field(default_factory=list)
    dropped: list[str] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)
    error: str | None = None

    @property
    def ok(self) -> bool:
        """Return whether all was done that there was to do."""
        return not self.skipped and self.error is None


Progress = Callable[[str, int, int], None]
"""Told before each table: its name, how many tables are done, how many there are."""


def list_sets(dsn: str) -> list[PartitionSet]:
    """Return the declared tables, by name."""
    with connect_deployed(dsn) as connection, connection.cursor(row_factory=class_row(PartitionSet)) as cursor:
        return cursor.execute(
            """
            with listed as (
              select
                l.schema_name,
                l.table_name,
                count(*) filter (where l.state <> 'detached' and not l.is_default) as partitions,
                count(*) filter (where l.state = 'detached') as detached,
                min(l.starts_at) as starts_at,
                max(l.ends_at) as ends_at,
                sum(l.rows_estimate) filter (where l.state <> 'detached') as rows_estimate,
                sum(l.bytes) filter (where l.state <> 'detached') as bytes
              from platform.list_partitions() as l
              group by l.schema_name, l.table_name
            ), health as (
              select
                h.schema_name, h.table_name, array_agg(h.severity || ': ' || h.problem || ': ' || h.detail) as problems
              from platform.partition_health as h
              group by h.schema_name, h.table_name
            )
            select
              s.schema_name, s.table_name, s.unit, s.id_shift, s.premake, s.has_default, s.time_zone, s.retention::text,
              s.retention_action, s.storage_parameters, s.covers_from,
              coalesce(l.partitions, 0) as partitions, coalesce(l.detached, 0) as detached, l.starts_at, l.ends_at,
              coalesce(l.rows_estimate, 0)::bigint as rows_estimate, coalesce(l.bytes, 0)::bigint as bytes,
              coalesce(h.problems, '{}') as problems
            from platform.partition_sets as s
            left join listed as l using (schema_name, table_name)
            left join health as h using (schema_name, table_name)
            order by s.schema_name, s.table_name
            """
        ).fetchall()


def list_partitions(dsn: str, table: str) -> list[Partition]:
    """Return the partitions of one declared table, oldest first, then the default partition, then detached ones.

    Args:
        dsn: the database.
        table: its name with its schema, as `coupon.coupon_issues`.

    Raises:
        MoadbError: it is not declared.
    """
    with connect_deployed(dsn) as connection, connection.cursor(row_factory=class_row(Partition)) as cursor:
        (name,) = _declared(connection, table)
        return cursor.execute("select * from platform.list_partitions(%s::regclass)", [_quoted(name)]).fetchall()


def maintain(
    dsn: str, table: str | None = None, *, lock_timeout: str = "2s", progress: Progress | None = None
) -> list[Maintained]:
    """Make, drain and retire partitions; each table in transactions of its own, so that no two are locked together.

    Args:
        dsn: the database; the role must be a member of moadb_owner.
        table: one declared table, with its schema; None for all.
        lock_timeout: how long to wait for each lock, as PostgreSQL writes it; nobody queues behind a waiting
            maintenance for longer.
        progress: told before each table.

    Returns:
        What was done, by table; a table that failed carries its error, and the others are maintained nevertheless.

    Raises:
        MoadbError: the table is not declared; lock_timeout cannot be read, or is no limit.
    """
    report: list[Maintained] = []
    with connect_deployed(dsn, application_name="moadb partitions") as connection:
        _limit_waiting(connection, lock_timeout)
        names = _declared(connection, table)
        for number, name in enumerate(names):
            if progress is not None:
                progress(".".join(name), number, len(names))
            done = Maintained(*name)
            report.append(done)
            try:
                _detach_concurrently(connection, done)
                while _maintain_once(connection, done):
                    pass
            except psycopg.Error as error:
                if connection.broken:
                    raise
                done.error = f"{error.diag.message_primary or error} (SQLSTATE {error.sqlstate})"
    return report


def _declared(connection: Connection, table: str | None) -> list[tuple[str, str]]:
    """Return schema and name of the declared table `table`, or of all."""
    query = "select s.schema_name, s.table_name from platform.partition_sets as s order by 1, 2"
    declared = {f"{schema}.{name}": (schema, name) for schema, name in connection.execute(query)}
    if table is None:
        return list(declared.values())
    if table in declared:
        return [declared[table]]
    raise MoadbError(
        f"the partitions of {table!r} are not declared",
        hint=f"declared are {', '.join(declared)}" if declared else "partitions/<schema>.sql declares them",
        exit_code=Exit.USAGE,
    )


def _limit_waiting(connection: Connection, lock_timeout: str) -> None:
    """Set the session's lock_timeout."""
    try:
        row = connection.execute("select set_config('lock_timeout', %s, false)", [lock_timeout]).fetchone()
    except psycopg.errors.InvalidParameterValue as error:
        problem = error.diag.message_primary
    else:
        problem = "it would be no limit" if row == ("0",) else None
    if problem:
        raise MoadbError(
            f"--lock-timeout {lock_timeout}: {problem}", hint="as PostgreSQL writes it: 500ms, 2s", exit_code=Exit.USAGE
        )


def _quoted(name: tuple[str, str]) -> str:
    return sql.Identifier(*name).as_string()


def _maintain_once(connection: Connection, done: Maintained) -> bool:
    """Call platform.maintain_partitions for one table and add what it did; return whether it did anything."""
    row = connection.execute(
        """
        select m.made, m.drained, m.detached, m.dropped, m.skipped
        from platform.maintain_partitions(%s::regclass, current_setting('lock_timeout')::interval) as m
        """,
        [_quoted((done.schema_name, done.table_name))],
    ).fetchone()
    assert row is not None
    made, drained, detached, dropped, skipped = row
    done.made += made
    done.drained += drained
    done.detached += detached
    done.dropped += dropped
    done.skipped = skipped
    return bool(made or detached or dropped)


def _detach_concurrently(connection: Connection, done: Maintained) -> None:
    """Retire what can be retired without keeping readers and writers waiting.

    What fails here is left to platform.maintain_partitions: it finishes an interrupted detach, and says what stands in
    the way of the others.
    """
    table = sql.Identifier(done.schema_name, done.table_name)
    expired = connection.execute(
        """
        select e.partition_name, e.retention_action
        from platform.list_expired_partitions(%s::regclass) as e
        where e.is_concurrent and not e.is_detaching
        """,
        [table.as_string()],
    ).fetchall()
    for partition_name, action in expired:
        partition = sql.Identifier(done.schema_name, partition_name)
        try:
            connection.execute(sql.SQL("alter table {} detach partition {} concurrently").format(table, partition))
        except (psycopg.errors.LockNotAvailable, psycopg.errors.DeadlockDetected, psycopg.errors.ForeignKeyViolation):
            return
        except psycopg.errors.ObjectNotInPrerequisiteState:  # another detach of this table has been interrupted
            return
        if action == "drop":
            connection.execute(sql.SQL("drop table {}").format(partition))
            done.dropped.append(partition_name)
        else:
            done.detached.append(partition_name)
