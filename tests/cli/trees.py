"""Small trees of SQL files to deploy, and the deployer as a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any
from unittest.mock import patch

from cli.commands import call
from moadb import resources
from moadb.connection import connect

# the command line with another tree than the installed one
_PROGRAM = """
import sys
from pathlib import Path
from moadb import resources
root = Path(sys.argv.pop(1))
resources.sql_root = lambda: root
from moadb.cli import main
main()
"""


class Tree:
    """A folder with migrations/, procedures/ …, with one system `shop` unless said otherwise.

    Args:
        root: an empty folder.
        systems: name → names of the systems that it requires; each has the schema of its name.
    """

    def __init__(self, root: Path, systems: Mapping[str, Sequence[str]] | None = None) -> None:
        self.root = root
        manifest = ""
        for name, requires in (systems or {"shop": ()}).items():
            listed = ", ".join(f'"{other}"' for other in requires)
            manifest += (
                f'[[system]]\nname = "{name}"\ntitle = "{name}"\nschemas = ["{name}"]\n'
                f"requires = [{listed}]\nextensions = []\n\n"
            )
        self.write("sql/systems.toml", manifest)

    def write(self, path: str, text: str) -> Path:
        """Write a file, line ends as given, and return its path."""
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8", newline="")
        return file

    def append(self, path: str, text: str) -> None:
        """Add to the end of a file."""
        self.write(path, (self.root / path).read_text(encoding="utf-8") + text)

    def remove(self, path: str) -> None:
        """Delete a file."""
        (self.root / path).unlink()

    def version(self, number: int, name: str, text: str, back: str | None = None, *, schema: str = "shop") -> str:
        """Write a migration and, with `back`, its rollback file; return its id."""
        id = f"{number:04}.{schema}_{name}"
        self.write(f"migrations/{schema}/{id}.sql", text)
        if back is not None:
            self.write(f"migrations/{schema}/{id}.rollback.sql", back)
        return id

    def routine(self, name: str, text: str, *, schema: str = "shop") -> str:
        """Write a file of procedures/ and return its path."""
        path = f"procedures/{schema}/{name}.sql"
        self.write(path, text)
        return path

    def start(self, dsn: str, *arguments: str, **options: Any) -> subprocess.Popen[str]:
        """Start `moadb --dsn DSN …` on this tree as a process."""
        return subprocess.Popen(
            [sys.executable, "-c", _PROGRAM, str(self.root), "--dsn", dsn, *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, "COLUMNS": "200", "NO_COLOR": "1"},
            **options,
        )

    def run(self, dsn: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run `moadb --dsn DSN …` on this tree, in this process, and return what came of it."""
        with patch("moadb.resources._PACKAGE", self.root / "scripts" / "moadb"):
            resources.sql_root.cache_clear()
            try:
                return call("--dsn", dsn, *arguments)
            finally:
                resources.sql_root.cache_clear()


def shop(root: Path) -> Tree:
    """Return a tree with one table and what is usually built on one: function, view, trigger, grants."""
    tree = Tree(root)
    tree.version(
        1,
        "prices",
        """
        create schema shop;
        create table shop.prices (id int primary key, cents int not null default 0, changed_at timestamptz);
        create index prices_cents_idx on shop.prices (cents);
        insert into shop.prices values (1, 500);
        """,
        "drop table shop.prices;\ndrop schema shop;",
    )
    tree.routine(
        "price",
        """
        create or replace function shop.price(p_id int) returns int language sql stable strict parallel safe
          security definer set search_path = pg_catalog, pg_temp
          as 'select p.cents from shop.prices as p where p.id = p_id';
        """,
    )
    tree.write(
        "sql/shop/views.sql",
        "create or replace view shop.cheap as select p.id, p.cents from shop.prices as p where p.cents < 1000;\n",
    )
    tree.write(
        "triggers/shop/prices_touch.sql",
        """
        create or replace function shop.touch() returns trigger language plpgsql
          set search_path = pg_catalog, pg_temp as $$ begin new.changed_at := now(); return new; end $$;
        create or replace trigger prices_touch before update on shop.prices
          for each row execute function shop.touch();
        """,
    )
    tree.write(
        "sql/shop/grants.sql",
        "grant usage on schema shop to shop_app;\ngrant execute on function shop.price(int) to shop_app;\n",
    )
    return tree


def value(dsn: str, query: str, *parameters: object) -> Any:
    """Return the first column of the first row of a query, None when there is none."""
    with connect(dsn) as connection:
        row = connection.execute(query.encode(), parameters or None).fetchone()
    return row[0] if row else None


def execute(dsn: str, statements: str) -> None:
    """Run statements."""
    with connect(dsn) as connection:
        connection.execute(statements.encode())


def eventually(condition: Callable[[], Any], what: str, seconds: float = 60.0) -> Any:
    """Wait until a condition holds, and return what it returned; fail when it does not come to hold."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        result = condition()
        if result:
            return result
        time.sleep(0.02)
    raise AssertionError(f"not within {seconds:.0f} s: {what}")
