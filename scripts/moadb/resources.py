"""Where the SQL is: in the checkout when installed editable, inside the package when installed from a wheel."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from moadb.errors import MoadbError

_PACKAGE = Path(__file__).resolve().parent


@cache
def sql_root() -> Path:
    """Return the folder that holds migrations/, procedures/, triggers/, partitions/ and sql/.

    Raises:
        MoadbError: the installation has lost its SQL.
    """
    for candidate in (_PACKAGE / "_sql", _PACKAGE.parent.parent):
        if (candidate / "sql" / "systems.toml").is_file():
            return candidate
    raise MoadbError(f"no SQL beside {_PACKAGE}", hint="reinstall moadb: its wheel carries the SQL folders")
