"""`moadb conf`: settings of a server, sized to the machine that it runs on.

What may be in use at once is added up, and fits: the shared memory, maintenance, and every process with two work_mem (a
sort and a hash table, or one hash table, which may take two). A tenth and what is left over are the operating system's,
which caches files with it.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from psycopg import conninfo

from moadb.connection import resolve_dsn
from moadb.errors import Exit, MoadbError

Disk = Literal["ssd", "hdd"]

_MB: Final = 1024**2
_GB: Final = 1024**3
_LEAST_MEMORY: Final = 256 * _MB
_LEAST_WORK_MEM: Final = _MB
_MOST_WORK_MEM: Final = 256 * _MB
_SESSION: Final = 5 * _MB  # what a process keeps for itself: caches of the catalogue and of plans
_MEMORY_LIMITS: Final = (
    Path("/sys/fs/cgroup/memory.max"),
    Path("/sys/fs/cgroup/memory/memory.limit_in_bytes"),
)
_UNITS: Final = {"": 1, "B": 1, "KB": 1024, "MB": _MB, "GB": _GB, "TB": 1024 * _GB}


@dataclass(frozen=True)
class Machine:
    """What a server has to itself.

    Args:
        memory: bytes.
        cpus: processors.
    """

    memory: int
    cpus: int


@dataclass(frozen=True)
class Setting:
    """One line of postgresql.conf.

    Args:
        name: the setting.
        value: as postgresql.conf has it, without quotes.
        restart: whether it counts from the next restart; the others from a reload. As in PostgreSQL 15.
        reason: why this value.
    """

    name: str
    value: str
    restart: bool
    reason: str


@dataclass(frozen=True)
class Configuration:
    """The settings, and what they were made for.

    Args:
        memory: bytes.
        cpus: processors.
        connections: sessions at once.
        disk: what the data lies on.
        settings: in the order in which they are to be read.
    """

    memory: int
    cpus: int
    connections: int
    disk: Disk
    settings: list[Setting]


def parse_memory(text: str) -> int:
    """Return the bytes of '16GB', '512MB', '1.5TB'; units are powers of 1024.

    Raises:
        MoadbError: that is no amount of memory.
    """
    found = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*([kKmMgGtT]?[bB]?)\s*", text, re.ASCII)
    unit = found[2].upper() if found else "?"
    if unit in ("K", "M", "G", "T"):
        unit += "B"
    if not found or unit not in _UNITS:
        raise MoadbError(f"{text!r} is no amount of memory", hint="write 512MB, 16GB or 1.5TB", exit_code=Exit.USAGE)
    return int(float(found[1]) * _UNITS[unit])


def find_machine(dsn: str | None = None, memory: int | None = None, cpus: int | None = None) -> Machine:
    """Return the machine that the server runs on: what is given, else this one, within the limits of its container.

    Args:
        dsn: as for resolve_dsn; nothing is connected to. Without any, the server is meant to run here.
        memory: bytes; None: those of this machine.
        cpus: processors; None: those of this machine.

    Raises:
        MoadbError: the server runs elsewhere, or this machine does not tell, and something is not given.
    """
    if memory is None or cpus is None:
        host = _remote_host(dsn)
        if host is not None:
            raise MoadbError(
                f"the database is on {host}, and this machine cannot tell how large that one is",
                hint="give both --memory and --cpus",
                exit_code=Exit.USAGE,
            )
    return Machine(_own_memory() if memory is None else memory, _own_cpus() if cpus is None else cpus)


def size(machine: Machine, connections: int | None = None, disk: Disk = "ssd") -> Configuration:
    """Return the settings for a machine that has nothing else to do.

    Args:
        machine: the machine.
        connections: sessions at once; None: one for 32 MB of memory, 20 to 200.
        disk: what the data lies on.

    Raises:
        MoadbError: that many connections do not fit into the memory, or there is too little of it.
    """
    memory, cpus = machine.memory, machine.cpus
    if memory < _LEAST_MEMORY:
        raise MoadbError(f"{_text(memory)} of memory are too little", hint=f"{_text(_LEAST_MEMORY)} is the least")
    if connections is None:
        connections = max(20, min(200, memory // (32 * _MB)))

    shared_buffers = min(memory // 4, 32 * _GB)
    vacuum_workers = max(3, min(cpus // 2, 8))
    maintenance_work_mem = min(memory // 16, 2 * _GB)
    autovacuum_work_mem = min(memory // 16 // vacuum_workers, _GB)
    parallel_workers = min(cpus, 32)
    own = memory // 10 + shared_buffers + maintenance_work_mem + vacuum_workers * (autovacuum_work_mem + _SESSION)
    free = memory - own

    processes = connections + parallel_workers
    work_mem = min(free // processes - _SESSION, 2 * _MOST_WORK_MEM) // 2
    if work_mem < _LEAST_WORK_MEM:
        most = free // (_SESSION + 2 * _LEAST_WORK_MEM) - parallel_workers
        raise MoadbError(
            f"{connections} connections do not fit into {_text(memory)} of memory",
            hint=f"{most} do; more clients than that go through a pooler such as PgBouncer"
            if most > 0
            else "that takes more memory, or fewer CPUs",
        )

    max_wal_size = max(_GB, min(memory // 4, 16 * _GB))
    settings = [
        Setting(
            "max_connections", str(connections), True, "each takes memory; more clients than this go through a pooler"
        ),
        Setting(
            "shared_buffers",
            _text(shared_buffers),
            True,
            "a quarter of the memory, 32 GB at most: the rest caches files all the same",
        ),
        Setting(
            "effective_cache_size",
            _text(memory * 3 // 4),
            False,
            "what the planner may expect to find cached, here or by the operating system; takes no memory",
        ),
        Setting(
            "work_mem",
            _text(work_mem),
            False,
            f"two for each of {processes} processes ({connections} sessions, {parallel_workers} parallel workers) fit "
            "beside all else; a report may set more for itself",
        ),
        Setting(
            "maintenance_work_mem",
            _text(maintenance_work_mem),
            False,
            "for an index being built: a sixteenth, 2 GB at most",
        ),
        Setting("autovacuum_max_workers", str(vacuum_workers), True, "partitions are many tables"),
        Setting(
            "autovacuum_work_mem",
            _text(autovacuum_work_mem),
            False,
            "all workers together: another sixteenth",
        ),
        Setting("autovacuum_naptime", "30s", False, "queues, sessions and limits change all the time"),
        Setting(
            "autovacuum_vacuum_cost_limit",
            "2000" if disk == "ssd" else "400",
            False,
            "shared by the workers; the default (200) is for disks of long ago",
        ),
        Setting(
            "max_worker_processes",
            str(parallel_workers + 8),
            True,
            "the parallel ones, and 8 for extensions",
        ),
        Setting("max_parallel_workers", str(parallel_workers), False, "one for each CPU"),
        Setting(
            "max_parallel_workers_per_gather",
            str(min(2, cpus // 2)),
            False,
            "reports may use some; short calls are never parallel",
        ),
        Setting("max_parallel_maintenance_workers", str(max(1, min(4, cpus // 2))), False, "for one index being built"),
        Setting(
            "max_locks_per_transaction",
            "256",
            True,
            "a query over all months locks each partition and each of its indexes; 64 are for plain tables",
        ),
        Setting(
            "max_wal_size",
            _text(max_wal_size),
            False,
            "so that checkpoints come by time, not by volume; so much room on the disk is needed beside the data",
        ),
        Setting("min_wal_size", _text(max_wal_size // 4), False, "files that are written anew instead of made anew"),
        Setting(
            "random_page_cost",
            "1.1" if disk == "ssd" else "4",
            False,
            "reading here and there costs hardly more than reading on" if disk == "ssd" else "the arm has to move",
        ),
        Setting("jit", "off", False, "the work is many short calls: compiling costs more than it saves"),
    ]
    return Configuration(memory, cpus, connections, disk, settings)


def render(configuration: Configuration) -> str:
    """Return a fragment of postgresql.conf."""
    machine = f"{_text(configuration.memory)} of memory, {configuration.cpus} CPUs, {configuration.disk}"
    lines = [
        f"# moadb conf: {machine}, {configuration.connections} connections, nothing else on the machine.",
        "# Put it into a file that postgresql.conf includes, e.g. conf.d/moadb.conf. What is marked takes a restart,",
        "# the rest a reload: select pg_reload_conf().",
    ]
    for setting in configuration.settings:
        mark = "  # restart" if setting.restart else ""
        lines += ["", f"# {setting.reason}", f"{setting.name} = '{setting.value}'{mark}"]
    return "\n".join(lines) + "\n"


def _text(amount: int) -> str:
    """Return bytes as PostgreSQL writes them, cut to whole megabytes or, below ten of them, kilobytes."""
    if amount >= _GB and amount % _GB == 0:
        return f"{amount // _GB}GB"
    return f"{amount // _MB}MB" if amount >= 10 * _MB else f"{amount // 1024}kB"


def _remote_host(dsn: str | None) -> str | None:
    """Return the host of the database when it is another machine."""
    try:
        parts = conninfo.conninfo_to_dict(resolve_dsn(dsn))
    except MoadbError:
        if dsn is not None or os.environ.get("MOADB_DSN"):
            raise
        return None  # no database is named, so the server is meant to run here
    hosts = str(parts.get("hostaddr") or parts.get("host") or _environment_host()).split(",")
    return next((host for host in hosts if not _is_local(host)), None)


def _environment_host() -> str:
    return os.environ.get("PGHOSTADDR") or os.environ.get("PGHOST") or ""


def _is_local(host: str) -> bool:
    return host in ("", "localhost", "::1") or host.startswith(("/", "@", "127."))


def _own_memory() -> int:
    try:
        amount = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (ValueError, OSError, AttributeError) as error:
        raise MoadbError("this machine does not tell its memory", hint="give --memory", exit_code=Exit.USAGE) from error
    limits = [_limit(file) for file in _MEMORY_LIMITS]
    return min([amount, *(limit for limit in limits if limit)])


def _own_cpus() -> int:
    cpus = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    quota = _words(Path("/sys/fs/cgroup/cpu.max"))
    if len(quota) == 2 and quota[0].isdigit() and quota[1].isdigit():
        cpus = min(cpus, max(1, int(quota[0]) // int(quota[1])))
    return cpus


def _limit(file: Path) -> int | None:
    words = _words(file)
    return int(words[0]) if words and words[0].isdigit() else None


def _words(file: Path) -> list[str]:
    try:
        return file.read_text(encoding="ascii").split()
    except OSError:
        return []
