"""Making a cluster: initdb, who may log in and how, the passwords."""

from __future__ import annotations

import os
import secrets
import shutil
import tempfile
from pathlib import Path
from typing import Final

from moadb.errors import MoadbError
from moadb.server.binaries import major_of, server_version, within_reach
from moadb.server.files import sync_folder, write_file
from moadb.server.osuser import OsUser, last_lines

SUPERUSER: Final = "postgres"
ADMIN: Final = "moadb_admin"  # deploys; owns the database, is no superuser
DEMO: Final = "moadb_demo"  # what an application connects as
DATABASE: Final = "moadb"

CONFIG: Final = "moadb.conf"  # in the cluster's folder, written last: a folder without it was not made by us to the end

_HBA: Final = """\
local all all peer map=moadb
host  all all 127.0.0.1/32 scram-sha-256
host  all all ::1/128      scram-sha-256
"""


def make_cluster(target: Path, binaries: Path, user: OsUser, password: str, lock: int) -> None:
    """Make a cluster, whole or not at all.

    Args:
        target: PostgreSQL's data folder, which does not exist yet; the folder that it lies in does.
        binaries: the folder of initdb.
        user: who will run the server.
        password: the superuser's.
        lock: the file descriptor of the lock that is held.

    Raises:
        MoadbError: initdb fails; details are the end of what it says.
    """
    for leftover in target.parent.glob(f"{target.name}.new-*"):
        shutil.rmtree(leftover)
    binaries = within_reach(binaries, user)
    work = Path(tempfile.mkdtemp(prefix=f"{target.name}.new-", dir=target.parent))
    try:
        user.own(work)
        password_file = work / "password"
        write_file(password_file, password + "\n", user)
        data = work / "data"
        options = ["--encoding=UTF8", *_locale(binaries), "--lc-messages=C", "--data-checksums"]
        logins: list[str | Path] = [
            "--username",
            SUPERUSER,
            "--pwfile",
            password_file,
            "--auth-local=peer",
            "--auth-host=scram-sha-256",
        ]
        # initdb holds our lock as well: if we are killed, nobody removes its folder while it still writes there
        done = user.run([binaries / "initdb", "-D", data, *options, *logins], pass_fds=[lock])
        if done.returncode != 0:
            raise MoadbError(
                "initdb failed", details=last_lines(done.stderr), hint=f"is there room on {target.parent}?"
            )
        write_file(data / "pg_hba.conf", _HBA, user)
        people = sorted({user.name, "root"})  # root can become that user anyway
        ident = "".join(f'moadb "{name}" {role}\n' for name in people for role in (SUPERUSER, ADMIN, DEMO))
        write_file(data / "pg_ident.conf", ident, user)
        with (data / "postgresql.conf").open("a", encoding="utf-8") as file:
            file.write(f"\ninclude = '{CONFIG}'  # written by moadb at every start; `alter system` wins over it\n")
            file.flush()
            os.fsync(file.fileno())
        write_file(data / CONFIG, "", user)
        data.rename(target)
        sync_folder(target.parent)
    finally:
        shutil.rmtree(work, ignore_errors=True)


def read_passwords(passfile: Path, owner: OsUser) -> dict[str, str]:
    """Return the passwords of the login roles; they are made when they are first asked for.

    Args:
        passfile: the password file, in libpq's format.
        owner: whose it will be.
    """
    roles = (SUPERUSER, ADMIN, DEMO)
    if passfile.exists():
        lines = passfile.read_text(encoding="utf-8").splitlines()
        known = {parts[3]: parts[4] for line in lines if len(parts := line.split(":")) == 5}
        if all(role in known for role in roles):
            return known
    made = {role: secrets.token_urlsafe(24) for role in roles}
    write_file(passfile, "".join(f"*:*:*:{role}:{made[role]}\n" for role in roles), owner)
    return made


def _locale(binaries: Path) -> list[str]:
    """Return initdb's options for byte order and Unicode's letters: the same on every machine, for ever."""
    if major_of(server_version(binaries)) < 17:
        return ["--locale=C.UTF-8"]
    return ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
