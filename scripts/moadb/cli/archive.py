"""moadb archive: months of marketing facts as Parquet files outside the database."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import date, datetime

import click
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from moadb import archive as library
from moadb.cli.options import json_option
from moadb.connection import resolve_dsn
from moadb.console import err, out, print_json, print_table
from moadb.errors import Exit


def _month(context: click.Context, parameter: click.Parameter, value: str | None) -> date | None:
    """Return the first day of a month that is written 2026-01."""
    try:
        return datetime.strptime(value, "%Y-%m").date() if value is not None else None
    except ValueError:
        raise click.BadParameter(f"{value!r} is no month; write 2026-01", context, parameter) from None


@click.group()
def archive() -> None:
    """Move old months of ad metrics into Parquet files, check the files, bring months back.

    S3 and what speaks its language is reached as AWS_ENDPOINT_URL, AWS_REGION, AWS_ACCESS_KEY_ID and
    AWS_SECRET_ACCESS_KEY say.
    """


@archive.command()
@click.option("--to", required=True, metavar="DIR|s3://…", help="Where the files go.")
@click.option(
    "--older-than", default="3 months", show_default=True, help="Raw rows and versions whose month ended longer ago."
)
@click.option("--daily-older-than", default="13 months", show_default=True, help="Daily sums whose month did.")
@click.option("--dry-run", is_flag=True, help="Only say what would be archived.")
@json_option
@click.pass_obj
def run(dsn: str | None, to: str, older_than: str, daily_older_than: str, dry_run: bool, as_json: bool) -> None:
    """Write old months into files, read the files back, and only then take the rows out of the database.

    What fails, or is in use, or changes meanwhile, stays in the database; the same command again goes on. Exit code 1
    when something is left.
    """
    with _progress() as progress:
        report = library.run(
            resolve_dsn(dsn),
            to,
            older_than=older_than,
            daily_older_than=daily_older_than,
            dry_run=dry_run,
            progress=progress,
        )
    _print(report, as_json, empty="no month is old enough")
    if not all(outcome.status in ("archived", "would archive") for outcome in report):
        sys.exit(Exit.FAILED)


@archive.command("list")
@json_option
@click.pass_obj
def list_(dsn: str | None, as_json: bool) -> None:
    """Show what is in files (removed from the database), and what has come back (restored)."""
    found = library.list_archives(resolve_dsn(dsn))
    if as_json:
        print_json([asdict(one) for one in found])
        return
    print_table(
        ["table", "from", "to", "state", "rows", "bytes", "file"],
        [(one.table_name, one.date_from, one.date_to, one.status, one.rows, one.bytes, one.url) for one in found],
        empty="nothing is archived",
    )


@archive.command()
@click.argument("month", required=False, callback=_month)
@json_option
@click.pass_obj
def verify(dsn: str | None, month: date | None, as_json: bool) -> None:
    """Read the files of archived months and compare them with what the database knows of them.

    All of them, or those of MONTH (2026-01). Exit code 4 when one is missing, damaged or another one.
    """
    with _progress() as progress:
        report = library.verify(resolve_dsn(dsn), month, progress=progress)
    _print(report, as_json, empty="nothing is archived")
    if not all(outcome.ok for outcome in report):
        sys.exit(Exit.NOT_VERIFIED)


@archive.command()
@click.argument("month", required=False, callback=_month)
@click.option("--all", "everything", is_flag=True, help="All archived months.")
@click.option("--dry-run", is_flag=True, help="Only verify the files.")
@json_option
@click.pass_obj
def restore(dsn: str | None, month: date | None, everything: bool, dry_run: bool, as_json: bool) -> None:
    """Bring the rows of MONTH (2026-01), or of all archived months, back into the database.

    All files are verified first; when one is bad, nothing is restored and the exit code is 4. The files stay, and the
    next `archive run` archives a restored month again.
    """
    if everything == (month is not None):
        raise click.UsageError("give a month, or --all")
    with _progress() as progress:
        report = library.restore(resolve_dsn(dsn), month, dry_run=dry_run, progress=progress)
    _print(report, as_json, empty="nothing is archived")
    if any(outcome.status == "bad" for outcome in report):
        sys.exit(Exit.NOT_VERIFIED)
    done = ("restored", "restored already", "would restore")
    if not all(outcome.ok and outcome.status in done for outcome in report):
        sys.exit(Exit.FAILED)


@contextmanager
def _progress() -> Iterator[library.Progress]:
    with Progress(
        TextColumn("{task.description}", markup=False), BarColumn(), MofNCompleteColumn(), console=err, transient=True
    ) as bar:
        task = bar.add_task("", total=None)

        def tell(partition: str, step: str, done: int, total: int) -> None:
            bar.update(task, description=f"{partition}: {step}", completed=done, total=total or None)

        yield tell


def _print(report: list[library.Outcome], as_json: bool, *, empty: str) -> None:
    if as_json:
        print_json([asdict(outcome) for outcome in report])
        return
    print_table(
        ["partition", "from", "to", "state", "rows", "bytes", "file"],
        [(one.partition_name, one.date_from, one.date_to, one.status, one.rows, one.bytes, one.url) for one in report],
        empty=empty,
    )
    for outcome in report:
        if outcome.problem:
            out.print(f"{outcome.partition_name}: [bold red]{outcome.status}[/]: ", end="")
            out.print(outcome.problem, markup=False)
