"""The job runner that stands in for pg_cron: one background process beside the server.

It holds the lock of its pid file through a file descriptor that it inherits: its number alone proves nothing.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from moadb.errors import MoadbError
from moadb.server.lock import try_lock


def start_runner(data_dir: Path, dsn: str) -> bool:
    """Start the runner unless it lives, and say whether it was started.

    Args:
        data_dir: the local server's folder; gets runner.pid and runner.log.
        dsn: the database whose jobs it runs; without a password.

    Raises:
        MoadbError: it ended at once; details are the end of its log.
    """
    log = data_dir / "runner.log"
    descriptor = os.open(data_dir / "runner.pid", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        if not try_lock(descriptor):
            return False
        with log.open("ab") as output:
            process = subprocess.Popen(
                [sys.executable, "-m", "moadb", "jobs", "runner"],
                cwd="/",
                env={**os.environ, "MOADB_DSN": dsn},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
                pass_fds=[descriptor],
            )
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, f"{process.pid}\n".encode(), 0)
    finally:
        os.close(descriptor)
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(1)
    if process.returncode is not None:
        lines = log.read_text(encoding="utf-8", errors="replace").splitlines()[-6:]
        raise MoadbError("the job runner does not start", details=lines, hint=f"its log is {log}")
    return True


def stop_runner(data_dir: Path) -> bool:
    """Stop the runner if it lives, letting it finish what it is at for ten seconds, and say whether it lived."""
    pid_file = data_dir / "runner.pid"
    pid = _pid(pid_file)
    if pid is None:
        return False
    for number, patience in ((signal.SIGTERM, 10.0), (signal.SIGKILL, 10.0)):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, number)
        deadline = time.monotonic() + patience
        while time.monotonic() < deadline:
            if _pid(pid_file) is None:
                pid_file.unlink(missing_ok=True)
                return True
            time.sleep(0.05)
    raise MoadbError(f"the job runner (pid {pid}) does not end", hint=f"kill -9 {pid}")


def _pid(pid_file: Path) -> int | None:
    """Return the number of the runner that lives, None when none does."""
    try:
        descriptor = os.open(pid_file, os.O_RDWR | os.O_CLOEXEC)
    except FileNotFoundError:
        return None
    try:
        if try_lock(descriptor):
            return None
        return int(os.pread(descriptor, 32, 0) or 0) or None
    finally:
        os.close(descriptor)
