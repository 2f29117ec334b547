"""What a deploy would do: the pending versions and the changed repeatables, in phases; and what speaks against it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from moadb.connection import Connection
from moadb.deploy import catalog, ledger, lexer
from moadb.deploy.ledger import Recorded
from moadb.deploy.source import Script, Source
from moadb.errors import Refused

FOLLOWS = "something else of its schema runs"  # why grants are applied again


@dataclass(frozen=True)
class Stage:
    """The part of a phase that belongs to one system: versions, then its repeatables (None: a later phase has them)."""

    system: str
    versions: tuple[Script, ...]
    repeatables: tuple[Script, ...] | None

    @property
    def scripts(self) -> tuple[Script, ...]:
        """What is known to run, in order."""
        return self.versions + (self.repeatables or ())


@dataclass(frozen=True)
class Phase:
    """What runs in one transaction; or, when it is not transactional, the single file that runs in none."""

    transactional: bool
    stages: tuple[Stage, ...]

    @property
    def scripts(self) -> list[Script]:
        """What is known to run, in order."""
        return [script for stage in self.stages for script in stage.scripts]


@dataclass(frozen=True)
class Plan:
    """What a deploy would do.

    Args:
        phases: one transaction each, or one non-transactional file.
        reasons: by script id, why it runs: new, interrupted, changed, which of its objects are missing, grants.
        rewritten: why this cannot go on: applied versions whose files were edited, renamed or deleted.
        late: pending versions that come before applied ones.
        touched: scripts whose comments or layout changed: nothing runs, but the recorded text is renewed.
        gone: repeatables of the ledger that have no file any more, with what they made and is still there.
        interrupted: a non-transactional version that has not come to its end.
    """

    phases: tuple[Phase, ...]
    reasons: Mapping[str, str]
    rewritten: tuple[str, ...]
    late: tuple[Script, ...]
    touched: tuple[Script, ...]
    gone: Mapping[str, tuple[str, ...]]
    interrupted: Recorded | None

    @property
    def scripts(self) -> list[Script]:
        """What is known to run, in order."""
        return [script for phase in self.phases for script in phase.scripts]

    @property
    def forgettable(self) -> list[str]:
        """The repeatables of the ledger that have neither a file nor an object any more."""
        return [path for path, objects in self.gone.items() if not objects]

    @property
    def warnings(self) -> list[str]:
        """What the operator should read."""
        lines = [f"{script.path}: it comes before migrations that are applied already" for script in self.late]
        lines += [
            f"{script.path}: only comments or layout differ from what was applied"
            for script in self.touched
            if script.kind == "version"
        ]
        lines += [
            f"{path}: the file is gone, what it made is still there: {', '.join(objects)}; drop that in a migration"
            for path, objects in self.gone.items()
            if objects
        ]
        return lines

    def check(self, *, allow_late: bool) -> None:
        """Refuse to go on where history was rewritten, or a version comes late.

        Args:
            allow_late: let it run now.
        """
        if self.rewritten:
            raise Refused(
                "applied migrations are history, and these files tell it otherwise",
                details=list(self.rewritten),
                hint="put the files back as they were, and make the change in a new migration (`moadb new`)",
            )
        if self.late and not allow_late:
            raise Refused(
                "these migrations come before others that are applied already",
                details=[script.path for script in self.late],
                hint="give them the next free number (`moadb new`), or run them now with --allow-late",
            )

    def __str__(self) -> str:
        """Return one line for people: how much of what, in how many transactions."""
        parts = []
        for system in dict.fromkeys(script.system for script in self.scripts):
            kinds = [script.kind for script in self.scripts if script.system == system]
            counts = [(kinds.count("version"), "migration"), (kinds.count("repeatable"), "other file")]
            parts.append(f"{system}: " + ", ".join(f"{n} {what}{'s' * (n != 1)}" for n, what in counts if n))
        phases = [phase for phase in self.phases if phase.scripts]
        if len(phases) > 1:
            parts.append(f"{len(phases)} phases, of which {sum(not p.transactional for p in phases)} not transactional")
        return "; ".join(parts) or "nothing to do"

    def to_json(self) -> dict[str, Any]:
        """Return the plan for programs."""
        return {
            "phases": [
                {
                    "transactional": phase.transactional,
                    "scripts": [
                        {"path": script.path, "kind": script.kind, "reason": self.reasons[script.id]}
                        for script in phase.scripts
                    ],
                }
                for phase in self.phases
                if phase.scripts
            ],
            "rewritten": list(self.rewritten),
            "late": [script.path for script in self.late],
            "warnings": self.warnings,
            "interrupted": self.interrupted.path if self.interrupted else None,
        }


def make_plan(connection: Connection | None, source: Source) -> Plan:
    """Compare the source with the ledger.

    Args:
        connection: to a database with a ledger, with a search_path of pg_catalog alone; None: there is no ledger yet.
        source: the files.
    """
    recorded = ledger.read(connection) if connection else {}
    missing = catalog.vanished(connection) if connection else {}
    undone = catalog.undone(connection) if connection else {}
    reasons: dict[str, str] = {}
    touched: list[Script] = []
    phases: list[Phase] = []
    stages: list[Stage] = []
    for system in source.systems:
        versions: list[Script] = []
        busy: set[str] = set()
        for script in source.versions:
            entry = recorded.get(script.id)
            if script.system != system.name or (entry and entry.state == "applied"):
                continue
            reasons[script.id] = "interrupted" if entry else "new"
            busy.add(script.schema)
            if script.transactional:
                versions.append(script)
                continue
            if versions or any(stage.scripts for stage in stages):
                phases.append(Phase(True, (*stages, Stage(system.name, tuple(versions), None))))
            phases.append(Phase(False, (Stage(system.name, (script,), None),)))
            stages, versions = [], []
        due = _due(connection, source, system.name, recorded, missing, undone, busy)
        reasons |= {script.id: reason for script, reason in due}
        stages.append(Stage(system.name, tuple(versions), tuple(script for script, _ in due)))
    if phases or any(stage.scripts for stage in stages):
        phases.append(Phase(True, tuple(stages)))

    rewritten: list[str] = []
    for script in (*source.versions, *source.repeatables):
        entry = recorded.get(script.id)
        if entry and entry.state == "applied" and entry.raw_sha256 != script.raw_sha256:
            if _same(connection, script, entry):
                touched.append(script)
            elif script.kind == "version":
                rewritten.append(f"{script.path}: edited after it was applied")
    present = {script.id: script for script in (*source.versions, *source.repeatables)}
    names = {system.name for system in source.systems}
    lost = [entry for entry in recorded.values() if entry.system in names and entry.id not in present]
    for entry in lost:
        if entry.kind == "version":
            twins = (s for s in source.versions if s.normalised_sha256 == entry.normalised_sha256)
            twin = next((s.path for s in twins if s.id not in recorded), None)
            rewritten.append(
                f"{entry.path}: " + (f"renamed to {twin}" if twin else "deleted") + " after it was applied"
            )
    return Plan(
        phases=tuple(phases),
        reasons=reasons,
        rewritten=tuple(rewritten),
        late=tuple(_late(source, recorded)),
        touched=tuple(touched),
        gone=_gone(connection, [entry.id for entry in lost if entry.kind == "repeatable"], missing),
        interrupted=next((e for e in recorded.values() if e.state == "running" and e.system in names), None),
    )


def _same(connection: Connection | None, script: Script, entry: Recorded) -> bool:
    """Say whether a file and the recorded text differ in comments and layout at most."""
    if entry.normalised_sha256 == script.normalised_sha256:
        return True
    # another version of moadb may have recorded another hash of the same text
    body = ledger.body(connection, entry.id) if connection else None
    return body is not None and lexer.normalise(body) == lexer.normalise(script.text)


def _late(source: Source, recorded: Mapping[str, Recorded]) -> list[Script]:
    late: list[Script] = []
    for system in source.systems:
        versions = [script for script in source.versions if script.system == system.name]
        last = max((rank for rank, script in enumerate(versions) if script.id in recorded), default=-1)
        late += [script for script in versions[: last + 1] if script.id not in recorded]
    return late


def _gone(
    connection: Connection | None, lost: list[str], missing: Mapping[str, list[str]]
) -> dict[str, tuple[str, ...]]:
    if connection is None or not lost:
        return {}
    made = ledger.objects_of(connection, lost)
    return {id: tuple(name for name in made.get(id, []) if name not in missing.get(id, [])) for id in lost}


def due(connection: Connection, source: Source, system: str, busy: set[str]) -> list[tuple[Script, str]]:
    """Return the repeatables of a system that have to run now that its versions have run, each with the reason.

    Args:
        connection: in the deploy's transaction.
        source: the files.
        system: the system's name.
        busy: the schemas of which the deploy has run something.
    """
    missing, undone = catalog.vanished(connection), catalog.undone(connection)
    return _due(connection, source, system, ledger.read(connection), missing, undone, busy)


def _due(
    connection: Connection | None,
    source: Source,
    system: str,
    recorded: Mapping[str, Recorded],
    missing: Mapping[str, list[str]],
    undone: Mapping[str, list[str]],
    busy: set[str],
) -> list[tuple[Script, str]]:
    scripts: list[tuple[Script, str]] = []
    for script in source.repeatables:
        if script.system != system:
            continue
        entry = recorded.get(script.id)
        if entry is None:
            reason = "new"
        elif entry.state == "stale":
            reason = "again, after a rollback"
        elif entry.raw_sha256 != script.raw_sha256 and not _same(connection, script, entry):
            reason = "changed"
        elif script.id in missing:
            reason = "missing " + ", ".join(missing[script.id])
        elif script.id in undone:
            reason = "changed since: " + ", ".join(undone[script.id])
        elif script.room == "grants" and script.schema in busy:
            reason = FOLLOWS
        else:
            continue
        busy = busy | {script.schema}
        scripts.append((script, reason))
    return scripts
