"""moadb doctor."""

from __future__ import annotations

import sys
from dataclasses import asdict

import click

from moadb.cli.options import json_option
from moadb.connection import resolve_dsn
from moadb.console import out, print_json
from moadb.doctor import examine
from moadb.errors import Exit


@click.command()
@json_option
@click.pass_obj
def doctor(dsn: str | None, as_json: bool) -> None:
    """Look for what is wrong with the database and say what to do. Exit code 4 when there is a problem."""
    findings = examine(resolve_dsn(dsn))
    if as_json:
        print_json([asdict(finding) for finding in findings])
    else:
        for finding in findings:
            out.print(f"[{'bold red' if finding.level == 'problem' else 'bold'}]{finding.level}[/]", end=" ")
            out.print(f"{finding.subject}: {finding.message}", markup=False)
            out.print(f"    {finding.remedy}", markup=False)
        if not findings:
            out.print("nothing is wrong")
    if any(finding.level == "problem" for finding in findings):
        sys.exit(Exit.NOT_VERIFIED)
