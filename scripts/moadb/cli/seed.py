"""moadb seed reference|demo."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict

import click

from moadb.connection import resolve_dsn
from moadb.console import err, print_json, print_table
from moadb.seed import Seeded, seed_demo, seed_reference

_systems = click.option(
    "--systems", metavar="A,B", help="Only these and what they require; else all that are deployed."
)
_json = click.option("--json", "as_json", is_flag=True, help="Print the files and the rows that they inserted as JSON.")


@click.group()
def seed() -> None:
    """Load the data that comes with the systems. Loading it again adds nothing."""


@seed.command()
@_systems
@_json
@click.pass_obj
def reference(dsn: str | None, systems: str | None, as_json: bool) -> None:
    """Load what the systems need to work: codes, categories, plans."""
    _show(lambda progress: seed_reference(resolve_dsn(dsn), _split(systems), progress=progress), as_json)


@seed.command()
@_systems
@click.option("--scale", type=click.IntRange(min=1), default=1, help="How much of it.")
@_json
@click.pass_obj
def demo(dsn: str | None, systems: str | None, scale: int, as_json: bool) -> None:
    """Load invented data to look at and to try calls on."""
    _show(lambda progress: seed_demo(resolve_dsn(dsn), _split(systems), scale, progress=progress), as_json)


def _split(systems: str | None) -> list[str] | None:
    return systems.split(",") if systems is not None else None


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
