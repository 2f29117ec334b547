"""What a deploy would do: the pending versions and the changed repeatables, in phases; and what speaks against it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from moadb.connection import Connection
from moadb.deploy import catalog, ledger
from moadb.deploy.ledger import Recorded
from moadb.deploy.source import Script, Source
from moadb.errors import Refused


@dataclass(frozen=True)
class Stage:
    """The part of a phase that belongs to one system: versions first, then its repeatables, unless a later phase has those."""

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
        reasons: why a script runs: new, changed, or which of its objects are missing.
        touched: scripts whose comments or line ends changed: nothing runs, the recorded text is renewed.
        gone: repeatables of the ledger that have no file any more, with the objects that are still there.
        warnings: what the operator should read.
        interrupted: a non-transactional version that has not come to its end.
    """

    phases: tuple[Phase, ...]
    reasons: Mapping[str, str] = field(default_factory=dict)
    touched: tuple[Script, ...] = ()
    gone: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()
    interrupted: Recorded | None = None

    @property
    def scripts(self) -> list[Script]:
        """What is known to run, in order."""
        return [script for phase in self.phases for script in phase.scripts]

    @property
    def forgettable(self) -> list[str]:
        """The repeatables of the ledger that have neither a file nor an object any more."""
        return [id for id, objects in self.gone.items() if not objects]

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
            "warnings": list(self.warnings),
            "interrupted": self.interrupted.path if self.interrupted else None,
        }


def make_plan(connection: Connection | None, source: Source, *, allow_late: bool) -> Plan:
    """Compare the source with the ledger.

    Args:
        connection: to a database with a ledger; None: there is none yet, everything is new.
        source: the files.
        allow_late: run pending versions that come before applied ones.

    Raises:
        Refused: an applied version was edited, renamed or deleted, or a pending one is late.
    """
    recorded = ledger.read(connection) if connection else {}
    missing = catalog.vanished(connection) if connection else {}
    warnings: list[str] = []
    touched = _check_versions(connection, source, recorded, warnings)
    late = _late(source, recorded)
    if late and not allow_late:
        raise Refused(
            "these migrations come before others that are applied already: "
            + ", ".join(script.path for script in late),
            hint="give them the next number (`moadb new`), or run them now with --allow-late",
        )
    warnings += [f"{script.path} comes before migrations that are applied already; it runs now" for script in late]

    reasons: dict[str, str] = {}
    phases: list[Phase] = []
    stages: list[Stage] = []
    for system in source.systems:
        pending = [
            script
            for script in source.versions
            if script.system == system.name and (script.id not in recorded or recorded[script.id].state == "running")
        ]
        versions: list[Script] = []
        for script in pending:
            reasons[script.id] = "new" if script.id not in recorded else "interrupted"
            if script.transactional:
                versions.append(script)
                continue
            if versions or stages:
                phases.append(Phase(True, (*stages, Stage(system.name, tuple(versions), None))))
            phases.append(Phase(False, (Stage(system.name, (script,), None),)))
            stages, versions = [], []
        busy = {script.schema for script in pending}
        repeatables = []
        for script in source.repeatables:
            if script.system != system.name:
                continue
            reason = _reason(connection, script, recorded.get(script.id), missing, busy)
            if reason:
                reasons[script.id] = reason
                busy.add(script.schema)
                repeatables.append(script)
            elif recorded[script.id].raw_sha256 != script.raw_sha256:
                touched.append(script)
        stages.append(Stage(system.name, tuple(versions), tuple(repeatables)))
    if any(stage.scripts for stage in stages) or phases:
        phases.append(Phase(True, tuple(stages)))

    gone = _gone(connection, source, recorded, missing)
    for id, objects in gone.items():
        if objects:
            warnings.append(
                f"{id} is gone, but what it made is still there: {', '.join(objects)}; drop it in a migration"
            )
    interrupted = next((entry for entry in recorded.values() if entry.state == "running"), None)
    return Plan(tuple(phases), reasons, tuple(touched), gone, tuple(warnings), interrupted)


def _check_versions(
    connection: Connection | None, source: Source, recorded: Mapping[str, Recorded], warnings: list[str]
) -> list[Script]:
    """Return the applied versions whose file differs in comments or line ends only."""
    by_id = {script.id: script for script in source.versions}
    names = {system.name for system in source.systems}
    problems: list[str] = []
    touched: list[Script] = []
    for entry in recorded.values():
        if entry.kind != "version" or entry.system not in names:
            continue
        script = by_id.get(entry.id)
        if script is None:
            twin = next(
                (
                    s.path
                    for s in source.versions
                    if s.id not in recorded and s.normalised_sha256 == entry.normalised_sha256
                ),
                None,
            )
            problems.append(
                f"{entry.path}: applied, then renamed to {twin}" if twin else f"{entry.path}: applied, then deleted"
            )
        elif entry.raw_sha256 != script.raw_sha256 and entry.state == "applied":
            if _same(connection, script, entry):
                warnings.append(f"{script.path}: only comments, layout or line ends differ from what was applied")
                touched.append(script)
            else:
                problems.append(f"{script.path}: edited after it was applied")
    if problems:
        raise Refused(
            "applied migrations are history, and these files tell another one",
            details=problems,
            hint="put the files back as they were, and make the change in a new migration (`moadb new`)",
        )
    return touched


def _same(connection: Connection | None, script: Script, entry: Recorded) -> bool:
    if entry.normalised_sha256 == script.normalised_sha256:
        return True
    return connection is not None and ledger.normalised(connection, entry.id) == script.normalised_sha256


def _late(source: Source, recorded: Mapping[str, Recorded]) -> list[Script]:
    late: list[Script] = []
    for system in source.systems:
        versions = [script for script in source.versions if script.system == system.name]
        last = max((rank for rank, script in enumerate(versions) if script.id in recorded), default=-1)
        late += [script for script in versions[: last + 1] if script.id not in recorded]
    return late


def _reason(
    connection: Connection | None,
    script: Script,
    entry: Recorded | None,
    missing: Mapping[str, list[str]],
    busy: set[str],
) -> str | None:
    """Say why a repeatable has to run: `busy` are the schemas of which something else runs."""
    if entry is None:
        return "new"
    if entry.raw_sha256 != script.raw_sha256 and not _same(connection, script, entry):
        return "changed"
    if script.id in missing:
        return "missing: " + ", ".join(missing[script.id])
    if script.room == "grants" and script.schema in busy:
        return "grants after changes"
    return None


def _gone(
    connection: Connection | None, source: Source, recorded: Mapping[str, Recorded], missing: Mapping[str, list[str]]
) -> dict[str, tuple[str, ...]]:
    files = {script.id for script in source.repeatables}
    names = {system.name for system in source.systems}
    lost = [
        entry.id
        for entry in recorded.values()
        if entry.kind == "repeatable" and entry.system in names and entry.id not in files
    ]
    if not lost or connection is None:
        return {}
    made = ledger.objects_of(connection, lost)
    return {id: tuple(name for name in made.get(id, []) if name not in missing.get(id, [])) for id in lost}


def due(connection: Connection, source: Source, system: str, busy: set[str]) -> list[tuple[Script, str]]:
    """Return the repeatables of one system that have to run now that its versions have run, each with the reason.

    Args:
        connection: in the deploy's transaction.
        source: the files.
        system: the system.
        busy: the schemas of which the deploy has run something.
    """
    recorded = ledger.read(connection)
    missing = catalog.vanished(connection)
    scripts: list[tuple[Script, str]] = []
    for script in source.repeatables:
        if script.system != system:
            continue
        reason = _reason(connection, script, recorded.get(script.id), missing, busy)
        if reason:
            busy.add(script.schema)
            scripts.append((script, reason))
    return scripts
