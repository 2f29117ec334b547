"""moadb migrate, rollback, status, verify, new."""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

import click
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from moadb import deploy, jobs
from moadb.cli.options import json_option, systems_option
from moadb.connection import resolve_dsn
from moadb.console import err, out, print_json, print_table
from moadb.errors import Exit, MoadbError

_lock_timeout = click.option(
    "--lock-timeout",
    default="2s",
    show_default=True,
    metavar="TIME",
    help="How long a statement may wait for a lock; then all is rolled back and tried again.",
)
_wait = click.option(
    "--wait", default=60.0, show_default=True, metavar="SECONDS", help="How long to wait for another deploy to end."
)
_allow_pooler = click.option(
    "--allow-pooler", is_flag=True, help="Go through a connection pooler; right for session pooling only."
)


@click.command()
@systems_option
@click.option("--plan", "plan_only", is_flag=True, help="Say what would be done, and change nothing.")
@click.option("--rehearse", is_flag=True, help="With --plan: run it in a transaction that is rolled back.")
@click.option("--resume", is_flag=True, help="Go on with a non-transactional migration that was interrupted.")
@click.option("--allow-late", is_flag=True, help="Also run migrations that come before applied ones.")
@_lock_timeout
@_wait
@_allow_pooler
@json_option
@click.pass_obj
def migrate(
    dsn: str | None,
    systems: list[str] | None,
    plan_only: bool,
    rehearse: bool,
    resume: bool,
    allow_late: bool,
    lock_timeout: str,
    wait: float,
    allow_pooler: bool,
    as_json: bool,
) -> None:
    """Bring the database to the state of the files: run pending migrations and changed functions, triggers, views.

    One transaction, all or nothing; a second run has nothing to do. Exit code 3: refused, nothing was tried; 5: a
    non-transactional migration stopped half-way, --resume goes on.
    """
    if rehearse and not plan_only:
        raise click.UsageError("--rehearse goes with --plan")
    with _drawing(as_json) as progress:
        report = deploy.migrate(
            resolve_dsn(dsn),
            systems,
            lock_timeout=lock_timeout,
            wait=wait,
            plan_only=plan_only,
            rehearse=rehearse,
            allow_late=allow_late,
            allow_pooler=allow_pooler,
            resume=resume,
            progress=progress,
        )
    if not plan_only and not report.up_to_date:
        _register_jobs(resolve_dsn(dsn))
    if as_json:
        print_json(report.to_json())
    elif report.up_to_date:
        out.print("up to date")
    elif plan_only:
        _print_plan(report.plan)
    else:
        out.print(f"{len(report.ran)} files in {report.seconds:.1f} s, deployment {report.id}", markup=False)


def _register_jobs(dsn: str) -> None:
    """Let pg_cron's entries, where there is pg_cron, follow the deploy; what has been deployed stands in any case."""
    try:
        jobs.sync_pg_cron(dsn)
    except MoadbError as error:
        err.print(f"[bold yellow]warning:[/] pg_cron has the jobs of before: {escape(error.message)}")
        err.print("[bold]hint:[/] `moadb jobs sync` tries again")


@click.command()
@click.option("--to", metavar="ID", help="The migration that is to be the newest afterwards.")
@click.option("--steps", type=click.IntRange(1), metavar="N", help="Or how many migrations to undo.")
@_lock_timeout
@_wait
@_allow_pooler
@json_option
@click.pass_obj
def rollback(
    dsn: str | None,
    to: str | None,
    steps: int | None,
    lock_timeout: str,
    wait: float,
    allow_pooler: bool,
    as_json: bool,
) -> None:
    """Undo the newest migrations by their rollback files, in one transaction.

    What functions, triggers and views had been built on them goes too; `moadb migrate`, of this release or the one
    before, makes it again.
    """
    with _drawing(as_json) as progress:
        ran = deploy.rollback(
            resolve_dsn(dsn),
            to=to,
            steps_back=steps,
            lock_timeout=lock_timeout,
            wait=wait,
            allow_pooler=allow_pooler,
            progress=progress,
        )
    if as_json:
        print_json({"ran": [{"path": entry.path, "seconds": round(entry.seconds, 3)} for entry in ran]})
    else:
        out.print(f"{len(ran)} migration{'s' * (len(ran) != 1)} rolled back", markup=False)


@click.command()
@json_option
@click.pass_obj
def status(dsn: str | None, as_json: bool) -> None:
    """Show what is deployed, what is pending, what is wrong with it, and who deploys right now."""
    found = deploy.status(resolve_dsn(dsn))
    if as_json:
        print_json(found.to_json())
        return
    print_table(
        ["system", "migrations", "newest", "pending"],
        [
            (system.name, system.applied, system.newest, f"{len(system.pending)} files" if system.pending else "")
            for system in found.systems
        ],
    )
    for line in (*found.plan.rewritten, *found.plan.warnings):
        out.print(f"[yellow]{escape(line)}[/]")
    if found.plan.interrupted:
        out.print(f"[yellow]interrupted: {escape(found.plan.interrupted.path)}; `moadb migrate --resume` goes on[/]")
    if found.last:
        last = found.last
        when = f"{last.started_at:%Y-%m-%d %H:%M:%S} UTC"
        out.print(
            f"last: {last.command} {last.id} by {last.deployer} ({last.client}), {when}: {last.state}", markup=False
        )
    if found.holder:
        out.print(f"at work: {found.holder}", markup=False)


@click.command()
@click.option("--accept", is_flag=True, help="Record the objects as they are now as right.")
@json_option
@click.pass_context
def verify(ctx: click.Context, accept: bool, as_json: bool) -> None:
    """Compare the database with what was deployed, and look for what is unsound; exit code 4 when something is found.

    Files against the ledger; every table, routine, view, trigger, index, grant … against what its deploy left; invalid
    indexes, unvalidated constraints; routine bodies where the extension plpgsql_check is installed.
    """
    dsn = resolve_dsn(ctx.obj)
    if accept:
        accepted = deploy.accept(dsn)
        if as_json:
            print_json({"accepted": [finding.to_json() for finding in accepted]})
        else:
            for finding in accepted:
                out.print(f"accepted  {finding.object}: {finding.problem}", markup=False)
            out.print(f"{len(accepted)} differences accepted" if accepted else "nothing to accept", markup=False)
        return
    findings = deploy.verify(dsn)
    if as_json:
        print_json({"ok": not findings, "findings": [finding.to_json() for finding in findings]})
    else:
        for finding in findings:
            out.print(f"{finding.check:<11} [bold]{escape(finding.object)}[/]: {escape(finding.problem)}")
        out.print(f"{len(findings)} findings" if findings else "as deployed", markup=False)
    if findings:
        ctx.exit(Exit.NOT_VERIFIED)


@click.command()
@click.argument("schema")
@click.argument("name")
@click.option(
    "--dir",
    "folder",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="The tree that has migrations/; else the checkout that moadb is installed from.",
)
@json_option
def new(schema: str, name: str, folder: Path | None, as_json: bool) -> None:
    """Begin a migration of SCHEMA: write a file with the next number and NAME, and its rollback file."""
    paths = deploy.new(schema, name, folder=folder)
    if as_json:
        print_json({"files": paths})
    else:
        for path in paths:
            out.print(str(path), markup=False)


@contextmanager
def _drawing(as_json: bool) -> Iterator[deploy.Progress]:
    """Draw a deploy while it runs: on standard output a line per file, everything else on standard error."""
    bar = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=err,
        transient=True,
        disable=not err.is_terminal,
    )
    task = bar.add_task("looking", total=None)
    lines = err if out.is_terminal and err.is_terminal else out  # on one screen with the bar: above it

    def draw(event: deploy.Event) -> None:
        if event.kind == "plan":
            bar.update(task, description="deploying", total=event.total)
            if event.total and not as_json:
                lines.print(f"plan: {event.text}", markup=False)
        elif event.kind == "start":
            bar.update(task, description=escape(event.path))
        elif event.kind == "done":
            bar.advance(task)
            if not as_json:
                lines.print(f"  {event.path}  {event.seconds * 1000:.0f} ms", markup=False)
        else:
            if event.kind == "retry":
                bar.reset(task)
            place = f"{event.path}: " if event.path else ""
            err.print(f"{event.kind}: {place}{event.text}", markup=False)

    with _stopping(), bar:
        yield draw


class _Stopped(KeyboardInterrupt):
    """A signal that asks the process to end: the statement is cancelled, the open transaction rolled back."""

    def __init__(self, number: int) -> None:
        super().__init__(signal.Signals(number).name)
        self.number = number


@contextmanager
def _stopping() -> Iterator[None]:
    """End in order on SIGINT, SIGTERM and SIGHUP, with the exit code 128 + the signal's number."""

    def stop(number: int, frame: FrameType | None) -> None:
        raise _Stopped(number)

    old = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    try:
        yield
    except _Stopped as stopped:
        err.print(f"stopped by {stopped}; what was not committed is rolled back, `moadb status` tells what is deployed")
        sys.exit(128 + stopped.number)
    finally:
        for number, handler in old.items():
            signal.signal(number, handler)


def _print_plan(plan: deploy.Plan) -> None:
    for number, phase in enumerate((phase for phase in plan.phases if phase.scripts), start=1):
        what = "one transaction" if phase.transactional else "not in a transaction"
        out.print(f"phase {number}, {what}:", markup=False)
        for script in phase.scripts:
            out.print(f"  {script.path}  ({plan.reasons[script.id]})", markup=False)
