"""Undo versions by their rollback files, newest first, in one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from importlib import resources
from pathlib import Path

from psycopg import errors

from moadb.connection import Connection
from moadb.deploy import bootstrap, catalog, ledger, run, session, steps
from moadb.deploy.catalog import Place
from moadb.deploy.engine import Attempt, Ran, Work
from moadb.deploy.events import Event, Progress, silent
from moadb.deploy.ledger import Recorded
from moadb.deploy.run import ScriptError
from moadb.deploy.source import Script, Source, read_source
from moadb.errors import Exit, MoadbError, Refused

_REASON = "rollback"
# "other objects depend on it", and "cannot alter type of a column used by a view or rule", "… by a routine"
_IN_USE = {"2BP01", "0A000"}


def rollback(
    dsn: str,
    *,
    to: str | None = None,
    steps_back: int | None = None,
    root: Path | None = None,
    lock_timeout: str = "2s",
    wait: float = 60.0,
    attempts: int = 10,
    allow_pooler: bool = False,
    progress: Progress | None = None,
) -> list[Ran]:
    """Undo the newest versions; return the rollback files that ran.

    What repeatables had made on top of these versions is dropped with them, and the repeatables of their systems count
    as not run, so that the next `migrate`, of this release or an older one, runs them again.

    Args:
        dsn: the database.
        to: the id of the version that is to be the newest afterwards.
        steps_back: or how many versions to undo.
        root: the folder with migrations/, procedures/ …; None means the installed SQL.
        lock_timeout: how long a statement may wait for a lock; then all of it is tried again.
        wait: seconds to wait for another deployer.
        attempts: how often it is tried when locks are in the way.
        allow_pooler: do not refuse a connection pooler.
        progress: is told what happens.

    Raises:
        Refused: nothing was tried: a rollback file is missing, another deploy is at work …
        MoadbError: a file failed, and everything was rolled back.
    """
    if (to is None) == (steps_back is None):
        raise MoadbError("say how far to roll back", hint="either --to ID or --steps N", exit_code=Exit.USAGE)
    source = read_source(None, root)
    with session.open_session(
        dsn, lock_timeout=lock_timeout, allow_pooler=allow_pooler, progress=progress or silent
    ) as opened:
        session.take_lock(opened, wait=wait)
        connection = opened.connection
        if not bootstrap.has_ledger(connection):
            raise Refused(
                f"nothing is deployed in database {connection.info.dbname!r}", hint="is this the right database?"
            )
        opened.refresh()
        recorded = ledger.read(connection)
        chosen = _choose(recorded, to, steps_back)
        scripts = _rollback_files(source, chosen)
        for script in scripts:
            run.check_text(script)
        opened.progress(Event("plan", text=", ".join(script.id for script in scripts), total=len(scripts)))
        schemas = sorted({schema for system in source.systems for schema in system.schemas})
        affected = _affected_systems(source, {entry.system for entry in chosen})
        work = Work(opened, "rollback", schemas, attempts=attempts)
        for group in _groups(scripts):
            last = group[-1] is scripts[-1]
            if group[0].transactional:
                work.transaction(partial(_roll_back, group, affected), last=last)
                continue
            script = group[0]
            work.transaction(partial(_drop_what_builds_on, [script.id]), last=False)
            with work.yoyo_lock():
                steps.run_steps(work, script, _REASON, "rollback", partial(_unrecord, [script], affected))
            if last:
                work.transaction(lambda attempt: None, last=True)
        return work.ran


def _choose(recorded: dict[str, Recorded], to: str | None, steps_back: int | None) -> list[Recorded]:
    """Return the versions to undo, newest first."""
    newest = [entry for entry in reversed(recorded.values()) if entry.kind == "version"]
    if to is None:
        count = steps_back or 0
        if not 1 <= count <= len(newest):
            raise MoadbError(
                f"cannot roll back {count} versions: {len(newest)} are applied",
                hint="`moadb status` lists them",
                exit_code=Exit.USAGE,
            )
        return newest[:count]
    ids = [entry.id for entry in newest]
    if to not in ids:
        raise MoadbError(
            f"no version {to!r} is applied",
            hint="`moadb status` lists them; the id is the file's name without .sql",
            exit_code=Exit.USAGE,
        )
    if ids[0] == to:
        raise MoadbError(f"{to} is the newest version already", hint="--to names the version that stays")
    return newest[: ids.index(to)]


def _rollback_files(source: Source, chosen: Sequence[Recorded]) -> list[Script]:
    by_id = {script.id: script for script in source.versions}
    found: list[Script] = []
    missing: list[str] = []
    for entry in chosen:
        script = source.rollback_of(by_id[entry.id]) if entry.id in by_id else None
        if script is None:
            missing.append(str(Path(entry.path).with_suffix(".rollback.sql")))
        else:
            found.append(script)
    if missing:
        raise Refused(
            "there is no way back: a rollback file is missing or empty",
            details=missing,
            hint="write it, or use the release that has it; nothing was rolled back",
        )
    return found


def _groups(scripts: Sequence[Script]) -> list[list[Script]]:
    """Return the scripts in runs of transactional ones, and single ones that are not."""
    groups: list[list[Script]] = []
    for script in scripts:
        if groups and script.transactional and groups[-1][-1].transactional:
            groups[-1].append(script)
        else:
            groups.append([script])
    return groups


def _affected_systems(source: Source, names: set[str]) -> set[str]:
    """Return these systems and those that require them."""
    affected = set(names)
    for system in source.systems:  # in dependency order
        if affected & set(system.requires):
            affected.add(system.name)
    return affected


def _roll_back(scripts: Sequence[Script], affected: set[str], attempt: Attempt) -> None:
    _drop_what_builds_on([script.id for script in scripts], attempt)
    for script in scripts:
        try:
            with attempt.connection.transaction():
                seconds = attempt.execute(script)
        except ScriptError as error:
            if error.sqlstate not in _IN_USE:
                raise
            # it takes something off a table that views and routines still use
            _drop_dependents(attempt.connection, _relations(attempt.connection, script.schema))
            seconds = attempt.execute(script)
        attempt.done(script, _REASON, seconds)
    _unrecord(scripts, affected, attempt, 0.0)


def _unrecord(scripts: Sequence[Script], affected: set[str], attempt: Attempt, seconds: float) -> None:
    for script in scripts:
        ledger.unrecord(attempt.connection, script.id)
    ledger.mark_stale(attempt.connection, affected)


def _drop_what_builds_on(versions: Sequence[str], attempt: Attempt) -> None:
    """Drop what repeatables have made on top of what these versions made."""
    connection = attempt.connection
    known, now = catalog.recorded(connection, attempt.work.schemas), attempt.before
    made = [now[key].place for key, entry in known.items() if entry.script in versions and key in now]
    _drop_dependents(connection, made)


def _relations(connection: Connection, schema: str) -> list[Place]:
    rows = connection.execute(
        "select c.oid from pg_class as c where c.relnamespace = to_regnamespace(%s) and c.relkind in ('r', 'p')",
        [schema],
    ).fetchall()
    return [("pg_class", oid) for (oid,) in rows]


def _drop_dependents(connection: Connection, places: Sequence[Place]) -> None:
    query = resources.files(__package__).joinpath("dependents.sql").read_bytes()
    rows = connection.execute(
        query, {"catalogs": [place[0] for place in places], "oids": [place[1] for place in places]}
    ).fetchall()
    waiting = [statement for (statement,) in rows]
    while waiting:
        postponed: list[str] = []
        reason = None
        for statement in waiting:
            try:
                with connection.transaction():
                    connection.execute(statement.encode())
            except errors.DependentObjectsStillExist as error:
                postponed.append(statement)  # used by another one of these: that goes first
                reason = error.diag
        if reason is not None and len(postponed) == len(waiting):
            raise Refused(
                f"{postponed[-1]}: {reason.message_primary}",
                hint="something that moadb did not make uses it: drop that by hand first",
                details=(reason.message_detail or "").splitlines(),
            )
        waiting = postponed
