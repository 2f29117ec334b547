"""moadb up, down, dsn, psql: the local server."""

from __future__ import annotations

import os
import shlex
import shutil
import sys
from dataclasses import asdict
from pathlib import Path

import click
from psycopg import conninfo
from rich.markup import escape
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from moadb.cli.options import json_option, systems_option
from moadb.connection import data_dir as default_data_dir
from moadb.connection import read_state, resolve_dsn
from moadb.console import err, out, print_json, print_table
from moadb.errors import MoadbError
from moadb.server import Kind, find_binaries, has_embedded

_data_dir = click.option(
    "--data-dir",
    type=click.Path(file_okay=False, path_type=Path),
    help="The server's folder; else MOADB_DATA_DIR, else .moadb.",
)


@click.command()
@_data_dir
@click.option(
    "--server",
    "kind",
    type=click.Choice(["auto", "embedded", "system"]),
    default="auto",
    help="Whose PostgreSQL: of the Python package, of this machine, or the first that is there.",
)
@systems_option
@click.option("--demo/--no-demo", default=True, help="Load demo data.")
@click.option(
    "--port", type=click.IntRange(1, 65535), help="TCP port; else the last one, else the first free from 54320."
)
@json_option
def up(
    data_dir: Path | None, kind: str, systems: list[str] | None, demo: bool, port: int | None, as_json: bool
) -> None:
    """Start a local server with every system, demo data and jobs in it. Run again, it adds what is missing."""
    from moadb.server.up import up as bring_up

    chosen: Kind | None = "embedded" if kind == "embedded" else "system" if kind == "system" else None
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=err, transient=True, disable=not err.is_terminal) as progress:
        task = progress.add_task("starting")
        outcome = bring_up(
            data_dir or default_data_dir(),
            kind=chosen,
            systems=systems,
            demo=demo,
            port=port,
            report=lambda line: err.print(f"note: {line}", markup=False),
            progress=lambda text: progress.update(task, description=escape(text)),
        )
    if as_json:
        print_json(asdict(outcome))
        return
    state = outcome.state
    out.print(
        f"PostgreSQL {state['version']} ({state['kind']}) on port {state['port']}: "
        + ("made" if outcome.made else "started" if outcome.started else "already running"),
        markup=False,
    )
    rows = sum(item.rows for item in outcome.seeded)
    news = [f"{len(outcome.deployed)} scripts deployed"] if outcome.deployed else []
    news += [f"{rows} rows loaded"] if rows else []
    out.print(", ".join(news) if news else "everything was there already", markup=False)
    drivers = {"pg_cron": "pg_cron", "runner": "`moadb jobs runner`, in the background", "nobody": "nobody"}
    out.print(f"jobs are run by {drivers[outcome.scheduler]}", markup=False)
    out.print()
    print_table(
        ["system", "tables", "routines", "jobs", "rows"],
        [(item.system, item.tables, item.routines, item.jobs, item.rows) for item in outcome.systems],
    )
    out.print()
    out.print(f"administrator  {state['admin_dsn']}", markup=False)
    out.print(f"application    {state['app_dsn']}", markup=False)
    if outcome.calls:
        out.print(f"\nto try in `{_program()} psql`:", markup=False)
        for call in outcome.calls:
            out.print(f"\n-- {call.title}\n{call.statement}", markup=False)


@click.command()
@_data_dir
@click.option("--destroy", is_flag=True, help="Remove the server with all of its data as well.")
@click.option("--yes", is_flag=True, help="Do not ask before destroying.")
def down(data_dir: Path | None, destroy: bool, yes: bool) -> None:
    """Stop the local server and its job runner."""
    from moadb.server.up import down as bring_down

    folder = data_dir or default_data_dir()
    if destroy and not yes:
        click.confirm(f"Remove the server in {folder.absolute()} with all of its data?", abort=True, err=True)
    if not bring_down(folder, destroy=destroy):
        out.print(f"no server {'is' if destroy else 'runs'} in {folder}", markup=False)
    else:
        out.print("removed" if destroy else "stopped")


@click.command()
@_data_dir
@click.option("--app", is_flag=True, help="The application's, not the administrator's.")
def dsn(data_dir: Path | None, app: bool) -> None:
    """Print the local server's connection string."""
    click.echo(_local_dsn(data_dir, app=app))


@click.command(context_settings={"ignore_unknown_options": True})
@_data_dir
@click.option("--app", is_flag=True, help="Connect as the application, not as the administrator.")
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
@click.pass_obj
def psql(chosen: str | None, data_dir: Path | None, app: bool, arguments: tuple[str, ...]) -> None:
    """Open psql on the database; ARGUMENTS are psql's own, e.g. `moadb psql -- -c 'select 1'`."""
    target = _local_dsn(data_dir, app=app) if app or data_dir else resolve_dsn(chosen)
    parts = conninfo.conninfo_to_dict(target)
    password = parts.pop("password", None)  # not on the command line, where everybody could read it
    environment = {**os.environ, **({"PGPASSWORD": str(password)} if password else {})}
    program = _find_psql(data_dir or default_data_dir())
    sys.stdout.flush()
    database = ["--dbname", conninfo.make_conninfo("", **parts)] if parts else []  # none: libpq's environment decides
    os.execve(program, ["psql", *database, *arguments], environment)


def _local_dsn(data_dir: Path | None, *, app: bool) -> str:
    folder = data_dir or default_data_dir()
    state = read_state(folder)
    if not state:
        raise MoadbError(f"there is no local server in {folder}", hint="moadb up")
    return str(state["app_dsn" if app else "admin_dsn"])


def _find_psql(data_dir: Path) -> str:
    folder = read_state(data_dir).get("binaries")
    if folder and (Path(folder) / "psql").is_file():
        return str(Path(folder) / "psql")
    found = shutil.which("psql")
    if found is None and has_embedded():
        found = str(find_binaries("embedded") / "psql")
    if found is None:
        raise MoadbError("psql is not installed", hint="Debian: apt-get install postgresql-client")
    return found


def _program() -> str:
    """Return what the reader has to type to call this program again."""
    called = Path(sys.argv[0])
    if called.name == "__main__.py":
        return f"{shlex.quote(sys.executable)} -m moadb"
    found = shutil.which(called.name)
    if found and Path(found).resolve() == called.resolve():
        return called.name
    try:
        return shlex.quote(str(called.absolute().relative_to(Path.cwd())))
    except ValueError:
        return shlex.quote(str(called.absolute()))
