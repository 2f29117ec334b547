"""The commands of the command line, for tests that look at all of them."""

from __future__ import annotations

from collections.abc import Iterator

import click

from moadb.cli import cli


def walk(command: click.Command = cli, path: str = "moadb") -> Iterator[tuple[str, click.Command]]:
    """Yield a command and, of a group, all commands in it, each with what a user types to call it."""
    yield path, command
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            found = command.get_command(context, name)
            assert found is not None, f"{path} {name} is listed and not there"
            yield from walk(found, f"{path} {name}")
