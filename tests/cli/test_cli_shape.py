"""The shape of the command line: every command and option says what it does; expected failures are one message."""

from __future__ import annotations

import subprocess
import sys

import click
import pytest
from click.testing import CliRunner

from cli.commands import walk
from moadb.cli import cli
from moadb.errors import Exit

COMMANDS = dict(walk())


@pytest.mark.parametrize("path", COMMANDS)
def test_help(path: str) -> None:
    """The command has a summary, each of its options a description; --help prints them without touching a database."""
    command = COMMANDS[path]
    assert command.help, f"{path} has no docstring"
    for parameter in command.params:
        if isinstance(parameter, click.Option):
            assert parameter.help, f"{path} {parameter.opts[-1]} has no help"
    run = CliRunner(env={"PGHOST": "/nowhere"}).invoke(cli, [*path.split()[1:], "--help"])
    assert run.exit_code == 0, run.output
    assert run.output.startswith("Usage:")


def test_unknown_commands_are_usage_errors() -> None:
    done = subprocess.run([sys.executable, "-m", "moadb", "nothing"], capture_output=True, text=True, check=False)
    assert done.returncode == Exit.USAGE
    assert "No such command 'nothing'" in done.stderr
    assert "Traceback" not in done.stderr


def test_an_unreachable_server_is_one_message() -> None:
    command = [sys.executable, "-m", "moadb", "--dsn", "host=/nowhere password=secret", "test"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == Exit.FAILED
    assert done.stderr.startswith("error: cannot connect")
    assert "hint:" in done.stderr
    assert "secret" not in done.stderr + done.stdout
    assert "Traceback" not in done.stderr


def test_help_is_quick_to_import() -> None:
    """`moadb --help` loads no command and no database driver's pool of modules that only commands need."""
    code = (
        "import sys; import moadb.cli; print([m for m in ('moadb.deploy', 'moadb.server', 'yoyo') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
