"""The operating-system user that the server runs as: PostgreSQL refuses root, so root hands it to somebody else."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from moadb.errors import MoadbError, Refused


@dataclass(frozen=True)
class OsUser:
    """A user of this machine, and commands run as that user."""

    name: str
    uid: int
    gid: int

    @property
    def is_self(self) -> bool:
        """Whether this process is that user already."""
        return self.uid == os.geteuid()

    def run(self, command: Sequence[str | Path], *, pass_fds: Sequence[int] = ()) -> subprocess.CompletedProcess[str]:
        """Run a command as this user, in / (the current folder may be out of its reach), without libpq's PG* variables.

        Args:
            command: program and arguments.
            pass_fds: file descriptors that the command keeps open as long as it lives.

        Returns:
            exit code and captured output; a failure is no exception, and 126 is a program that cannot be run.
        """
        environment = {key: value for key, value in os.environ.items() if not key.startswith(("PG", "LC_", "LANG"))}
        environment |= {"LC_ALL": "C", "HOME": "/"}
        identity: dict[str, Any] = {} if self.is_self else {"user": self.uid, "group": self.gid, "extra_groups": []}
        arguments = [str(part) for part in command]
        try:
            return subprocess.run(
                arguments,
                cwd="/",
                env=environment,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                errors="replace",
                umask=0o077,
                pass_fds=pass_fds,
                check=False,
                **identity,
            )
        except OSError as error:
            return subprocess.CompletedProcess(arguments, 126, "", f"cannot run {arguments[0]}: {error.strerror}")

    def can_enter(self, folder: Path) -> bool:
        """Whether this user gets into the folder, through every folder above it."""
        return os.access(folder, os.X_OK) if self.is_self else self.run(["test", "-x", folder]).returncode == 0

    def own(self, path: Path) -> None:
        """Make this user the owner of a path, as far as we may: only root gives things away."""
        if os.geteuid() == 0:
            os.chown(path, self.uid, self.gid)


def last_lines(text: str, count: int = 6) -> list[str]:
    """Return the end of what a command has said, for the details of an error."""
    return [line for line in text.splitlines() if line.strip()][-count:]


def current_user() -> OsUser:
    """Return the user of this process.

    Raises:
        MoadbError: the user id has no name; PostgreSQL would not start either.
    """
    try:
        entry = pwd.getpwuid(os.geteuid())
    except KeyError:
        raise MoadbError(
            f"user id {os.geteuid()} has no name on this machine, and PostgreSQL needs one",
            hint="add a line for it to /etc/passwd, or run as a user that has one",
        ) from None
    return OsUser(entry.pw_name, entry.pw_uid, entry.pw_gid)


def server_user(cluster: Path | None = None) -> OsUser:
    """Return who runs the server of a cluster: its owner.

    A cluster that is still to be made is run by us; if we are root, by `postgres`, else by `moadb`, made if missing.

    Raises:
        Refused: the cluster is somebody else's and we are not root.
        MoadbError: there is no unprivileged user, and none could be made.
    """
    me = current_user()
    if cluster is not None:
        owner = cluster.stat().st_uid
        if owner == me.uid and me.uid != 0:
            return me
        try:
            entry = pwd.getpwuid(owner)
        except KeyError:
            raise Refused(f"{cluster} belongs to user id {owner}, who is not known here", hint="chown it") from None
        if me.uid != 0 or owner == 0:
            raise Refused(
                f"{cluster} belongs to {entry.pw_name}, and this is {me.name}",
                hint=f"run this as {entry.pw_name} or choose another --data-dir",
            )
        return OsUser(entry.pw_name, entry.pw_uid, entry.pw_gid)
    if me.uid != 0:
        return me
    for name in ("postgres", "moadb"):
        if (found := _lookup(name)) is not None:
            return found
    useradd = shutil.which("useradd", path=os.environ.get("PATH", "") + ":/usr/sbin:/sbin")
    if useradd is not None:
        command = [useradd, "--system", "--user-group", "--no-create-home", "--home-dir", "/", "--shell", "/bin/sh"]
        subprocess.run([*command, "moadb"], check=False, capture_output=True)
    made = _lookup("moadb")
    if made is None:
        raise MoadbError(
            "PostgreSQL does not run as root, and no system user `moadb` could be made for it",
            hint="run this as an ordinary user, or make a user named moadb first",
        )
    return made


def _lookup(name: str) -> OsUser | None:
    try:
        entry = pwd.getpwnam(name)
    except KeyError:
        return None
    return OsUser(entry.pw_name, entry.pw_uid, entry.pw_gid)
