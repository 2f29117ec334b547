"""Begin a migration: the two files with the next number."""

from __future__ import annotations

import re
from pathlib import Path

from moadb.errors import Exit, MoadbError, Refused
from moadb.resources import sql_root
from moadb.systems import read_systems

_APPLY = """\
{depends}
-- Say here why this change is made. No begin or commit: the deploy runs the whole file in its transaction. Name
-- schema, table, column and constraint in full, and comment what you create:
--
-- alter table {schema}.things add column note text;
-- comment on column {schema}.things.note is 'What it is, with its unit.';
--
-- What cannot run in a transaction (create index concurrently …) goes into a file of its own that begins with
-- `-- transactional: false`; name the index.
"""

_ROLLBACK = """\
-- Undoes {id}, statement by statement in reverse:
--
-- alter table {schema}.things drop column note;
"""


def new(schema: str, name: str, *, folder: Path | None = None) -> list[Path]:
    """Write the two files of a new migration, and return their paths.

    Args:
        schema: the schema that it changes.
        name: what it does, in lower-case words: add_note.
        folder: the tree that has migrations/; None means the checkout that moadb is installed from.

    Raises:
        Refused: moadb was installed from a wheel, whose files are not to be edited.
        MoadbError: the schema belongs to no system, or the name is not of that form.
    """
    root = (folder or sql_root()).resolve()
    if folder is None and root.name == "_sql":
        raise Refused(
            "the migrations of this installation are part of its package",
            hint="run it in a checkout, or name one with --dir",
        )
    schemas = [own for system in read_systems(root) for own in system.schemas]
    if schema not in schemas:
        raise MoadbError(
            f"no system has a schema {schema!r}", hint=f"the schemas are {', '.join(schemas)}", exit_code=Exit.USAGE
        )
    word = re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_").removeprefix(f"{schema}_")
    if not word:
        raise MoadbError(f"{name!r} is no name", hint="say in a few words what it does: add_note", exit_code=Exit.USAGE)
    place = root / "migrations" / schema
    place.mkdir(parents=True, exist_ok=True)
    before = sorted(path.stem for path in place.glob("[0-9]*.sql") if not path.name.endswith(".rollback.sql"))
    number = int(before[-1].split(".")[0]) + 1 if before else 1
    id = f"{number:04}.{schema}_{word}"
    depends = f"-- depends: {before[-1]}" if before else "-- depends:"
    paths = [place / f"{id}.sql", place / f"{id}.rollback.sql"]
    paths[0].write_text(_APPLY.format(depends=depends, schema=schema), encoding="utf-8")
    paths[1].write_text(_ROLLBACK.format(id=id, schema=schema), encoding="utf-8")
    return paths
