"""TCP ports of this machine: which is free, and who has one that is not."""

from __future__ import annotations

import contextlib
import os
import socket
from pathlib import Path

FIRST = 54320  # what a server without a chosen port tries first, unless MOADB_FIRST_PORT says otherwise
_TRIES = 100


def is_free(port: int) -> bool:
    """Whether PostgreSQL could listen on the port of the loopback address; closing connections are no obstacle."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
            probe.listen(1)
        except OSError:
            return False
    return True


def candidates() -> list[int]:
    """Return the ports that a server without a chosen port may use, in order."""
    first = int(os.environ.get("MOADB_FIRST_PORT", FIRST))
    return list(range(first, first + _TRIES))


def holder(port: int) -> str | None:
    """Return the process that listens on a port as "name (pid 123)"; None when it cannot be seen."""
    sockets = set(_listening(port))
    if not sockets:
        return None
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if any(str(link.readlink()) in sockets for link in (process / "fd").iterdir()):
                return f"{(process / 'comm').read_text().strip()} (pid {process.name})"
    return None


def _listening(port: int) -> list[str]:
    found = []
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        with contextlib.suppress(OSError):
            for line in Path(table).read_text().splitlines()[1:]:
                field = line.split()
                if field[3] == "0A" and int(field[1].rsplit(":", 1)[1], 16) == port:  # 0A: listening
                    found.append(f"socket:[{field[9]}]")
    return found
