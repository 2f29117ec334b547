"""What an operator does with jobs: look at them, run one now, pause and resume them, adopt a copy of the database."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, fields
from datetime import datetime, timedelta

import psycopg
from psycopg import sql
from psycopg.rows import class_row

from moadb.connection import Connection, connect_deployed
from moadb.errors import Exit, MoadbError, Refused
from moadb.jobs.schedule import next_slot

_UNKNOWN_JOB = "MP010"
_COPIED_INSTALLATION = "MP011"


class CopiedInstallation(Refused):
    """The database is a copy of the one that runs the jobs."""


@dataclass
class Job:
    """A job and how it is doing: platform.jobs, job_status and job_health in one; times in UTC.

    Args:
        state: ok, paused, failed, crashed or silent; see platform.job_health.
        missed_intervals: for how many of its expected intervals it has not succeeded.
        next_slot: when it is due next; None while it is paused, and where its schedule is impossible.
    """

    name: str
    schema_name: str
    description: str
    schedule: str
    timeout: timedelta
    expected_interval: timedelta
    state: str
    missed_intervals: int
    is_paused: bool
    is_running: bool
    running_pid: int | None
    last_status: str | None
    last_driver: str | None
    last_started_at: datetime | None
    last_finished_at: datetime | None
    last_rows_handled: int | None
    last_error_sqlstate: str | None
    last_error_message: str | None
    last_success_at: datetime | None
    next_slot: datetime | None = None


@dataclass(frozen=True)
class JobRun:
    """A row of platform.job_runs; the meaning of its columns stands there."""

    id: int
    job_name: str
    slot: datetime
    status: str
    driver: str
    attempts: int
    duplicates: int
    backend_pid: int
    started_at: datetime
    finished_at: datetime | None
    rows_handled: int
    error_sqlstate: str | None
    error_message: str | None
    error_detail: str | None
    error_context: str | None

    @property
    def seconds(self) -> float | None:
        """How long it took; None while it runs."""
        return (self.finished_at - self.started_at).total_seconds() if self.finished_at else None


_RUN_COLUMNS = sql.SQL(", ").join(sql.Identifier("r", field.name) for field in fields(JobRun))


def list_jobs(dsn: str) -> list[Job]:
    """Return every job, by name."""
    with connect_deployed(dsn) as connection, connection.cursor(row_factory=class_row(Job)) as cursor:
        jobs = cursor.execute(
            """
            select
              s.name, s.schema_name, j.description, s.schedule, j.timeout, j.expected_interval,
              h.state, h.missed_intervals, s.is_paused, s.is_running, s.running_pid,
              s.last_status, s.last_driver, s.last_started_at, s.last_finished_at, s.last_rows_handled,
              s.last_error_sqlstate, s.last_error_message, s.last_success_at
            from platform.job_status as s
            join platform.jobs as j on j.name = s.name
            join platform.job_health as h on h.name = s.name
            order by s.name
            """
        ).fetchall()
        now = _server_time(connection)
    for job in jobs:
        if not job.is_paused:
            with suppress(MoadbError):  # the runner logs what is wrong with it
                job.next_slot = next_slot(job.schedule, now)
    return jobs


def job_history(dsn: str, name: str | None = None, limit: int = 20) -> list[JobRun]:
    """Return the latest runs, newest first.

    Args:
        dsn: the database.
        name: of this job only; a job that is gone still has a history.
        limit: how many runs at most.

    Raises:
        MoadbError: neither a job nor a run has that name (exit code 2).
    """
    with connect_deployed(dsn) as connection, connection.cursor(row_factory=class_row(JobRun)) as cursor:
        query = sql.SQL(
            "select {} from platform.job_runs as r where r.job_name = coalesce(%s, r.job_name) "
            "order by r.started_at desc, r.id desc limit %s"
        )
        runs = cursor.execute(query.format(_RUN_COLUMNS), [name, limit]).fetchall()
        if name is not None and not runs:
            known = connection.execute("select from platform.jobs as j where j.name = %s", [name]).fetchone()
            if known is None:
                raise _unknown(name)
    return runs


def run_job(dsn: str, name: str) -> JobRun:
    """Run a job now, paused or not, and return the run; one that was skipped has found another at work.

    Args:
        dsn: the database; a connection to the server itself.
        name: the job.

    Raises:
        MoadbError: there is no such job (exit code 2), or it failed.
        CopiedInstallation: the database is a copy; see adopt.
        Refused: a pooler is in between.
    """
    with connect_deployed(dsn, application_name=f"moadb job {name}") as connection:
        run = call_run_job(connection, name, "manual")
    if run is None:
        raise MoadbError(f"job {name} was not run", hint=f"see `moadb jobs history {name}`")
    return run


def call_run_job(connection: Connection, name: str, driver: str, slot: datetime | None = None) -> JobRun | None:
    """Call platform.run_job within the job's timeout.

    Args:
        connection: one of its own, in autocommit mode; to be closed afterwards.
        name: the job.
        driver: runner or manual.
        slot: the scheduled time; None means now.

    Returns:
        The run; None when nothing was done: the job is paused, or the slot has been claimed before.

    Raises:
        MoadbError, Refused: as run_job.
    """
    refuse_pooler(connection)
    try:
        connection.execute(
            "select set_config('statement_timeout', (extract(epoch from j.timeout) * 1000)::bigint::text, false) "
            "from platform.jobs as j where j.name = %s",
            [name],
        )
        row = connection.execute("call platform.run_job(%s, %s, %s)", [name, driver, slot]).fetchone()
        connection.execute("reset statement_timeout")
        if row is None or row[0] is None:
            return None
        with connection.cursor(row_factory=class_row(JobRun)) as cursor:
            query = sql.SQL("select {} from platform.job_runs as r where r.id = %s")
            return cursor.execute(query.format(_RUN_COLUMNS), [row[0]]).fetchone()
    except psycopg.Error as error:
        raise _explain(error, name) from error


def pause_jobs(dsn: str, names: Sequence[str] | None) -> list[str]:
    """Suspend the schedule of some jobs or (None) of all, and return those for which that was a change.

    Raises:
        MoadbError: there is no such job (exit code 2); nothing is changed then.
    """
    return _switch(dsn, names, "select platform.pause_job(%s)")


def resume_jobs(dsn: str, names: Sequence[str] | None) -> list[str]:
    """Let some jobs or (None) all run by schedule again, and return those for which that was a change.

    Raises:
        MoadbError: there is no such job (exit code 2); nothing is changed then.
    """
    return _switch(dsn, names, "select platform.resume_job(%s)")


def adopt(dsn: str) -> None:
    """Declare that this database, and no longer the one that it was copied from, runs the jobs."""
    with connect_deployed(dsn) as connection:
        connection.execute("select platform.adopt_installation()")


def refuse_copy(connection: Connection) -> None:
    """Refuse a database that is a copy of the one that runs the jobs.

    Raises:
        CopiedInstallation: platform.installation and where the database is now differ.
    """
    try:
        connection.execute("select platform._check_installation()")
    except psycopg.Error as error:
        if error.sqlstate == _COPIED_INSTALLATION:
            raise _copied(error) from error
        raise


def refuse_pooler(connection: Connection) -> None:
    """Refuse a connection that goes through a pooler: settings and locks of a session would be somebody else's.

    Raises:
        Refused: the server process is not the one that answered the connection.
    """
    row = connection.execute("select pg_backend_pid()").fetchone()
    if row is not None and row[0] != connection.info.backend_pid:
        raise Refused(
            "there is a connection pooler between this command and the server: a job needs a session of its own",
            hint="connect to the server itself",
        )


def _switch(dsn: str, names: Sequence[str] | None, query: str) -> list[str]:
    with connect_deployed(dsn, autocommit=False) as connection:
        if names is None:
            names = [name for (name,) in connection.execute("select j.name from platform.jobs as j")]
        changed = []
        for name in sorted(set(names)):
            try:
                row = connection.execute(query, [name]).fetchone()
            except psycopg.Error as error:
                raise _explain(error, name) from error
            if row is not None and row[0]:
                changed.append(name)
    return changed


def _server_time(connection: Connection) -> datetime:
    row = connection.execute("select clock_timestamp()").fetchone()
    if row is None:
        raise MoadbError("the server returned no row")
    now: datetime = row[0]
    return now


def _explain(error: psycopg.Error, name: str) -> MoadbError:
    if error.sqlstate == _UNKNOWN_JOB:
        return _unknown(name)
    if error.sqlstate == _COPIED_INSTALLATION:
        return _copied(error)
    if error.sqlstate is None or error.sqlstate.startswith("57P"):
        return MoadbError(
            f"the connection was lost while job {name} was running",
            hint="if its session has ended too, the next run writes it down as crashed and begins anew",
            details=[str(error).strip()],
        )
    parts = [f"SQLSTATE {error.sqlstate}", error.diag.message_detail]
    return MoadbError(
        f"job {name} failed: {error.diag.message_primary}",
        hint=error.diag.message_hint,
        details=[part for part in parts if part],
    )


def _copied(error: psycopg.Error) -> CopiedInstallation:
    return CopiedInstallation(error.diag.message_primary or str(error), hint=error.diag.message_hint)


def _unknown(name: str) -> MoadbError:
    return MoadbError(
        f"there is no job {name!r}", hint="`moadb jobs list` shows the jobs that there are", exit_code=Exit.USAGE
    )
