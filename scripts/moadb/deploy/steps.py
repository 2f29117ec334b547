"""Non-transactional migrations: statement by statement, journalled, and resumable."""

from __future__ import annotations

from moadb.connection import Connection
from moadb.deploy.engine import Work
from moadb.deploy.ledger import Recorded
from moadb.deploy.source import Script
from moadb.errors import Exit, MoadbError


def needs_resume(connection: Connection, interrupted: Recorded) -> MoadbError:
    """Return the error that says where a migration stopped and how it goes on."""
    return MoadbError(
        f"{interrupted.path} was interrupted", hint="`moadb migrate --resume` goes on", exit_code=Exit.NEEDS_RESUME
    )


def apply(work: Work, script: Script, reason: str) -> None:
    """Run a non-transactional version."""
    raise MoadbError(f"{script.path}: non-transactional")
