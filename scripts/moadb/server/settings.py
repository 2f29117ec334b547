"""The settings that a server starts with."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from moadb.server.binaries import has_library
from moadb.server.files import write_file
from moadb.server.make import CONFIG, DATABASE
from moadb.server.osuser import OsUser

# Small enough for a laptop beside other work, durable, the same on every machine. `alter system` overrules all of it.
_SETTINGS: Final = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_permissions": "0700",
    "max_connections": "200",
    "shared_buffers": "128MB",
    "max_wal_size": "1GB",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_line_prefix": "%m [%p] %q%u@%d %a ",
    "log_lock_waits": "on",
    "jit": "off",  # the work is many short calls: compiling costs more than it saves
}


def preloaded(binaries: Path, socket_dir: Path) -> dict[str, str]:
    """Return the settings that load pg_cron and pg_stat_statements, as far as the server has them."""
    libraries = [name for name in ("pg_cron", "pg_stat_statements") if has_library(binaries, name)]
    settings = {"shared_preload_libraries": ",".join(libraries)} if libraries else {}
    if "pg_cron" in libraries:
        settings |= {"cron.database_name": DATABASE, "cron.host": str(socket_dir)}
    return settings


def write_settings(cluster: Path, settings: dict[str, str], user: OsUser) -> None:
    """Write the settings of the next start.

    Args:
        cluster: PostgreSQL's data folder.
        settings: those of this start, which win over ours.
        user: who runs the server.
    """
    lines = "".join(f"{name} = '{_quoted(value)}'\n" for name, value in {**_SETTINGS, **settings}.items())
    write_file(cluster / CONFIG, f"# written by moadb at every start; change settings with alter system\n{lines}", user)


def _quoted(value: str) -> str:
    return value.replace("\\", "\\\\").replace("'", "''")
