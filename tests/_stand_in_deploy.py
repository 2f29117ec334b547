"""Stand-in for moadb.deploy.migrate until that lands: applies everything in order, without ledger."""

from __future__ import annotations

from pathlib import Path

import psycopg

from moadb.systems import read_systems

ROOT = Path(__file__).resolve().parent.parent


def migrate(dsn: str, systems: list[str] | None = None, progress: object = None) -> None:
    chosen = [s for s in read_systems() if systems is None or s.name in systems or s.name == "platform"]
    files: list[Path] = []
    for system in chosen:
        for schema in system.schemas:
            files += sorted(f for f in (ROOT / "migrations" / schema).glob("*.sql") if ".rollback." not in f.name)
    for system in chosen:
        for schema in system.schemas:
            if schema == "platform":
                files += sorted((ROOT / "partitions" / "manager").glob("*.sql"))
            files += sorted((ROOT / "procedures" / schema).glob("*.sql"))
            files += [ROOT / "sql" / schema / "views.sql"]
            files += sorted((ROOT / "triggers" / schema).glob("*.sql"))
            files += [ROOT / "sql" / schema / "errors.sql", ROOT / "partitions" / f"{schema}.sql"]
            files += [ROOT / "sql" / schema / f"{kind}.sql" for kind in ("jobs", "invariants", "grants")]
    with psycopg.connect(dsn, autocommit=True) as connection:
        names = ["moadb_owner", "moadb_clock"]
        names += [f"{s.name}_{kind}" for s in chosen if s.name != "platform" for kind in ("app", "read")]
        for name in names:
            if not connection.execute("select 1 from pg_roles where rolname = %s", (name,)).fetchone():
                connection.execute(f'create role "{name}" nologin')
        database = connection.info.dbname
        connection.execute(f'grant create, temporary on database "{database}" to moadb_owner')
        pending = [f for f in files if f.is_file()]
        for _ in range(6):  # a file that needs a later one is tried again
            failed: list[tuple[Path, psycopg.Error]] = []
            for file in pending:
                try:
                    with connection.transaction():
                        connection.execute("set local check_function_bodies = off")
                        connection.execute("set local search_path = pg_catalog, pg_temp")
                        connection.execute("set local role moadb_owner")
                        connection.execute(file.read_bytes())
                except psycopg.Error as error:
                    failed.append((file, error))
            if not failed:
                return
            pending = [file for file, _ in failed]
        raise RuntimeError("\n".join(f"{file}: {error}" for file, error in failed))
