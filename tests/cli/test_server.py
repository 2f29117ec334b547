"""The local server: made, started, crashed, moved, refused, on the PostgreSQL that --server names."""

from __future__ import annotations

import contextlib
import json
import os
import pwd
import random
import shutil
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from moadb.errors import MoadbError, Refused
from moadb.server import LocalServer, binaries, find_binaries, ports
from moadb.server.processes import is_server
from servers import kill9, new_folder

Make = Callable[..., LocalServer]

ROOT = os.geteuid() == 0


@pytest.fixture(scope="module")
def binaries_dir(request: pytest.FixtureRequest) -> Path:
    return find_binaries(request.config.getoption("--server"))


@pytest.fixture(scope="module", autouse=True)
def ports_of_our_own() -> Iterator[None]:
    """Choose ports far from those that other servers take meanwhile: these are started again and again."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ports, "candidates", lambda: random.sample(range(20000, 32000), 20))
        yield


@contextlib.contextmanager
def open_folder() -> Iterator[Path]:
    """Yield an empty folder that every user of the machine may pass through, unlike pytest's own."""
    path = new_folder()
    try:
        yield path
    finally:
        shutil.rmtree(path)


@pytest.fixture
def folder() -> Iterator[Path]:
    with open_folder() as path:
        yield path


@pytest.fixture(scope="module")
def shared(binaries_dir: Path) -> Iterator[LocalServer]:
    """Return a server for the tests that leave it stopped or running, but whole."""
    with open_folder() as path:
        server = LocalServer(path / "data", binaries_dir)
        server.init()
        yield server
        server.destroy()


@pytest.fixture
def make(binaries_dir: Path, folder: Path) -> Iterator[Make]:
    """Return a function that gives a server in a folder; whatever it gave is removed afterwards."""
    made: list[LocalServer] = []

    def give(path: Path | None = None) -> LocalServer:
        made.append(LocalServer(path or folder / "data", binaries_dir))
        return made[-1]

    yield give
    for server in made:
        server.destroy()


def ask(dsn: str, query: str) -> object:
    with psycopg.connect(dsn) as connection:
        row = connection.execute(query.encode()).fetchone()
    return row[0] if row else None


def test_life(make: Make) -> None:
    server = make()
    assert server.init() is True
    assert server.init() is False
    assert server.is_running() is False
    port = server.start()
    assert server.is_running()
    assert server.start() == port, "starting what runs changes nothing"
    assert ask(server.admin_dsn("postgres"), "select rolsuper from pg_roles where rolname = current_user") is True
    assert server.stop() is True
    assert server.stop() is False
    assert server.is_running() is False
    assert server.start() == port, "the port is kept"
    assert server.destroy() is True
    assert not server.data_dir.exists()
    assert not server.socket_dir.exists()
    assert server.destroy() is False


def test_cluster_is_durable_private_and_the_same_everywhere(shared: LocalServer) -> None:
    server = shared
    server.start()
    dsn = server.admin_dsn("postgres")
    expected = {
        "data_checksums": "on",
        "fsync": "on",
        "full_page_writes": "on",
        "synchronous_commit": "on",
        "listen_addresses": "127.0.0.1",
        "TimeZone": "UTC",
        "server_encoding": "UTF8",
        "password_encryption": "scram-sha-256",
    }
    assert {name: ask(dsn, f"select current_setting('{name}')") for name in expected} == expected
    assert ask(dsn, "select upper('é') || lower('Ж')") == "Éж", "letters are Unicode's"
    assert ask(dsn, "select array_agg(c order by c) from unnest('{b,A,a,B}'::text[]) as c") == ["A", "B", "a", "b"]
    assert ask(dsn, "select count(*) from pg_hba_file_rules where auth_method not in ('peer', 'scram-sha-256')") == 0
    assert stat.S_IMODE(server.cluster.stat().st_mode) == 0o700
    assert stat.S_IMODE(server.socket_dir.stat().st_mode) == 0o700
    assert stat.S_IMODE(server.passfile.stat().st_mode) == 0o600
    state = (server.data_dir / "server.json").read_text()
    assert server.password("postgres") not in state
    assert json.loads(state)["port"] == server.port
    if ROOT:
        assert server.cluster.stat().st_uid != 0


def test_passwords_are_asked_for_over_tcp(shared: LocalServer) -> None:
    server = shared
    server.start()
    dsn = server.dsn("postgres", "postgres")
    assert ask(dsn, "select current_user") == "postgres"
    with pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(dsn, passfile="/dev/null", password="wrong")


def test_settings_hold_for_one_start(shared: LocalServer) -> None:
    server = shared
    server.stop()
    server.start(settings={"work_mem": "7MB", "application_name": "it's"})
    assert ask(server.admin_dsn("postgres"), "select current_setting('work_mem')") == "7MB"
    server.stop()
    server.start()
    assert ask(server.admin_dsn("postgres"), "select current_setting('work_mem')") == "4MB"


def test_crash_loses_nothing(shared: LocalServer) -> None:
    server = shared
    port = server.start()
    with psycopg.connect(server.admin_dsn("postgres")) as connection:
        connection.execute("drop table if exists t")
        connection.execute("create table t (v int)")
        connection.execute("insert into t select generate_series(1, 1000)")
    kill9(server)
    assert server.is_running() is False
    assert server.start() == port
    assert ask(server.admin_dsn("postgres"), "select count(*) from t") == 1000


def test_pid_of_a_crash_that_another_process_has_by_now(shared: LocalServer) -> None:
    server = shared
    server.start()
    kill9(server)
    for lock in (server.cluster / "postmaster.pid", server.socket_dir / f".s.PGSQL.{server.port}.lock"):
        lines = lock.read_text().splitlines()
        lock.write_text("\n".join([str(os.getpid()), *lines[1:]]) + "\n")
    assert server.is_running() is False
    server.start()
    assert server.is_running()


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="processes are looked up in /proc")
def test_a_process_that_is_ending_has_its_port_still(tmp_path: Path) -> None:
    """Whoever starts a server after a crash waits for what is left of the old one, to its end: it has the port."""
    program = shutil.copy(str(shutil.which("sleep")), tmp_path / "postgres")
    for _ in range(40):
        with socket.socket() as listener:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind(("127.0.0.1", 0))
            listener.listen()
            port = listener.getsockname()[1]
            left = [subprocess.Popen([program, "100"], cwd=tmp_path, pass_fds=[listener.fileno()]) for _ in range(4)]
        try:
            assert not ports.is_free(port)
        finally:
            for process in left:
                process.kill()
        while any(is_server(process.pid, tmp_path) for process in left):
            pass
        assert ports.is_free(port)
        for process in left:
            process.wait()


def test_start_that_fails_shows_the_log(shared: LocalServer) -> None:
    server = shared
    server.stop()
    with pytest.raises(MoadbError, match="does not start") as caught:
        server.start(settings={"shared_buffers": "nonsense"})
    assert any("shared_buffers" in line for line in caught.value.details)
    server.start()


def test_start_before_init(make: Make) -> None:
    with pytest.raises(MoadbError, match="there is no cluster"):
        make().start()


@contextlib.contextmanager
def occupied(port: int = 0) -> Iterator[int]:
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", port))
        listener.listen()
        yield listener.getsockname()[1]


def test_occupied_port_is_named_with_its_process(shared: LocalServer) -> None:
    server = shared
    server.stop()
    with occupied() as port, pytest.raises(Refused, match=f"port {port} is in use") as caught:
        server.start(port)
    if Path("/proc/net/tcp").exists():
        assert f"(pid {os.getpid()})" in caught.value.message
    assert server.is_running() is False
    server.start(port)
    server.stop()
    with occupied(port), pytest.raises(Refused, match=f"port {port} is in use"):
        server.start()


def test_port_without_a_choice_is_the_first_free_one(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    server = make()
    server.init()
    with occupied() as port, socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        free = probe.getsockname()[1]
        probe.close()
        monkeypatch.setattr(ports, "candidates", lambda: [port, free])
        assert server.start() == free


def test_another_port_while_it_runs(shared: LocalServer) -> None:
    server = shared
    port = server.start()
    with pytest.raises(Refused, match=f"already runs, on port {port}"):
        server.start(port + 1)


@pytest.mark.parametrize("name", ["PG_VERSION", "notes.txt", "cluster/PG_VERSION", "pgpass"])
def test_folder_of_somebody_else_is_left_alone(make: Make, folder: Path, name: str) -> None:
    foreign = folder / "data" / name
    foreign.parent.mkdir(parents=True)
    foreign.write_text("15\n")
    server = make()
    for action in (server.init, server.start, server.stop):
        with pytest.raises(Refused, match="moadb did not make"):
            action()
    assert server.destroy() is False
    assert [path for path in (folder / "data").rglob("*") if path.is_file()] == [foreign]


def test_folder_behind_a_link(make: Make, folder: Path) -> None:
    (folder / "real").mkdir()
    (folder / "link").symlink_to(folder / "real")
    server = make(folder / "link" / "data")
    server.init()
    port = server.start()
    assert server.is_running()
    assert make(folder / "real" / "data").start() == port


def test_incomplete_cluster_is_refused(make: Make) -> None:
    server = make()
    server.init()
    (server.cluster / "PG_VERSION").unlink()
    for action in (server.init, server.start):
        with pytest.raises(Refused, match="not a complete cluster"):
            action()
    assert server.destroy() is True
    assert server.init() is True


def test_cluster_of_another_version_is_refused(make: Make) -> None:
    server = make()
    server.init()
    (server.cluster / "PG_VERSION").write_text("14\n")
    for action in (server.init, server.start):
        with pytest.raises(Refused, match="was made by PostgreSQL 14"):
            action()


@pytest.mark.parametrize("moment", [0.0, 0.1, 0.4])
def test_init_killed_half_way_leaves_nothing_that_counts(make: Make, moment: float) -> None:
    server = make()
    script = (
        "import sys; from pathlib import Path; from moadb.server import LocalServer\n"
        "LocalServer(Path(sys.argv[1]), Path(sys.argv[2])).init()"
    )
    command = [sys.executable, "-c", script, str(server.data_dir), str(server.binaries)]
    child = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    while not any(server.data_dir.glob("cluster*")) and child.poll() is None:
        time.sleep(0.005)
    time.sleep(moment)
    child.kill()
    child.wait()
    server.init()
    server.start()
    assert ask(server.admin_dsn("postgres"), "select 1") == 1
    assert list(server.data_dir.glob("cluster.new-*")) == []


def test_two_at_once(make: Make) -> None:
    server = make()
    script = (
        "import sys; from pathlib import Path; from moadb.server import LocalServer\n"
        "server = LocalServer(Path(sys.argv[1]), Path(sys.argv[2])); print(server.init()); print(server.start())"
    )
    command = [sys.executable, "-c", script, str(server.data_dir), str(server.binaries)]
    children = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(3)]
    answers = [child.communicate()[0].split() for child in children]
    assert sorted(made for made, _ in answers) == ["False", "False", "True"]
    assert {port for _, port in answers} == {str(server.port)}


@pytest.mark.parametrize("name", ["d" * 120 + "/" + "e" * 120, "데이터 with space and 'quote'"])
def test_unusual_folders(make: Make, folder: Path, name: str) -> None:
    server = make(folder / name)
    server.init()
    server.start()
    assert ask(server.admin_dsn("postgres"), "select current_setting('data_directory')") == str(server.cluster)
    assert ask(server.dsn("postgres", "postgres"), "select 1") == 1


def test_folder_name_that_pg_ctl_would_expand(make: Make, folder: Path) -> None:
    with pytest.raises(Refused, match="pg_ctl cannot pass on"):
        make(folder / "a$HOME").init()


def test_folder_that_cannot_be_written(binaries_dir: Path) -> None:
    with pytest.raises(Refused, match="cannot work in /proc/"):
        LocalServer(Path("/proc/moadb/data"), binaries_dir).init()


@pytest.mark.skipif(not ROOT, reason="only root hands the server to somebody else")
def test_folder_out_of_the_servers_reach(make: Make, folder: Path, binaries_dir: Path) -> None:
    folder.chmod(0o700)
    notes: list[str] = []
    server = make(folder / ".moadb")
    server.report = notes.append
    server.init()
    assert server.cluster.parent == binaries.SHARED
    assert len(notes) == 1
    assert str(server.cluster) in notes[0]
    server.start()
    assert ask(server.dsn("postgres", "postgres"), "select 1") == 1
    cluster = server.cluster
    assert LocalServer(folder / ".moadb", binaries_dir).init() is False, "found again"
    server.destroy()
    assert not cluster.exists()


@pytest.mark.skipif(not ROOT, reason="only root hands the server to somebody else")
def test_embedded_binaries_out_of_the_servers_reach(
    folder: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    if request.config.getoption("--server") != "embedded":
        pytest.skip("the machine's own binaries are not copied")
    hidden = folder / "hidden"
    hidden.mkdir(mode=0o700)
    package = find_binaries("embedded").parent.parent
    for part in (package, package.with_name(package.name + ".libs")):
        (hidden / part.name).symlink_to(part)
    monkeypatch.setattr(binaries, "SHARED", folder / "shared")
    there = hidden / package.name / find_binaries("embedded").parent.name / "bin"
    server = LocalServer(folder / "data", there)
    try:
        server.init()
        server.start()
        assert (folder / "shared") in Path(f"/proc/{_pid(server)}/exe").resolve().parents
        assert not any((folder / "shared").rglob("*.new"))
    finally:
        server.destroy()


def _pid(server: LocalServer) -> int:
    running = server.postmaster()
    assert running is not None
    return running.pid


def _python_for_everybody() -> str | None:
    """Return a Python of our version that an ordinary user can run; root's own may lie out of reach."""
    for path in (sys.executable, "/usr/bin/python3"):
        with contextlib.suppress(OSError):
            done = subprocess.run(
                [path, "-c", "import sys; print(sys.version_info[:2])"],
                capture_output=True,
                text=True,
                user="nobody",
                cwd="/",
            )
            if done.stdout.strip() == str(sys.version_info[:2]):
                return path
    return None


@pytest.fixture
def as_nobody() -> Callable[..., str]:
    """Return a function that runs Python code as the user nobody and returns the last line of its output."""
    python = _python_for_everybody() if ROOT else None
    if python is None:
        pytest.skip("needs root, and a Python that everybody can run")

    def run(code: str, *arguments: object) -> str:
        done = subprocess.run(
            [python, "-c", code, *map(str, arguments)],
            capture_output=True,
            text=True,
            user="nobody",
            group="nogroup",
            extra_groups=[],
            cwd="/",
            env={"PATH": os.environ["PATH"], "PYTHONPATH": os.pathsep.join(sys.path)},
        )
        return (done.stdout + done.stderr).strip().splitlines()[-1]

    return run


def test_ordinary_user(make: Make, folder: Path, as_nobody: Callable[..., str]) -> None:
    folder.chmod(0o777)
    server = make()
    code = (
        "import sys, psycopg; from pathlib import Path; from moadb.server import LocalServer\n"
        "server = LocalServer(Path(sys.argv[1]), Path(sys.argv[2])); server.init(); server.start()\n"
        "print(psycopg.connect(server.admin_dsn('postgres')).execute('select 42').fetchone()[0])"
    )
    assert as_nobody(code, server.data_dir, server.binaries) == "42"
    assert server.cluster.stat().st_uid == pwd.getpwnam("nobody").pw_uid
    assert server.init() is False, "root may work on it"
    assert ask(server.admin_dsn("postgres"), "select 1") == 1
    kill9(server)
    server.start()
    assert as_nobody(code, server.data_dir, server.binaries) == "42", "and leaves it to its owner"


def test_cluster_of_another_user(make: Make, as_nobody: Callable[..., str]) -> None:
    server = make()
    server.init()
    server.start()
    code = (
        "import sys; from pathlib import Path; from moadb.errors import Refused; from moadb.server import LocalServer\n"
        "server = LocalServer(Path(sys.argv[1]), Path(sys.argv[2]))\n"
        "try: server.start()\n"
        "except Refused as error: print(error)"
    )
    assert as_nobody(code, server.data_dir, server.binaries).endswith("and this is nobody")
    connect = "import sys, psycopg\ntry: psycopg.connect(sys.argv[1])\nexcept psycopg.Error as error: print(error)"
    assert "accepting connections" in as_nobody(connect, server.admin_dsn("postgres")), "the socket is out of reach"


def test_socket_folder_of_somebody_else(make: Make, folder: Path, as_nobody: Callable[..., str]) -> None:
    folder.chmod(0o777)
    server = make()
    code = (
        "import sys; from pathlib import Path; from moadb.errors import Refused; from moadb.server import LocalServer\n"
        "server = LocalServer(Path(sys.argv[1]), Path(sys.argv[2])); server.init()\n"
        "try: print(server.start())\n"
        "except Refused as error: print(error)"
    )
    server.socket_dir.mkdir()
    assert as_nobody(code, server.data_dir, server.binaries).endswith("and somebody else made it")
    server.socket_dir.rmdir()
    assert as_nobody(code, server.data_dir, server.binaries).isdigit()


def test_old_server_is_refused(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for program in ("initdb", "pg_ctl", "postgres"):
        (folder / program).write_text("#!/bin/sh\necho 'postgres (PostgreSQL) 14.9'\n")
        (folder / program).chmod(0o755)
    monkeypatch.setattr(binaries, "_system", lambda: iter([folder]))
    with pytest.raises(Refused, match=r"is PostgreSQL 14\.9; moadb needs 15"):
        find_binaries("system")
    with pytest.raises(Refused, match=r"the system PostgreSQL 16 is gone; 14\.9 is there"):
        find_binaries("system", 16)


def test_no_server_at_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(binaries, "_system", lambda: iter([]))
    with pytest.raises(MoadbError, match="no PostgreSQL server"):
        find_binaries("system")
