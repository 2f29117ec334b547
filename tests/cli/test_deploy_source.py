"""Reading the files: their order, their directives, and a clear word about each that cannot be used."""

from __future__ import annotations

from pathlib import Path

import pytest
from yoyo.migrations import read_migrations

from cli.trees import Tree
from moadb.deploy.source import read_source
from moadb.errors import MoadbError
from moadb.resources import sql_root

pytestmark = pytest.mark.any_server


def test_order_by_system_then_number(tmp_path: Path) -> None:
    tree = Tree(tmp_path, {"base": (), "shop": ("base",)})
    tree.version(2, "b", "select 1;", schema="shop")
    tree.version(1, "a", "select 1;", schema="shop")
    tree.version(9, "z", "select 1;", schema="base")
    tree.version(10, "y", "select 1;", schema="base")
    ids = [script.id for script in read_source(root=tmp_path).versions]
    assert ids == ["0009.base_z", "0010.base_y", "0001.shop_a", "0002.shop_b"]


def test_depends_before_number(tmp_path: Path) -> None:
    tree = Tree(tmp_path)
    tree.version(1, "a", "-- depends: 0003.shop_c\n-- and more\nselect 1;")
    tree.version(2, "b", "select 1;")
    tree.version(3, "c", "select 1;")
    ids = [script.id for script in read_source(root=tmp_path).versions]
    assert ids.index("0003.shop_c") < ids.index("0001.shop_a")


def test_a_system_comes_with_what_it_requires(tmp_path: Path) -> None:
    tree = Tree(tmp_path, {"base": (), "shop": ("base",), "cafe": ("base",)})
    for schema in ("base", "shop", "cafe"):
        tree.version(1, "a", "select 1;", schema=schema)
    source = read_source(["cafe"], root=tmp_path)
    assert [system.name for system in source.systems] == ["base", "cafe"]
    assert [script.id for script in source.versions] == ["0001.base_a", "0001.cafe_a"]


def test_order_of_repeatables(tmp_path: Path) -> None:
    tree = Tree(tmp_path, {"platform": (), "shop": ("platform",)})
    paths = [
        "partitions/manager/make.sql",
        "procedures/platform/b.sql",
        "sql/platform/grants.sql",
        "procedures/shop/a.sql",
        "procedures/shop/b.sql",
        "sql/shop/views.sql",
        "triggers/shop/a_touch.sql",
        "sql/shop/errors.sql",
        "sql/shop/transitions.sql",
        "partitions/shop.sql",
        "sql/shop/jobs.sql",
        "sql/shop/invariants.sql",
        "sql/shop/grants.sql",
    ]
    for path in reversed(paths):
        tree.write(path, "select 1;")
    tree.write("sql/shop/reference.sql", "select 1;")
    tree.write("sql/shop/demo.sql.j2", "select 1;")
    assert [script.path for script in read_source(root=tmp_path).repeatables] == paths


def test_requires_before_name(tmp_path: Path) -> None:
    tree = Tree(tmp_path)
    tree.routine("a", "-- why\n-- requires: procedures/shop/c.sql procedures/shop/b.sql\nselect 1;")
    tree.routine("b", "-- requires: procedures/shop/c.sql\nselect 1;")
    tree.routine("c", "select 1;\n-- requires: nothing, this is below\n")
    paths = [script.path for script in read_source(root=tmp_path).repeatables]
    assert paths == [f"procedures/shop/{name}.sql" for name in "cba"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("-- transactional: no\nselect 1;", "-- transactional: is 'no'"),
        ("-- Transactional: false\nselect 1;", ":1: directive 'Transactional' must be written in lower case"),
        ("/* licence */\n-- transactional: false\nselect 1;", ":2: directive 'transactional' has no effect here"),
        ("select 1;\n-- depends: 0001.shop_a\n", ":2: directive 'depends' has no effect here"),
        ("-- depends: on the tables above\nselect 1;", "depends on 'on', and there is no such migration"),
        ("-- depends: 0002.shop_b\nselect 1;", "wait for one another: migrations/shop/0002.shop_b.sql"),
    ],
)
def test_malformed_directives(tmp_path: Path, text: str, message: str) -> None:
    Tree(tmp_path).version(2, "b", text)
    with pytest.raises(MoadbError) as caught:
        read_source(root=tmp_path)
    assert message in caught.value.message
    assert "0002.shop_b.sql" in caught.value.message
    assert caught.value.hint


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("migrations/shop/0001.Upper.sql", "0001.Upper.sql is not named like a migration"),
        ("migrations/shop/1.a.sql", "1.a.sql is not named like a migration"),
        ("migrations/shop/post-apply.sql", "post-apply.sql is not named like a migration"),
        ("migrations/shop/0001.shop_a.py", "0001.shop_a.py is not named like a migration"),
        ("migrations/shop/0001.shop_a.rollback.sql", "0001.shop_a.rollback.sql has no migration beside it"),
        ("migrations/cafe/0001.cafe_a.sql", "migrations/cafe belongs to no system"),
        ("procedures/cafe/a.sql", "procedures/cafe belongs to no system"),
        ("sql/cafe/grants.sql", "sql/cafe belongs to no system"),
        ("partitions/cafe.sql", "partitions/cafe.sql belongs to no system"),
    ],
)
def test_files_that_nobody_would_run(tmp_path: Path, path: str, message: str) -> None:
    Tree(tmp_path).write(path, "select 1;")
    with pytest.raises(MoadbError) as caught:
        read_source(root=tmp_path)
    assert message in caught.value.message


def test_cycles(tmp_path: Path) -> None:
    tree = Tree(tmp_path)
    tree.version(1, "a", "-- depends: 0002.shop_b\nselect 1;")
    tree.version(2, "b", "-- depends: 0001.shop_a\nselect 1;")
    with pytest.raises(MoadbError, match=r"wait for one another: .*0001\.shop_a\.sql, .*0002\.shop_b\.sql"):
        read_source(root=tmp_path)


def test_one_id_twice(tmp_path: Path) -> None:
    tree = Tree(tmp_path, {"base": (), "shop": ()})
    tree.write("migrations/base/0001.a.sql", "select 1;")
    tree.write("migrations/shop/0001.a.sql", "select 1;")
    with pytest.raises(MoadbError, match=r"id 0001\.a: migrations/base/0001\.a\.sql and migrations/shop/0001\.a\.sql"):
        read_source(root=tmp_path)


def test_no_way_back_to_front_between_systems(tmp_path: Path) -> None:
    tree = Tree(tmp_path, {"base": (), "shop": ("base",), "cafe": ("base",)})
    shop = tree.version(1, "a", "select 1;", schema="shop")
    tree.version(1, "a", f"-- depends: {shop}\nselect 1;", schema="base")
    with pytest.raises(MoadbError, match=f"depends on {shop} of a later system, shop"):
        read_source(root=tmp_path)
    tree.version(1, "a", "select 1;", schema="base")
    tree.version(1, "a", f"-- depends: {shop}\nselect 1;", schema="cafe")
    with pytest.raises(MoadbError, match="cafe does not require system shop"):
        read_source(["cafe"], root=tmp_path)


def test_unknown_requirement(tmp_path: Path) -> None:
    Tree(tmp_path).routine("a", "-- requires: procedures/shop/zzz.sql\nselect 1;")
    with pytest.raises(MoadbError, match=r"requires 'procedures/shop/zzz\.sql', and there is no such file"):
        read_source(root=tmp_path)


def test_not_utf8(tmp_path: Path) -> None:
    Tree(tmp_path).write("migrations/shop/0001.shop_a.sql", "").write_bytes(b"select 1;\nselect '\xe9';\n")
    with pytest.raises(MoadbError, match=r"0001\.shop_a\.sql:2: not UTF-8"):
        read_source(root=tmp_path)


def test_byte_order_mark(tmp_path: Path) -> None:
    Tree(tmp_path).write("migrations/shop/0001.shop_a.sql", "\ufeff-- depends:\nselect 1;")
    assert read_source(root=tmp_path).versions[0].text.startswith("-- depends:")


def test_yoyo_reads_the_same() -> None:
    """Ids, dependencies and the transactional flag of our own migrations are what yoyo itself makes of them."""
    source = read_source()
    folders = [str(sql_root() / "migrations" / schema) for schema in source.schemas]
    theirs = {m.id: ({d.id for d in m.depends}, m.use_transactions) for m in read_migrations(*folders)}
    assert {script.id: (set(script.depends), script.transactional) for script in source.versions} == theirs
