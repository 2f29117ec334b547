"""moadb partitions: which there are, and their maintenance."""

from __future__ import annotations

import sys
from dataclasses import asdict
from datetime import datetime

import click
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from moadb import partitions as library
from moadb.cli.options import json_option
from moadb.connection import resolve_dsn
from moadb.console import err, out, print_json, print_table
from moadb.errors import Exit


@click.group()
def partitions() -> None:
    """See and maintain the partitions of the declared tables."""


@partitions.command("list")
@click.argument("table", required=False)
@json_option
@click.pass_obj
def list_(dsn: str | None, table: str | None, as_json: bool) -> None:
    """Show the partitioned tables; with TABLE (schema.name) its partitions. All times are in UTC."""
    if table is not None:
        _list_partitions(dsn, table, as_json)
        return
    sets = library.list_sets(resolve_dsn(dsn))
    if as_json:
        print_json([asdict(one) for one in sets])
        return
    print_table(
        ["table", "unit", "zone", "partitions", "ready until", "size", "retention"],
        [
            (
                f"{one.schema_name}.{one.table_name}",
                one.unit,
                one.time_zone,
                one.partitions,
                _time(one.ends_at),
                _size(one.bytes),
                f"{one.retention}, then {one.retention_action}" if one.retention else "",
            )
            for one in sets
        ],
        empty="no table is declared",
    )
    for one in sets:
        for problem in one.problems:
            out.print(f"{one.schema_name}.{one.table_name}: {problem}", markup=False)


def _list_partitions(dsn: str | None, table: str, as_json: bool) -> None:
    found = library.list_partitions(resolve_dsn(dsn), table)
    if as_json:
        print_json([asdict(partition) for partition in found])
        return
    print_table(
        ["partition", "state", "from", "to", "rows", "size"],
        [
            (
                partition.partition_name,
                "default" if partition.is_default else "expired" if partition.is_expired else partition.state,
                _time(partition.starts_at),
                _time(partition.ends_at),
                partition.rows_estimate,
                _size(partition.bytes),
            )
            for partition in found
        ],
        empty="it has no partitions: `moadb partitions maintain` makes them",
    )


@partitions.command()
@click.argument("table", required=False)
@click.option("--lock-timeout", default="2s", show_default=True, help="How long to wait for each lock.")
@json_option
@click.pass_obj
def maintain(dsn: str | None, table: str | None, lock_timeout: str, as_json: bool) -> None:
    """Make partitions ahead, move rows out of default partitions, retire what is past its retention.

    All declared tables, or only TABLE (schema.name). Exit code 1 when something could not be done now.
    """
    with Progress(
        TextColumn("{task.description}", markup=False), BarColumn(), MofNCompleteColumn(), console=err, transient=True
    ) as progress:
        task = progress.add_task("", total=None)
        report = library.maintain(
            resolve_dsn(dsn),
            table,
            lock_timeout=lock_timeout,
            progress=lambda name, done, total: progress.update(task, description=name, completed=done, total=total),
        )
    if as_json:
        print_json([asdict(done) for done in report])
    else:
        _print_report(report)
    if not all(done.ok for done in report):
        sys.exit(Exit.FAILED)


def _print_report(report: list[library.Maintained]) -> None:
    for done in report:
        lines = [f"made {name}" for name in done.made]
        lines += [f"{done.drained} rows moved out of the default partition"] if done.drained else []
        lines += [f"detached {name}" for name in done.detached]
        lines += [f"dropped {name}" for name in done.dropped]
        for line in lines or ["nothing to do"] if done.ok else lines:
            out.print(f"{done.schema_name}.{done.table_name}: {line}", markup=False)
        for problem in [*done.skipped, *([done.error] if done.error else [])]:
            out.print(f"{done.schema_name}.{done.table_name}: [bold red]not done[/]", end=" ")
            out.print(problem, markup=False)
    if not report:
        out.print("no table is declared")


def _time(time: datetime | None) -> str:
    return f"{time:%Y-%m-%d %H:%M}" if time else ""


def _size(size: int) -> str:
    amount = float(size)
    for unit in ("B", "kB", "MB", "GB"):
        if amount < 1024:
            return f"{amount:.0f} {unit}"
        amount /= 1024
    return f"{amount:.1f} TB"
