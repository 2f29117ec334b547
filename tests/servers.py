"""Servers of a test's own, to be killed, stopped and copied."""

from __future__ import annotations

import contextlib
import os
import random
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

from psycopg import sql

from moadb.conf import find_machine
from moadb.connection import connect
from moadb.server import LocalServer, find_binaries, preloaded
from moadb.server.processes import is_server, server_processes

MEMORY = Path("/dev/shm")


def new_folder() -> Path:
    """Make a temporary folder for a server: in memory if this machine has plenty.

    A database is 1,300 files, and tests make hundreds of databases.
    """
    plenty = (
        MEMORY.is_dir()
        and shutil.disk_usage(MEMORY).free >= 4 << 30
        and find_machine("host=localhost").memory >= 8 << 30
    )
    folder = Path(tempfile.mkdtemp(prefix="moadb-test-", dir=MEMORY if plenty else None))
    folder.chmod(0o755)  # the server's user is another one when the tests run as root
    return folder


@contextmanager
def temporary_server(
    kind: Literal["embedded", "system"], *, preload: bool = False, copy_of: LocalServer | None = None
) -> Iterator[LocalServer]:
    """Yield a running server in a temporary folder; it and the folder are removed afterwards.

    It is empty, or the copy of a server that is stopped.

    With `preload` it loads pg_cron and pg_stat_statements, where there are any, as `moadb up` does. Its port is far
    from where other servers start meanwhile, so that it finds it free again after a restart.

    It does without fsync: what is written before a process is killed is in the system's cache, whoever dies. Only a
    power cut could tell the difference, and waiting for the disk is most of what creating a database takes.
    """
    folder = new_folder()
    local = LocalServer(folder / "server", find_binaries(kind))
    try:
        if copy_of is None:
            local.init()
        else:
            subprocess.run(["cp", "-a", copy_of.data_dir, local.data_dir], check=True)
        settings = {"fsync": "off", **(preloaded(local.binaries, local.socket_dir) if preload else {})}
        local.start(port=random.randrange(20000, 32000), settings=settings)
        with connect(local.admin_dsn("postgres")) as connection:
            for name, value in settings.items():  # so that it has them after a crash, too
                values = sql.SQL(", ").join(sql.Literal(part) for part in value.split(","))
                connection.execute(sql.SQL("alter system set {} = {}").format(sql.SQL(name), values))
        yield local
    finally:
        local.destroy()
        folder.rmdir()


def kill9(server: LocalServer) -> None:
    """Kill the server as a crash would: SIGKILL to the postmaster and its children, nothing tidied up."""
    running = server.postmaster()
    if running is None:
        return
    with contextlib.suppress(ProcessLookupError):
        os.kill(running.pid, signal.SIGKILL)  # first, so that it does not restart what follows
    deadline = time.monotonic() + 30
    while left := server_processes(server.cluster) - {running.pid}:
        for pid in left:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        if time.monotonic() > deadline:
            raise RuntimeError(f"processes {sorted(left)} survived SIGKILL")
        time.sleep(0.01)
    while is_server(running.pid, server.cluster):
        time.sleep(0.01)
