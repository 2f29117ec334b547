"""moadb seed reference|demo."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict

import click

from moadb.cli.options import json_option, systems_option
from moadb.connection import resolve_dsn
from moadb.console import err, print_json, print_table
from moadb.seed import Seeded, seed_demo, seed_reference


@click.group()
def seed() -> None:
    """Load the data that comes with the systems that are deployed. Loading it again adds nothing."""


@seed.command()
@systems_option
@json_option
@click.pass_obj
def reference(dsn: str | None, systems: list[str] | None, as_json: bool) -> None:
    """Load what the systems need to work: codes, categories, plans."""
    _show(lambda progress: seed_reference(resolve_dsn(dsn), systems, progress=progress), as_json)


@seed.command()
@systems_option
@click.option("--scale", type=click.IntRange(min=1), default=1, help="How much of it.")
@json_option
@click.pass_obj
def demo(dsn: str | None, systems: list[str] | None, scale: int, as_json: bool) -> None:
    """Load invented data to look at and to try calls on."""
    _show(lambda progress: seed_demo(resolve_dsn(dsn), systems, scale, progress=progress), as_json)


def _show(load: Callable[[Callable[[str], None]], list[Seeded]], as_json: bool) -> None:
    with err.status("loading") as status:
        seeded = load(lambda path: status.update(path))
    if as_json:
        print_json([asdict(item) for item in seeded])
    else:
        print_table(
            ["file", "rows inserted", "seconds"],
            [(item.path, item.rows, f"{item.seconds:.1f}") for item in seeded],
            empty="the systems that are deployed here bring no such data",
        )
