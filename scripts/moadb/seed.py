"""Data that comes with the systems: reference data, which they need, and demo data. Loading it again adds nothing."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import jinja2

from moadb.connection import Connection, connect
from moadb.deploy import run
from moadb.deploy.bootstrap import OWNER
from moadb.deploy.source import Script
from moadb.errors import MoadbError, Refused
from moadb.resources import sql_root
from moadb.systems import System, select_systems

_SETUP = f"set local role {OWNER}; set local search_path = pg_catalog, pg_temp; set local lock_timeout = '10s'"


@dataclass(frozen=True)
class Seeded:
    """What loading one file did: rows inserted, and how long it took in seconds."""

    schema: str
    path: str
    rows: int
    seconds: float


def seed_reference(
    dsn: str, systems: Iterable[str] | None = None, *, progress: Callable[[str], None] | None = None
) -> list[Seeded]:
    """Load sql/<schema>/reference.sql of the named systems and what they require.

    Args:
        dsn: the database.
        systems: names from the manifest; None means all that are deployed there.
        progress: gets the path of each file before it is loaded.

    Raises:
        Refused: a named system is not deployed there.
        MoadbError: a file fails; what it did is undone, the files before it stay.
    """
    return _seed(dsn, systems, "reference.sql", lambda text, path: text, progress)


def seed_demo(
    dsn: str,
    systems: Iterable[str] | None = None,
    scale: int = 1,
    *,
    progress: Callable[[str], None] | None = None,
) -> list[Seeded]:
    """Load sql/<schema>/demo.sql.j2 of the named systems and what they require.

    Args:
        dsn: the database.
        systems: names from the manifest; None means all that are deployed there.
        scale: how much of it, 1 or more; what it is multiplied with is the file's business.
        progress: gets the path of each file before it is loaded.

    Raises:
        Refused: a named system is not deployed there.
        MoadbError: a file fails; what it did is undone, the files before it stay.
    """
    environment = jinja2.Environment(undefined=jinja2.StrictUndefined, keep_trailing_newline=True, autoescape=False)

    def render(text: str, path: str) -> str:
        try:
            return environment.from_string(text).render(scale=scale)
        except jinja2.TemplateError as error:
            line = f":{error.lineno}" if isinstance(error, jinja2.TemplateSyntaxError) else ""
            raise MoadbError(f"{path}{line}: {error.message}") from None

    return _seed(dsn, systems, "demo.sql.j2", render, progress)


def deployed_systems(connection: Connection, systems: Iterable[str] | None = None) -> list[System]:
    """Return the systems whose schemas are in the database, in dependency order.

    Args:
        connection: to the database.
        systems: names from the manifest, which with what they require must all be there; None means whichever are.

    Raises:
        Refused: a named system is not there.
    """
    names = None if systems is None else list(systems)
    rows = connection.execute("select nspname from pg_catalog.pg_namespace").fetchall()
    present = {row[0] for row in rows}
    selected = select_systems(names)
    there = [system for system in selected if present.issuperset(system.schemas)]
    missing = [system.name for system in selected if system not in there]
    if names is not None and missing:
        raise Refused(
            f"not deployed in database {connection.info.dbname!r}: {', '.join(missing)}",
            hint=f"moadb migrate --systems {','.join(names)}",
        )
    return there


def _seed(
    dsn: str,
    systems: Iterable[str] | None,
    name: str,
    render: Callable[[str, str], str],
    progress: Callable[[str], None] | None,
) -> list[Seeded]:
    with connect(dsn) as connection:
        there = deployed_systems(connection, systems)
    return [_load(dsn, script, progress) for script in _scripts(there, name, render)]


def _scripts(systems: list[System], name: str, render: Callable[[str, str], str]) -> Iterator[Script]:
    for system in systems:
        for schema in system.schemas:
            path = f"sql/{schema}/{name}"
            file = sql_root() / path
            if file.is_file():
                raw = file.read_bytes()
                yield Script(
                    id=path,
                    kind="repeatable",
                    path=path,
                    system=system.name,
                    schema=schema,
                    room="seed",
                    text=render(raw.decode("utf-8"), path),
                    raw_sha256=hashlib.sha256(raw).hexdigest(),
                )


def _load(dsn: str, script: Script, progress: Callable[[str], None] | None) -> Seeded:
    """Run a file in one transaction of a session of its own, whose statistics count its rows."""
    if progress is not None:
        progress(script.path)
    started = time.monotonic()
    with connect(dsn, autocommit=False) as connection:
        connection.execute(_SETUP)
        run.run(connection, script)
        row = connection.execute(
            "select coalesce(sum(s.n_tup_ins), 0)::bigint from pg_catalog.pg_stat_xact_user_tables as s "
            "where not exists (select from pg_catalog.pg_partitioned_table as p where p.partrelid = s.relid)"
        ).fetchone()
    assert row is not None
    return Seeded(script.schema, script.path, row[0], round(time.monotonic() - started, 3))
