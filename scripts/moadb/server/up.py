"""`moadb up` and `moadb down`: from nothing to a running database with every system, its data, its jobs, and back."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from psycopg import sql

from moadb import deploy, jobs
from moadb.connection import Connection, connect, read_state
from moadb.errors import MoadbError
from moadb.resources import sql_root
from moadb.seed import Seeded, deployed_systems, seed_demo, seed_reference
from moadb.server.binaries import Kind, find_binaries, has_embedded
from moadb.server.local import LocalServer
from moadb.server.lock import locked
from moadb.server.provision import admit_demo, provision
from moadb.server.runner import start_runner, stop_runner
from moadb.server.settings import preloaded
from moadb.systems import System, select_systems

COUNT_LIMIT = 100_000  # rows of a table are counted up to here, so that a second run stays quick


@dataclass(frozen=True)
class Contents:
    """What a system has in the database; `routines` are those that applications may call, `rows` of its tables."""

    system: str
    title: str
    tables: int
    routines: int
    jobs: int
    rows: int


@dataclass(frozen=True)
class Call:
    """An example for the reader to try."""

    title: str
    statement: str


@dataclass
class Up:
    """What `up` found and did.

    Args:
        state: the server's state file: kind, version, port, connection strings.
        made: the cluster did not exist before.
        started: the server did not run before.
        deployed: paths of the scripts that were deployed.
        seeded: what the data files inserted.
        scheduler: who runs the jobs: pg_cron, runner, or nobody because this is a copy of another cluster.
        systems: what is in the database now.
        calls: three calls to try.
    """

    state: dict[str, Any]
    made: bool
    started: bool
    deployed: list[str] = field(default_factory=list)
    seeded: list[Seeded] = field(default_factory=list)
    scheduler: Literal["pg_cron", "runner", "nobody"] = "nobody"
    systems: list[Contents] = field(default_factory=list)
    calls: list[Call] = field(default_factory=list)


def up(
    data_dir: Path,
    *,
    kind: Kind | None = None,
    systems: Iterable[str] | None = None,
    demo: bool = True,
    port: int | None = None,
    report: Callable[[str], None] | None = None,
    progress: Callable[[str], None] | None = None,
) -> Up:
    """Make what is missing of server, database, systems, data and job scheduler, and say what there is.

    Args:
        data_dir: the server's folder.
        kind: whose binaries; None for those that it was made with, else embedded where installed, else the system's.
        systems: names from the manifest; None means all.
        demo: whether demo data is loaded.
        port: see LocalServer.start.
        report: gets a line for people when something is done differently from what they would expect.
        progress: gets what is being done, a few words at a time.

    Raises:
        MoadbError: whatever is in the way; running it again goes on from there.
    """
    tell = progress or (lambda text: None)
    selected = select_systems(systems)
    server = _server(data_dir, kind, report)
    tell("making the cluster")
    made = server.init()
    with locked(server.data_dir / "up.lock"):  # two at a time would load the demo data twice
        started = not server.is_running()
        tell("starting the server")
        server.start(port, preloaded(server.binaries, server.socket_dir))
        tell("preparing roles and extensions")
        provision(server)
        outcome = Up(read_state(server.data_dir), made, started)
        _fill(outcome, server, selected, demo, tell)
    outcome.calls = calls_of(selected)[:3]
    return outcome


def _fill(outcome: Up, server: LocalServer, systems: list[System], demo: bool, tell: Callable[[str], None]) -> None:
    """Deploy the systems, load their data, schedule their jobs, and write down what was done and what is there."""
    names = [system.name for system in systems]
    dsn = outcome.state["admin_dsn"]

    def follow(event: deploy.Event) -> None:
        if event.kind == "start":
            tell(event.path)
        elif event.kind in ("warning", "wait", "retry"):
            server.report(f"{event.path}: {event.text}" if event.path else event.text)

    tell("deploying")
    deployment = deploy.migrate(dsn, names, progress=follow)
    outcome.deployed = deployment.applied
    admit_demo(server, systems)
    outcome.seeded = seed_reference(dsn, names, progress=tell)
    if demo:
        outcome.seeded += seed_demo(dsn, names, progress=tell)
    tell("scheduling jobs")
    outcome.scheduler = _schedule_jobs(server, dsn)
    tell("looking around")
    with connect(dsn) as connection:
        outcome.systems = [_contents(connection, system) for system in deployed_systems(connection)]


def down(data_dir: Path, *, destroy: bool = False) -> bool:
    """Stop the job runner and the server, and remove both with all data if asked; say whether anything was there.

    Args:
        data_dir: the server's folder.
        destroy: whether to remove the cluster and everything else that `up` has put into the folder.
    """
    if not data_dir.is_dir():
        return False
    server = _server(data_dir, None, None)
    if destroy:
        stop_runner(data_dir)
        return server.destroy()
    server.exists()
    runner = stop_runner(data_dir)
    return server.stop() or runner


def calls_of(systems: list[System]) -> list[Call]:
    """Return the examples of these systems, each system's first one before anybody's second.

    They are read from sql/<schema>/try.sql: a comment and a statement each, a blank line between.
    """
    calls = []
    for system in systems:
        for schema in system.schemas:
            file = sql_root() / "sql" / schema / "try.sql"
            text = file.read_text(encoding="utf-8").strip() if file.is_file() else ""
            for rank, paragraph in enumerate(re.split(r"\n\s*\n", text) if text else []):
                lines = paragraph.splitlines()
                title = " ".join(line.removeprefix("--").strip() for line in lines if line.startswith("--"))
                calls.append((rank, Call(title, "\n".join(line for line in lines if not line.startswith("--")))))
    return [call for _, call in sorted(calls, key=lambda ranked: ranked[0])]


def _server(data_dir: Path, kind: Kind | None, report: Callable[[str], None] | None) -> LocalServer:
    """Return the server in a folder, with the binaries that it was made with as long as they are there."""
    state = read_state(data_dir)
    known = Path(state["binaries"]) if "binaries" in state else None
    if known is not None and kind in (None, state["kind"]) and (known / "postgres").is_file():
        return LocalServer(data_dir, known, report=report)
    major = int(str(state["version"]).split(".")[0]) if kind in (None, state.get("kind")) and state else None
    chosen = kind or state.get("kind") or ("embedded" if has_embedded() else "system")
    return LocalServer(data_dir, find_binaries(chosen, major), report=report)


def _schedule_jobs(server: LocalServer, dsn: str) -> Literal["pg_cron", "runner", "nobody"]:
    with connect(dsn) as connection:
        if not _keep_jobs(connection, server):
            return "nobody"
    if jobs.sync_pg_cron(dsn).database is not None:
        stop_runner(server.data_dir)
        return "pg_cron"
    start_runner(server.data_dir, dsn)
    return "runner"


def _keep_jobs(connection: Connection, server: LocalServer) -> bool:
    """Let the jobs go on where the cluster has moved to another port or folder; say whether they may run here.

    A database whose place has changed is taken for a copy and runs none. If the old folder is still there, it is a copy
    indeed, and which of the two runs the jobs is for people to say.
    """
    row = connection.execute(
        """
        select i.data_directory, i.data_directory is distinct from l.data_directory, i.port <> l.port
        from platform.installation as i
        join platform._live_installation() as l
          on (l.system_identifier, l.database_oid) = (i.system_identifier, i.database_oid)
        """
    ).fetchone()
    if row is None:
        return True
    folder, folder_changed, port_changed = row
    if folder is not None and folder_changed and Path(folder).exists():
        server.report(f"this is a copy of {folder}, and runs no jobs; if it shall, `moadb jobs adopt`, then `moadb up`")
        return False
    if folder_changed or port_changed:
        connection.execute("select platform.adopt_installation()")
    return True


def _contents(connection: Connection, system: System) -> Contents:
    row = connection.execute(
        """
        select
          (select count(*) from pg_class as c
           where c.relnamespace = any(n.oids) and c.relkind in ('r', 'p') and not c.relispartition),
          (select count(*) from pg_proc as p
           where p.pronamespace = any(n.oids) and p.prorettype <> 'trigger'::regtype and p.proname !~ '^_'),
          (select count(*) from platform.jobs as j where j.schema_name = any(n.names))
        from (
          select array_agg(s.oid) as oids, array_agg(s.nspname) as names
          from pg_namespace as s where s.nspname = any(%s)
        ) as n
        """,
        [list(system.schemas)],
    ).fetchone()
    if row is None:
        raise MoadbError("the server returned no row")
    return Contents(system.name, system.title, row[0], row[1], row[2], _count_rows(connection, system))


def _count_rows(connection: Connection, system: System) -> int:
    tables = connection.execute(
        "select c.relnamespace::regnamespace::text, c.relname from pg_class as c "
        "where c.relnamespace::regnamespace::text = any(%s) and c.relkind in ('r', 'p') and not c.relispartition",
        [list(system.schemas)],
    ).fetchall()
    total = 0
    for table in tables:
        query = sql.SQL("select count(*) from (select from {} limit {}) as t")
        row = connection.execute(query.format(sql.Identifier(*table), sql.Literal(COUNT_LIMIT))).fetchone()
        total += row[0] if row else 0
    return total
