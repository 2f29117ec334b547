"""Run work in one transaction with its rows of the ledger: all or nothing, tried again when locks are in the way."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime

import psycopg
from psycopg import errors, pq

from moadb.connection import Connection
from moadb.deploy import catalog, effects, ledger, rows, run, session
from moadb.deploy.blockers import Watch
from moadb.deploy.catalog import Place, Rows, Signature, Snapshot, Written
from moadb.deploy.events import Event
from moadb.deploy.run import ScriptError
from moadb.deploy.session import Session
from moadb.deploy.source import Script
from moadb.errors import MoadbError

# lock not available, deadlock detected, serialization failure: another try may well succeed
_RETRIED = {"55P03", "40P01", "40001"}
_TRANSACTION = "pg_current_xact_id()::text"
_LONGEST_PAUSE = 8.0  # seconds between two tries
_RECONNECTING = 60.0  # seconds to look for the server when the connection was lost at commit
# What a file of these rooms writes anew is its own from then on, even if a migration made it first.
_TAKEN_OVER = {
    "procedures": {"pg_proc"},
    "triggers": {"pg_proc", "pg_trigger"},
    "views": {"pg_proc", "pg_class"},
}


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
    """One try at a transaction, and what it has done so far: nothing at all, if it comes to be rolled back.

    Args:
        work: what it belongs to.
        deployment: the id in moadb.deployments.
        transaction: the server's id of the transaction.
        before: what there was before the work.
        ran: the scripts that have run.
        warnings: what the operator should read.
        owners: objects that scripts have made or taken over, with the script's id.
        remade: objects that were there and were written anew.
        written: oid of each routine that was written, with the script.
        owner: the script that makes whatever is new, for work that does not `apply` scripts.
    """

    work: Work
    deployment: int
    transaction: str
    before: Signature
    ran: list[Ran] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    owners: dict[Place, str] = field(default_factory=dict)
    remade: set[Place] = field(default_factory=set)
    written: dict[int, Script] = field(default_factory=dict)
    owner: str | None = None
    _schema: str = ""  # whose snapshot that is, taken after the last script
    _snapshot: Snapshot = field(default_factory=dict)
    _then: Written = None  # what this transaction had written to the catalogs when that was taken; None: not known
    _written: Written = None  # and by now
    _done_at: datetime | None = None  # the server's clock when the last script was done
    _unrecorded: list[ledger.Run] = field(default_factory=list)

    @property
    def connection(self) -> Connection:
        """The connection, inside the transaction."""
        return self.work.session.connection

    @property
    def schemas(self) -> set[str]:
        """The schemas of which this deploy has run something, in this transaction or before."""
        return {entry.schema for entry in (*self.work.ran, *self.ran)}

    def warn(self, path: str, text: str) -> None:
        """Note a warning and tell it."""
        self.warnings.append(f"{path}: {text}")
        self.work.session.progress(Event("warning", path=path, text=text))

    def execute(self, script: Script) -> float:
        """Run a file and put the session back into its state; return the seconds that the file took."""
        self.work.session.progress(Event("start", path=script.path))
        with self.work.noticing(script.path):
            seconds = run.send(self.connection, script)
        transaction, self._done_at, self._written = self.work.session.refresh(
            _TRANSACTION, "clock_timestamp()", catalog.written()
        )
        if transaction != self.transaction:
            raise run.ended(script)
        if "track_counts" in script.text.lower():
            self._written = None  # it may have been off for a while: what was written then is not counted
        return seconds

    def apply(self, script: Script, reason: str) -> None:
        """Run a file, look at what it has done to the catalog, and record it."""
        before = self._look(script.schema)
        seconds = self.execute(script)
        after = self._look(script.schema)
        changed = catalog.changed(before, after)
        self._own(script, before, changed)
        effects.check_overloads(self.connection, script, after, changed, self.owners)
        effects.check_skipped(self.connection, script, before, after)
        if script.kind == "repeatable":
            lines = effects.keep_trigger_states(self.connection, before, changed)
            for line in (*lines, *effects.changed_attributes(self.connection, before, changed)):
                self.warn(script.path, line)
            if lines:
                (self._written,) = self.work.session.refresh(catalog.written())
                self._look(script.schema)
        self._unrecorded.append(ledger.Run(script, seconds, self._done_at))
        if script.kind == "version":
            self.record()
        self.done(script, reason, seconds)

    def record(self) -> None:
        """Write into the ledger what has been applied and is not there yet: many files in one go."""
        if self._unrecorded:
            ledger.record(self.connection, self.deployment, self._unrecorded)
            self._unrecorded = []

    def _look(self, schema: str) -> Snapshot:
        """Return a snapshot of a schema as it is since the last script."""
        old = self._snapshot if schema == self._schema else None
        self._snapshot = catalog.snapshot(self.connection, schema, old, self._then, self._written)
        self._schema, self._then = schema, self._written
        return self._snapshot

    def done(self, script: Script, reason: str, seconds: float) -> None:
        """Note that a script has run, and tell it."""
        self.ran.append(Ran(script.path, script.kind, script.schema, reason, seconds))
        self.work.session.progress(Event("done", path=script.path, seconds=seconds))

    def _own(self, script: Script, before: Snapshot, changed: Rows) -> None:
        """Note which objects the script has made, and which it has written anew."""
        taken = _TAKEN_OVER.get(script.room, set())
        for place, row in changed.items():
            if place[0] == "pg_proc":
                self.written[place[1]] = script
            if place[1] not in before[place[0]]:
                self.owners[place] = script.id
            elif place[0] in taken and (place[0] != "pg_class" or row.attributes[0] in ("v", "m")):
                self.owners[place] = script.id
                self.remade.add(place)
        if script.kind == "repeatable":
            declared: Place = (script.id, 0)  # its rows
            self.owners[declared] = script.id
            self.remade.add(declared)


class Work:
    """A deploy or a rollback under way: one row of moadb.deployments, one or several transactions.

    Args:
        opened: the session; it has the deploy lock.
        command: migrate, rollback or accept.
        schemas: the schemas whose objects are recorded.
        attempts: how often a transaction is tried when locks are in the way.
        rehearsal: what to do first in a transaction that is rolled back at its end; None when this is no rehearsal.
    """

    def __init__(
        self,
        opened: Session,
        command: str,
        schemas: Collection[str],
        *,
        attempts: int,
        rehearsal: Callable[[], None] | None = None,
    ) -> None:
        self.session = opened
        self.command = command
        self.schemas = schemas
        self.attempts = attempts
        self.rehearsal = rehearsal
        self.key = uuid.uuid4()
        self.deployment: int | None = None
        self.ran: list[Ran] = []
        self.warnings: list[str] = []
        self._path = ""  # of the file that runs, for the server's notices
        self._transactions = 0  # committed so far
        self._holds_yoyo_lock = False
        opened.connection.add_notice_handler(self._notice)

    @contextmanager
    def noticing(self, path: str) -> Iterator[None]:
        """Pass the server's messages on as those of a file."""
        self._path = path
        try:
            yield
        finally:
            self._path = ""

    def _notice(self, diagnostic: errors.Diagnostic) -> None:
        if self._path:
            text = f"{diagnostic.severity}: {diagnostic.message_primary}"
            self.session.progress(Event("notice", path=self._path, text=text))

    @contextmanager
    def yoyo_lock(self) -> Iterator[None]:
        """Hold yoyo's lock from one transaction to the next; a single transaction takes and releases it itself."""
        self.session.refresh()
        session.take_yoyo_lock(self.session.connection)
        self._holds_yoyo_lock = True
        try:
            yield
        finally:
            self._holds_yoyo_lock = False
            if session.fit(self.session.connection):  # else the row stays, and the next deploy takes it over
                session.release_yoyo_lock(self.session.connection)

    def transaction(self, body: Callable[[Attempt], None], *, last: bool, before: Signature | None = None) -> None:
        """Run `body` in a transaction that also records what it does.

        Args:
            body: the work; gets a fresh attempt each time it is tried.
            last: whether the deployment ends with it.
            before: the signature before the work, where that began earlier than the transaction.

        Raises:
            MoadbError: the work failed and was rolled back, or locks were in its way for too long.
        """
        pause = 0.5
        for number in range(1, self.attempts + 1):
            with Watch(self.session.dsn, self.session.connection.info.backend_pid) as watch:
                try:
                    attempt = self._try(body, last=last, before=before)
                    break
                except (ScriptError, psycopg.Error) as error:
                    if self.session.connection.closed:
                        raise MoadbError(
                            f"the connection to the server was lost: {_message(error)}",
                            hint="the server rolls back what was under way; run the command again",
                        ) from None
                    if not _may_be_retried(error):
                        if isinstance(error, ScriptError):
                            error.details.append(self._outcome())
                        raise
                    reason = _message(error)
            blocked = [f"blocked by {line}" for line in watch.seen]
            if number == self.attempts:
                raise MoadbError(
                    f"rolled back {number} times because of locks, and given up: {reason}",
                    hint="end or wait for what is in the way, or allow more time with --lock-timeout",
                    details=blocked,
                )
            again = f"rolled back, again in {pause:.1f} s (try {number} of {self.attempts}): {reason}"
            self.session.progress(Event("retry", text="\n".join([again, *blocked])))
            time.sleep(pause)
            pause = min(pause * 2, _LONGEST_PAUSE)
        self.ran += attempt.ran
        self.warnings += attempt.warnings
        self.deployment = None if self.rehearsal else attempt.deployment

    def _outcome(self) -> str:
        if self._transactions == 0:
            return "rolled back: nothing was changed"
        return (
            f"rolled back; what ran before it stays: {', '.join(entry.path for entry in self.ran) or 'earlier steps'}"
        )

    def _try(self, body: Callable[[Attempt], None], *, last: bool, before: Signature | None) -> Attempt:
        connection = self.session.connection
        try:
            connection.execute("begin")
            if self.rehearsal:
                self.rehearsal()
            (transaction,) = self.session.refresh(_TRANSACTION)
            if not self._holds_yoyo_lock:
                session.take_yoyo_lock(connection)
            deployment = ledger.begin(connection, self.key, self.command)
            before = before if before is not None else catalog.signature(connection, self.schemas)
            attempt = Attempt(self, deployment, transaction, before)
            body(attempt)
            effects.check_bodies(connection, attempt.written)
            after = catalog.signature(connection, self.schemas)
            if attempt.owner is not None:
                made = {now.place for key, now in after.items() if key not in before and key[0] != rows.CLASS}
                attempt.owners |= dict.fromkeys(made, attempt.owner)
            catalog.save(connection, self.schemas, before, after, attempt.owners, attempt.remade)
            if last:
                ledger.finish(connection, attempt.deployment)
            if not self._holds_yoyo_lock:
                session.release_yoyo_lock(connection)
            if self.rehearsal:
                connection.execute("rollback")
            else:
                self._commit()
        except BaseException:
            if session.fit(connection) and connection.info.transaction_status != pq.TransactionStatus.IDLE:
                connection.execute("rollback")
            raise
        return attempt

    def _commit(self) -> None:
        connection = self.session.connection
        try:
            result = connection.execute("commit")
        except psycopg.Error as error:
            if not connection.closed:
                raise MoadbError(
                    f"the server refused the commit: {_message(error)}",
                    hint="a deferred constraint does not hold: look for it in the files that have run",
                    details=[*(error.diag.message_detail or "").splitlines(), self._outcome()],
                ) from None
            self._find_out(str(error).strip())
        else:
            if result.statusmessage != "COMMIT":
                raise MoadbError(f"the server did not commit, but answered {result.statusmessage}")
        self._transactions += 1

    def _find_out(self, reason: str) -> None:
        """After a connection was lost at commit: connect again and let the ledger say whether it took place.

        The new session can only get the deploy lock once the old one, and with it its transaction, has ended.
        """
        self.session.progress(Event("wait", text=f"connection lost at commit ({reason}); looking for the server"))
        try:
            session.reconnect(self.session, wait=_RECONNECTING)
        except MoadbError as error:
            raise MoadbError(
                f"the connection was lost at commit, and whether the server committed is not known: {error.message}",
                hint="`moadb status` tells when the server is back; running the command again is safe",
            ) from None
        self.session.connection.add_notice_handler(self._notice)
        self.session.refresh()
        if ledger.transactions(self.session.connection, self.key) <= self._transactions:
            raise MoadbError(
                f"the connection was lost at commit, and the server had not committed: {reason}",
                hint="nothing of this transaction was applied; run the command again",
            )


def _message(error: ScriptError | psycopg.Error) -> str:
    if isinstance(error, ScriptError):
        return error.message
    return error.diag.message_primary or str(error).strip()


def _may_be_retried(error: ScriptError | psycopg.Error) -> bool:
    # two sessions that replace or grant the same object in the same moment get an internal error
    return error.sqlstate in _RETRIED or (error.sqlstate == "XX000" and "concurrently" in _message(error))
