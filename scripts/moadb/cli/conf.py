"""moadb conf."""

from __future__ import annotations

import sys
from dataclasses import asdict
from typing import cast

import click

from moadb import conf as library
from moadb.cli.options import json_option
from moadb.console import print_json


@click.command()
@click.option("--connections", type=click.IntRange(1, 10000), help="Sessions at once; else by memory, 20 to 200.")
@click.option(
    "--disk", type=click.Choice(["ssd", "hdd"]), default="ssd", show_default=True, help="What the data lies on."
)
@click.option("--memory", metavar="SIZE", help="Memory of the machine, e.g. 16GB; else that of this one.")
@click.option("--cpus", type=click.IntRange(1, 4096), help="Processors of the machine; else those of this one.")
@json_option
@click.pass_obj
def conf(
    dsn: str | None, connections: int | None, disk: str, memory: str | None, cpus: int | None, as_json: bool
) -> None:
    """Print server settings that are sized to the machine, each with its reason, as a fragment of postgresql.conf.

    Nothing is changed, nor connected to. For a server on another machine give --memory and --cpus.
    """
    machine = library.find_machine(dsn, None if memory is None else library.parse_memory(memory), cpus)
    configuration = library.size(machine, connections, cast(library.Disk, disk))
    if as_json:
        print_json(asdict(configuration))
    else:
        sys.stdout.write(library.render(configuration))
