"""Run work in one transaction together with its rows of the ledger: tried again when locks stand in its way, all or nothing."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import psycopg
from psycopg import errors, pq

from moadb.connection import Connection
from moadb.deploy import catalog, ledger, routines, run, session
from moadb.deploy.blockers import Watch
from moadb.deploy.catalog import Snapshot
from moadb.deploy.events import Event
from moadb.deploy.run import ScriptError
from moadb.deploy.session import Session
from moadb.deploy.source import Script
from moadb.errors import MoadbError

# lock not available, deadlock, serialization failure, "tuple concurrently updated": another try may well succeed
_RETRIED = {"55P03", "40P01", "40001", "XX000"}
_LONGEST_PAUSE = 8.0  # seconds
# What a repeatable writes anew is its own from then on, even if a migration made it first.
_TAKEN_OVER = {"procedures": {"pg_proc"}, "triggers": {"pg_proc", "pg_trigger"}, "views": {"pg_class", "pg_proc"}}


@dataclass(frozen=True)
class Ran:
    """A script that has run."""

    path: str
    kind: str
    schema: str
    reason: str
    seconds: float


@dataclass
class Attempt:
    """One try at a transaction: what it has done so far, which is nothing again when it is rolled back."""

    work: Work
    deployment: int
    ran: list[Ran] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    owners: dict[tuple[str, int], str] = field(default_factory=dict)
    remade: set[tuple[str, int]] = field(default_factory=set)
    written: dict[int, Script] = field(default_factory=dict)
    _seen: tuple[str, Snapshot] | None = None

    @property
    def connection(self) -> Connection:
        """The connection, inside the transaction."""
        return self.work.session.connection

    def warn(self, path: str, text: str) -> None:
        """Note a warning and tell it."""
        self.warnings.append(f"{path}: {text}")
        self.work.session.progress(Event("warning", path=path, text=text))

    @property
    def schemas(self) -> set[str]:
        """The schemas of which this deploy has run something, in this and earlier transactions."""
        return {entry.schema for entry in (*self.work.ran, *self.ran)}

    def execute(self, script: Script) -> float:
        """Run a file and put the session back into its state; return the seconds."""
        self.work.path = script.path
        try:
            seconds = run.run(self.connection, script, replacing=script.kind == "repeatable")
        finally:
            self.work.path = ""
        self.work.session.refresh()
        return seconds

    def apply(self, script: Script, reason: str) -> None:
        """Run a file, look at what it has done, and record it."""
        self.work.session.progress(Event("start", path=script.path))
        schema, before = self._seen or ("", {})
        if schema != script.schema:
            before = catalog.snapshot(self.connection, script.schema)
        seconds = self.execute(script)
        after = catalog.snapshot(self.connection, script.schema)
        self._own(script, before, after)
        routines.check_overloads(self.connection, script, before, after, self.owners)
        if script.kind == "repeatable":
            for line in routines.lost_attributes(self.connection, before, after):
                self.warn(script.path, line)
            if lines := routines.keep_trigger_states(self.connection, before, after):
                after = catalog.snapshot(self.connection, script.schema)
                for line in lines:
                    self.warn(script.path, line)
        self._seen = (script.schema, after)
        ledger.record(self.connection, script, self.deployment, seconds)
        self.ran.append(Ran(script.path, script.kind, script.schema, reason, seconds))
        self.work.session.progress(Event("done", path=script.path, seconds=seconds))

    def _own(self, script: Script, before: Snapshot, after: Snapshot) -> None:
        taken = _TAKEN_OVER.get(script.room, set())
        for place, row in after.items():
            if place in before and before[place].version == row.version:
                continue
            if place[0] == "pg_proc":
                self.written[place[1]] = script
            if place not in before:
                self.owners[place] = script.id
            elif place[0] in taken and (place[0] != "pg_class" or row.attributes in ("v", "m")):
                self.owners[place] = script.id
                self.remade.add(place)


class Work:
    """A deploy or a rollback under way: a row of moadb.deployments, one or several transactions.

    Args:
        opened: the session, with the deploy lock taken.
        command: migrate, rollback or accept.
        schemas: the schemas whose objects are recorded.
        attempts: how often a transaction is tried when locks stand in its way.
        rehearsal: roll everything back at the end.
    """

    def __init__(
        self, opened: Session, command: str, schemas: Sequence[str], *, attempts: int, rehearsal: bool = False
    ) -> None:
        self.session = opened
        self.command = command
        self.schemas = list(schemas)
        self.attempts = attempts
        self.rehearsal = rehearsal
        self.key = uuid.uuid4()
        self.deployment: int | None = None
        self.ran: list[Ran] = []
        self.warnings: list[str] = []
        self.path = ""  # of the file that runs, for the server's notices
        opened.connection.add_notice_handler(self._notice)

    def _notice(self, diagnostic: errors.Diagnostic) -> None:
        if self.path:
            text = f"{diagnostic.severity}: {diagnostic.message_primary}"
            self.session.progress(Event("notice", path=self.path, text=text))

    def transaction(self, body: Callable[[Attempt], None], *, last: bool) -> None:
        """Run `body` in a transaction that also records what it does.

        Args:
            body: the work; gets a fresh attempt each time it is tried.
            last: whether the deployment ends with it.

        Raises:
            MoadbError: the work failed and was rolled back, or locks stood in its way for too long.
        """
        pause = 0.5
        for number in range(1, self.attempts + 1):
            with Watch(self.session.dsn, self.session.connection.info.backend_pid) as watch:
                try:
                    attempt = self._try(body, last=last)
                    break
                except (ScriptError, psycopg.Error) as error:
                    if error.sqlstate not in _RETRIED:
                        raise
                    reason = error.message if isinstance(error, ScriptError) else str(error.diag.message_primary)
            blocked = [f"blocked by {line}" for line in watch.seen]
            if number == self.attempts:
                raise MoadbError(
                    f"given up after {number} tries, nothing was changed: {reason}",
                    hint="end or wait for what stands in the way, or give --lock-timeout more time",
                    details=blocked,
                )
            again = f"try {number} of {self.attempts} rolled back, again in {pause:.1f} s: {reason}"
            self.session.progress(Event("retry", text="\n".join([again, *blocked])))
            time.sleep(pause)
            pause = min(pause * 2, _LONGEST_PAUSE)
        self.ran += attempt.ran
        self.warnings += attempt.warnings
        self.deployment = attempt.deployment

    def _try(self, body: Callable[[Attempt], None], *, last: bool) -> Attempt:
        connection = self.session.connection
        try:
            connection.execute("begin")
            self.session.refresh()
            session.take_yoyo_lock(connection)
            attempt = Attempt(self, ledger.begin(connection, self.key, self.command))
            before = catalog.signature(connection, self.schemas)
            body(attempt)
            routines.check_bodies(connection, attempt.written)
            after = catalog.signature(connection, self.schemas)
            catalog.save(connection, before, after, attempt.owners, frozenset(attempt.remade))
            if last:
                ledger.finish(connection, attempt.deployment)
            session.release_yoyo_lock(connection)
            if self.rehearsal:
                connection.execute("rollback")
            else:
                self._commit()
        except BaseException:
            if not connection.closed and connection.info.transaction_status != pq.TransactionStatus.IDLE:
                connection.execute("rollback")
            raise
        return attempt

    def _commit(self) -> None:
        result = self.session.connection.execute("commit")
        if result.statusmessage != "COMMIT":
            raise MoadbError(f"the server did not commit: {result.statusmessage}")
