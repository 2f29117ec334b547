"""docs/cli.md names every command and every option once, and the exit codes."""

from __future__ import annotations

import re
import signal
from pathlib import Path

import click
import pytest

from cli.commands import walk
from moadb.errors import Exit

pytestmark = pytest.mark.any_server

TEXT = (Path(__file__).resolve().parents[2] / "docs" / "cli.md").read_text(encoding="utf-8")
COMMANDS = {path: command for path, command in walk() if not isinstance(command, click.Group)}


@pytest.mark.parametrize("path", COMMANDS)
def test_command_is_documented(path: str) -> None:
    found = re.findall(rf"^#+ `{re.escape(path)}\b.*?(?=^#|\Z)", TEXT, re.MULTILINE | re.DOTALL)
    assert len(found) == 1, f"docs/cli.md has {len(found)} sections `{path} …`"
    for parameter in COMMANDS[path].params:
        if isinstance(parameter, click.Option):
            assert any(name in found[0] for name in parameter.opts), f"the section says nothing of {parameter.opts[-1]}"


def test_nothing_is_there_twice() -> None:
    paragraphs = [line for line in TEXT.splitlines() if line.startswith("#") or len(line) > 40]
    assert sorted(set(paragraphs)) == sorted(paragraphs)


def test_no_section_is_left_of_a_command_that_is_gone() -> None:
    sections = {match[0].strip() for match in re.findall(r"^#+ `(moadb( [a-z]+)+)", TEXT, re.MULTILINE)}
    assert sections <= set(COMMANDS)


def test_exit_codes() -> None:
    rows = re.findall(r"^\| (\d+(?:, \d+)*) \|", TEXT, re.MULTILINE)
    stopped = ", ".join(str(128 + number) for number in (signal.SIGHUP, signal.SIGINT, signal.SIGTERM))
    assert rows == [*(str(int(code)) for code in Exit), stopped]
