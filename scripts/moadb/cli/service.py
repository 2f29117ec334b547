"""Commands that run until they are told to end."""

from __future__ import annotations

import logging
import signal
import threading
import time
from types import FrameType


def log_to_stderr(name: str, level: int = logging.WARNING) -> None:
    """Write what a logger is told to standard error, a line each, with the time in UTC.

    Args:
        name: the logger.
        level: what is not worth writing is below it.
    """
    formatter = logging.Formatter("%(asctime)sZ %(levelname)s %(message)s", "%Y-%m-%dT%H:%M:%S")
    formatter.converter = time.gmtime
    handler = logging.StreamHandler()
    handler.setFormatter(formatter)
    logger = logging.getLogger(name)
    logger.addHandler(handler)
    logger.setLevel(level)


def stop_on_signal() -> threading.Event:
    """Return what SIGTERM and Ctrl-C set; a second one ends the process at once."""
    stop = threading.Event()

    def end(number: int, frame: FrameType | None) -> None:
        stop.set()
        signal.signal(number, signal.SIG_DFL)

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, end)
    return stop
