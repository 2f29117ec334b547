"""A private PostgreSQL cluster in a folder of its own: made, started, stopped and removed with given binaries."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import quote

import psycopg

from moadb.connection import STATE_FILE, read_state
from moadb.errors import MoadbError, Refused
from moadb.server import ports
from moadb.server.binaries import kind_of, major_of, server_version, shared_folder, within_reach
from moadb.server.files import write_file
from moadb.server.lock import locked
from moadb.server.make import ADMIN, CONFIG, DATABASE, DEMO, SUPERUSER, make_cluster, read_passwords
from moadb.server.osuser import OsUser, last_lines, server_user
from moadb.server.processes import is_server, server_processes
from moadb.server.settings import write_settings

_LOCK: Final = "moadb.lock"  # in the data folder
_START_TIMEOUT: Final = 300  # seconds; recovery after a crash can take long


@dataclass(frozen=True)
class Postmaster:
    """A running server, as its postmaster.pid describes it."""

    pid: int
    port: int
    socket_dir: str
    status: str  # starting, ready, stopping, standby


class LocalServer:
    """A private cluster. Nothing is touched before a method is called.

    Args:
        data_dir: the folder that the user sees: state file, passwords, and `cluster`, which is PostgreSQL's data
            folder, or a link to it where the server's user cannot reach this folder.
        binaries: the folder of initdb, pg_ctl and postgres, see find_binaries.
        report: gets a line for people when something is done differently from what they would expect.
    """

    def __init__(self, data_dir: Path, binaries: Path, *, report: Callable[[str], None] | None = None) -> None:
        self.data_dir = data_dir.absolute()
        self.binaries = binaries
        self.report = report or (lambda line: None)

    # what is there

    @property
    def cluster(self) -> Path:
        """PostgreSQL's data folder, without links on the way to it; it may not exist yet."""
        return self._link.resolve()

    @property
    def socket_dir(self) -> Path:
        """The folder of the unix socket: short (a socket's path has at most 107 bytes), private, always the same."""
        return Path(f"/tmp/moadb-{_hash(self.cluster)}")

    @property
    def passfile(self) -> Path:
        """The password file of this server's three login roles, in libpq's format, readable by its owner alone."""
        return self.data_dir / "pgpass"

    @property
    def port(self) -> int:
        """The TCP port: the running server's, else the one it had last.

        Raises:
            MoadbError: it has never run.
        """
        running = self.postmaster()
        port = running.port if running else read_state(self.data_dir).get("port")
        if port is None:
            raise MoadbError(f"the server in {self.data_dir} has never been started", hint="moadb up")
        return int(port)

    def exists(self) -> bool:
        """Whether the cluster has been made, and to the end.

        Raises:
            Refused: it is gone, or there is something in its place that is not complete.
        """
        cluster = self.cluster
        if (cluster / CONFIG).is_file() and (cluster / "PG_VERSION").is_file():
            return True
        if os.path.lexists(self._link):
            raise Refused(
                f"{cluster} is gone" if not cluster.exists() else f"{cluster} is not a complete cluster of moadb",
                hint=f"put it back, or give it up with `moadb down --destroy --data-dir {self.data_dir}`",
            )
        return False

    def is_running(self) -> bool:
        """Whether the server runs; it may still be starting or already be stopping."""
        return self.postmaster() is not None

    def postmaster(self) -> Postmaster | None:
        """Return the running server, None when there is none; a pid file that a crash has left does not count."""
        try:
            line = (self.cluster / "postmaster.pid").read_text(encoding="utf-8").splitlines()
        except FileNotFoundError:
            return None
        if len(line) < 5 or not is_server(int(line[0]), self.cluster):
            return None
        return Postmaster(int(line[0]), int(line[3]), line[4], line[7].strip() if len(line) > 7 else "starting")

    def admin_dsn(self, dbname: str = DATABASE) -> str:
        """Return the superuser's connection string: over the unix socket, for the users that run or made the server."""
        running = self.postmaster()
        folder = running.socket_dir if running and running.socket_dir else str(self.socket_dir)
        return f"postgresql://{SUPERUSER}@/{quote(dbname, safe='')}?host={quote(folder, safe='')}&port={self.port}"

    def dsn(self, role: str, dbname: str = DATABASE) -> str:
        """Return a login role's connection string over TCP; the password stays in the password file that it names."""
        passfile = quote(str(self.passfile), safe="/")
        return f"postgresql://{role}@127.0.0.1:{self.port}/{quote(dbname, safe='')}?passfile={passfile}"

    def password(self, role: str) -> str:
        """Return a login role's password; passwords are made when they are first asked for."""
        return read_passwords(self.passfile, self._owner())[role]

    # what is done

    def init(self) -> bool:
        """Make the cluster if it is not there, and say whether it was made; killed half-way, nothing counts.

        Raises:
            Refused: the folder holds something else.
            MoadbError: the folder cannot be written, or initdb fails.
        """
        with self._lock() as lock:
            if self.exists():
                self._check_version()
                return False
            user = server_user()
            target = self._target(user)
            if (target / CONFIG).is_file():
                self.report(f"found the cluster of an earlier {self.data_dir}: {target}")
            else:
                if target != self._link:
                    self.report(f"{user.name} cannot reach {self.data_dir}, so the cluster is in {target}")
                make_cluster(target, self.binaries, user, self.password(SUPERUSER), lock)
            if target != self._link:
                self._link.symlink_to(target)
            return True

    def start(self, port: int | None = None, settings: dict[str, str] | None = None) -> int:
        """Start the server unless it runs, wait until it accepts connections, and return its port.

        Args:
            port: the TCP port; None for the one it had last, else the first free one from 54320 up.
            settings: further server settings for this start, which win over ours.

        Raises:
            Refused: the port is somebody else's, the server already runs on another one, the cluster is not as it
                should be.
            MoadbError: the cluster has not been made, or the server does not start; details are the end of its log.
        """
        with self._lock():
            if not self.exists():
                raise MoadbError(f"there is no cluster in {self.data_dir}", hint="moadb up")
            self._check_version()
            running = self._settled()
            if running and port not in (None, running.port):
                raise Refused(
                    f"the server in {self.data_dir} already runs, on port {running.port}",
                    hint=f"`moadb down` first, then `moadb up --port {port}`",
                )
            if not running:
                self._launch(port, settings or {})
            self._await_connections()
            self._write_state()
            return self.port

    def stop(self, mode: str = "fast") -> bool:
        """Stop the server if it runs, and say whether it did.

        Args:
            mode: pg_ctl's: smart (wait for clients), fast (disconnect them) or immediate (as in a crash).

        Raises:
            MoadbError: it does not stop within a minute.
        """
        with self._lock():
            if not self.is_running():
                return False
            user = server_user(self.cluster)
            done = user.run(
                [within_reach(self.binaries, user) / "pg_ctl", "stop", "-D", self.cluster, "-m", mode, "-w", "-t", "60"]
            )
            if done.returncode != 0 and self.is_running():
                raise MoadbError(
                    f"the server in {self.data_dir} does not stop", details=last_lines(done.stderr or done.stdout)
                )
            with contextlib.suppress(OSError):
                self.socket_dir.rmdir()
            return True

    def destroy(self) -> bool:
        """Stop the server, remove everything that moadb made in the folder, and say whether anything was there.

        Killed half-way, it leaves nothing that looks like a cluster.
        """
        if not (self.data_dir / _LOCK).is_file() and not (self.cluster / CONFIG).is_file():
            return False
        self.stop("immediate")
        with self._lock():
            cluster = self.cluster
            shutil.rmtree(self.socket_dir, ignore_errors=True)
            if cluster.exists():
                (cluster / CONFIG).unlink(missing_ok=True)
                shutil.rmtree(cluster)
            for path in _entries(self.data_dir):
                if _is_ours(path):
                    shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()
        with contextlib.suppress(OSError):
            self.data_dir.rmdir()
        return True

    # how

    @property
    def _link(self) -> Path:
        return self.data_dir / "cluster"

    def _refuse_foreign_folder(self) -> None:
        if (self.data_dir / _LOCK).is_file() or (self.cluster / CONFIG).is_file():
            if self.cluster.is_dir():
                server_user(self.cluster)  # refuses somebody else's, before its permissions do with less to say
            return
        if (self.data_dir / "PG_VERSION").is_file():
            raise Refused(
                f"{self.data_dir} is a data folder of PostgreSQL that moadb did not make",
                hint="choose another --data-dir; to deploy to a server of your own use `moadb --dsn … migrate`",
            )
        foreign = sorted(path.name for path in _entries(self.data_dir))
        if foreign:
            raise Refused(
                f"{self.data_dir} is not empty, and moadb did not make it (it holds {', '.join(foreign[:3])})",
                hint="choose another --data-dir, or empty this one",
            )

    @contextlib.contextmanager
    def _lock(self) -> Iterator[int]:
        """Hold the folder, made if missing.

        Raises:
            Refused: the folder is not ours, or cannot be written.
        """
        try:
            self._refuse_foreign_folder()
            new = not self.data_dir.exists()
            self.data_dir.mkdir(parents=True, exist_ok=True)
            if new:
                self.data_dir.chmod(0o755)  # root's server user passes through; each file in it has its own permissions
            with locked(self.data_dir / _LOCK) as descriptor:
                yield descriptor
        except OSError as error:
            raise Refused(
                f"cannot work in {error.filename or self.data_dir}: {error.strerror or error}",
                hint="choose a --data-dir that you may write",
            ) from None

    def _target(self, user: OsUser) -> Path:
        """Return where PostgreSQL's data folder goes: here if the server's user gets here, else where everybody can."""
        if any(character in str(self._link) for character in '"$`\\\n'):
            raise Refused(
                f"{self.data_dir} holds a character that pg_ctl cannot pass on",
                hint='choose a --data-dir without " $ ` \\',
            )
        if user.can_enter(self.data_dir):
            return self._link
        return shared_folder() / f"{self.data_dir.name.lstrip('.') or 'data'}-{_hash(self.data_dir)}"

    def _check_version(self) -> None:
        theirs = int((self.cluster / "PG_VERSION").read_text(encoding="utf-8"))
        ours = server_version(self.binaries)
        if major_of(ours) != theirs:
            raise Refused(
                f"{self.data_dir} was made by PostgreSQL {theirs}, and {self.binaries} is PostgreSQL {ours}",
                hint="choose another --data-dir or the other --server; to move the data use pg_dump or pg_upgrade",
            )

    def _settled(self) -> Postmaster | None:
        """Return the running server, or wait out one that is just stopping; its end may be somebody else's work."""
        deadline = time.monotonic() + 60
        while (running := self.postmaster()) and running.status == "stopping" and time.monotonic() < deadline:
            time.sleep(0.1)
        return running

    def _launch(self, port: int | None, settings: dict[str, str]) -> None:
        user = server_user(self.cluster)
        binaries = within_reach(self.binaries, user)
        self._remove_locks_of_a_crash()
        self._make_socket_dir(user)
        last = read_state(self.data_dir).get("port")
        wanted = port if port is not None else int(last) if last is not None else None
        if wanted is not None and not ports.is_free(wanted):
            by = ports.holder(wanted)
            raise Refused(
                f"port {wanted} is in use" + (f" by {by}" if by else ""),
                hint="stop that, or choose another one with `moadb up --port N`",
            )
        place = {"unix_socket_directories": str(self.socket_dir)}
        log = self.cluster / "server.log"
        if log.exists() and log.stat().st_size > 16 << 20:
            log.replace(log.with_suffix(".log.old"))
        tried = [wanted] if wanted is not None else ports.candidates()
        for candidate in tried:
            if not ports.is_free(candidate):
                continue
            write_settings(self.cluster, {**place, "port": str(candidate), **settings}, user)
            start = log.stat().st_size if log.exists() else 0
            done = user.run(
                [*(binaries / "pg_ctl", "start", "-D", self.cluster, "-l", log), "-w", "-s", "-t", str(_START_TIMEOUT)]
            )
            if done.returncode == 0:
                return
            if ports.is_free(candidate) or wanted is not None:  # else somebody was quicker: the next one
                with log.open(encoding="utf-8", errors="replace") as file:
                    file.seek(start)
                    lines = last_lines(file.read() or done.stderr)
                raise MoadbError("the server does not start", details=lines, hint=f"its log is {log}")
        raise Refused(f"no port is free from {tried[0]} to {tried[-1]}", hint="choose one with `moadb up --port N`")

    def _make_socket_dir(self, user: OsUser) -> None:
        folder = self.socket_dir
        with contextlib.suppress(FileExistsError):
            folder.mkdir(mode=0o700)
            user.own(folder)
        found = folder.lstat()
        if folder.is_symlink() or not folder.is_dir() or found.st_uid != user.uid or found.st_mode & 0o022:
            raise Refused(f"{folder} should be the server's socket folder, and somebody else made it", hint="remove it")
        user.own(folder)

    def _remove_locks_of_a_crash(self) -> None:
        """Remove pid and socket lock files that nobody holds.

        Their number can be another process by now, or a dead one that nobody reaps, and PostgreSQL would not start.
        A server that runs unseen is not endangered: its shared memory is an interlock of its own.
        """
        if not server_processes(self.cluster):
            (self.cluster / "postmaster.pid").unlink(missing_ok=True)
            shutil.rmtree(self.socket_dir, ignore_errors=True)

    def _await_connections(self) -> None:
        deadline = time.monotonic() + _START_TIMEOUT
        while True:
            try:
                psycopg.connect(self.admin_dsn("postgres"), connect_timeout=10).close()
                return
            except psycopg.OperationalError as error:
                starting = "starting up" in str(error) or "No such file" in str(error) or "refused" in str(error)
                if not starting or not self.is_running() or time.monotonic() > deadline:
                    raise MoadbError(
                        f"the server in {self.data_dir} runs, but does not let us in: {str(error).strip()}",
                        hint=f"its log is {self.cluster / 'server.log'}",
                    ) from None
            time.sleep(0.1)

    def _write_state(self) -> None:
        running = self.postmaster()
        state = {
            "kind": kind_of(self.binaries),
            "version": server_version(self.binaries),
            "binaries": str(self.binaries),
            "data_dir": str(self.cluster),
            "socket_dir": running.socket_dir if running else str(self.socket_dir),
            "port": self.port,
            "admin_dsn": self.dsn(ADMIN),
            "app_dsn": self.dsn(DEMO),
            "superuser_dsn": self.admin_dsn(),
        }
        write_file(self.data_dir / STATE_FILE, json.dumps(state, indent=2) + "\n", self._owner(), mode=0o644)

    def _owner(self) -> OsUser:
        """Return whose folder it is: root may be working on somebody else's, who must be able to read what is in it."""
        found = self.data_dir.stat()
        return OsUser("", found.st_uid, found.st_gid)


def _is_ours(path: Path) -> bool:
    return path.name in ("cluster", _LOCK, "up.lock", "pgpass", STATE_FILE) or path.name.startswith(
        ("cluster.new-", "runner.")
    )


def _entries(folder: Path) -> list[Path]:
    return list(folder.iterdir()) if folder.is_dir() else []


def _hash(path: Path) -> str:
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:12]
