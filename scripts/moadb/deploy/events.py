"""What a deploy tells while it runs; the CLI draws it, a program may log it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Event:
    """One thing that happened.

    Args:
        kind: plan, once it is made; start and done of a script; notice from the server while a script ran; warning of
            the engine; wait for somebody else; retry of a transaction.
        path: the script, where there is one.
        text: what to show for plan, notice, warning, wait and retry.
        seconds: how long it took, for done.
        total: how many scripts are going to run, for plan.
    """

    kind: Literal["plan", "start", "done", "notice", "warning", "wait", "retry"]
    path: str = ""
    text: str = ""
    seconds: float = 0.0
    total: int = 0


Progress = Callable[[Event], None]


def silent(event: Event) -> None:
    """Tell nobody."""
