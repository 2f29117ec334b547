"""The second driver: a long-running scheduler for clusters without pg_cron, `moadb jobs runner`.

Several may live. One leads: it holds an advisory lock through a connection of its own, and loses it with that
connection; the others poll. The leader asks the server, at each full minute and every few seconds, which jobs have a
slot that nobody has claimed, and starts those, each on a connection of its own. Nothing is remembered from one time to
the next, so a start, a failover and a missed hour are the same case: the slot is not claimed yet.
"""

from __future__ import annotations

import logging
import threading
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import suppress
from datetime import datetime

import psycopg
from psycopg import conninfo

from moadb.connection import Connection, connect, connect_deployed
from moadb.errors import MoadbError, Refused
from moadb.jobs.operate import call_run_job, refuse_copy, refuse_pooler
from moadb.jobs.pg_cron import count_entries, find_pg_cron
from moadb.jobs.schedule import last_slot

log = logging.getLogger("moadb.jobs")

_LONGEST_PAUSE = 30.0


def run_scheduler(
    dsn: str,
    stop: threading.Event,
    *,
    workers: int = 4,
    grace: float = 5.0,
    poll: float = 5.0,
    force: bool = False,
) -> None:
    """Run jobs when they are due, until `stop` is set. What happens is logged to the logger moadb.jobs.

    A lost connection (restart, failover) is tried again, at last every 30 seconds, for as long as it takes; only what
    is wrong from the beginning is raised.

    Args:
        dsn: the database; a connection to the server itself.
        stop: set it to end; checked at once wherever the scheduler waits.
        workers: how many jobs run at the same time; others wait for a place.
        grace: seconds that jobs at work get to finish after `stop`, before they are cancelled.
        poll: seconds after which the leader looks again what is due (and whether it is still connected), and another
            runner whether there is a leader. A new minute is looked at when it begins.
        force: start even where pg_cron has entries for this database.

    Raises:
        Refused: pg_cron runs the jobs of this database, it is a copy that runs none, or a pooler is in between.
        MoadbError: the server cannot be reached at the start, or has no moadb.
    """
    if not force:
        _refuse_pg_cron(dsn)
    _Scheduler(_with_keepalives(dsn), stop, workers, grace, poll).run()


class _Scheduler:
    def __init__(self, dsn: str, stop: threading.Event, workers: int, grace: float, poll: float) -> None:
        self._dsn = dsn
        self._stop = stop
        self._grace = grace
        self._poll = poll
        self._works = False  # whether anything has worked yet: from then on errors are a matter of time
        self._pool = ThreadPoolExecutor(workers, thread_name_prefix="job")
        self._guard = threading.Lock()
        self._runs: dict[str, tuple[datetime, Future[None]]] = {}
        self._connections: dict[str, Connection] = {}

    def run(self) -> None:
        pause = 1.0
        try:
            while not self._stop.is_set():
                try:
                    with connect_deployed(self._dsn, application_name="moadb jobs runner") as connection:
                        refuse_pooler(connection)
                        if self._become_leader(connection):
                            pause = 1.0
                            self._lead(connection)
                except Refused:
                    raise
                except (psycopg.Error, MoadbError) as error:
                    if not self._works:
                        raise
                    log.warning("%s; trying again in %.0f s", str(error).strip(), pause)
                    self._stop.wait(pause)
                    pause = min(pause * 2, _LONGEST_PAUSE)
        finally:
            self._finish()

    def _become_leader(self, connection: Connection) -> bool:
        """Wait for the leader's lock, with nothing open meanwhile; say whether it was got before the end."""
        for setting, value in (("idle", 30), ("interval", 10), ("count", 3)):  # a lock must not outlive a vanished host
            connection.execute("select set_config(%s, %s, false)", [f"tcp_keepalives_{setting}", str(value)])
        waiting = False
        while not self._stop.is_set():
            row = connection.execute(
                "select not pg_is_in_recovery() and pg_try_advisory_lock(hashtextextended('moadb.runner', 0))"
            ).fetchone()
            if row is not None and row[0]:
                refuse_copy(connection)
                log.info("leading: jobs of database %s run from here", connection.info.dbname)
                return True
            if not waiting:
                log.info("waiting: another runner leads, or the server is a standby")
                waiting = self._works = True
            self._stop.wait(self._poll)
        return False

    def _lead(self, connection: Connection) -> None:
        unreadable: set[tuple[str, str]] = set()  # each is logged once
        while not self._stop.is_set():
            connection.execute("select platform.reconcile_job_runs()")
            rows = connection.execute(
                """
                select j.name, j.schedule, clock_timestamp(), greatest(j.active_since, (
                  select max(r.slot)
                  from platform.job_runs as r
                  where r.job_name = j.name and (r.status <> 'crashed' or r.attempts >= 3)
                )), exists (select from platform.running_jobs as k where k.name = j.name)
                from platform.jobs as j
                where not j.is_paused
                order by j.name
                """
            ).fetchall()
            for name, schedule, now, handled, at_work in rows:
                try:
                    slot = last_slot(schedule, now)
                except MoadbError as error:
                    if (name, schedule) not in unreadable:
                        log.error("%s never runs: %s", name, error)
                        unreadable.add((name, schedule))
                    continue
                if slot is None or slot <= handled:
                    continue
                if at_work and not self._is_starting(name, slot):  # by an earlier slot, here or anywhere
                    connection.execute("select platform._start_job_run(%s, 'runner', %s, false)", [name, slot])
                    log.warning("%s skips its slot %s: it is at work", name, slot)
                else:
                    self._start(name, slot)
            self._works = True
            row = connection.execute("select 60 - extract(second from clock_timestamp())::float8").fetchone()
            self._stop.wait(min(self._poll, row[0] if row else self._poll))

    def _is_starting(self, name: str, slot: datetime) -> bool:
        """Whether a run for this very slot is under way here: its claim may be younger than what the query saw."""
        with self._guard:
            return name in self._runs and self._runs[name][0] == slot

    def _start(self, name: str, slot: datetime) -> None:
        with self._guard:
            if name not in self._runs:  # else it waits for a place
                self._runs[name] = slot, self._pool.submit(self._run, name, slot)

    def _run(self, name: str, slot: datetime) -> None:
        try:
            with connect(self._dsn, application_name=f"moadb job {name}") as connection:
                with self._guard:
                    self._connections[name] = connection
                run = call_run_job(connection, name, "runner", slot)
            if run is not None:
                log.info("%s %s, %d rows, %.3f s", name, run.status, run.rows_handled, run.seconds or 0)
        except (MoadbError, psycopg.Error) as error:
            log.error("%s", "; ".join([str(error).strip(), *getattr(error, "details", [])]))
        finally:
            with self._guard:
                self._runs.pop(name, None)
                self._connections.pop(name, None)

    def _finish(self) -> None:
        """Start nothing more, let what is at work finish, then cancel it."""
        self._pool.shutdown(wait=False, cancel_futures=True)
        with self._guard:
            pending = [future for _, future in self._runs.values()]
        patience = self._grace
        while wait(pending, patience).not_done:
            patience = 5.0
            with self._guard:
                connections = dict(self._connections)
            for name, connection in connections.items():
                log.warning("%s is cancelled", name)
                with suppress(psycopg.Error):
                    connection.cancel_safe(timeout=5)
        log.info("stopped")


def _refuse_pg_cron(dsn: str) -> None:
    try:
        cron = find_pg_cron(dsn)
        entries = count_entries(cron) if cron else 0
    except MoadbError as error:
        log.warning("whether pg_cron runs these jobs cannot be seen: %s", error)
        return
    if cron and entries:
        raise Refused(
            f"pg_cron runs the jobs of database {cron.for_database}: it has {entries} entries for it "
            f"in database {cron.database}",
            hint="`moadb jobs sync --remove` takes them away; --force runs beside them, and each slot still runs once",
        )


def _with_keepalives(dsn: str) -> str:
    """Return the connection string with settings by which a vanished server is noticed in a minute; its own win."""
    given = conninfo.conninfo_to_dict(dsn)
    ours = {"keepalives_idle": 30, "keepalives_interval": 10, "keepalives_count": 3, "tcp_user_timeout": 60000}
    return conninfo.make_conninfo(dsn, **{key: value for key, value in ours.items() if key not in given})
