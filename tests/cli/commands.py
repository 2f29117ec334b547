"""The commands of the command line: to look at all of them, and to call one as its program does."""

from __future__ import annotations

import io
import subprocess
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from unittest.mock import patch

import click

from moadb.cli import cli, main


def call(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Return what `moadb …` does, prints and exits with, without the half second that a Python of its own takes.

    What ends in another program (psql), changes how signals are taken or is to be killed needs a process.
    """
    code: int | str | None = 0
    with redirect_stdout(io.StringIO()) as out, redirect_stderr(io.StringIO()) as err:
        try:
            with patch("sys.argv", ["moadb", *arguments]), patch.dict("os.environ", COLUMNS="200", NO_COLOR="1"):
                main()
        except SystemExit as end:
            code = end.code
    assert isinstance(code, int)
    return subprocess.CompletedProcess(arguments, code, out.getvalue(), err.getvalue())


def walk(command: click.Command = cli, path: str = "moadb") -> Iterator[tuple[str, click.Command]]:
    """Yield a command and, of a group, all commands in it, each with what a user types to call it."""
    yield path, command
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            found = command.get_command(context, name)
            assert found is not None, f"{path} {name} is listed and not there"
            yield from walk(found, f"{path} {name}")
