"""moadb reports: made here, asked for in the database (marketing.request_report, or by schedule)."""

from __future__ import annotations

import json
import sys
from contextlib import nullcontext
from dataclasses import asdict

import click
from rich.status import Status

from moadb import reports as library
from moadb.cli.options import json_option
from moadb.cli.service import log_to_stderr, stop_on_signal
from moadb.connection import resolve_dsn
from moadb.console import err, out, print_json, print_table
from moadb.errors import Exit


@click.group()
def reports() -> None:
    """Make the reports that were asked for, and see how they stand. All times are in UTC."""


@reports.command()
@click.option(
    "--to",
    default="reports",
    show_default=True,
    metavar="DIR|URL",
    envvar="MOADB_REPORTS",
    show_envvar=True,
    help="Where the files go: a directory, s3://bucket/prefix or gs://bucket/prefix.",
)
@click.option("--once", is_flag=True, help="End when no report is to be made; exit code 1 when one was not.")
@click.option(
    "--lease",
    type=click.FloatRange(1, 86400),
    default=120,
    show_default=True,
    help="Seconds after which a worker that is not heard of loses its report to another.",
)
@click.option(
    "--poll",
    type=click.FloatRange(0.1, 3600),
    default=5,
    show_default=True,
    help="Seconds between two looks when there is nothing to do.",
)
@json_option
@click.pass_obj
def run(dsn: str | None, to: str, once: bool, lease: float, poll: float, as_json: bool) -> None:
    """Make reports as they are asked for, until SIGTERM or Ctrl-C; any number of workers may.

    With --json each report is one line of JSON as it is over; with --once all of them are one document at the end.
    """
    log_to_stderr("moadb.reports")
    stop = stop_on_signal()

    waiting = "looking for reports"
    with err.status(waiting) if err.is_terminal else nullcontext() as status:

        def began(report_id: int) -> None:
            _show(status, f"making report {report_id}")

        def told(made: library.Made) -> None:
            _show(status, waiting)
            if as_json and not once:
                sys.stdout.write(json.dumps(asdict(made), ensure_ascii=False) + "\n")
                sys.stdout.flush()
            elif not as_json:
                what = ", ".join(file["url"] for file in made.files) or made.error
                out.print(f"report {made.report_id} {made.status}: {what}", markup=False)

        found = library.run_reports(
            resolve_dsn(dsn), to, once=once, lease=lease, poll=poll, stop=stop, told=told, began=began
        )
    if as_json and once:
        print_json([asdict(made) for made in found])
    elif once and not found:
        out.print("no report is to be made")
    if any(made.status in ("failed", "pending") for made in found):
        sys.exit(Exit.FAILED)


def _show(status: Status | None, text: str) -> None:
    if status is not None:
        status.update(text)


@reports.command("list")
@click.option("--workspace", type=int, help="Only those of this workspace.")
@click.option("--status", type=click.Choice(["pending", "processing", "completed", "failed"]), help="Only these.")
@click.option("-n", "--limit", type=click.IntRange(1), default=20, show_default=True, help="How many.")
@click.option("--before", type=int, metavar="ID", help="The page after this report.")
@json_option
@click.pass_obj
def list_(
    dsn: str | None, workspace: int | None, status: str | None, limit: int, before: int | None, as_json: bool
) -> None:
    """Show reports, the newest first."""
    found = library.list_reports(resolve_dsn(dsn), workspace, status, limit, before)
    if as_json:
        print_json([asdict(report) for report in found])
        return
    print_table(
        ["id", "report", "days", "status", "file or error"],
        [
            (
                report.report_id,
                f"{report.workspace}: {report.title}",
                f"{report.date_from} to {report.date_to}",
                report.status,
                report.file_url or report.error_message,
            )
            for report in found
        ],
        whole=("id", "days", "status"),
        empty="there are no reports",
    )


@reports.command()
@click.argument("ids", nargs=-1, type=int, required=True)
@json_option
@click.pass_obj
def retry(dsn: str | None, ids: tuple[int, ...], as_json: bool) -> None:
    """Have the reports IDS made that were given up or cancelled: all of them, or none when one cannot be."""
    wanted = library.retry_reports(resolve_dsn(dsn), ids)
    if as_json:
        print_json(wanted)
    else:
        out.print(f"{len(wanted)} report{'' if len(wanted) == 1 else 's'} will be made")
