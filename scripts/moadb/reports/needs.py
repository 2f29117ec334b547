"""The libraries that write the files are an extra: a machine that only asks for reports does not need them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from moadb.errors import MoadbError


@contextmanager
def needed() -> Iterator[None]:
    """Say how to get what the block fails to import.

    Raises:
        MoadbError: it is not installed.
    """
    try:
        yield
    except ImportError as error:
        raise MoadbError(
            f"reports need {error.name or 'a library'}, which is not installed", hint="pip install 'moadb[reports]'"
        ) from None
