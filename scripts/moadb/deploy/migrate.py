"""Deploy: bring a database to the state of the files."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from moadb.deploy import bootstrap, guards, ledger, run, session, steps
from moadb.deploy.engine import Attempt, Ran, Work
from moadb.deploy.events import Event, Progress, silent
from moadb.deploy.plan import Phase, Plan, due, make_plan
from moadb.deploy.session import Session
from moadb.deploy.source import Script, Source, read_source


@dataclass
class Deployment:
    """What a deploy did, or with plan_only would do.

    Args:
        command: migrate or rollback.
        plan: what it set out to do.
        executed: whether anything could have been changed (not plan_only).
        id: its row in moadb.deployments; None when there was nothing to do.
        ran: the scripts that ran, in order.
        warnings: what the operator should read.
        seconds: how long it all took.
    """

    command: str
    plan: Plan
    executed: bool
    id: int | None = None
    ran: list[Ran] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def applied(self) -> list[str]:
        """The paths of the scripts that have run, in order."""
        return [entry.path for entry in self.ran]

    @property
    def up_to_date(self) -> bool:
        """Whether there was nothing to do."""
        return not self.ran and not self.plan.scripts

    def to_json(self) -> dict[str, Any]:
        """Return the report for programs."""
        return {
            "command": self.command,
            "executed": self.executed,
            "deployment": self.id,
            "up_to_date": self.up_to_date,
            "plan": self.plan.to_json(),
            "ran": [
                {"path": entry.path, "kind": entry.kind, "reason": entry.reason, "seconds": round(entry.seconds, 3)}
                for entry in self.ran
            ],
            "warnings": self.warnings,
            "seconds": round(self.seconds, 3),
        }


def plan(
    dsn: str,
    systems: Iterable[str] | None = None,
    *,
    root: Path | None = None,
    allow_late: bool = False,
    allow_pooler: bool = False,
) -> Plan:
    """Return what `migrate` would do, without a lock and without changing anything.

    Args:
        dsn: the database.
        systems: names from the manifest; None means all.
        root: the folder with migrations/, procedures/ …; None means the installed SQL.
        allow_late: see `migrate`.
        allow_pooler: see `migrate`.

    Raises:
        Refused: for whatever reason `migrate` would be.
        MoadbError: the files cannot be used, or the server cannot be reached.
    """
    source = read_source(systems, root)
    with session.open_session(dsn, lock_timeout="2s", allow_pooler=allow_pooler, progress=silent) as opened:
        return _plan(opened, source, allow_late=allow_late)


def migrate(
    dsn: str,
    systems: Iterable[str] | None = None,
    *,
    root: Path | None = None,
    lock_timeout: str = "2s",
    wait: float = 60.0,
    attempts: int = 10,
    plan_only: bool = False,
    rehearse: bool = False,
    allow_late: bool = False,
    allow_pooler: bool = False,
    resume: bool = False,
    progress: Progress | None = None,
) -> Deployment:
    """Bring a database to the state of the files: run pending migrations and changed repeatables.

    Args:
        dsn: the database.
        systems: names from the manifest; None means all. What they require comes with them.
        root: the folder with migrations/, procedures/ …; None means the installed SQL.
        lock_timeout: how long a statement may wait for a lock, as PostgreSQL writes it; then the phase is tried again.
        wait: seconds to wait for another deployer of this database.
        attempts: how often a phase is tried when locks stand in its way.
        plan_only: change nothing, say what would be done.
        rehearse: with plan_only, run everything in a transaction that is rolled back, for what only running shows.
        allow_late: also run pending migrations that come before applied ones.
        allow_pooler: do not refuse a connection pooler.
        resume: go on with a non-transactional migration that was interrupted.
        progress: is told what happens.

    Raises:
        Refused: nothing was tried, because it would not have been safe.
        MoadbError: a script failed, and its transaction was rolled back; with exit code NEEDS_RESUME a
            non-transactional one stopped half-way.
    """
    started = time.monotonic()
    tell = progress or silent
    source = read_source(systems, root)
    with session.open_session(dsn, lock_timeout=lock_timeout, allow_pooler=allow_pooler, progress=tell) as opened:
        if not plan_only or rehearse:
            session.take_lock(opened, wait=wait)
        made = _plan(opened, source, allow_late=allow_late)
        tell(Event("plan", text=str(made), total=len(made.scripts)))
        for text in made.warnings:
            tell(Event("warning", text=text))
        report = Deployment("migrate", made, not plan_only, warnings=made.warnings)
        if not plan_only or rehearse:
            _check_interrupted(opened, made, resume=resume)

            def prepare() -> None:
                opened.connection.execute("reset role")
                bootstrap.prepare(opened.connection, source.systems)

            if not plan_only:
                prepare()
            work = Work(opened, "migrate", source.schemas, attempts=attempts, rehearsal=prepare if plan_only else None)
            _run(work, source, made)
            report.id, report.ran = work.deployment, work.ran
            report.warnings += work.warnings
        report.seconds = time.monotonic() - started
        return report


def _plan(opened: Session, source: Source, *, allow_late: bool) -> Plan:
    """Read the ledger, compare, and refuse whatever can be refused before anything is changed."""
    connection = opened.connection
    present = bootstrap.has_ledger(connection)
    if present:
        bootstrap.become_owner(connection)
    known = {entry.schema for entry in ledger.read(connection).values()} if present else set()
    guards.check_schemas(connection, source.schemas, known)
    made = make_plan(connection if present else None, source)
    made.check(allow_late=allow_late)
    for script in made.scripts:
        run.check_text(script)
    return made


def _check_interrupted(opened: Session, made: Plan, *, resume: bool) -> None:
    if made.interrupted is None:
        return
    if not resume or steps.journal(opened.connection, made.interrupted.id, "rollback"):
        raise steps.needs_resume(opened.connection, made.interrupted)


def _run(work: Work, source: Source, made: Plan) -> None:
    if not made.phases and (made.touched or made.forgettable):
        work.transaction(partial(_renew, made), last=True)
    for phase in made.phases:
        if phase.transactional:
            last = phase is made.phases[-1]
            work.transaction(partial(_run_phase, source, made, phase, last), last=last)
            continue
        script = phase.scripts[0]
        if work.rehearsal:
            text = "it is not transactional: neither it nor what comes after it is rehearsed"
            work.session.progress(Event("warning", path=script.path, text=text))
            return
        with work.yoyo_lock():
            steps.run_steps(work, script, made.reasons[script.id], "apply", partial(_record, script))


def _record(script: Script, attempt: Attempt, seconds: float) -> None:
    ledger.record(attempt.connection, attempt.deployment, [ledger.Run(script, seconds)])


def _run_phase(source: Source, made: Plan, phase: Phase, last: bool, attempt: Attempt) -> None:
    for stage in phase.stages:
        for script in stage.versions:
            attempt.apply(script, made.reasons[script.id])
        if stage.repeatables is not None:
            # drawn up again now: what the versions have dropped is made anew
            for script, reason in due(attempt.connection, source, stage.system, attempt.schemas):
                attempt.apply(script, made.reasons.get(script.id, reason))
            attempt.record()
    if last:
        _renew(made, attempt)


def _renew(made: Plan, attempt: Attempt) -> None:
    """Take over texts that differ in comments only, and forget repeatables that are gone with all that they made."""
    for script in made.touched:
        ledger.touch(attempt.connection, script)
    ledger.forget(attempt.connection, made.forgettable)
