"""The manifest sql/systems.toml: which systems there are, in dependency order."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from moadb.errors import Exit, MoadbError
from moadb.resources import sql_root

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib


@dataclass(frozen=True)
class System:
    """One installable system.

    Args:
        name: what people call it by.
        title: what it does, in a few words.
        schemas: its schemas, which name its folders.
        requires: other systems that it needs.
        extensions: extensions that it cannot do without.
    """

    name: str
    title: str
    schemas: tuple[str, ...]
    requires: tuple[str, ...]
    extensions: tuple[str, ...]


def read_systems(root: Path | None = None) -> list[System]:
    """Return every system of the manifest, each after those that it requires.

    Raises:
        MoadbError: there is no manifest, or it is damaged.
    """
    file = (root or sql_root()) / "sql" / "systems.toml"
    try:
        return [
            System(
                name=entry["name"],
                title=entry["title"],
                schemas=tuple(entry["schemas"]),
                requires=tuple(entry["requires"]),
                extensions=tuple(entry["extensions"]),
            )
            for entry in tomllib.loads(file.read_text(encoding="utf-8"))["system"]
        ]
    except (FileNotFoundError, NotADirectoryError):
        raise MoadbError(
            f"there is no manifest {file}", hint="is that the folder with migrations/, procedures/ and sql/?"
        ) from None
    except (ValueError, KeyError, TypeError) as error:  # no TOML, no text at all, something missing, something else
        reason = f"{error} is missing" if isinstance(error, KeyError) else str(error)
        raise MoadbError(
            f"{file} cannot be read: {reason}",
            hint="each [[system]] has name, title, schemas, requires and extensions",
        ) from None


def select_systems(names: Iterable[str] | None, root: Path | None = None) -> list[System]:
    """Return the named systems and what they require, in dependency order; None means all.

    Raises:
        MoadbError: a name is not in the manifest (exit code 2).
    """
    systems = read_systems(root)
    if names is None:
        return systems
    by_name = {system.name: system for system in systems}
    wanted: set[str] = set()
    queue = list(names)
    while queue:
        name = queue.pop()
        if name not in by_name:
            raise MoadbError(
                f"there is no system {name!r}", hint=f"the systems are {', '.join(by_name)}", exit_code=Exit.USAGE
            )
        if name not in wanted:
            wanted.add(name)
            queue.extend(by_name[name].requires)
    return [system for system in systems if system.name in wanted]
