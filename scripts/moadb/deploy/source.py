"""What there is to deploy: the files of the checkout or the wheel, read, checked and put in order.

Versions (migrations/) have yoyo's format: ids are file names, `-- depends:` and `-- transactional:` stand in the
leading comment lines; yoyo's own reader and sorter are used for that. Repeatables (everything else) are ordered by what
they hold, then by name; `-- requires:` lines put others first.
"""

from __future__ import annotations

import glob
import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Literal

from yoyo.migrations import parse_metadata_from_sql_comments, read_migrations
from yoyo.topologicalsort import CycleError, topological_sort

from moadb.deploy import lexer
from moadb.errors import MoadbError, Refused
from moadb.resources import sql_root
from moadb.systems import System, read_systems, select_systems

_VERSION_NAME = re.compile(r"\d{4}\.[a-z][a-z0-9_]*")
_DIRECTIVE = re.compile(r"^[ \t]*--[ \t]*(depends|transactional)[ \t]*:", re.IGNORECASE | re.MULTILINE)
_REQUIRES = re.compile(r"^[ \t]*--[ \t]*requires[ \t]*:[ \t]*(.*?)[ \t\r]*$", re.MULTILINE)

Kind = Literal["version", "repeatable"]


@dataclass(frozen=True)
class Script:
    """One file to run.

    Args:
        id: a version's yoyo id; a repeatable's path.
        kind: version (runs once) or repeatable (runs again when its text changes).
        path: relative to the source's root, with forward slashes.
        system: the system that it belongs to.
        schema: the folder that it lies in.
        room: for repeatables, what it holds: procedures, views, triggers, errors, transitions, partitions, jobs,
            invariants, grants.
        text: the whole file.
        raw_sha256: of the file's bytes.
        depends: ids that must come before: yoyo ids for a version, paths for a repeatable.
        transactional: whether it runs inside the deploy's transaction.
    """

    id: str
    kind: Kind
    path: str
    system: str
    schema: str
    room: str
    text: str = field(repr=False)
    raw_sha256: str
    depends: tuple[str, ...] = ()
    transactional: bool = True

    @cached_property
    def normalised_sha256(self) -> str:
        """The hash of the text without comments, layout and line ends."""
        return hashlib.sha256(lexer.normalise(self.text).encode()).hexdigest()

    @property
    def routine(self) -> str | None:
        """The name of the routine that the file must define, for the rooms where file and routine share their name."""
        return Path(self.path).stem if self.room == "procedures" else None


@dataclass(frozen=True)
class Source:
    """The scripts of the selected systems.

    Args:
        root: the folder that they are in.
        systems: the selected systems, in dependency order.
        versions: their migrations, in the order in which they run.
        repeatables: their other files, in the order in which they run.
    """

    root: Path
    systems: tuple[System, ...]
    versions: tuple[Script, ...]
    repeatables: tuple[Script, ...]

    @property
    def schemas(self) -> list[str]:
        """The schemas of the selected systems."""
        return [schema for system in self.systems for schema in system.schemas]

    def rollback_of(self, version: Script) -> Script | None:
        """Return the rollback file of a version, or None when there is none or it holds no statement."""
        path = self.root / Path(version.path).with_suffix(".rollback.sql")
        if not path.is_file():
            return None
        text, raw_sha256 = _read(path)
        if not lexer.split(text):
            return None
        return Script(
            id=version.id,
            kind="version",
            path=path.relative_to(self.root).as_posix(),
            system=version.system,
            schema=version.schema,
            room="migrations",
            text=text,
            raw_sha256=raw_sha256,
            transactional=version.transactional,
        )


def read_source(systems: Iterable[str] | None = None, root: Path | None = None) -> Source:
    """Read the scripts of some systems and of those that they require.

    Args:
        systems: names from the manifest; None means all.
        root: the folder with migrations/, procedures/ …; None means the installed SQL.

    Raises:
        MoadbError: a file cannot be used: its name, a directive, its encoding, an id that is there twice, a dependency
            that does not exist, or several that go round in a circle.
    """
    root = root or sql_root()
    everything = read_systems(root)
    _check_folders(root, everything)
    versions = _read_versions(root, everything)
    selected = select_systems(systems, root)
    names = {system.name for system in selected}
    chosen = tuple(script for script in versions if script.system in names)
    elsewhere = {script.id: script.system for script in versions if script.system not in names}
    for script in chosen:
        for other in script.depends:
            if other in elsewhere:
                raise MoadbError(
                    f"{script.path} depends on {other}, but {script.system} does not require system {elsewhere[other]}",
                    hint=f"add {elsewhere[other]!r} to the requires of {script.system} in sql/systems.toml",
                )
    repeatables = tuple(script for system in selected for script in _read_repeatables(root, system))
    _check_requires(repeatables)
    return Source(root, tuple(selected), chosen, repeatables)


def _check_folders(root: Path, systems: Sequence[System]) -> None:
    """Refuse files that no system would run."""
    schemas = {schema for system in systems for schema in system.schemas}
    folders = [folder for top in ("migrations", "procedures", "triggers", "sql") for folder in (root / top).glob("*/")]
    homeless = [folder for folder in folders if folder.name not in schemas and any(folder.glob("*.sql"))]
    homeless += [path for path in (root / "partitions").glob("*.sql") if path.stem not in schemas]
    if homeless:
        path = min(homeless)
        raise MoadbError(
            f"{path.relative_to(root)} belongs to no system",
            hint=f"list schema {path.stem!r} under a system in sql/systems.toml",
        )


def _read(path: Path) -> tuple[str, str]:
    raw = path.read_bytes()
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise MoadbError(f"{path}:{line}: not UTF-8", hint="save the file as UTF-8") from None
    return text, hashlib.sha256(raw).hexdigest()


def _read_versions(root: Path, systems: Sequence[System]) -> list[Script]:
    found: list[tuple[tuple[int, str, int], Script]] = []
    by_id: dict[str, Script] = {}
    for rank, system in enumerate(systems):
        for place, schema in enumerate(system.schemas):
            folder = root / "migrations" / schema
            for path in sorted(folder.glob("*")):
                if path.suffix not in (".sql", ".py"):
                    continue
                if path.name.endswith(".rollback.sql"):
                    if not path.with_name(path.name.removesuffix(".rollback.sql") + ".sql").is_file():
                        raise Refused(
                            f"{path.relative_to(root)} has no migration beside it: renamed or deleted?",
                            hint="a rollback file is named after its migration: NNNN.name.sql, NNNN.name.rollback.sql",
                        )
                elif path.suffix == ".py" or not _VERSION_NAME.fullmatch(path.stem):
                    raise MoadbError(
                        f"{path.relative_to(root)} is not named like a migration",
                        hint="NNNN.name.sql: four digits, a dot, lower-case words; `moadb new` makes one",
                    )
            for migration in read_migrations(glob.escape(str(folder))) if folder.is_dir() else ():
                script = _version(root, Path(migration.path), str(migration.id), system.name, schema)
                if script.id in by_id:
                    raise MoadbError(
                        f"two migrations have the id {script.id}: {by_id[script.id].path} and {script.path}",
                        hint="ids are unique over all schemas; put the schema's name into the file's name",
                    )
                by_id[script.id] = script
                found.append(((rank, script.id, place), script))
    found.sort(key=lambda item: item[0])
    scripts = [script for _, script in found]
    ranks = {script.id: rank for (rank, _, _), script in found}
    for script in scripts:
        for other in script.depends:
            if other not in by_id:
                raise MoadbError(
                    f"{script.path} depends on {other!r}, and there is no such migration",
                    hint="after `-- depends:` come migration ids (file names without .sql) and nothing else",
                )
            if ranks[other] > ranks[script.id]:
                raise MoadbError(
                    f"{script.path} depends on {other} of a later system, {by_id[other].system}",
                    hint="a system may only depend on systems that stand before it in sql/systems.toml",
                )
    return _sorted(scripts)


def _version(root: Path, path: Path, id: str, system: str, schema: str) -> Script:
    text, raw_sha256 = _read(path)
    relative = path.relative_to(root).as_posix()
    directives, _, rest = parse_metadata_from_sql_comments(text)
    for match in _DIRECTIVE.finditer(text):
        name = match.group(1)
        line = text.count("\n", 0, match.start()) + 1
        if name.lower() != name:
            raise MoadbError(
                f"{relative}:{line}: directive {name!r} must be written in lower case", hint=f"-- {name.lower()}: …"
            )
        if match.start() >= len(text) - len(rest):
            raise MoadbError(
                f"{relative}:{line}: directive {name!r} has no effect here",
                hint="directives stand in the `--` lines at the very top, before any SQL and before any /* comment */",
            )
    transactional = directives.get("transactional", "true").strip().lower()
    if transactional not in ("true", "false"):
        raise MoadbError(f"{relative}: -- transactional: is {transactional!r}", hint="it is true or false")
    return Script(
        id=id,
        kind="version",
        path=relative,
        system=system,
        schema=schema,
        room="migrations",
        text=text,
        raw_sha256=raw_sha256,
        depends=tuple(directives.get("depends", "").split()),
        transactional=transactional == "true",
    )


def _read_repeatables(root: Path, system: System) -> list[Script]:
    """Return the repeatables of one system: by room, then schema, then file name; `-- requires:` puts others first."""
    rooms: list[tuple[str, Path, str]] = []
    for schema in system.schemas:
        if schema == "platform":
            rooms += [("procedures", path, schema) for path in sorted((root / "partitions" / "manager").glob("*.sql"))]
        rooms += [("procedures", path, schema) for path in sorted((root / "procedures" / schema).glob("*.sql"))]
    for schema in system.schemas:
        rooms.append(("views", root / "sql" / schema / "views.sql", schema))
    for schema in system.schemas:
        rooms += [("triggers", path, schema) for path in sorted((root / "triggers" / schema).glob("*.sql"))]
    for room in ("errors", "transitions"):
        for schema in system.schemas:
            rooms.append((room, root / "sql" / schema / f"{room}.sql", schema))
    for schema in system.schemas:
        rooms.append(("partitions", root / "partitions" / f"{schema}.sql", schema))
    for room in ("jobs", "invariants", "grants"):
        for schema in system.schemas:
            rooms.append((room, root / "sql" / schema / f"{room}.sql", schema))

    scripts: list[Script] = []
    for room, path, schema in rooms:
        if not path.is_file():
            continue
        text, raw_sha256 = _read(path)
        relative = path.relative_to(root).as_posix()
        header = text[: next((token.start for token in lexer.code(text)), len(text))]
        scripts.append(
            Script(
                id=relative,
                kind="repeatable",
                path=relative,
                system=system.name,
                schema=schema,
                room=room,
                text=text,
                raw_sha256=raw_sha256,
                depends=tuple(word for match in _REQUIRES.finditer(header) for word in match.group(1).split()),
            )
        )
    return _sorted(scripts)


def _check_requires(scripts: Sequence[Script]) -> None:
    ranks = {script.id: rank for rank, script in enumerate(scripts)}
    for script in scripts:
        for other in script.depends:
            if other not in ranks:
                raise MoadbError(
                    f"{script.path} requires {other!r}, and there is no such file",
                    hint="after `-- requires:` come paths like procedures/platform/now.sql and nothing else",
                )
            if ranks[other] > ranks[script.id]:
                raise MoadbError(
                    f"{script.path} requires {other}, which belongs to a later system",
                    hint="a system may only require files of systems that stand before it in sql/systems.toml",
                )


def _sorted(scripts: Sequence[Script]) -> list[Script]:
    graph = {script.id: set(script.depends) for script in scripts}
    by_id = {script.id: script for script in scripts}
    try:
        return [by_id[id] for id in topological_sort(list(by_id), graph)]
    except CycleError as error:
        names = ", ".join(by_id[id].path for id in error.args[1])
        raise MoadbError(
            f"these files wait for one another: {names}", hint="take out one of the dependencies"
        ) from None
