"""What the commands print, and the exit codes that scripts rely on."""

from __future__ import annotations

import json
from importlib import import_module
from pathlib import Path

import pytest

from cli.trees import Tree, execute, shop, value
from moadb.deploy import migrate, new, status
from moadb.errors import Exit, MoadbError, Refused


def test_migrate(tmp_path: Path, empty_database: str) -> None:
    tree = shop(tmp_path)
    first = tree.run(empty_database, "migrate")
    lines = first.stdout.splitlines()
    assert first.returncode == 0, first.stderr
    assert lines[0] == "plan: shop: 1 migration, 4 other files"
    assert lines[1].startswith("  migrations/shop/0001.shop_prices.sql  ")
    assert lines[1].endswith(" ms")
    assert lines[-1].startswith("5 files in ")
    second = tree.run(empty_database, "migrate")
    assert (second.returncode, second.stdout, second.stderr) == (0, "up to date\n", "")


def test_migrate_as_json(tmp_path: Path, empty_database: str) -> None:
    tree = shop(tmp_path)
    planned = json.loads(tree.run(empty_database, "migrate", "--plan", "--json").stdout)
    assert [script["reason"] for phase in planned["plan"]["phases"] for script in phase["scripts"]] == ["new"] * 5
    assert (planned["executed"], planned["ran"]) == (False, [])
    report = json.loads(tree.run(empty_database, "migrate", "--json").stdout)
    assert [entry["kind"] for entry in report["ran"]] == ["version"] + ["repeatable"] * 4
    assert (report["executed"], report["deployment"], report["up_to_date"]) == (True, 1, False)
    assert json.loads(tree.run(empty_database, "migrate", "--json").stdout)["up_to_date"] is True


def test_plan(tmp_path: Path, empty_database: str) -> None:
    tree = shop(tmp_path)
    tree.version(2, "index", "-- transactional: false\ncreate index concurrently i on shop.prices (cents);")
    result = tree.run(empty_database, "migrate", "--plan")
    assert result.stdout.splitlines() == [
        "plan: shop: 2 migrations, 4 other files; 3 phases, of which 1 not transactional",
        "phase 1, one transaction:",
        "  migrations/shop/0001.shop_prices.sql  (new)",
        "phase 2, not in a transaction:",
        "  migrations/shop/0002.shop_index.sql  (new)",
        "phase 3, one transaction:",
        "  procedures/shop/price.sql  (new)",
        "  sql/shop/views.sql  (new)",
        "  triggers/shop/prices_touch.sql  (new)",
        "  sql/shop/grants.sql  (new)",
    ]
    assert value(empty_database, "select to_regnamespace('moadb')") is None
    assert tree.run(empty_database, "migrate", "--rehearse").returncode == Exit.USAGE


def test_failure(tmp_path: Path, empty_database: str) -> None:
    tree = shop(tmp_path)
    tree.version(2, "bad", "select 1;\ncreate table shop.x (a intt);")
    result = tree.run(empty_database, "migrate")
    assert result.returncode == Exit.FAILED
    assert result.stderr.splitlines() == [
        'error: migrations/shop/0002.shop_bad.sql:2:24: type "intt" does not exist',
        "  create table shop.x (a intt);",
        "  SQLSTATE: 42704",
        "  rolled back: nothing was changed",
    ]


def test_refusal(tmp_path: Path, empty_database: str) -> None:
    tree = shop(tmp_path)
    migrate(empty_database, root=tree.root)
    tree.append("migrations/shop/0001.shop_prices.sql", "select 1;")
    result = tree.run(empty_database, "migrate")
    assert result.returncode == Exit.REFUSED
    assert "  migrations/shop/0001.shop_prices.sql: edited after it was applied" in result.stderr.splitlines()
    assert tree.run(empty_database, "migrate", "--systems", "bakery").returncode == Exit.USAGE


def test_status(tmp_path: Path, empty_database: str) -> None:
    tree = shop(tmp_path)
    result = tree.run(empty_database, "status")
    assert result.returncode == 0
    assert [line.split() for line in result.stdout.splitlines()][1] == ["shop", "0", "5", "files"]
    migrate(empty_database, root=tree.root)
    tree.version(2, "more", "create table shop.more (id int);")
    result = tree.run(empty_database, "status")
    lines = result.stdout.splitlines()
    assert lines[1].split() == ["shop", "1", "0001.shop_prices", "2", "files"]
    assert lines[-1].startswith("last: migrate 1 by postgres (")
    assert lines[-1].endswith(" UTC: done")
    report = json.loads(tree.run(empty_database, "status", "--json").stdout)
    assert report["systems"][0]["pending"] == ["migrations/shop/0002.shop_more.sql", "sql/shop/grants.sql"]
    assert report["last_deployment"]["command"] == "migrate"
    assert report["at_work"] is None


def test_status_of_a_deploy_that_died(tmp_path: Path, empty_database: str) -> None:
    tree = shop(tmp_path)
    migrate(empty_database, root=tree.root)
    execute(empty_database, "update moadb.deployments set state = 'running', finished_at = null")
    last = status(empty_database, root=tree.root).last
    assert last is not None
    assert last.state == "interrupted"


def test_new(tmp_path: Path) -> None:
    tree = shop(tmp_path)
    paths = new("shop", "Add a note", folder=tmp_path)
    folder = tmp_path / "migrations" / "shop"
    assert paths == [folder / "0002.shop_add_a_note.sql", folder / "0002.shop_add_a_note.rollback.sql"]
    assert paths[0].read_text().startswith("-- depends: 0001.shop_prices\n")
    tree.write("sql/systems.toml", (tmp_path / "sql/systems.toml").read_text().replace('["shop"]', '["shop", "cafe"]'))
    assert new("cafe", "cafe_tables", folder=tmp_path)[0].name == "0001.cafe_tables.sql"
    with pytest.raises(MoadbError, match="no system has a schema 'bakery'"):
        new("bakery", "x", folder=tmp_path)
    with pytest.raises(MoadbError, match="'!' is no name"):
        new("shop", "!", folder=tmp_path)


def test_new_in_a_folder_without_manifest(tmp_path: Path) -> None:
    with pytest.raises(MoadbError, match=f"there is no manifest {tmp_path}/sql/systems.toml") as caught:
        new("shop", "note", folder=tmp_path)
    assert caught.value.hint == "is that the folder with migrations/, procedures/ and sql/?"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("[[system]\n", "line 1"),
        ("", "'system' is missing"),
        ('[[system]]\nname = "shop"\n', "'title' is missing"),
        ('[system]\nname = "shop"\n', "systems.toml cannot be read"),
        ("\udcff", "can't decode byte"),
    ],
)
def test_damaged_manifest(tmp_path: Path, text: str, reason: str) -> None:
    (tmp_path / "sql").mkdir()
    (tmp_path / "sql" / "systems.toml").write_text(text, encoding="utf-8", errors="surrogateescape")
    with pytest.raises(MoadbError, match=reason) as caught:
        new("shop", "note", folder=tmp_path)
    assert caught.value.message.startswith(f"{tmp_path}/sql/systems.toml cannot be read: ")


def test_new_is_not_deployed_before_it_is_written(tmp_path: Path, empty_database: str) -> None:
    tree = shop(tmp_path)
    migrate(empty_database, root=tree.root)
    result = tree.run(empty_database, "new", "shop", "note", "--dir", str(tmp_path))
    assert result.stdout.splitlines() == [
        str(tmp_path / "migrations/shop/0002.shop_note.sql"),
        str(tmp_path / "migrations/shop/0002.shop_note.rollback.sql"),
    ]
    result = tree.run(empty_database, "migrate")
    assert result.returncode == Exit.FAILED
    assert "0002.shop_note.sql holds no statement" in result.stderr


def test_new_in_an_installation_from_a_wheel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tree = Tree(tmp_path / "_sql")
    monkeypatch.setattr(import_module("moadb.deploy.new"), "sql_root", lambda: tree.root)
    with pytest.raises(Refused, match="the migrations of this installation are part of its package"):
        new("shop", "note")
