"""The first driver: pg_cron, where the cluster has it. Its table of entries is made equal to platform.jobs.

Each entry is one statement, `call platform.run_job(…)`. Everything else about a run is decided there, so an entry that
fires too often, twice, or in a copy of the cluster does no harm.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from urllib.parse import quote

import psycopg
from psycopg import conninfo, sql

from moadb.connection import Connection, connect, connect_deployed
from moadb.errors import MoadbError, Refused
from moadb.jobs.operate import CopiedInstallation, refuse_copy

_NAME_LIMIT = 63  # cron.job.jobname is of type name up to pg_cron 1.4
_KEEP_DETAILS = "7 days"
_UTC = {"GMT", "UTC", "ETC/GMT", "ETC/UTC"}  # in capitals


@dataclass
class CronChanges:
    """What sync_pg_cron found and did.

    Args:
        database: where pg_cron is; None when the cluster has none, and nothing was done.
        added, changed, removed: names of entries.
        unchanged: how many entries were right already.
        copied: set when this database is a copy that runs no jobs, and so has no entries: how it differs.
    """

    database: str | None
    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    unchanged: int = 0
    copied: str | None = None


@dataclass(frozen=True)
class PgCron:
    """pg_cron as seen from one database.

    Args:
        dsn: of the database where its tables are.
        database: the name of that.
        for_database: the database that it is seen from.
        zone: the time zone that it goes by.
        prefix: how the names of its entries for that database begin.
    """

    dsn: str
    database: str
    for_database: str
    zone: str
    prefix: str

    @property
    def goes_by_utc(self) -> bool:
        """Whether it reads schedules as they are meant."""
        return self.zone.upper() in _UTC


@dataclass(frozen=True)
class _Entry:
    schedule: str
    command: str
    database: str


def find_pg_cron(dsn: str) -> PgCron | None:
    """Return pg_cron of the cluster; None when there is none, or none that this role may see.

    It is in this database, or in the one that the setting cron.database_name names (pg_read_all_settings may read it).

    Raises:
        MoadbError: it is in another database, and this role cannot connect to that.
    """
    with connect(dsn) as connection:
        here = connection.info.dbname
        home = here if _has_extension(connection) else _setting(connection, "cron.database_name")
        zone = _setting(connection, "cron.timezone") or "GMT"
        reachable = connection.execute(
            "select from pg_database as d where d.datname = %s and has_database_privilege(d.oid, 'connect')", [home]
        ).fetchone()
    if home is None or reachable is None:
        return None
    cron_dsn = conninfo.make_conninfo(dsn, dbname=home)
    with connect(cron_dsn) as connection:
        if not _has_extension(connection):
            return None
    return PgCron(cron_dsn, home, here, zone, f"moadb:{_fit(quote(here, safe=''), 40)}:")


def count_entries(cron: PgCron) -> int:
    """Return how many active entries pg_cron has for the database, as far as this role may see them.

    Raises:
        MoadbError: this role may not look into pg_cron's schema.
    """
    with open_pg_cron(cron) as connection:
        row = connection.execute(
            "select count(*) from cron.job as c where c.active and starts_with(c.jobname, %s)", [cron.prefix]
        ).fetchone()
    return int(row[0]) if row else 0


def sync_pg_cron(dsn: str, *, remove: bool = False) -> CronChanges:
    """Make pg_cron's entries for this database equal to its jobs. Run again, it changes nothing.

    Entries are named moadb:<database>:<job> and run as the role that made them, which must be a member of moadb_owner.
    A paused job keeps its entry: platform.run_job does nothing for it, so pausing and resuming need no way to pg_cron.

    Args:
        dsn: the database whose jobs they are.
        remove: remove all of them instead, before the database is dropped or the other driver takes over.

    Raises:
        MoadbError: pg_cron's database cannot be reached, or this role may not use it, or not for another database.
        Refused: pg_cron does not go by UTC.
    """
    cron = find_pg_cron(dsn)
    if cron is None:
        return CronChanges(None)
    if not cron.goes_by_utc and not remove:
        raise Refused(
            f"pg_cron goes by time zone {cron.zone}, and the schedules of jobs are in UTC",
            hint="set cron.timezone = 'GMT' and restart the server, or use `moadb jobs runner`",
        )
    changes = CronChanges(cron.database)
    wanted: dict[str, _Entry] = {}
    if not remove:
        try:
            wanted = _wanted(dsn, cron)
        except CopiedInstallation as error:
            changes.copied = error.message
    with open_pg_cron(cron) as connection, connection.transaction():
        connection.execute("select pg_advisory_xact_lock(hashtextextended(%s, 0))", [cron.prefix])
        keep = set()
        rows = connection.execute(
            "select c.jobid, c.jobname::text, c.schedule, c.command, c.database, "
            "c.active and c.nodeport = current_setting('port')::int "
            "from cron.job as c where starts_with(c.jobname, %s) order by c.jobid",
            [cron.prefix],
        ).fetchall()
        for jobid, name, schedule, command, database, live in rows:
            if live and name not in keep and wanted.get(name) == _Entry(schedule, command, database):
                keep.add(name)
                continue
            connection.execute("select cron.unschedule(%s::bigint)", [jobid])
            (changes.changed if name in wanted.keys() - keep else changes.removed).append(name)
        for name in sorted(wanted.keys() - keep):
            _schedule(connection, cron, name, wanted[name])
            if name not in changes.changed:
                changes.added.append(name)
    changes.changed = sorted(set(changes.changed))
    changes.unchanged = len(keep)
    return changes


def open_pg_cron(cron: PgCron) -> Connection:
    """Open a connection to the database where pg_cron is.

    Raises:
        MoadbError: it cannot be reached, or this role may not use pg_cron there.
    """
    connection = connect(cron.dsn)
    if connection.execute("select has_schema_privilege('cron', 'usage')").fetchone() == (True,):
        return connection
    user = connection.info.user
    connection.close()
    raise MoadbError(
        f"role {user} may not use pg_cron in database {cron.database}",
        hint=f"in that database, as a superuser: grant usage on schema cron to {user}",
    )


def _wanted(dsn: str, cron: PgCron) -> dict[str, _Entry]:
    # what pg_cron itself writes about each run, and never deletes
    prune = sql.SQL(
        "delete from cron.job_run_details as d where d.database = {} "
        "and starts_with(d.command, 'call platform.run_job(') and d.start_time < now() - interval {}"
    ).format(cron.for_database, _KEEP_DETAILS)
    entries = {_name(cron, "prune_run_details"): _Entry("7 * * * *", prune.as_string(), cron.database)}
    with connect_deployed(dsn) as connection:
        refuse_copy(connection)
        rows = connection.execute("select j.name, j.schedule from platform.jobs as j").fetchall()
    for job, schedule in rows:
        call = sql.SQL("call platform.run_job({}, 'pg_cron')").format(job).as_string()
        entries[_name(cron, job)] = _Entry(schedule, call, cron.for_database)
    return entries


def _schedule(connection: Connection, cron: PgCron, name: str, entry: _Entry) -> None:
    if entry.database == cron.database:
        connection.execute("select cron.schedule(%s, %s, %s)", [name, entry.schedule, entry.command])
        return
    try:
        connection.execute(
            "select cron.schedule_in_database(%s, %s, %s, %s)", [name, entry.schedule, entry.command, entry.database]
        )
    except psycopg.errors.InsufficientPrivilege as error:
        raise MoadbError(
            f"this role may not schedule jobs for another database: {error.diag.message_primary}",
            hint=f"in database {cron.database}, as a superuser: grant execute on function "
            f"cron.schedule_in_database(text, text, text, text, text, boolean) to {connection.info.user}",
        ) from None


def _name(cron: PgCron, job: str) -> str:
    return cron.prefix + _fit(job, _NAME_LIMIT - len(cron.prefix))


def _fit(text: str, limit: int) -> str:
    """Return the text, or where it is too long its beginning and a hash of the whole."""
    return text if len(text) <= limit else f"{text[: limit - 9]}~{hashlib.sha256(text.encode()).hexdigest()[:8]}"


def _has_extension(connection: Connection) -> bool:
    return connection.execute("select from pg_extension as e where e.extname = 'pg_cron'").fetchone() is not None


def _setting(connection: Connection, name: str) -> str | None:
    row = connection.execute("select s.setting from pg_settings as s where s.name = %s", [name]).fetchone()
    return str(row[0]) if row else None
