"""Which processes of this machine are the server of a cluster."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

_PROC = Path("/proc/self/cwd").exists()  # Linux


def server_processes(cluster: Path) -> set[int]:
    """Return the postmaster and its children, also those that outlive it: what runs `postgres` in the cluster's folder.

    Where there is no /proc: the one that postmaster.pid names, if there is such a process.
    """
    if _PROC:
        return {int(path.name) for path in Path("/proc").glob("[0-9]*") if _works_in(path, cluster)}
    with contextlib.suppress(OSError, ValueError, IndexError):
        pid = int((cluster / "postmaster.pid").read_text(encoding="utf-8").split()[0])
        if is_server(pid, cluster):
            return {pid}
    return set()


def is_server(pid: int, cluster: Path) -> bool:
    """Whether a process is one of those; a number that another program has by now, or a dead process, is not."""
    if _PROC:
        return _works_in(Path(f"/proc/{pid}"), cluster)
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return True


def _works_in(process: Path, cluster: Path) -> bool:
    with contextlib.suppress(OSError):
        if str((process / "cwd").readlink()) != str(cluster):
            return False
        try:
            program = str((process / "exe").readlink())
        except FileNotFoundError:
            # a process that is ending drops its program first, then its files and sockets, then its folder
            return (process / "cwd").exists()
        return program.removesuffix(" (deleted)").endswith("/postgres")
    return False
