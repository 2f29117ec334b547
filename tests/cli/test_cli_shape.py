"""The shape of the command line: every command and option says what it does; expected failures are one message."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from cli.commands import call, walk
from moadb.cli import cli
from moadb.errors import Exit

pytestmark = pytest.mark.any_server

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


def test_an_error_is_printed_as_it_is() -> None:
    done = call("--dsn", r"host=/nowhere/\\[bold]", "status")
    assert done.returncode == Exit.FAILED
    assert r"/nowhere/\[bold]/" in done.stderr


@pytest.mark.parametrize("dsn", ["", " "])
def test_an_empty_connection_string_is_a_usage_error(dsn: str) -> None:
    """It comes from a variable that is not set, and does not mean the local server."""
    run = CliRunner().invoke(cli, ["--dsn", dsn, "status"])
    assert run.exit_code == Exit.USAGE
    assert "Invalid value for --dsn: it is empty" in run.stderr


@pytest.mark.parametrize("text", ["", "{", "[]", "null", "{}", '{"port": 5432}', "\udcff"])
@pytest.mark.parametrize("command", ["status", "dsn", "psql", "up"])
def test_a_damaged_state_file_is_one_message(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: str, text: str
) -> None:
    (tmp_path / "server.json").write_text(text, encoding="utf-8", errors="surrogateescape")
    for name in [name for name in os.environ if name.startswith(("PG", "MOADB"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("MOADB_DATA_DIR", str(tmp_path))
    if command == "psql":  # it would become psql
        done = subprocess.run([sys.executable, "-m", "moadb", command], capture_output=True, text=True, check=False)
    else:
        done = call(command)
    assert done.returncode == Exit.FAILED
    assert done.stderr.splitlines() == [
        f"error: {tmp_path / 'server.json'} is damaged",
        "hint: remove it, then `moadb up`",
    ]


WITH_SYSTEMS = [path for path, command in COMMANDS.items() if any("--systems" in p.opts for p in command.params)]


@pytest.mark.parametrize("path", WITH_SYSTEMS)
@pytest.mark.parametrize("names", ["", ",", "platform,,coupon"])
def test_a_list_of_systems_without_a_name_is_a_usage_error(path: str, names: str) -> None:
    run = CliRunner().invoke(cli, ["--dsn", "host=/nowhere", *path.split()[1:], "--systems", names])
    assert run.exit_code == Exit.USAGE
    assert f"{names!r} is not a list of names" in run.stderr


@pytest.mark.parametrize("path", WITH_SYSTEMS)
def test_blanks_in_a_list_of_systems_do_not_matter(path: str) -> None:
    command = COMMANDS[path]
    with command.make_context(path, ["--systems", " platform, coupon "]) as context:
        assert context.params["systems"] == ["platform", "coupon"]


def test_help_is_quick_to_import() -> None:
    """`moadb --help` loads no command and no database driver's pool of modules that only commands need."""
    code = (
        "import sys; import moadb.cli; print([m for m in ('moadb.deploy', 'moadb.server', 'yoyo') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
