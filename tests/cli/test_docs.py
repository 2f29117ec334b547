"""docs/cli.md names every command and every option, and the exit codes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from moadb.cli import cli
from moadb.errors import Exit

TEXT = (Path(__file__).resolve().parents[2] / "docs" / "cli.md").read_text(encoding="utf-8")


def commands(group: click.Group, path: str = "moadb") -> Iterator[tuple[str, click.Command]]:
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None, f"{path} {name} cannot be loaded"
        if isinstance(command, click.Group):
            yield from commands(command, f"{path} {name}")
        else:
            yield f"{path} {name}", command


COMMANDS = dict(commands(cli))


@pytest.mark.parametrize("path", COMMANDS)
def test_command_is_documented(path: str) -> None:
    command = COMMANDS[path]
    assert command.help, "it has a help text"
    found = re.search(rf"^#+ `{re.escape(path)}\b.*?(?=^#|\Z)", TEXT, re.MULTILINE | re.DOTALL)
    assert found, f"docs/cli.md has no section `{path} …`"
    for parameter in command.params:
        if isinstance(parameter, click.Option):
            assert parameter.help, f"{parameter.name} has a help text"
            assert any(name in found[0] for name in parameter.opts), f"the section says nothing of {parameter.opts[-1]}"


def test_no_section_is_left_of_a_command_that_is_gone() -> None:
    sections = {match[0].strip() for match in re.findall(r"^#+ `(moadb( [a-z]+)+)", TEXT, re.MULTILINE)}
    assert sections <= set(COMMANDS)


def test_exit_codes() -> None:
    rows = re.findall(r"^\| (\d+) \|", TEXT, re.MULTILINE)
    assert rows == [str(int(code)) for code in Exit] + ["130"]
