"""The README's examples are true: what stands in its ```console blocks is run, and what it prints compared.

Every `$ ` line is a command (a line that ends with a backslash goes on), what follows is its output. In it … stands for
any text, and a line that is only … for any number of lines. All run in one shell, from top to bottom, in the checkout;
`scripts/up` stands for the `moadb up` that it ends with, because it is installed already.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from servers import new_folder

ROOT = Path(__file__).resolve().parents[2]
README = ROOT / "README.md"


@dataclass(frozen=True)
class Example:
    """A command, the output that the README promises, and where."""

    line: int
    command: str
    output: str

    @property
    def fails(self) -> bool:
        """Return whether the README shows an error."""
        return re.search(r"^(psql: )?(error|ERROR):", self.output, re.MULTILINE) is not None


def read_examples(text: str) -> list[Example]:
    """Return the examples of a Markdown text."""
    examples: list[Example] = []
    for block in re.finditer(r"^```console\n(.*?)^```$", text, re.MULTILINE | re.DOTALL):
        line = text[: block.start(1)].count("\n") + 1
        for match in re.finditer(r"^\$ ((?:.*\\\n)*.*)\n((?:(?!\$ ).*\n)*)", block[1], re.MULTILINE):
            examples.append(Example(line + block[1][: match.start()].count("\n"), match[1], match[2]))
    return examples


def pattern(output: str) -> re.Pattern[str]:
    """Return a pattern for an output with … in it; blanks at the end of a line do not matter."""
    lines = [r"(?:.*\n)*?" if line.strip() == "…" else _line(line) for line in output.rstrip().splitlines()]
    return re.compile("".join(lines) + r"\s*")


def _line(line: str) -> str:
    return r".*".join(re.escape(part) for part in line.rstrip().split("…")) + r"[ \t]*\n"


EXAMPLES = read_examples(README.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def outputs(request: pytest.FixtureRequest) -> Iterator[dict[Example, tuple[int, str]]]:
    """Return exit code and output of every example."""
    folder = new_folder()
    kind = request.config.getoption("--server")
    script = []
    for number, example in enumerate(EXAMPLES):
        command = re.sub(r"^scripts/up\b", f"moadb up --server {kind}", example.command)
        script.append(f"{{ {command}\n}} >{folder}/{number}.out 2>&1 </dev/null; echo $? >{folder}/{number}.code")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PG", "MOADB_"))}
    environment |= {
        "MOADB_DATA_DIR": f"{folder}/data",
        "MOADB_FIRST_PORT": os.environ["MOADB_FIRST_PORT"],
        "PATH": f"{ROOT}/.venv/bin:{os.environ['PATH']}",
        "COLUMNS": "120",
        "PAGER": "cat",
    }
    try:
        subprocess.run(["bash", "-c", "\n".join(script)], cwd=ROOT, env=environment, check=True)
        yield {
            example: (
                int(Path(f"{folder}/{number}.code").read_text(encoding="utf-8")),
                Path(f"{folder}/{number}.out").read_text(encoding="utf-8"),
            )
            for number, example in enumerate(EXAMPLES)
        }
    finally:
        subprocess.run(["moadb", "down", "--destroy", "--yes"], env=environment, check=True, capture_output=True)
        shutil.rmtree(folder)


def test_there_are_examples() -> None:
    assert EXAMPLES, "README.md has no ```console block with a $ line"


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: f"line {example.line}: {example.command[:40]}")
def test_example(example: Example, outputs: dict[Example, tuple[int, str]]) -> None:
    code, output = outputs[example]
    assert pattern(example.output).fullmatch(output.rstrip() + "\n"), f"it printed\n{output}"
    assert (code != 0) is example.fails, f"exit code {code}\n{output}"


def test_reading_and_comparing() -> None:
    """The examples of an example."""
    text = "# x\n```console\n$ echo a \\\n  b\na … b\n…\nlast\n$ true\n```\n```sh\n$ rm -rf /\n```\n"
    first, second = read_examples(text)
    assert (first.line, first.command, first.output) == (3, "echo a \\\n  b", "a … b\n…\nlast\n")
    assert (second.line, second.command, second.output) == (8, "true", "")
    assert pattern(first.output).fullmatch("a c b\nmore\nand more\nlast\n")
    assert pattern(first.output).fullmatch("a  b\nlast\n")
    assert not pattern(first.output).fullmatch("a c b\nmore\n")
    assert not pattern(second.output).fullmatch("more\n")
