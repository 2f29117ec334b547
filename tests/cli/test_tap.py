"""The reading of TAP: the same verdict as pg_prove on files as odd as they come, and nothing lost on the way."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner

from moadb import tap, testing
from moadb.cli import cli
from moadb.connection import Connection, connect
from moadb.errors import Exit, MoadbError
from moadb.server import LocalServer, kind_of
from servers import temporary_server

XUNIT = """
create schema mine;
create function mine.test_a() returns setof text language sql as $$ select pass('inner') $$;
"""

# name -> (does it pass?, the file)
FILES = {
    "passes": (True, "begin; select plan(2); select pass('a'); select pass('b'); select * from finish(); rollback;"),
    "fails": (
        False,
        "begin; select plan(2); select pass('a'); select is(1, 2, 'b'); select * from finish(); rollback;",
    ),
    "sql_error": (False, "begin; select plan(2); select pass('a');\nselect 1/0;\nselect pass('b'); rollback;"),
    "sql_error_after_the_plan": (False, "begin; select plan(1); select pass('a'); select 1/0; rollback;"),
    "sql_error_before_the_plan": (False, "select nothing.nowhere();"),
    "short_plan": (False, "begin; select plan(3); select pass('a'); select * from finish(); rollback;"),
    "long_plan": (False, "begin; select plan(1); select pass('a'); select pass('b'); rollback;"),
    "no_plan": (True, "begin; select * from no_plan(); select pass('a'); select * from finish(); rollback;"),
    "plan_forgotten": (False, "\\echo ok 1 - a\n"),
    "says_nothing": (False, "select 1 where false;"),
    "todo_fails": (True, "begin; select plan(1); select todo('later', 1); select fail('a'); rollback;"),
    "todo_passes": (True, "begin; select plan(1); select todo('later', 1); select pass('a'); rollback;"),
    "skips": (True, "begin; select plan(2); select skip('not here', 1); select pass('b'); rollback;"),
    "skips_all": (True, "\\echo '1..0 # SKIP not on this server'\n"),
    "plans_nothing": (True, "\\echo 1..0\n"),
    "plans_nothing_and_tests": (False, "\\echo 1..0\n\\echo ok 1\n"),
    "failing_skip": (False, "\\echo 1..1\n\\echo 'not ok 1 - a # SKIP why'\n"),
    "bails_out": (False, "begin; select plan(1); select pass('a');\n\\echo Bail out! no disk\nrollback;"),
    "bails_out_at_once": (False, "\\echo Bail out!\n"),
    "notices": (
        True,
        "do $$ begin raise notice 'not ok 1'; end $$; begin; select plan(1); select pass('a'); rollback;",
    ),
    "included": (True, "begin; select plan(1);\n\\ir included.inc\nrollback;"),
    "include_missing": (False, "begin; select plan(1); select pass('a');\n\\ir nowhere.inc\nrollback;"),
    "psql_variables": (True, "\\set n 1\nbegin; select plan(:n); select is(:'n'::text, '1', 'a'); rollback;"),
    "out_of_sequence": (False, "\\echo 1..2\n\\echo ok 2\n\\echo ok 1\n"),
    "unnumbered": (True, "\\echo 1..2\n\\echo ok\n\\echo ok - b\n"),
    "plan_at_the_end": (True, "\\echo ok 1\n\\echo ok 2\n\\echo 1..2\n"),
    "plan_in_the_middle": (False, "\\echo ok 1\n\\echo 1..2\n\\echo ok 2\n"),
    "two_plans": (False, "\\echo 1..1\n\\echo 1..1\n\\echo ok 1\n"),
    "plan_with_a_tail": (False, "\\echo 1..1 tests\n\\echo ok 1\n"),
    "indented_failure": (True, "\\echo 1..1\n\\echo '    not ok 1 - inner'\n\\echo ok 1 - outer\n"),
    "prose": (True, "\\echo hello\n\\echo 1..1\n\\echo okay then\n\\echo ok 1 - a\n\\echo '# a comment'\n"),
    "escaped_hash": (False, "\\echo 1..1\n\\echo 'not ok 1 - a \\\\# TODO is part of the name'\n"),
    "lower_case_directive": (True, "\\echo 1..1\n\\echo 'not ok 1 - a # todo: later'\n"),
    "directive_without_a_hash": (False, "\\echo 1..1\n\\echo 'not ok 1 - a TODO later'\n"),
    "korean": (True, "begin; select plan(1); select pass('쿠폰 발급'); select * from finish(); rollback;"),
    "ok_glued_to_korean": (True, "\\echo 1..1\n\\echo 'ok쿠폰'\n"),
    "xunit": (True, f"begin;\n{XUNIT}\nselect * from runtests('mine'::name);\nrollback;"),
    "xunit_fails": (
        False,
        f"begin;\n{XUNIT.replace('pass', 'fail')}\nselect * from runtests('mine'::name);\nrollback;",
    ),
}


@pytest.fixture(scope="module")
def pgtap(server: LocalServer, pytestconfig: pytest.Config) -> str:
    """Return the name of a database that has pgTAP and nothing else."""
    if not pytestconfig.getini("moadb_pgtap"):
        pytest.skip("pgTAP is not here")
    name = testing.new_name("pgtap")
    testing.load_pgtap(testing.create_database(server.admin_dsn("postgres"), name))
    return name


@pytest.fixture(scope="module")
def dsn(server: LocalServer, pgtap: str) -> str:
    """Return the connection string of that database."""
    return server.admin_dsn(pgtap)


@pytest.fixture
def file(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """Return one of FILES, with what it includes beside it."""
    (tmp_path / "included.inc").write_text("select pass('from beside me');\n")
    path = tmp_path / f"{request.param}.sql"
    path.write_text(FILES[request.param][1], encoding="utf-8")
    return path


@pytest.mark.parametrize("file", FILES, indirect=True)
def test_verdict(file: Path, dsn: str, server: LocalServer) -> None:
    result = tap.run_file(file, dsn, server.binaries / "psql")
    assert result.ok is FILES[file.stem][0], result


@pytest.mark.skipif(shutil.which("pg_prove") is None, reason="pg_prove is not installed")
@pytest.mark.parametrize("file", FILES, indirect=True)
def test_verdict_is_that_of_pg_prove(file: Path, dsn: str, server: LocalServer) -> None:
    environment, rest = tap.libpq_environment(dsn)
    assert not rest
    command = ["pg_prove", "--psql-bin", str(server.binaries / "psql"), str(file)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode == 0) is FILES[file.stem][0], done.stdout + done.stderr


def test_what_a_test_line_says() -> None:
    result = _read(
        "1..4",
        "ok 1 - a name: 1::int [x]",
        "not ok 2 - with \\# a hash # TODO until tomorrow",
        "# Failed (TODO) test 2",
        "# have: 1",
        "ok 3 # SKIP no server",
        "    ok 1 - inner",
        "    1..1",
        "not ok 4 - outer",
        "# Looks like you failed 1 test of 4",
    )
    assert [(t.number, t.ok, t.passed, t.description, t.directive, t.reason) for t in result.tests] == [
        (1, True, True, "a name: 1::int [x]", "", ""),
        (2, True, False, "with # a hash", "TODO", "until tomorrow"),
        (3, True, True, "", "SKIP", "no server"),
        (4, False, False, "outer", "", ""),
    ]
    assert result.tests[1].diagnostics == ["# Failed (TODO) test 2", "# have: 1"]
    assert result.tests[3].diagnostics == ["    ok 1 - inner", "    1..1", "# Looks like you failed 1 test of 4"]
    assert not result.problems


def test_tests_beyond_the_plan_fail() -> None:
    result = _read("1..1", "ok 1", "ok 2 - one too many")
    assert [test.description for test in result.failed] == ["one too many"]
    assert result.problems == ["1 tests were planned and 2 ran"]


def test_an_sql_error_is_quoted(tmp_path: Path, dsn: str, server: LocalServer) -> None:
    path = tmp_path / "broken.sql"
    path.write_text("select plan(1);\n\nselect nowhere.nothing();\n")
    result = tap.run_file(path, dsn, server.binaries / "psql")
    assert f'psql:{path}:3: ERROR:  schema "nowhere" does not exist' in result.problems[-1]


def test_the_password_is_not_on_the_command_line() -> None:
    environment, rest = tap.libpq_environment(r"host=h password='it\'s \\secret' user=u keepalives_idle=7")
    assert environment["PGPASSWORD"] == "it's \\secret"
    assert environment["PGUSER"] == "u"
    assert rest == "keepalives_idle='7'"


def test_missing_files_and_programs(tmp_path: Path, dsn: str) -> None:
    with pytest.raises(MoadbError, match="no test file"):
        tap.run_file(tmp_path / "nowhere.sql", dsn)
    path = tmp_path / "a.sql"
    path.write_text("select 1;")
    with pytest.raises(MoadbError, match="there is no /nowhere/psql"):
        tap.run_file(path, dsn, "/nowhere/psql")


def test_isolation_is_read_from_the_leading_comment(tmp_path: Path) -> None:
    path = tmp_path / "a.sql"
    path.write_text("-- It commits.\n\n-- isolation: database\nselect 1;\n")
    assert tap.needs_own_database(path)
    path.write_text("select 1;\n-- isolation: database\n")
    assert not tap.needs_own_database(path)
    path.write_text("-- isolation: transaction\n")
    with pytest.raises(MoadbError, match="no isolation 'transaction'"):
        tap.needs_own_database(path)


def test_junit(tmp_path: Path) -> None:
    result = _read("1..4", "ok 1 - a", "not ok 2 - b \x01 <&>", "# why", "ok 3 # SKIP c", "not ok 4 # TODO d")
    whole = _read("1..2", "ok 1")
    document = ElementTree.fromstring(tap.junit([("one.sql", result), ("two.sql", whole)]))
    one, two = document.findall("testsuite")
    assert (one.get("tests"), one.get("failures"), one.get("errors"), one.get("skipped")) == ("4", "1", "0", "2")
    failure = one.find("testcase/failure")
    assert failure is not None
    assert (failure.get("message"), failure.text) == ("not ok 2 b \ufffd <&>", "# why")
    assert (two.get("tests"), two.get("errors")) == ("2", "1")


@pytest.fixture
def files(tmp_path: Path, pgtap: str) -> Path:
    """Return a folder with a file that passes, one that fails and one that commits."""
    (tmp_path / "good.sql").write_text(FILES["passes"][1])
    (tmp_path / "bad.sql").write_text(FILES["fails"][1])
    (tmp_path / "commits.sql").write_text(
        "-- isolation: database\nselect plan(1); create table public.mine (); select pass('c'); select * from finish();"
    )
    return tmp_path


def test_command(files: Path, server: LocalServer) -> None:
    admin = server.admin_dsn("postgres")
    before = _databases(server)
    junit = files / "junit.xml"
    run = CliRunner().invoke(
        cli, ["--dsn", admin, "test", "--systems", "platform", "-j", "2", "--junit", str(junit), str(files)]
    )
    assert run.exit_code == 4, run.output
    assert f"ok     {files / 'good.sql'}  2 tests" in run.stdout
    assert f"ok     {files / 'commits.sql'}  1 tests" in run.stdout
    assert f"not ok {files / 'bad.sql'}  2 tests" in run.stdout
    assert "    not ok 2 b\n    # Failed test 2" in run.stdout
    assert run.stdout.endswith("5 tests in 3 files: 1 failed, in 1 files that did not pass\n")
    assert len(ElementTree.parse(junit).findall("testsuite")) == 3
    assert _databases(server) == before


def test_a_report_that_cannot_be_written_is_found_out_before_the_tests_run(files: Path, server: LocalServer) -> None:
    junit = files / "nowhere" / "x.xml"
    command = [sys.executable, "-m", "moadb", "--dsn", server.admin_dsn("postgres"), "test", "--junit", str(junit)]
    done = subprocess.run([*command, str(files)], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (Exit.FAILED, "")
    assert done.stderr == f"error: {junit}: No such file or directory\n"


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_command_interrupted(number: signal.Signals, tmp_path: Path, server: LocalServer, pgtap: str) -> None:
    """It ends at once, and drops what it made."""
    before = _databases(server)
    (tmp_path / "long.sql").write_text("select plan(1); select pg_sleep(600); select pass('a');")
    command = [sys.executable, "-m", "moadb", "--dsn", server.admin_dsn("postgres"), "test", "--systems", "platform"]
    process = subprocess.Popen([*command, str(tmp_path)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    with connect(server.admin_dsn("postgres")) as connection:
        query = "select count(*) from pg_stat_activity where query like '%pg_sleep(600)%' and pid <> pg_backend_pid()"
        while connection.execute(query).fetchone() == (0,):
            assert process.poll() is None, process.communicate()
            time.sleep(0.05)
    process.send_signal(number)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "interrupted" in errors
    assert "Traceback" not in errors
    assert _databases(server) == before


def test_command_json(files: Path, server: LocalServer) -> None:
    (files / "bad.sql").unlink()
    run = CliRunner().invoke(
        cli, ["--dsn", server.admin_dsn("postgres"), "test", "--systems", "platform", "--json", str(files)]
    )
    assert run.exit_code == 0, run.output
    document = json.loads(run.stdout)
    assert document["summary"] == {"ok": True, "files": 2, "not_run": 0, "tests": 3, "failed": 0, "files_failed": 0}
    assert [test["description"] for test in document["files"][1]["tests"]] == ["a", "b"]


def test_command_on_an_existing_database(files: Path, server: LocalServer, pgtap: str) -> None:
    run = CliRunner().invoke(cli, ["--dsn", server.admin_dsn("postgres"), "test", "--database", pgtap, str(files)])
    assert run.exit_code == 4, run.output
    assert "commits.sql commits, so it needs a database of its own" in run.stderr
    assert "4 tests in 2 files" in run.stdout


def test_command_without_pgtap(files: Path, server: LocalServer) -> None:
    run = CliRunner().invoke(
        cli, ["--dsn", server.admin_dsn("postgres"), "test", "--database", "template1", str(files)]
    )
    assert isinstance(run.exception, MoadbError)
    assert "has no pgTAP" in run.exception.message


def test_only_its_own_roles_are_dropped(server: LocalServer, pytestconfig: pytest.Config) -> None:
    """The roles that the deploy made are, a role that somebody else makes meanwhile is not."""
    if not pytestconfig.getini("moadb_pgtap"):
        pytest.skip("pgTAP is not here")
    with temporary_server(kind_of(server.binaries)) as other:
        admin = other.admin_dsn("postgres")
        with connect(admin) as connection:
            before = _roles(connection)
            with testing.throwaway(admin, systems=["platform"]):
                assert "moadb_owner" in _roles(connection)
                connection.execute("create role somebody")
            assert _roles(connection) == before | {"somebody"}


def test_a_bail_out_stops_what_has_not_begun(tmp_path: Path, pgtap: str, server: LocalServer) -> None:
    first = tmp_path / "1.sql"
    first.write_text(FILES["bails_out"][1])
    others = [tmp_path / f"{number}.sql" for number in range(2, 20)]
    for path in others:
        path.write_text(FILES["passes"][1])
    databases = testing.Databases(server.admin_dsn("postgres"), pgtap)
    run = testing.run_files([first, *others], databases.for_file, psql=server.binaries / "psql")
    ran = [path for path, _ in run]
    databases.close()
    assert ran[0] == first
    assert len(ran) < len(others)


def _read(*lines: str) -> tap.TapResult:
    reader = tap.TapReader()
    for line in lines:
        reader.read(line)
    return reader.finish()


def _roles(connection: Connection) -> set[str]:
    return {name for (name,) in connection.execute("select rolname from pg_roles")}


def _databases(server: LocalServer) -> list[str]:
    with connect(server.admin_dsn("postgres")) as connection:
        return [name for (name,) in connection.execute("select datname from pg_database order by 1")]
