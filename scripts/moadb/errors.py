"""The failures that a user is meant to see: one message, one thing to do, one exit code."""

from __future__ import annotations

from enum import IntEnum


class Exit(IntEnum):
    """Exit codes of the CLI; documented in docs/cli.md."""

    OK = 0
    FAILED = 1  # the work was tried and did not succeed; the database is as before
    USAGE = 2  # the command line is wrong (click's own code)
    REFUSED = 3  # nothing was tried: lock held, standby, pooler, edited migration, occupied port …
    NOT_VERIFIED = 4  # verification or a test failed
    NEEDS_RESUME = 5  # a non-transactional migration stopped half-way; `moadb migrate --resume` continues it


class MoadbError(Exception):
    """An expected failure.

    Args:
        message: what is wrong, with the value that is wrong.
        hint: what to do about it.
        exit_code: the code that the CLI exits with.
        details: further lines (a list of files, the blocker's query …), printed as they are and kept in `--json`.
    """

    def __init__(
        self, message: str, *, hint: str | None = None, exit_code: Exit = Exit.FAILED, details: list[str] | None = None
    ) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.exit_code = exit_code
        self.details = details or []


class Refused(MoadbError):
    """Nothing was tried, because it would not have been safe."""

    def __init__(self, message: str, *, hint: str | None = None, details: list[str] | None = None) -> None:
        super().__init__(message, hint=hint, exit_code=Exit.REFUSED, details=details)
