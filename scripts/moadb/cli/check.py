"""moadb check."""

from __future__ import annotations

import sys
from dataclasses import asdict

import click

from moadb.checks import check_invariants
from moadb.cli.options import json_option
from moadb.connection import resolve_dsn
from moadb.console import err, out, print_json, print_table
from moadb.errors import Exit


@click.command()
@click.option("--schema", metavar="SCHEMA", help="Only the invariants of this schema; else all.")
@json_option
@click.pass_obj
def check(dsn: str | None, schema: str | None, as_json: bool) -> None:
    """Check that what must always be true of the data is true. Exit code 4 when something is not."""
    with err.status("checking"):
        invariants = check_invariants(resolve_dsn(dsn), schema)
    violated = [invariant for invariant in invariants if invariant.violations]
    if as_json:
        print_json([asdict(invariant) for invariant in invariants])
    else:
        print_table(
            ["invariant", "violations"],
            [(invariant.invariant, invariant.violations) for invariant in invariants],
            empty="no invariant is registered",
        )
        for invariant in violated:
            out.print(f"\n[bold red]{invariant.invariant}[/] {invariant.violations} violations", end="\n    ")
            out.print(invariant.description, markup=False)
            for row in invariant.sample:
                out.print("    " + ", ".join(f"{key} = {value}" for key, value in row.items()), markup=False)
    if violated:
        sys.exit(Exit.NOT_VERIFIED)
