"""pgTAP files under pytest, in a project of somebody else's."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

from moadb.connection import connect
from moadb.server import LocalServer

pytestmark = pytest.mark.any_server

COMMITS = "-- isolation: database\nselect plan(1); create table public.mine (); select pass('a');"

FILES = {
    "tests/good.sql": "begin; select plan(2); select pass('a [b] c::d'); select pass('쿠폰'); rollback;",
    "tests/bad.sql": "begin; select plan(2); select is(1, 2, 'unequal'); select pass('b'); rollback;",
    "tests/broken.sql": "begin; select plan(2); select pass('a'); select 1/0; select pass('b'); rollback;",
    "tests/marked.sql": (
        "begin; select plan(3); select skip('not here', 1);"
        "select todo('later', 2); select fail('a'); select pass('b'); rollback;"
    ),
    "tests/commits.sql": COMMITS,
    "tests/commits_again.sql": COMMITS,
    "other/not_a_test.sql": "select 1;",
}


@pytest.fixture
def project(tmp_path: Path, pytestconfig: pytest.Config) -> Path:
    """Return a project with those files."""
    if not pytestconfig.getini("moadb_pgtap"):
        pytest.skip("pgTAP is not here")
    (tmp_path / "pytest.ini").write_text("[pytest]\nmoadb_pgtap = tests\nmoadb_systems = platform\n")
    for name, text in FILES.items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return tmp_path


def _pytest(project: Path, server: LocalServer, *arguments: str) -> tuple[int, str]:
    environment = os.environ | {"MOADB_DSN": server.admin_dsn("postgres")}
    environment.pop("PYTEST_CURRENT_TEST", None)
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *arguments],
        cwd=project,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


def test_every_line_is_a_result(project: Path, server: LocalServer) -> None:
    code, output = _pytest(project, server, "-v", "--junitxml", "junit.xml")
    assert code == 1, output
    assert "2 failed, 6 passed, 1 skipped, 1 xfailed, 1 xpassed" in output
    assert "tests/good.sql::pgtap[1 a [b] c::d] PASSED" in output
    assert "tests/good.sql::pgtap[2 쿠폰] PASSED" in output
    assert "tests/bad.sql::pgtap[1 unequal] FAILED" in output
    assert "not ok 1 unequal\n# Failed test 1" in output
    assert "tests/broken.sql::pgtap FAILED" in output
    assert "broken.sql:1: ERROR:  division by zero" in output
    assert "[100%]" in output
    suite = ElementTree.parse(project / "junit.xml").find("testsuite")
    assert suite is not None
    assert (suite.get("failures"), suite.get("skipped"), suite.get("errors")) == ("2", "2", "0")
    names = [case.get("name") for case in suite.findall("testcase[@classname='tests.good.sql']")]
    assert names == ["pgtap[1 a [b] c::d]", "pgtap[2 쿠폰]"]


def test_files_are_chosen_and_runs_cut_short(project: Path, server: LocalServer) -> None:
    code, output = _pytest(project, server, "-k", "good or commits")
    assert code == 0, output
    assert "4 passed, 3 deselected" in output
    code, output = _pytest(project, server, "tests/bad.sql", "tests/good.sql", "-x")
    assert code == 1, output
    assert "1 failed, 1 passed" in output
    code, output = _pytest(project, server, "--collect-only", "-q")
    assert code == 0
    assert "not_a_test" not in output


def test_a_bail_out_ends_the_run(project: Path, server: LocalServer) -> None:
    (project / "tests" / "a_first.sql").write_text(
        "begin; select plan(2); select pass('a');\n\\echo Bail out! no disk\n"
    )
    code, output = _pytest(project, server)
    assert code == 2, output
    assert "a_first.sql bailed out: no disk" in output
    assert "good.sql" not in output


def test_nothing_is_collected_unless_asked_for(project: Path, server: LocalServer) -> None:
    (project / "pytest.ini").write_text("[pytest]\n")
    code, output = _pytest(project, server)
    assert code == 5, output
    assert "no tests ran" in output


def test_databases_are_dropped(project: Path, server: LocalServer) -> None:
    with connect(server.admin_dsn("postgres")) as connection:
        query = "select datname from pg_database order by 1"
        before = connection.execute(query).fetchall()
        _pytest(project, server, "-k", "good or commits")
        assert connection.execute(query).fetchall() == before


def test_without_a_server_the_message_is_one(project: Path) -> None:
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("PG", "MOADB", "PYTEST"))}
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q"],
        cwd=project,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "no database to work on" in done.stdout
    assert "Traceback" not in done.stdout
