"""What is deployed, what is pending, and who is at work."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from moadb.connection import connect
from moadb.deploy import bootstrap, ledger, session
from moadb.deploy.plan import Plan, make_plan
from moadb.deploy.session import Holder
from moadb.deploy.source import read_source
from moadb.systems import read_systems


@dataclass(frozen=True)
class SystemStatus:
    """One system of the manifest.

    Args:
        name: the system.
        deployed: whether anything of it is in the database.
        newest: the id of the version applied last; None when there is none.
        applied: how many versions are applied.
        pending: paths of the scripts that `migrate` would run.
    """

    name: str
    deployed: bool
    newest: str | None
    applied: int
    pending: list[str]


@dataclass(frozen=True)
class LastDeployment:
    """The newest row of moadb.deployments; running without anybody at work is interrupted."""

    id: int
    command: str
    state: str
    deployer: str
    client: str
    started_at: datetime
    finished_at: datetime | None
    error: str | None


@dataclass(frozen=True)
class Status:
    """What `status` found.

    Args:
        systems: all of the manifest.
        plan: what `migrate` would do for all of them.
        last: the last deployment; None when there was none.
        holder: who deploys right now; None when nobody does.
    """

    systems: list[SystemStatus]
    plan: Plan
    last: LastDeployment | None
    holder: Holder | None

    def to_json(self) -> dict[str, Any]:
        """Return the status for programs."""
        return {
            "systems": [vars(system) for system in self.systems],
            "rewritten": list(self.plan.rewritten),
            "late": [script.path for script in self.plan.late],
            "warnings": self.plan.warnings,
            "interrupted": self.plan.interrupted.path if self.plan.interrupted else None,
            "last_deployment": vars(self.last) if self.last else None,
            "at_work": vars(self.holder) if self.holder else None,
        }


def status(dsn: str, *, root: Path | None = None) -> Status:
    """Compare a database with the files; reads only, and works on a standby.

    Args:
        dsn: the database.
        root: the folder with migrations/, procedures/ …; None means the installed SQL.

    Raises:
        MoadbError: the files cannot be used, or the server cannot be reached.
    """
    source = read_source(None, root)
    with connect(dsn, application_name="moadb status") as connection, session.reading(connection):
        at_work = session.holder(connection)
        present = bootstrap.has_ledger(connection)
        if present:
            bootstrap.become_owner(connection)
        recorded = ledger.read(connection) if present else {}
        made = make_plan(connection if present else None, source)
        last = None
        if present:
            row = connection.execute(
                """
                select d.id, d.command, d.state, d.deployer, d.client, d.started_at, d.finished_at, d.error
                from moadb.deployments as d
                order by d.id desc
                limit 1
                """
            ).fetchone()
            last = LastDeployment(*row) if row else None
            if last and last.state == "running" and at_work is None:
                last = replace(last, state="interrupted")
    systems = []
    for system in read_systems(root):
        entries = [entry for entry in recorded.values() if entry.system == system.name]
        versions = [entry.id for entry in entries if entry.kind == "version" and entry.state == "applied"]
        systems.append(
            SystemStatus(
                name=system.name,
                deployed=bool(entries),
                newest=versions[-1] if versions else None,
                applied=len(versions),
                pending=[script.path for script in made.scripts if script.system == system.name],
            )
        )
    return Status(systems, made, last, at_work)
