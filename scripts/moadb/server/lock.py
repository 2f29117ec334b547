"""A lock on a folder that ends with its holder, however the holder ends."""

from __future__ import annotations

import contextlib
import fcntl
import os
import time
from collections.abc import Iterator
from pathlib import Path

from moadb.errors import Refused


@contextlib.contextmanager
def locked(path: Path, *, wait: float = 120) -> Iterator[int]:
    """Hold the lock file `path` and give its file descriptor; a child that inherits it holds the lock too.

    Args:
        path: the lock file; made if missing.
        wait: seconds to wait for another holder.

    Raises:
        Refused: another process held it all that time.
    """
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        deadline = time.monotonic() + wait
        while not try_lock(descriptor):
            if time.monotonic() >= deadline:
                raise Refused(f"another moadb is working in {path.parent}", hint="wait until it has finished")
            time.sleep(0.05)
        yield descriptor
    finally:
        os.close(descriptor)


def try_lock(descriptor: int) -> bool:
    """Take the lock of an open file if nobody has it, and say whether that worked."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
