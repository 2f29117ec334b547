"""`moadb test`: the pgTAP files, in databases made for them."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

import click
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn

from moadb import tap, testing
from moadb.cli.options import json_option, systems_option
from moadb.connection import connect, data_dir, read_state, resolve_dsn
from moadb.console import err, out, print_json
from moadb.deploy import Event
from moadb.errors import Exit, MoadbError
from moadb.resources import sql_root
from moadb.systems import select_systems


@click.command()
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option(
    "-j",
    "--jobs",
    type=click.IntRange(1, 64),
    help="How many files run at the same time; default: a file per CPU, at most 4.",
)
@systems_option
@click.option("--database", metavar="NAME", help="Run in this database as it stands, not in one made for the tests.")
@click.option(
    "--junit",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Write the results as JUnit XML, too.",
)
@json_option
@click.pass_context
def test(
    ctx: click.Context,
    paths: tuple[Path, ...],
    jobs: int | None,
    systems: list[str] | None,
    database: str | None,
    junit: Path | None,
    as_json: bool,
) -> None:
    """Run pgTAP files; without PATHS those of the systems.

    A database is made on the server, the systems are deployed into it and pgTAP is loaded; the files run in copies.
    All that was made is dropped at the end. The role should be a superuser: tests act as one role after another.

    Exit code 4 when a test fails.
    """
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _interrupt)
    dsn = _server(ctx.obj)
    files = tap.find_files(paths or _folders(systems))
    own = {path for path in files if tap.needs_own_database(path)} if database else set()
    for path in sorted(own):
        err.print(f"not run: {_shown(path)} commits, so it needs a database of its own; leave out --database")
    files = [path for path in files if path not in own]
    if not files:
        raise MoadbError("there is no test file to run", hint="pgTAP files end in .sql", exit_code=Exit.USAGE)
    # opened now, so that a place that cannot be written to is found out before the tests run
    report = ctx.with_resource(junit.open("w", encoding="utf-8")) if junit is not None else None
    results: dict[str, tap.TapResult] = {}
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with (
        Progress(*columns, console=err, transient=True, disable=not err.is_terminal) as progress,
        _databases(dsn, systems, database, progress) as databases,
    ):
        task = progress.add_task("testing", total=len(files))
        run = testing.run_files(
            files, databases.for_file, psql=databases.psql, jobs=jobs or min(os.cpu_count() or 1, 4)
        )
        for path, result in run:
            results[_shown(path)] = result
            progress.advance(task)
            if not as_json:
                _print_result(_shown(path), result)
    if report is not None:
        report.write(tap.junit(sorted(results.items())))
    summary = {
        "ok": len(results) == len(files) and all(result.ok for result in results.values()),
        "files": len(results),
        "not_run": len(files) - len(results),
        "tests": sum(len(result.tests) for result in results.values()),
        "failed": sum(len(result.failed) for result in results.values()),
        "files_failed": sum(not result.ok for result in results.values()),
    }
    if as_json:
        print_json({"files": [_as_json(name, result) for name, result in sorted(results.items())], "summary": summary})
    else:
        _print_summary(summary)
    if not summary["ok"]:
        ctx.exit(Exit.NOT_VERIFIED)


def _interrupt(number: int, frame: FrameType | None) -> None:
    """End as on Ctrl-C: what was made is dropped."""
    raise KeyboardInterrupt


def _server(given: str | None) -> str:
    """Return where to test: on the local server as its superuser, because tests act as one role after another."""
    dsn = resolve_dsn(given)
    state = read_state(data_dir())
    if dsn == state.get("admin_dsn"):
        return str(state["superuser_dsn"])
    with connect(dsn) as connection:
        row = connection.execute("select current_user, rolsuper from pg_roles where rolname = current_user").fetchone()
    if row is not None and not row[1]:
        err.print(f"note: {row[0]} is no superuser, so tests that act as another role may fail", markup=False)
    return dsn


def _folders(systems: list[str] | None) -> list[Path]:
    """Return the folders with the tests of the systems, as far as they are there."""
    folders = [sql_root() / "tests" / schema for system in select_systems(systems) for schema in system.schemas]
    return [folder for folder in folders if folder.is_dir()]


@contextmanager
def _databases(
    dsn: str, systems: list[str] | None, database: str | None, progress: Progress
) -> Iterator[testing.Databases | testing.ExistingDatabase]:
    if database is not None:
        yield testing.ExistingDatabase(testing.with_database(dsn, database))
        return
    task = progress.add_task("deploying", total=None)
    with testing.throwaway(dsn, systems=systems, progress=lambda event: _tell(event, progress, task)) as databases:
        progress.remove_task(task)
        yield databases


def _tell(event: Event, progress: Progress, task: TaskID) -> None:
    if event.kind == "start":
        progress.update(task, description=f"deploying {escape(event.path)}")
    elif event.kind in ("wait", "retry"):
        err.print(event.text, markup=False)


def _shown(path: Path) -> str:
    """Return the path as a person would write it here; of a file that came with moadb, its place in there."""
    for folder in (Path.cwd(), sql_root()):
        if path.resolve().is_relative_to(folder):
            return str(path.resolve().relative_to(folder))
    return str(path)


def _print_result(name: str, result: tap.TapResult) -> None:
    """Print the line of a file, and under it everything that is wrong in it."""
    verdict = "[green]ok    [/]" if result.ok else "[bold red]not ok[/]"
    todo = sum(test.directive == "TODO" for test in result.tests)
    skipped = sum(test.directive == "SKIP" for test in result.tests)
    notes = [f"{count} {word}" for count, word in ((todo, "todo"), (skipped, "skipped")) if count]
    notes += [f"skipped: {escape(result.skipped)}"] if result.skipped is not None else []
    tests = ", ".join([f"{len(result.tests)} tests", *notes])
    out.print(f"{verdict} {escape(name)}  {tests}, {result.seconds:.2f} s")
    for failed in result.failed:
        out.print(f"    not ok {failed.title}", markup=False)
        for line in failed.diagnostics:
            out.print(f"    {line}", markup=False)
    for problem in result.problems:
        out.print(f"    {problem}", markup=False)


def _print_summary(summary: dict[str, int]) -> None:
    text = f"{summary['tests']} tests in {summary['files']} files"
    if summary["ok"]:
        out.print(f"[green]{text}: all passed[/]")
        return
    text += f": {summary['failed']} failed, in {summary['files_failed']} files that did not pass"
    if summary["not_run"]:
        text += f"; {summary['not_run']} files were not run"
    out.print(f"[bold red]{text}[/]")


def _as_json(name: str, result: tap.TapResult) -> dict[str, Any]:
    return {
        "path": name,
        "ok": result.ok,
        "seconds": round(result.seconds, 3),
        "skipped": result.skipped,
        "problems": result.problems,
        "messages": result.messages,
        "tests": [
            {
                "number": test.number,
                "description": test.description,
                "ok": test.ok,
                "directive": test.directive or None,
                "reason": test.reason or None,
                "diagnostics": test.diagnostics,
            }
            for test in result.tests
        ],
    }
