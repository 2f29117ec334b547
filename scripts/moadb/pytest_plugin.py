"""pytest plugin: runs pgTAP files, and reports each of their tests as a result of its own.

It collects nothing until the ini option `moadb_pgtap` names folders, so it does not disturb other projects. A file is
one item (it is one psql session, so -k and node ids choose files); each line of its TAP then becomes a report, with the
outcome that TAP gives it: passed, failed, skipped (SKIP), expected failure (TODO). What is wrong with the file as a
whole (an SQL error, a plan not kept) is one more failed report, under the file's own name. The databases come from
`pgtap_databases`.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from functools import cached_property
from pathlib import Path
from typing import Any, cast

import pytest
from _pytest.runner import runtestprotocol  # the one way to run an item's phases and report them oneself

from moadb import tap, testing
from moadb.connection import resolve_dsn
from moadb.errors import MoadbError


def pytest_addoption(parser: pytest.Parser) -> None:
    """Register the ini options."""
    parser.addini("moadb_pgtap", "folders whose .sql files are pgTAP tests", type="paths", default=[])
    parser.addini("moadb_systems", "the systems that they need; default: all", type="args", default=[])


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> PgTapFile | None:
    """Collect the .sql files of the folders that `moadb_pgtap` names."""
    if file_path.suffix != ".sql":
        return None
    folders: list[Path] = parent.config.getini("moadb_pgtap")
    if not any(folder in file_path.parents for folder in folders):
        return None
    return PgTapFile.from_parent(parent, path=file_path)


class PgTapFile(pytest.File):
    """A pgTAP file."""

    def collect(self) -> Iterable[PgTapItem]:
        """Return its one item."""

        def run(pgtap_databases: testing.Databases) -> None:
            """Exist for its parameter: pytest reads from it which fixture the item needs."""

        yield PgTapItem.from_parent(self, name="pgtap", callobj=run)


class PgTapItem(pytest.Function):
    """One run of a pgTAP file."""

    result: tap.TapResult | None = None

    @cached_property
    def planned(self) -> int:
        """Return how many results its plan promises, 1 if there is no saying: for the progress in per cent."""
        match = re.search(r"\bplan\s*\(\s*(\d+)\s*\)", self.path.read_text(encoding="utf-8", errors="replace"))
        return int(match[1]) if match else 1

    def runtest(self) -> None:
        """Run the file; what it says is kept for the reports, and only a run that says nothing is an error."""
        databases = cast(testing.Databases, self.funcargs["pgtap_databases"])
        with databases.for_file(self.path) as dsn:
            self.result = tap.run_file(self.path, dsn, databases.psql)

    def reportinfo(self) -> tuple[Path, None, str]:
        """Return where it is, for headings."""
        return self.path, None, os.path.relpath(self.path, self.config.rootpath)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException]) -> Any:  # type: ignore[override]
        """Return an expected failure as its message, without a stack trace."""
        if isinstance(excinfo.value, MoadbError):
            return "\n".join(part for part in (excinfo.value.message, excinfo.value.hint) if part)
        return super().repr_failure(excinfo)

    def reports(self, call: pytest.TestReport) -> list[pytest.TestReport]:
        """Return what to report in place of the run: each test, then the file if something is wrong with it itself."""
        result = self.result
        if result is None or not call.passed:
            return [call]
        reports = [self._report(test, result) for test in result.tests]
        if result.problems:
            call.outcome = "failed"
            call.longrepr = "\n".join(result.problems)
            _add_messages(call, result)
            reports.append(call)
        elif result.skipped is not None:
            call.outcome = "skipped"
            call.longrepr = (str(self.path), 0, f"Skipped: {result.skipped}")
            reports.append(call)
        return reports

    def _report(self, test: tap.TapTest, result: tap.TapResult) -> pytest.TestReport:
        path, lineno, domain = self.location
        report = pytest.TestReport(
            nodeid=f"{self.nodeid}[{test.title}]",
            location=(path, lineno, f"{domain}: {test.title}"),
            keywords=dict(self.keywords),
            outcome="passed" if test.passed else "failed",
            longrepr=None,
            when="call",
            duration=test.seconds,
        )
        if test.directive == "TODO":
            report.wasxfail = test.reason or "TODO"
            report.outcome = "passed" if test.passed else "skipped"
        elif test.directive == "SKIP" and test.ok:
            report.outcome = "skipped"
            report.longrepr = (str(self.path), 0, f"Skipped: {test.reason}")
        elif not test.ok:
            report.outcome = "failed"
            report.longrepr = "\n".join([f"not ok {test.title}", *test.diagnostics])
            _add_messages(report, result)
        return report


def _add_messages(report: pytest.TestReport, result: tap.TapResult) -> None:
    if result.messages:
        report.sections.append(("psql's messages", result.messages))


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop(session: pytest.Session) -> None:
    """Count the tests that the files plan, not the files."""
    session.testscollected += sum(item.planned - 1 for item in session.items if isinstance(item, PgTapItem))


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item, nextitem: pytest.Item | None) -> bool | None:
    """Run a pgTAP file as pytest runs a test, but log its tests in place of the file."""
    if not isinstance(item, PgTapItem):
        return None
    reports: list[pytest.TestReport] = []
    for report in runtestprotocol(item, nextitem=nextitem, log=False):
        if report.when == "call":
            reports.extend(item.reports(report))
        elif not report.passed:
            reports.append(report)
    item.session.testscollected += len(reports) - item.planned
    for report in reports:
        item.ihook.pytest_runtest_logstart(nodeid=report.nodeid, location=report.location)
        item.ihook.pytest_runtest_logreport(report=report)
        item.ihook.pytest_runtest_logfinish(nodeid=report.nodeid, location=report.location)
    if item.result is not None and item.result.bailed_out is not None:
        item.session.shouldstop = f"{item.path.name} bailed out: {item.result.bailed_out}"
    return True


@pytest.fixture(scope="session")
def pgtap_databases(pytestconfig: pytest.Config) -> Iterator[testing.Databases]:
    """Return the databases that pgTAP files run in: made on the server that the environment names, dropped at the end.

    The environment is MOADB_DSN or libpq's variables. A project with a server of its own overrides this fixture.
    """
    with testing.throwaway(resolve_dsn(), systems=pytestconfig.getini("moadb_systems") or None) as databases:
        yield databases
