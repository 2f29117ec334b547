"""moadb jobs: what runs by itself."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime

import click

from moadb import jobs as library
from moadb.cli.options import json_option
from moadb.cli.service import log_to_stderr, stop_on_signal
from moadb.connection import resolve_dsn
from moadb.console import err, out, print_json, print_table
from moadb.errors import Refused


@click.group()
def jobs() -> None:
    """See, run, pause and schedule the jobs of a database. All times are in UTC."""


@jobs.command("list")
@json_option
@click.pass_obj
def list_(dsn: str | None, as_json: bool) -> None:
    """Show every job, how it is doing and when it is due next."""
    found = library.list_jobs(resolve_dsn(dsn))
    if as_json:
        print_json([asdict(job) for job in found])
        return
    print_table(
        ["job", "schedule", "next", "state", "last run", "result", "rows"],
        [
            (
                job.name,
                job.schedule,
                _time(job.next_slot),
                job.state,
                _time(job.last_started_at),
                job.last_status,
                job.last_rows_handled,
            )
            for job in found
        ],
        empty="there are no jobs",
    )


@jobs.command()
@click.argument("name")
@json_option
@click.pass_obj
def run(dsn: str | None, name: str, as_json: bool) -> None:
    """Run a job now, paused or not. Exit code 1 when it fails, 3 when it is running already."""
    with err.status(f"running {name}"):
        result = library.run_job(resolve_dsn(dsn), name)
    if as_json:
        print_json(asdict(result))
    if result.status == "skipped":
        raise Refused(f"job {name} is running already", hint="`moadb jobs list --json` shows its pid")
    if not as_json:
        out.print(f"{name} {result.status}: {result.rows_handled} rows in {result.seconds or 0:.3f} s", markup=False)


@jobs.command()
@click.option("--workers", type=click.IntRange(1, 100), default=4, show_default=True, help="How many jobs at a time.")
@click.option(
    "--grace",
    type=click.FloatRange(0),
    default=5,
    show_default=True,
    help="Seconds that jobs at work get to finish when the runner is stopped; then they are cancelled.",
)
@click.option("--force", is_flag=True, help="Run even where pg_cron has entries for this database.")
@click.pass_obj
def runner(dsn: str | None, workers: int, grace: float, force: bool) -> None:
    """Run jobs when they are due, until SIGTERM or Ctrl-C. Of several runners one works and the others stand by."""
    log_to_stderr("moadb.jobs", logging.INFO)
    stop = stop_on_signal()
    library.run_scheduler(resolve_dsn(dsn), stop, workers=workers, grace=grace, force=force)


@jobs.command()
@click.argument("name", required=False)
@click.option("-n", "--limit", type=click.IntRange(1), default=20, show_default=True, help="How many runs.")
@json_option
@click.pass_obj
def history(dsn: str | None, name: str | None, limit: int, as_json: bool) -> None:
    """Show the latest runs, newest first: of one job or of all."""
    runs = library.job_history(resolve_dsn(dsn), name, limit)
    if as_json:
        print_json([asdict(item) for item in runs])
        return
    print_table(
        ["started", "job", "by", "result", "rows", "seconds", "error"],
        [
            (
                _time(item.started_at),
                item.job_name,
                item.driver,
                item.status,
                item.rows_handled,
                None if item.seconds is None else f"{item.seconds:.3f}",
                " ".join(part for part in (item.error_sqlstate, item.error_message) if part),
            )
            for item in runs
        ],
        empty="nothing has run yet",
    )


@jobs.command()
@click.argument("names", nargs=-1)
@click.option("--all", "every", is_flag=True, help="All jobs.")
@json_option
@click.pass_obj
def pause(dsn: str | None, names: tuple[str, ...], every: bool, as_json: bool) -> None:
    """Suspend the schedule of jobs, until `moadb jobs resume`. Runs that are at work are not stopped."""
    _switch(library.pause_jobs, "paused", resolve_dsn(dsn), names, every, as_json)


@jobs.command()
@click.argument("names", nargs=-1)
@click.option("--all", "every", is_flag=True, help="All jobs.")
@json_option
@click.pass_obj
def resume(dsn: str | None, names: tuple[str, ...], every: bool, as_json: bool) -> None:
    """Let jobs run by schedule again, from their next slot on."""
    _switch(library.resume_jobs, "resumed", resolve_dsn(dsn), names, every, as_json)


@jobs.command()
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.pass_obj
def adopt(dsn: str | None, yes: bool) -> None:
    """Make this database the one that runs the jobs: after a restore, a move, a pg_upgrade.

    A copy of a database runs none until then. Make sure first that the original does not run them any more.
    """
    target = resolve_dsn(dsn)
    if not yes:
        click.confirm("Is the original of this database gone, or stopped?", abort=True, err=True)
    library.adopt(target)
    changes = library.sync_pg_cron(target)
    out.print("this database runs the jobs now" + (", by pg_cron" if changes.database else ""))


@jobs.command()
@click.option("--remove", is_flag=True, help="Remove all of its entries instead.")
@json_option
@click.pass_obj
def sync(dsn: str | None, remove: bool, as_json: bool) -> None:
    """Make pg_cron's entries for this database equal to its jobs. `moadb migrate` does so as well."""
    changes = library.sync_pg_cron(resolve_dsn(dsn), remove=remove)
    if as_json:
        print_json(asdict(changes))
    elif changes.database is None:
        out.print("there is no pg_cron that this role can see: `moadb jobs runner` runs the jobs")
    else:
        for what in ("added", "changed", "removed"):
            for name in getattr(changes, what):
                out.print(f"{what} {name}", markup=False)
        if changes.copied:
            out.print(f"{changes.copied}: it has no entries until `moadb jobs adopt`", markup=False)
        out.print(f"{changes.unchanged} entries in database {changes.database} were right already", markup=False)


def _switch(
    action: Callable[[str, list[str] | None], list[str]],
    done: str,
    dsn: str,
    names: tuple[str, ...],
    every: bool,
    as_json: bool,
) -> None:
    if bool(names) == every:
        raise click.UsageError("name the jobs, or say --all")
    changed = action(dsn, None if every else list(names))
    if as_json:
        print_json(changed)
        return
    for name in changed:
        out.print(f"{name} {done}", markup=False)
    if not changed:
        out.print(f"they were {done} already" if done == "paused" else "none of them was paused")


def _time(value: datetime | None) -> str | None:
    return None if value is None else f"{value:%Y-%m-%d %H:%M:%S}"
