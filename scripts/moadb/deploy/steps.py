"""Non-transactional files: statement by statement, journalled in moadb.steps, and resumable.

A statement that can run in a transaction runs in one together with its line of the journal. One that cannot (the server
says so) is journalled before and after; when it was cut off in between, the catalog tells how far it came.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import psycopg
from psycopg import sql

from moadb.connection import Connection
from moadb.deploy import catalog, ledger, lexer, run
from moadb.deploy.blockers import Watch
from moadb.deploy.catalog import Signature
from moadb.deploy.engine import Attempt, Work
from moadb.deploy.events import Event
from moadb.deploy.ledger import Recorded
from moadb.deploy.lexer import Statement
from moadb.deploy.run import ScriptError
from moadb.deploy.session import fit
from moadb.deploy.source import Script
from moadb.errors import Exit, MoadbError, Refused

Direction = Literal["apply", "rollback"]
# "cannot run inside a transaction block", and a called procedure that commits
_OUTSIDE = {"25001", "2D000"}


@dataclass(frozen=True)
class Step:
    """A line of the journal."""

    n: int
    statement: str
    state: str

    def is_of(self, statement: Statement) -> bool:
        """Say whether this is about a statement, comments and layout aside."""
        return lexer.normalise(self.statement) == lexer.normalise(statement.text)


def journal(connection: Connection, script: str, direction: Direction) -> dict[int, Step]:
    """Return the journal of a script by number of the statement, from 1."""
    rows = connection.execute(
        """
        select s.n, s.statement, s.state from moadb.steps as s where s.script_id = %s and s.direction = %s order by s.n
        """,
        [script, direction],
    ).fetchall()
    return {row[0]: Step(*row) for row in rows}


def needs_resume(connection: Connection, interrupted: Recorded) -> MoadbError:
    """Return the error that says where a non-transactional file stopped and what to do."""
    steps = journal(connection, interrupted.id, "rollback")
    what, hint = "the rollback of ", "run the same `moadb rollback` again: it goes on from there"
    if not steps:
        steps = journal(connection, interrupted.id, "apply")
        what, hint = "", "`moadb migrate --resume` goes on from there; `moadb rollback --steps 1` undoes what has run"
    details = [
        f"statement {step.n} ({step.state}): {lexer.normalise(step.statement)[:200]}"
        for step in list(steps.values())[-1:]
    ]
    return MoadbError(
        f"{what}{interrupted.path} has not come to its end",
        hint=hint,
        exit_code=Exit.NEEDS_RESUME,
        details=details,
    )


def run_steps(
    work: Work, script: Script, reason: str, direction: Direction, finish: Callable[[Attempt, float], None]
) -> None:
    """Run the statements of a file that have not run yet.

    Args:
        work: the deploy; it holds yoyo's lock.
        script: the migration or its rollback file.
        reason: why it runs.
        direction: apply or rollback.
        finish: what to write into the ledger at the end, with the seconds that it all took.

    Raises:
        MoadbError: a statement failed; with exit code NEEDS_RESUME when others had run before.
        Refused: the journal tells of other statements than the file.
    """
    started = time.monotonic()
    statements = lexer.split(script.text)
    steps = journal(work.session.connection, script.id, direction)
    for n, done in steps.items():
        if done.state == "done" and not (n <= len(statements) and done.is_of(statements[n - 1])):
            raise _changed(script, done)
    work.session.progress(Event("start", path=script.path))
    for n, statement in enumerate(statements, start=1):
        step = steps.get(n)
        if step and step.state == "done":
            continue
        try:
            _Statement(work, script, direction, n, statement).run(step)
        except ScriptError as error:
            if n == 1 and step is None and not journal(work.session.connection, script.id, direction):
                raise
            error.exit_code = Exit.NEEDS_RESUME
            error.hint = "put right what is wrong, the statement or the data, then " + (
                "`moadb migrate --resume`" if direction == "apply" else "run `moadb rollback` again"
            )
            raise

    def end(attempt: Attempt) -> None:
        seconds = time.monotonic() - started
        finish(attempt, seconds)
        attempt.done(script, reason, seconds)

    work.transaction(end, last=False)


def _changed(script: Script, step: Step) -> Refused:
    return Refused(
        f"{script.path}: statement {step.n} is not the one that has run",
        details=[f"it ran as: {lexer.normalise(step.statement)[:200]}"],
        hint="put it back; what comes after it may be changed",
    )


class _Statement:
    """One statement of a non-transactional file."""

    def __init__(self, work: Work, script: Script, direction: Direction, n: int, statement: Statement) -> None:
        self.work = work
        self.script = script
        self.direction = direction
        self.n = n
        self.statement = statement

    def run(self, step: Step | None) -> None:
        """Run it; `step` is what the journal says of an earlier try outside a transaction, None: there was none."""
        self.work.session.refresh()
        before = catalog.signature(self.work.session.connection, self.work.schemas)
        if step is not None and not step.is_of(self.statement):  # it was rewritten: clear up after what it was
            (old,) = lexer.split(step.statement)
            if _Statement(self.work, self.script, self.direction, self.n, old)._recover(step.state, before):
                raise _changed(self.script, step)
            step = None
        if step is None:
            try:
                self.work.transaction(self._inside, last=False)
                return
            except ScriptError as error:
                if error.sqlstate not in _OUTSIDE:
                    raise
        if step is None or not self._recover(step.state, before):
            self._outside()
        self.work.transaction(lambda attempt: self._mark(attempt, "done"), last=False, before=before)

    def _inside(self, attempt: Attempt) -> None:
        self._send()
        self.work.session.refresh()
        self._mark(attempt, "done")

    def _outside(self) -> None:
        self.work.transaction(lambda attempt: self._mark(attempt, "running"), last=False)
        opened = self.work.session
        if "concurrently" in lexer.normalise(self.statement.text).lower().split():
            # its locks are in nobody's way; giving up half-way would leave an invalid index
            opened.connection.execute("set lock_timeout = 0")

        def tell(text: str) -> None:
            opened.progress(Event("wait", path=self.script.path, text=text))

        try:
            with Watch(opened.dsn, opened.connection.info.backend_pid, tell):
                self._send()
        except (ScriptError, psycopg.Error) as error:
            message = error.message if isinstance(error, ScriptError) else str(error).strip()
            if opened.connection.closed:
                raise MoadbError(
                    f"the connection to the server was lost: {message}",
                    hint="look at it with `moadb status`; `moadb migrate --resume` goes on",
                    exit_code=Exit.NEEDS_RESUME,
                ) from None
            self.work.transaction(lambda attempt: self._mark(attempt, "failed", message), last=False)
            raise
        finally:
            if fit(opened.connection):
                opened.refresh()

    def _send(self) -> None:
        with self.work.noticing(self.script.path):
            results = run.query(self.work.session.connection, self.statement.text)
        failed = run.failure(results)
        if failed is not None:
            raise run.explain(self.script, failed, self.statement, sent_from=self.statement.start)

    def _mark(self, attempt: Attempt, state: str, error: str | None = None) -> None:
        attempt.owner = self.script.id if self.direction == "apply" else None
        if self.direction == "apply":
            ledger.record(attempt.connection, attempt.deployment, [ledger.Run(self.script, 0.0)], state="running")
        else:
            ledger.reopen(attempt.connection, self.script.id)
        attempt.connection.execute(
            """
            insert into moadb.steps as s
              (script_id, direction, n, statement, state, deployment_id, started_at, finished_at, error)
            values (%(script)s, %(direction)s, %(n)s, %(statement)s, %(state)s, %(deployment)s, clock_timestamp(),
                    case when %(state)s <> 'running' then clock_timestamp() end, %(error)s)
            on conflict (script_id, direction, n) do update
            set statement = excluded.statement, state = excluded.state, deployment_id = excluded.deployment_id,
                started_at = case when excluded.state = 'running' then excluded.started_at else s.started_at end,
                finished_at = excluded.finished_at, error = excluded.error
            """,
            {
                "script": self.script.id,
                "direction": self.direction,
                "n": self.n,
                "statement": self.statement.text,
                "state": state,
                "deployment": attempt.deployment,
                "error": error,
            },
        )

    def _name_after(self, word: str) -> str | None:
        parts = lexer.name_after(self.statement.text, word)
        return ".".join(parts) if parts else None

    def _recover(self, state: str, before: Signature) -> bool:
        """Clear up after a try that was cut off (running) or failed; say whether it had come to its end.

        Statements of unknown kind (vacuum, call …) just run again: a procedure that is called here has to bear that.
        """
        connection = self.work.session.connection
        words = self.statement.words
        self.work.session.refresh()
        if words[:2] in (("create", "index"), ("create", "unique")) and "concurrently" in words:
            return self._recover_index(connection, state, before)
        if words[:3] == ("drop", "index", "concurrently"):
            name = self._name_after("concurrently")
            return state == "running" and name is not None and _regclass(connection, name) is None
        if words[:1] == ("reindex",):
            for leftover in _leftovers(connection, self.work.schemas):
                connection.execute(sql.SQL("drop index concurrently {}").format(leftover))
        if words[:2] == ("alter", "table") and self._name_after("detach") == "partition":
            return self._recover_detach(connection, state)
        return False

    def _recover_index(self, connection: Connection, state: str, before: Signature) -> bool:
        name, table = self._name_after("concurrently"), self._name_after("on")
        rows = connection.execute(
            """
            select n.nspname, c.relname, i.indisvalid, c.oid::regclass::text
            from pg_index as i
            join pg_class as c on c.oid = i.indexrelid
            join pg_namespace as n on n.oid = c.relnamespace
            where i.indrelid = to_regclass(%s) and c.relname = (parse_ident(%s))[1]
            """,
            [table, name],
        ).fetchall()
        for schema, index, valid, identity in rows:
            if valid and state == "running":
                before.pop(("index", identity), None)  # made by the try that was cut off: it is this script's
                return True
            if valid:
                return False  # there before: the statement fails again, and says so
            self.work.session.progress(
                Event("warning", path=self.script.path, text=f"invalid index {identity} is left over: built anew")
            )
            connection.execute("set lock_timeout = 0")
            connection.execute(sql.SQL("drop index concurrently {}").format(sql.Identifier(schema, index)))
            self.work.session.refresh()
        return False

    def _recover_detach(self, connection: Connection, state: str) -> bool:
        table, partition = self._name_after("table"), self._name_after("partition")
        row = connection.execute(
            """
            select i.inhdetachpending
            from pg_inherits as i
            where i.inhparent = to_regclass(%s) and i.inhrelid = to_regclass(%s)
            """,
            [table, partition],
        ).fetchone()
        if row is not None and row[0]:
            connection.execute(f"alter table {table} detach partition {partition} finalize".encode())
            return True
        return state == "running" and row is None


def _regclass(connection: Connection, name: str) -> int | None:
    row = connection.execute("select to_regclass(%s)::oid", [name]).fetchone()
    return row[0] if row else None


def _leftovers(connection: Connection, schemas: object) -> list[sql.Identifier]:
    """Return the invalid copies that an interrupted `reindex concurrently` leaves."""
    rows = connection.execute(
        """
        select n.nspname, c.relname
        from pg_index as i
        join pg_class as c on c.oid = i.indexrelid
        join pg_namespace as n on n.oid = c.relnamespace
        where n.nspname = any(%s) and not i.indisvalid and c.relname ~ '_cc(new|old)[0-9]*$'
        """,
        [schemas],
    ).fetchall()
    return [sql.Identifier(schema, name) for schema, name in rows]
