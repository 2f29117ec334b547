"""moadb conf: what it gives fits into the memory, is what a real server takes, and is refused where it would not be."""

from __future__ import annotations

import contextlib
import json
import subprocess
from itertools import product
from pathlib import Path
from typing import get_args

import psycopg
import pytest
from click.testing import CliRunner

from moadb import conf
from moadb.cli import cli
from moadb.conf import Configuration, Machine, size
from moadb.errors import Exit, MoadbError
from moadb.server import LocalServer
from servers import temporary_server

MB = 1024**2
GB = 1024**3
MACHINES = [
    Machine(memory, cpus)
    for memory, cpus in product(
        [256 * MB, 512 * MB, GB, 2 * GB, 3_900 * MB, 16 * GB, 64 * GB, 256 * GB, 1024 * GB], [1, 2, 4, 16, 128]
    )
]
MEMORY = {
    "shared_buffers",
    "effective_cache_size",
    "work_mem",
    "maintenance_work_mem",
    "autovacuum_work_mem",
    "max_wal_size",
    "min_wal_size",
}
CONNECTIONS = [None, 1, 20, 100, 200, 1000]


def configurations() -> list[Configuration]:
    """Return the configurations of all machines that there is one for."""
    found = []
    for machine, connections, disk in product(MACHINES, CONNECTIONS, get_args(conf.Disk)):
        with contextlib.suppress(MoadbError):
            found.append(size(machine, connections, disk))
    return found


def values(configuration: Configuration) -> dict[str, str]:
    return {setting.name: setting.value for setting in configuration.settings}


def amount(value: str) -> int:
    return conf.parse_memory(value)


def test_it_fits() -> None:
    """Added up anew: all that may be in use at once, with 5 MB for each process, leaves a tenth of the memory."""
    found = configurations()
    assert len(found) > 300
    for configuration in found:
        given = values(configuration)
        sessions, parallel = int(given["max_connections"]), int(given["max_parallel_workers"])
        used = (
            amount(given["shared_buffers"])
            + (sessions + parallel) * (5 * MB + 2 * amount(given["work_mem"]))
            + amount(given["maintenance_work_mem"])
            + int(given["autovacuum_max_workers"]) * (5 * MB + amount(given["autovacuum_work_mem"]))
        )
        assert used <= configuration.memory * 9 // 10, configuration
        assert amount(given["work_mem"]) >= MB, configuration
        assert amount(given["shared_buffers"]) * 4 <= configuration.memory, configuration
        assert amount(given["effective_cache_size"]) <= configuration.memory, configuration
        assert amount(given["min_wal_size"]) < amount(given["max_wal_size"]), configuration
        assert int(given["max_worker_processes"]) > parallel >= int(given["max_parallel_workers_per_gather"])
        assert len(given) == len(configuration.settings), "a setting is there twice"
        assert all(setting.reason for setting in configuration.settings)


@pytest.mark.parametrize("machine", MACHINES, ids=str)
def test_the_hint_is_right(machine: Machine) -> None:
    """As many connections as it says fit, and not one more."""
    with pytest.raises(MoadbError) as refused:
        size(machine, 1_000_000)
    words = (refused.value.hint or "").split()
    if words[0].isdigit():
        assert size(machine, int(words[0])).connections == int(words[0])
        with pytest.raises(MoadbError):
            size(machine, int(words[0]) + 1)
    else:
        assert words[:3] == ["that", "takes", "more"]
        with pytest.raises(MoadbError):
            size(machine, 1)


def test_more_memory_is_never_less() -> None:
    for name in ("shared_buffers", "effective_cache_size", "maintenance_work_mem", "work_mem", "max_wal_size"):
        given = [amount(values(size(Machine(memory * MB, 4), 50))[name]) for memory in range(1024, 400_000, 999)]
        assert given == sorted(given), name
    assert size(Machine(512 * MB, 1)).connections == 20
    assert size(Machine(256 * GB, 32)).connections == 200


@pytest.mark.parametrize("memory", [0, 255 * MB])
def test_too_little_memory(memory: int) -> None:
    with pytest.raises(MoadbError, match="of memory are too little"):
        size(Machine(memory, 1))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("512MB", 512 * MB),
        ("16GB", 16 * GB),
        ("16g", 16 * GB),
        (" 1.5 TB ", 1536 * GB),
        ("1048576", MB),
        ("64kB", 65536),
    ],
)
def test_memory_is_read(text: str, expected: int) -> None:
    assert conf.parse_memory(text) == expected


@pytest.mark.parametrize("text", ["", "GB", "much", "-1GB", "16GiB", "1,5GB", "16 G B", "٣GB"])
def test_what_is_no_memory_is_a_usage_error(text: str) -> None:
    run = CliRunner().invoke(cli, ["conf", "--memory", text, "--cpus", "1"])
    assert isinstance(run.exception, MoadbError)
    assert run.exception.exit_code == Exit.USAGE
    assert f"{text!r} is no amount of memory" in run.exception.message


@pytest.mark.parametrize(
    ("machine", "disk"),
    [
        (Machine(512 * MB, 1), "ssd"),
        (Machine(2 * GB, 2), "hdd"),
        (Machine(64 * GB, 16), "ssd"),
        (Machine(1024 * GB, 128), "hdd"),
    ],
    ids=str,
)
def test_the_server_reads_it(server: LocalServer, tmp_path: Path, machine: Machine, disk: conf.Disk) -> None:
    """The server's own parser accepts each line, and understands the value as it is meant."""
    configuration = size(machine, disk=disk)
    file = tmp_path / "postgresql.conf"
    file.write_text(conf.render(configuration), encoding="utf-8")
    with psycopg.connect(server.admin_dsn("postgres")) as connection:
        rows = connection.execute("select s.name, s.unit from pg_settings as s where s.unit is not null").fetchall()
    units: dict[str, int] = {name: {"8kB": 8192, "kB": 1024, "MB": MB}[unit] for name, unit in rows if name in MEMORY}
    for name, value in values(configuration).items():
        read = subprocess.run(
            [server.binaries / "postgres", "-C", name, "-D", server.cluster, "-c", f"config_file={file}"],
            capture_output=True,
            text=True,
            check=True,
        ).stdout.strip()
        if name in MEMORY:
            assert int(read) * units[name] == amount(value)
        else:
            assert read == value.removesuffix("s")


def test_a_server_starts_with_it(pytestconfig: pytest.Config) -> None:
    """And says of each setting whether it takes a restart, as it is marked."""
    configuration = size(Machine(GB, 2), 40, "ssd")
    with temporary_server(pytestconfig.getoption("--server")) as server:
        server.stop()
        server.start(settings=values(configuration))
        with psycopg.connect(server.admin_dsn("postgres")) as connection:
            version = connection.info.server_version
            rows = connection.execute(
                "select s.name, current_setting(s.name), s.context = 'postmaster', s.source from pg_settings as s "
                "where s.name = any(%s)",
                [list(values(configuration))],
            ).fetchall()
    shown = {name: (value, restart, source) for name, value, restart, source in rows}
    for setting in configuration.settings:
        value, restart, source = shown[setting.name]
        assert (value, source) == (setting.value, "configuration file")
        if setting.name == "autovacuum_max_workers" and version >= 180000:
            assert not restart
        else:
            assert restart == setting.restart, setting.name


def test_the_command_prints_a_fragment_or_json(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PGHOST", "db.example.com")  # both are given, so where it is does not matter
    arguments = ["conf", "--memory", "8GB", "--cpus", "4", "--connections", "100", "--disk", "hdd"]
    text = CliRunner().invoke(cli, arguments)
    assert text.exit_code == 0
    assert "8GB of memory, 4 CPUs, hdd, 100 connections" in text.output.splitlines()[0]
    assert "shared_buffers = '2GB'  # restart\n" in text.output
    printed = json.loads(CliRunner().invoke(cli, [*arguments, "--json"]).output)
    assert (printed["memory"], printed["cpus"], printed["connections"], printed["disk"]) == (8 * GB, 4, 100, "hdd")
    assert printed["settings"][0].keys() == {"name", "value", "restart", "reason"}
    lines = [line.split("  #")[0] for line in text.output.splitlines() if line and not line.startswith("#")]
    assert lines == [f"{setting['name']} = '{setting['value']}'" for setting in printed["settings"]]


@pytest.mark.parametrize("given", [[], ["--memory", "1GB"], ["--cpus", "2"]])
@pytest.mark.parametrize(
    "dsn", ["host=db.example.com", "postgresql://u@10.0.0.1,localhost/x", "hostaddr=192.0.2.1 dbname=x"]
)
def test_another_machine_has_to_be_described(dsn: str, given: list[str]) -> None:
    run = CliRunner().invoke(cli, ["--dsn", dsn, "conf", *given])
    assert isinstance(run.exception, MoadbError)
    assert run.exception.exit_code == Exit.USAGE
    assert run.exception.hint == "give both --memory and --cpus"


@pytest.mark.parametrize("dsn", ["host=localhost", "host=/run/postgresql", "host=127.0.0.1 port=1", "dbname=x"])
def test_this_machine_is_measured(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, dsn: str) -> None:
    monkeypatch.setattr(conf, "_MEMORY_LIMITS", (tmp_path / "none",))
    machine = conf.find_machine(dsn)
    assert machine.memory > 256 * MB
    assert machine.cpus >= 1
    limit = tmp_path / "memory.max"
    limit.write_text("314572800\n", encoding="ascii")
    monkeypatch.setattr(conf, "_MEMORY_LIMITS", (tmp_path / "none", limit))
    assert conf.find_machine(dsn).memory == 300 * MB
    limit.write_text("max\n", encoding="ascii")
    assert conf.find_machine(dsn) == machine


def test_without_a_database_it_is_this_machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("MOADB_DSN", "PGHOST", "PGHOSTADDR", "PGSERVICE", "PGDATABASE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("MOADB_DATA_DIR", str(tmp_path))
    assert conf.find_machine(cpus=3).cpus == 3
