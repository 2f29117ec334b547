"""The way back: by rollback files, newest first, with everything that was built on top."""

from __future__ import annotations

from pathlib import Path

import pytest

from cli.trees import Tree, execute, shop, value
from moadb.connection import connect
from moadb.deploy import migrate, rollback, status, verify
from moadb.deploy.catalog import signature
from moadb.errors import Exit, MoadbError, Refused


def everything(dsn: str, *schemas: str) -> dict[tuple[str, str], dict[str, str]]:
    """Return every object of some schemas with its properties."""
    with connect(dsn) as connection:
        connection.execute("set search_path = pg_catalog, pg_temp")
        return {key: described.properties for key, described in signature(connection, schemas).items()}


def test_up_down_up_leaves_no_trace(tmp_path: Path, empty_database: str) -> None:
    tree = shop(tmp_path)
    nothing = everything(empty_database, "shop")
    migrate(empty_database, root=tree.root)
    there = everything(empty_database, "shop")
    ran = rollback(empty_database, steps_back=1, root=tree.root)
    assert [entry.path for entry in ran] == ["migrations/shop/0001.shop_prices.rollback.sql"]
    assert everything(empty_database, "shop") == nothing
    assert value(empty_database, "select count(*) from moadb.objects") == 0
    assert value(empty_database, "select count(*) from moadb._yoyo_migration") == 0
    assert value(empty_database, "select array_agg(operation order by created_at_utc) from moadb._yoyo_log") == [
        "apply",
        "rollback",
    ]
    assert len(migrate(empty_database, root=tree.root).applied) == 5
    assert everything(empty_database, "shop") == there
    assert verify(empty_database, root=tree.root) == []


def test_a_step_back_and_forth(tmp_path: Path, empty_database: str) -> None:
    """Only what builds on the version goes with it; data-like files of its system run again, too."""
    tree = shop(tmp_path)
    tree.version(
        2,
        "codes",
        "create table shop.codes (id text primary key);\ncreate type shop.mood as enum ('good');",
        "drop type shop.mood;\ndrop table shop.codes;",
    )
    tree.write("sql/shop/errors.sql", "insert into shop.codes values ('a') on conflict do nothing;")
    tree.routine(
        "codes", "create or replace function shop.codes() returns setof shop.codes begin atomic table shop.codes; end;"
    )
    tree.routine(
        "any_codes",
        "create or replace function shop.any_codes(shop.codes[]) returns shop.codes language sql return $1[1];",
    )
    tree.routine("mood", "create or replace function shop.mood(shop.mood) returns int return 1;")
    migrate(empty_database, root=tree.root)
    without = {key for key in everything(empty_database, "shop") if "codes" not in key[1] and "mood" not in key[1]}
    rollback(empty_database, to="0001.shop_prices", root=tree.root)
    assert everything(empty_database, "shop").keys() == without
    assert value(empty_database, "select shop.price(1)") == 500
    migrate(empty_database, root=tree.root)
    assert value(empty_database, "select id from shop.codes()") == "a"
    assert verify(empty_database, root=tree.root) == []


def test_column_that_views_use(tmp_path: Path, empty_database: str) -> None:
    """The version made no object of its own, so the server tells that views are in the way: they go, too."""
    tree = shop(tmp_path)
    tree.version(
        2, "note", "alter table shop.prices add column note text;", "alter table shop.prices drop column note;"
    )
    tree.write(
        "sql/shop/views.sql",
        "create or replace view shop.notes as select p.note from shop.prices as p;\n"
        "create or replace view shop.short as select left(n.note, 10) as note from shop.notes as n;\n",
    )
    migrate(empty_database, root=tree.root)
    rollback(empty_database, steps_back=1, root=tree.root)
    assert value(empty_database, "select to_regclass('shop.short')") is None
    tree.write("sql/shop/views.sql", "create or replace view shop.cheap as select p.id from shop.prices as p;\n")
    tree.remove("migrations/shop/0002.shop_note.sql")
    tree.remove("migrations/shop/0002.shop_note.rollback.sql")
    migrate(empty_database, root=tree.root)
    assert verify(empty_database, root=tree.root) == []


def test_what_is_not_ours_stops_it(tmp_path: Path, empty_database: str) -> None:
    tree = shop(tmp_path)
    migrate(empty_database, root=tree.root)
    execute(empty_database, "create view public.mine as select shop.price(1)")
    execute(empty_database, "create view public.other as select * from shop.cheap")
    with pytest.raises(Refused, match="because other objects depend on it") as caught:
        rollback(empty_database, steps_back=1, root=tree.root)
    assert any(line.startswith("view public.") for line in caught.value.details)
    assert verify(empty_database, root=tree.root) == []


def test_missing_and_empty_rollback_files(tmp_path: Path, empty_database: str) -> None:
    tree = shop(tmp_path)
    tree.version(2, "two", "create table shop.two (id int);")
    tree.version(3, "three", "create table shop.three (id int);", "-- nothing\n")
    tree.version(4, "four", "create table shop.four (id int);", "drop table shop.four;")
    migrate(empty_database, root=tree.root)
    with pytest.raises(Refused, match="there is no way back") as caught:
        rollback(empty_database, steps_back=3, root=tree.root)
    assert caught.value.details == [
        "migrations/shop/0003.shop_three.rollback.sql",
        "migrations/shop/0002.shop_two.rollback.sql",
    ]
    assert value(empty_database, "select to_regclass('shop.four')") is not None
    assert value(empty_database, "select count(*) from moadb.scripts where kind = 'version'") == 4


def test_error_in_a_rollback_file(tmp_path: Path, empty_database: str) -> None:
    tree = shop(tmp_path)
    tree.version(2, "two", "create table shop.two (id int);", "drop table shop.two;\ndrop table shop.nosuch;")
    tree.version(3, "three", "create table shop.three (id int);", "drop table shop.three;")
    migrate(empty_database, root=tree.root)
    with pytest.raises(MoadbError, match=r"0002\.shop_two\.rollback\.sql:2: table \"nosuch\" does not exist"):
        rollback(empty_database, steps_back=2, root=tree.root)
    assert verify(empty_database, root=tree.root) == []
    assert migrate(empty_database, root=tree.root).up_to_date


def test_across_systems(tmp_path: Path, empty_database: str) -> None:
    """The newest version goes first, whatever its system; what requires the system runs again as well."""
    tree = Tree(tmp_path, {"base": (), "shop": ("base",)})
    tree.version(1, "a", "create schema base;", "drop schema base;", schema="base")
    tree.version(2, "b", "create table base.codes (id text primary key);", "drop table base.codes;", schema="base")
    tree.version(1, "a", "create schema shop;", "drop schema shop;", schema="shop")
    tree.write("sql/shop/errors.sql", "insert into base.codes values ('shop') on conflict do nothing;")
    migrate(empty_database, root=tree.root)
    tree.version(
        3,
        "c",
        "drop table base.codes;\ncreate table base.codes (id text primary key, x int);",
        "drop table base.codes;\ncreate table base.codes (id text primary key);",
        schema="base",
    )
    migrate(empty_database, root=tree.root)
    rollback(empty_database, steps_back=1, root=tree.root)
    pending = {system.name: system.pending for system in status(empty_database, root=tree.root).systems}
    assert pending == {"base": ["migrations/base/0003.base_c.sql"], "shop": ["sql/shop/errors.sql"]}
    rollback(empty_database, to="0001.base_a", root=tree.root)
    assert value(empty_database, "select array_agg(id) from moadb.scripts where kind = 'version'") == ["0001.base_a"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"steps_back": 2}, "cannot roll back 2 versions: 1 are applied"),
        ({"to": "0009.shop_x"}, "no version '0009.shop_x' is applied"),
        ({"to": "0001.shop_prices"}, "0001.shop_prices is the newest version already"),
        ({}, "say how far to roll back"),
        ({"to": "0001.shop_prices", "steps_back": 1}, "say how far to roll back"),
    ],
)
def test_how_far(tmp_path: Path, empty_database: str, arguments: dict[str, str], message: str) -> None:
    tree = shop(tmp_path)
    migrate(empty_database, root=tree.root)
    with pytest.raises(MoadbError, match=message):
        rollback(empty_database, root=tree.root, **arguments)  # type: ignore[arg-type]


@pytest.mark.parametrize("arguments", [["--to", "nope"], ["--steps", "99999"]])
def test_how_far_is_a_usage_error(tmp_path: Path, empty_database: str, arguments: list[str]) -> None:
    tree = shop(tmp_path)
    migrate(empty_database, root=tree.root)
    assert tree.run(empty_database, "rollback", *arguments).returncode == Exit.USAGE


def test_nothing_deployed(tmp_path: Path, empty_database: str) -> None:
    with pytest.raises(Refused, match="nothing is deployed in database"):
        rollback(empty_database, steps_back=1, root=shop(tmp_path).root)


def test_rollback_on_the_command_line(tmp_path: Path, empty_database: str) -> None:
    tree = shop(tmp_path)
    migrate(empty_database, root=tree.root)
    assert tree.run(empty_database, "rollback").returncode == Exit.USAGE
    result = tree.run(empty_database, "rollback", "--steps", "1")
    assert result.returncode == 0
    assert result.stdout.splitlines()[-1] == "1 migration rolled back"
