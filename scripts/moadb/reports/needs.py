"""The libraries that write the files are an extra: a machine that only asks for reports does not need them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from moadb.errors import MoadbError

INSTALL_HINT: Final = "pip install 'moadb[reports]'; in a checkout .venv/bin/pip install -e '.[reports]'"


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
            f"reports need {error.name or 'a library'}, which is not installed", hint=INSTALL_HINT
        ) from None
