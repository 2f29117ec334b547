"""`moadb up`, `down`, `dsn` and `psql` as a user runs them, on the PostgreSQL that --server names."""

from __future__ import annotations

import contextlib
import io
import json
import os
import random
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

import psycopg
import pytest

from cli import commands
from moadb.connection import read_state
from moadb.server import LocalServer, find_binaries
from moadb.server.up import calls_of
from moadb.systems import read_systems
from servers import kill9, new_folder

# the job runner outlives the command that has started it
pytestmark = pytest.mark.filterwarnings("ignore:subprocess .* is still running:ResourceWarning")

# what would lead commands to another database than the one of the test
_ELSEWHERE = ("PGHOST", "PGHOSTADDR", "PGSERVICE", "PGDATABASE", "PGPORT", "PGUSER", "MOADB_DSN", "MOADB_DATA_DIR")


@dataclass
class Place:
    """A folder in which a user works."""

    folder: Path
    kind: str

    @property
    def data_dir(self) -> Path:
        return self.folder / ".moadb"

    def environment(self) -> dict[str, str]:
        return {name: value for name, value in os.environ.items() if name not in _ELSEWHERE}

    def popen(self, *arguments: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-m", "moadb", *arguments],
            cwd=self.folder,
            env=self.environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self, *arguments: str, code: int = 0) -> str:
        """Run a command in this process, check its exit code, and return all that it prints."""
        done = self.call(*arguments)
        assert done.returncode == code, f"{arguments}: exit code {done.returncode}\n{done.stdout}{done.stderr}"
        return done.stdout + done.stderr

    def call(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        here = Path.cwd()
        os.chdir(self.folder)
        try:
            with patch.dict("os.environ", self.environment(), clear=True), patch("sys.stdin", io.StringIO()):
                return commands.call(*arguments)
        finally:
            os.chdir(here)

    def psql(self, *arguments: str, code: int = 0) -> str:
        """Run a command that ends in psql."""
        process = self.popen(*arguments)
        out, err = process.communicate()
        assert process.returncode == code, f"{arguments}: exit code {process.returncode}\n{out}{err}"
        assert "Traceback" not in err
        return out + err

    def up(self, *arguments: str, code: int = 0) -> str:
        return self.run("up", "--server", self.kind, *arguments, code=code)

    def server(self) -> LocalServer:
        return LocalServer(self.data_dir, Path(read_state(self.data_dir)["binaries"]))


def make_place(kind: str) -> Place:
    return Place(new_folder(), kind)


def clear(place: Place) -> None:
    if place.data_dir.exists():
        place.run("down", "--destroy", "--yes")
    shutil.rmtree(place.folder)


@pytest.fixture(scope="module")
def place(request: pytest.FixtureRequest) -> Iterator[Place]:
    """Return a folder in which `moadb up` has been run."""
    here = make_place(request.config.getoption("--server"))
    try:
        here.up("--port", str(random.randrange(20000, 32000)))  # far from where other servers start meanwhile
        yield here
    finally:
        clear(here)


@pytest.fixture
def empty_place(request: pytest.FixtureRequest) -> Iterator[Place]:
    here = make_place(request.config.getoption("--server"))
    try:
        yield here
    finally:
        clear(here)


def outcome(place: Place, *arguments: str) -> dict[str, Any]:
    done = place.call("up", "--json", *arguments)
    assert done.returncode == 0, done.stderr
    return dict(json.loads(done.stdout))


def rows(dsn: str, query: str) -> list[tuple[Any, ...]]:
    with psycopg.connect(dsn) as connection:
        return connection.execute(query.encode()).fetchall()


def test_second_run_changes_nothing_and_says_what_is_there(place: Place) -> None:
    said = place.up()
    assert "already running" in said
    assert "everything was there already" in said
    state = read_state(place.data_dir)
    assert state["admin_dsn"] in said
    assert state["app_dsn"] in said
    for system in read_systems():
        assert any(line.split()[:1] == [system.name] for line in said.splitlines())
    again = outcome(place)
    assert (again["made"], again["started"], again["deployed"]) == (False, False, [])
    assert sum(item["rows"] for item in again["seeded"]) == 0
    assert {item["system"] for item in again["systems"]} == {system.name for system in read_systems()}
    assert all(item["tables"] and item["routines"] for item in again["systems"])


def test_demo_data_is_there(place: Place) -> None:
    coupon = next(item for item in outcome(place)["systems"] if item["system"] == "coupon")
    assert coupon["rows"] > 100


def test_calls_to_try(place: Place) -> None:
    said = place.up()
    shown = [call for call in calls_of(read_systems()) if f"-- {call.title}\n{call.statement}" in said]
    assert len(shown) == 3
    dsn = place.run("dsn").strip()
    for call in calls_of(read_systems()):  # those that are not shown must run as well
        assert call.title
        assert rows(dsn, call.statement)


def test_roles(place: Place) -> None:
    admin, app = place.run("dsn").strip(), place.run("dsn", "--app").strip()
    assert rows(admin, "select current_user, rolsuper, rolcreaterole from pg_roles where rolname = current_user") == [
        ("moadb_admin", False, True)
    ]
    assert rows(admin, "select pg_has_role('moadb_owner', 'member')") == [(True,)]
    assert rows(
        app, "select current_user, pg_has_role('coupon_app', 'member'), pg_has_role('moadb_owner', 'member')"
    ) == [("moadb_demo", True, False)]
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        rows(app, "select * from coupon.coupon_issues")


def test_application_issues_a_coupon(place: Place) -> None:
    app = place.run("dsn", "--app").strip()
    user = random.randrange(10**6, 10**12)
    [(_, number, status)] = rows(app, f"select * from coupon.issue_coupon(3, {user})")
    assert status == "ISSUED"
    assert number


def test_psql(place: Place) -> None:
    assert place.psql("psql", "--", "-Atc", "select current_user").strip() == "moadb_admin"
    assert place.psql("psql", "--app", "--", "-Atc", "select current_user").strip() == "moadb_demo"
    place.psql("psql", "--", "-v", "ON_ERROR_STOP=1", "-c", "select 1/0", code=1)


def test_password_stays_off_the_command_line_and_out_of_sight(place: Place) -> None:
    password = place.server().password("moadb_admin")
    dsn = f"postgresql://moadb_admin:{password}@127.0.0.1:{read_state(place.data_dir)['port']}/moadb"
    shown = place.psql("--dsn", dsn, "psql", "--", "-Atc", "\\! tr '\\0' ' ' </proc/$PPID/cmdline")
    assert "moadb_admin" in shown
    assert password not in shown
    assert password not in place.up()
    assert password not in place.run("dsn")


def test_jobs_are_scheduled(place: Place) -> None:
    state = outcome(place)
    jobs = sum(item["jobs"] for item in state["systems"])
    assert jobs > 0
    dsn = state["state"]["admin_dsn"]
    if state["scheduler"] == "pg_cron":
        entries = "select count(*) from cron.job where username = 'moadb_admin' and active and command ~ 'run_job\\('"
        assert rows(dsn, entries) == [(jobs + 1,)], "each job's, and the one that prunes pg_cron's own history"
    else:
        assert (place.data_dir / "runner.pid").read_text().strip().isdigit()
        assert rows(dsn, "select count(*) > 0 from pg_stat_activity where application_name like 'moadb jobs%'") == [
            (True,)
        ]


def test_systems_that_do_not_exist(empty_place: Place) -> None:
    said = empty_place.up("--systems", "coupon,nonsense", code=2)
    assert "there is no system 'nonsense'" in said
    assert not empty_place.data_dir.exists(), "nothing half-done"


def test_occupied_port(empty_place: Place) -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        port = listener.getsockname()[1]
        said = empty_place.up("--port", str(port), code=3)
    assert f"port {port} is in use" in said
    assert "--port" in said


def test_folder_of_somebody_else(empty_place: Place) -> None:
    empty_place.data_dir.mkdir()
    (empty_place.data_dir / "thesis.txt").write_text("…")
    assert "thesis.txt" in empty_place.up(code=3)
    empty_place.run("down", code=3)
    assert "no server" in empty_place.run("down", "--destroy", "--yes")
    assert [path.name for path in empty_place.data_dir.iterdir()] == ["thesis.txt"]
    (empty_place.data_dir / "thesis.txt").unlink()


def test_nothing_there(empty_place: Place) -> None:
    assert "no server" in empty_place.run("down")
    assert "moadb up" in empty_place.run("dsn", code=1)
    assert "moadb up" in empty_place.psql("psql", code=1)
    assert not empty_place.data_dir.exists()


def test_crash_then_up(place: Place) -> None:
    before = outcome(place)
    kill9(place.server())
    after = outcome(place)
    assert after["started"] is True
    assert after["made"] is False
    assert after["state"] == before["state"]
    assert [item["tables"] for item in after["systems"]] == [item["tables"] for item in before["systems"]]


def test_down_then_up_elsewhere_keeps_the_jobs(place: Place) -> None:
    assert "stopped" in place.run("down")
    assert not (place.data_dir / "runner.pid").exists()
    assert not place.server().is_running()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    state = outcome(place, "--port", str(port))
    assert state["state"]["port"] == port
    assert rows(state["state"]["admin_dsn"], "select platform._check_installation()::text") == [("",)]
    if state["scheduler"] == "pg_cron":
        assert rows(state["state"]["admin_dsn"], "select distinct nodeport from cron.job") == [(port,)]


def test_copy_runs_no_jobs(place: Place, empty_place: Place) -> None:
    rows(place.run("dsn").strip(), "select platform._check_installation()::text")  # now it knows its folder
    place.run("down")
    subprocess.run(["cp", "-a", place.data_dir, empty_place.data_dir], check=True)
    place.up()
    port = str(random.randrange(20000, 32000))
    assert "this is a copy of" in empty_place.run("up", "--port", port)
    assert outcome(empty_place)["scheduler"] == "nobody"
    empty_place.run("jobs", "adopt", "--yes")
    assert outcome(empty_place)["scheduler"] == outcome(place)["scheduler"]


def test_new_password_file(place: Place) -> None:
    (place.data_dir / "pgpass").unlink()
    place.up()
    assert rows(place.run("dsn", "--app").strip(), "select current_user") == [("moadb_demo",)]


def test_one_system(empty_place: Place) -> None:
    empty_place.up("--systems", "platform", "--no-demo")
    assert rows(empty_place.run("dsn").strip(), "select to_regnamespace('coupon')") == [(None,)]
    assert "coupon" in empty_place.up("--systems", "coupon", "--no-demo")
    assert rows(empty_place.run("dsn").strip(), "select count(*) from coupon.coupon_policies") == [(0,)]


def test_killed_at_random_then_up(empty_place: Place) -> None:
    """Kill `moadb up` later and later, in whatever it is doing, until it finishes; then everything is there, once."""
    for tenths in range(1, 100, 4):
        process = empty_place.popen("up", "--server", empty_place.kind, "--systems", "coupon")
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(tenths / 10 * random.uniform(0.8, 1.2))
        process.kill()
        process.communicate()
        if process.returncode == 0:
            break
    empty_place.up("--systems", "coupon")
    again = outcome(empty_place, "--systems", "coupon")
    assert again["deployed"] == []
    assert sum(item["rows"] for item in again["seeded"]) == 0
    policies = "select count(*), count(distinct coupon_code) from coupon.coupon_policies"
    assert rows(again["state"]["admin_dsn"], policies) == [(8, 8)]
    assert [path.name for path in empty_place.data_dir.iterdir() if ".new" in path.name] == []


def test_two_at_once(empty_place: Place) -> None:
    command = ["up", "--server", empty_place.kind, "--systems", "coupon"]
    both = [empty_place.popen(*command) for _ in range(2)]
    said = ["".join(process.communicate()) for process in both]
    assert [process.returncode for process in both] == [0, 0], said
    again = outcome(empty_place, "--systems", "coupon")
    assert rows(again["state"]["admin_dsn"], "select count(*) from coupon.coupon_policies") == [(8,)]
    assert sum(item["rows"] for item in again["seeded"]) == 0


def test_psql_by_libpqs_own_environment(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.modules[__name__], "_ELSEWHERE", ())
    monkeypatch.setenv("PGHOST", place.server().postmaster().socket_dir)  # type: ignore[union-attr]  # it runs
    monkeypatch.setenv("PGPORT", str(place.server().port))
    monkeypatch.setenv("PGUSER", "postgres")
    monkeypatch.setenv("PGDATABASE", "template1")
    assert place.psql("psql", "-Atc", "select current_user, current_database()").strip() == "postgres|template1"


def test_destroy_asks_first(place: Place) -> None:
    assert "interrupted" in place.run("down", "--destroy", code=130)
    assert place.server().is_running()


def test_other_binaries_than_the_cluster_was_made_with(place: Place) -> None:
    other = "system" if place.kind == "embedded" else "embedded"
    try:
        version = find_binaries("system" if other == "system" else "embedded")
    except Exception:
        pytest.skip(f"no {other} server here")
    if version.parent.name.endswith(str(read_state(place.data_dir)["version"]).split(".")[0]):
        pytest.skip("both are of the same major version")
    assert "was made by PostgreSQL" in place.run("up", "--server", other, code=3)
