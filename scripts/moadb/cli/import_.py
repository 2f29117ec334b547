"""moadb import metrics."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime, timezone
from pathlib import Path

import click
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from moadb.cli.options import json_option
from moadb.connection import resolve_dsn
from moadb.console import err, out, print_json
from moadb.errors import Exit
from moadb.imports import TARGETS, Imported, Options, import_metrics


@click.group()
def import_() -> None:
    """Load figures from files."""


def _of_targets(form: str) -> Callable[[click.Context, click.Parameter, tuple[str, ...]], dict[str, str]]:
    """Return what reads COLUMN=TARGET or TARGET=VALUE: what stands beside each target, which may stand once."""

    def read(context: click.Context, parameter: click.Parameter, values: tuple[str, ...]) -> dict[str, str]:
        found: dict[str, str] = {}
        for value in values:
            if form == "COLUMN=TARGET":
                other, mark, target = value.rpartition("=")
            else:
                target, mark, other = value.partition("=")
            target, other = target.strip(), other.strip()
            if not mark or not target or not other:
                raise click.BadParameter(f"{value!r} is not {form}", context, parameter)
            if target not in TARGETS:
                raise click.BadParameter(f"{value!r}: {target!r} is none of {', '.join(TARGETS)}", context, parameter)
            if target in found:
                raise click.BadParameter(f"{target} is said twice: {found[target]!r}, {other!r}", context, parameter)
            found[target] = other
        return found

    return read


def _instant(context: click.Context, parameter: click.Parameter, value: str | None) -> datetime | None:
    if value is None:
        return None
    try:
        instant = datetime.fromisoformat(value.strip().replace("Z", "+00:00"))
    except ValueError:
        raise click.BadParameter(f"{value!r} is no instant, as 2026-11-21T09:30:00+09:00", context, parameter) from None
    if instant.tzinfo is None or instant > datetime.now(timezone.utc):
        raise click.BadParameter(f"{value!r} does not say its offset, or is later than now", context, parameter)
    return instant


@import_.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, readable=True, path_type=Path))
@click.option("--account", metavar="PLATFORM:ID", help="The ad account that all rows are of; else columns say it.")
@click.option("--currency", metavar="CODE", help="The account's currency; what is known of it must be the same.")
@click.option("--time-zone", metavar="ZONE", help="The zone of the account's days (IANA); likewise.")
@click.option(
    "--connect", metavar="WORKSPACE", help="Connect the account with this workspace, and make it if it is new."
)
@click.option(
    "--map",
    "mapped",
    metavar="COLUMN=TARGET",
    multiple=True,
    callback=_of_targets("COLUMN=TARGET"),
    help="What a column is.",
)
@click.option(
    "--set",
    "given",
    metavar="TARGET=VALUE",
    multiple=True,
    callback=_of_targets("TARGET=VALUE"),
    help="The same for all rows.",
)
@click.option("--date-format", metavar="FORMAT", help="How days are written: %d/%m/%Y or DD/MM/YYYY.")
@click.option("--decimal-comma", is_flag=True, help="1.234,56 is a thousand and a bit.")
@click.option("--encoding", metavar="NAME", help="Of the file, e.g. cp949; else it is found out.")
@click.option("--delimiter", metavar="CHAR", help="Between cells; else it is found out.")
@click.option("--sum", "summed", is_flag=True, help="Add up rows of one campaign, day and hour (ads, groups, devices).")
@click.option(
    "--snapshot-at", metavar="TIME", callback=_instant, help="As of when the file is; else when it was last changed."
)
@click.option(
    "--batch", type=click.IntRange(1), default=250_000, show_default=True, help="Rows in a transaction, about."
)
@click.option("--jobs", type=click.IntRange(1, 16), default=2, show_default=True, help="Connections that load at once.")
@click.option(
    "--rejects",
    metavar="FILE",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Rejected rows; else FILE.rejected.csv.",
)
@click.option("--resume", is_flag=True, help="Go on where an earlier import of this file stopped.")
@click.option("--dry-run", is_flag=True, help="Read and check everything, and change nothing.")
@json_option
@click.pass_obj
def metrics(
    dsn: str | None,
    file: Path,
    account: str | None,
    currency: str | None,
    time_zone: str | None,
    connect: str | None,
    mapped: dict[str, str],
    given: dict[str, str],
    date_format: str | None,
    decimal_comma: bool,
    encoding: str | None,
    delimiter: str | None,
    summed: bool,
    snapshot_at: datetime | None,
    batch: int,
    jobs: int,
    rejects: Path | None,
    resume: bool,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Load figures of campaigns by day or hour from FILE, CSV or .jsonl, an export of any platform.

    Names of columns as Google, Meta, TikTok, Naver and Kakao give them are known. Run again it changes nothing.
    """
    options = Options(
        account, currency, time_zone, connect, mapped, given, date_format, decimal_comma, encoding,
        "\t" if delimiter in ("\\t", "tab") else delimiter, summed, snapshot_at, batch, jobs, rejects, resume, dry_run,
    )  # fmt: skip
    with Progress(
        TextColumn("{task.description}"), BarColumn(), TextColumn("{task.percentage:>3.0f}%"), TimeRemainingColumn(),
        console=err, transient=True,
    ) as bar:  # fmt: skip
        tasks = {step: bar.add_task(step, start=False, total=None) for step in ("reading", "loading")}

        def progress(step: str, done: int, total: int) -> None:
            bar.start_task(tasks[step])
            bar.update(tasks[step], completed=done, total=max(total, 1))

        imported = import_metrics(resolve_dsn(dsn), file, options, progress)
    if as_json:
        print_json(asdict(imported))
    else:
        _show(imported)
    if imported.rejected > imported.totals:
        sys.exit(Exit.NOT_VERIFIED)


def _show(imported: Imported) -> None:
    counts = [
        (imported.inserted, "inserted"),
        (imported.changed, "changed"),
        (imported.unchanged, "unchanged"),
        (imported.stale, "stale"),
        (imported.summed, "summed into others"),
        (imported.rejected, "rejected"),
    ]
    if imported.dry_run:
        good = imported.read - imported.rejected
        out.print(f"{imported.read:,} rows read: {good:,} good, {imported.rejected:,} rejected; nothing was changed")
    else:
        told = ", ".join(f"{count:,} {what}" for count, what in counts)
        out.print(f"{imported.read:,} rows read: {told}", markup=False)
    if imported.resumed:
        out.print("an earlier import was gone on with; what it rejected is told here, and in the file that it wrote")
    for reason, count in list(imported.reasons.items())[:10]:
        out.print(f"  {count:,} × {reason}", markup=False)
    if imported.rejects:
        out.print(f"rejected rows: {imported.rejects}", markup=False)
    for note in imported.notes:
        err.print(f"note: {note}", markup=False)
    err.print(
        f"{imported.file} ({imported.encoding}), {imported.seconds:.1f} s; read as "
        + ", ".join(f"{name} → {target}" for target, name in imported.columns.items()),
        markup=False,
    )
