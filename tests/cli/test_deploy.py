"""What `migrate` does to a database, and what it makes of each kind of change to the files."""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import psycopg
import pytest
from psycopg import conninfo

from cli.trees import Tree, eventually, execute, shop, value
from moadb.connection import Connection, connect
from moadb.deploy import Event, catalog, migrate, plan, status
from moadb.errors import Exit, MoadbError, Refused

RAISE_PRICES = "update shop.prices set cents = cents * 100;"


class Log(list[Event]):
    """The events of a deploy."""

    def texts(self, kind: str) -> list[str]:
        """Return the texts of one kind, with the path before them."""
        return [f"{event.path}: {event.text}" if event.path else event.text for event in self if event.kind == kind]


def test_first_deploy(tmp_path: Path, empty_database: str) -> None:
    tree = shop(tmp_path)
    log = Log()
    report = migrate(empty_database, root=tree.root, progress=log.append)
    assert report.applied == [
        "migrations/shop/0001.shop_prices.sql",
        "procedures/shop/price.sql",
        "sql/shop/views.sql",
        "triggers/shop/prices_touch.sql",
        "sql/shop/grants.sql",
    ]
    assert [event.path for event in log if event.kind == "start"] == report.applied
    assert value(empty_database, "select shop.price(1)") == 500
    owners = "select distinct tableowner from pg_tables where schemaname in ('shop', 'moadb')"
    assert value(empty_database, f"select array_agg(o) from ({owners}) as t (o)") == ["moadb_owner"]
    stored = "select body from moadb.scripts where id = '0001.shop_prices'"
    assert value(empty_database, stored) == (tree.root / report.applied[0]).read_text()


def test_second_deploy_has_nothing_to_do(tmp_path: Path, empty_database: str) -> None:
    tree = shop(tmp_path)
    migrate(empty_database, root=tree.root)
    before = value(empty_database, "select array_agg(d order by id)::text from moadb.deployments as d")
    report = migrate(empty_database, root=tree.root)
    assert report.up_to_date
    assert report.id is None
    assert value(empty_database, "select array_agg(d order by id)::text from moadb.deployments as d") == before


def test_yoyo_sees_what_we_did(tmp_path: Path, empty_database: str) -> None:
    """Plain `yoyo list` shows our versions as applied, also after `yoyo` itself has marked one."""
    tree = shop(tmp_path)
    tree.version(2, "more", "-- depends: 0001.shop_prices\ncreate table shop.more (id int);")
    migrate(empty_database, root=tree.root)
    tree.version(3, "later", "create table shop.later (id int);")
    lines = yoyo(empty_database, tree, "list").stdout.splitlines()
    states = {words[1]: words[0] for words in (line.split() for line in lines) if words and words[0] in ("A", "U")}
    assert states == {"0001.shop_prices": "A", "0002.shop_more": "A", "0003.shop_later": "U"}
    assert value(empty_database, "select count(*) from moadb._yoyo_log where operation = 'apply'") == 2


def yoyo(dsn: str, tree: Tree, command: str) -> subprocess.CompletedProcess[str]:
    """Run plain yoyo on our ledger."""
    parts = conninfo.conninfo_to_dict(dsn)
    query = urlencode({"host": parts["host"], "port": parts["port"], "schema": "moadb"})
    uri = f"postgresql+psycopg://{parts['user']}@/{parts['dbname']}?{query}"
    arguments = [command, "--no-config-file", "--batch", "--database", uri, str(tree.root / "migrations" / "shop")]
    return subprocess.run(
        [Path(sys.executable).parent / "yoyo", *arguments], capture_output=True, text=True, check=True, cwd=tree.root
    )


def test_a_deploy_holds_yoyos_lock(tmp_path: Path, empty_database: str) -> None:
    """A plain yoyo waits for our transaction, and finds no lock left over."""
    tree = shop(tmp_path)
    migrate(empty_database, root=tree.root)
    tree.version(2, "slow", "select pg_advisory_xact_lock(7);")
    with connect(empty_database) as blocker:
        blocker.execute("select pg_advisory_lock(7)")
        deployer = threading.Thread(target=migrate, args=(empty_database,), kwargs={"root": tree.root})
        deployer.start()
        eventually(lambda: value(empty_database, WAITING, "advisory"), "the deploy waits in its script")
        with connect(empty_database) as other:
            other.execute("set lock_timeout = '100ms'")
            with pytest.raises(psycopg.errors.LockNotAvailable):
                other.execute("insert into moadb.yoyo_lock (locked, pid) values (1, 4711)")
        blocker.execute("select pg_advisory_unlock(7)")
        deployer.join()
    assert value(empty_database, "select count(*) from moadb.yoyo_lock") == 0


WAITING = """
select a.pid from pg_stat_activity as a
where a.application_name = 'moadb deploy' and a.wait_event_type = 'Lock' and a.wait_event = %s
  and a.datname = current_database()
"""


def test_a_plain_yoyo_at_work_is_respected(tmp_path: Path, empty_database: str) -> None:
    tree = shop(tmp_path)
    migrate(empty_database, root=tree.root)
    tree.version(2, "more", "create table shop.more (id int);")
    execute(empty_database, "insert into moadb.yoyo_lock (locked, ctime, pid) values (1, now(), 4711)")
    with pytest.raises(Refused, match=r"yoyo \(process 4711\) has locked this database"):
        migrate(empty_database, root=tree.root)
    execute(empty_database, "update moadb.yoyo_lock set pid = -1")  # left over from a deploy of ours that was killed
    migrate(empty_database, root=tree.root)


@pytest.mark.parametrize(
    ("text", "message", "details"),
    [
        ("create table shop.x (\n  a int,\n  b intt\n);", ':3:5: type "intt" does not exist', "b intt"),
        ("select 1;\n\nselect 1/0;\n", ":3: division by zero", "select 1/0;"),
        (
            "select 1; -- one\n/* two\n*/\ninsert into shop.prices\n  values (1, 2);\nselect 3;",
            ":4: duplicate key value violates unique constraint",
            "DETAIL: Key (id)=(1) already exists.",
        ),
        (
            "do $$\nbegin\n  perform 1;\n  raise exception 'stop here' using errcode = 'MP001';\nend $$;",
            ":1: stop here",
            "CONTEXT: PL/pgSQL function inline_code_block line 4 at RAISE",
        ),
        ("select '가나다', nosuch;", ":1:15: column", "SQLSTATE: 42703"),
    ],
)
def test_errors_have_a_place(tmp_path: Path, empty_database: str, text: str, message: str, details: str) -> None:
    tree = shop(tmp_path)
    migrate(empty_database, root=tree.root)
    tree.version(2, "good", "create table shop.good (id int);")
    tree.version(3, "bad", text)
    with pytest.raises(MoadbError) as caught:
        migrate(empty_database, root=tree.root)
    assert caught.value.message.startswith("migrations/shop/0003.shop_bad.sql" + message)
    assert details in caught.value.details
    assert "rolled back: nothing was changed" in caught.value.details
    assert caught.value.exit_code == Exit.FAILED
    assert value(empty_database, "select to_regclass('shop.good')") is None
    assert value(empty_database, "select count(*) from moadb.deployments") == 1


def test_notices_are_shown_with_their_file(tmp_path: Path, empty_database: str) -> None:
    tree = shop(tmp_path)
    tree.version(2, "talk", "do $$ begin raise notice 'hello'; raise warning 'careful'; end $$;")
    log = Log()
    migrate(empty_database, root=tree.root, progress=log.append)
    path = "migrations/shop/0002.shop_talk.sql"
    assert log.texts("notice") == [f"{path}: NOTICE: hello", f"{path}: WARNING: careful"]


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("create table shop.x (id int);\ncommit;", ":2: commit"),
        ("begin;\ncreate table shop.x (id int);", ":1: begin"),
        ("start transaction;", ":1: start transaction"),
        ("select 1; rollback;", ":1: rollback"),
        ("select 1;\nend;", ":2: end"),
        ("prepare transaction 'x';", ":1: prepare transaction"),
    ],
)
@pytest.mark.parametrize("header", ["", "-- transactional: false\n"])
def test_files_do_not_control_the_transaction(
    tmp_path: Path, empty_database: str, text: str, what: str, header: str
) -> None:
    tree = shop(tmp_path)
    tree.version(2, "bad", header + text)
    with pytest.raises(MoadbError) as caught:
        migrate(empty_database, root=tree.root)
    line = int(what[1]) + header.count("\n")
    assert f"0002.shop_bad.sql:{line}{what[2:]}: a file does not control the transaction" in caught.value.message
    assert value(empty_database, "select to_regnamespace('shop')") is None


def test_savepoints_are_a_files_own_affair(tmp_path: Path, empty_database: str) -> None:
    tree = shop(tmp_path)
    tree.version(2, "save", "savepoint a;\ncreate table shop.x (id int);\nrollback to savepoint a;\nrelease a;")
    migrate(empty_database, root=tree.root)
    assert value(empty_database, "select to_regclass('shop.x')") is None


@pytest.mark.parametrize("text", ["copy shop.prices from stdin;", "copy shop.prices (id) TO STDOUT;"])
def test_copy_from_the_client(tmp_path: Path, empty_database: str, text: str) -> None:
    tree = shop(tmp_path)
    tree.version(2, "copy", text)
    with pytest.raises(MoadbError, match=r"0002\.shop_copy\.sql:1: copy has no client here"):
        migrate(empty_database, root=tree.root)


def test_an_empty_migration(tmp_path: Path, empty_database: str) -> None:
    """What `moadb new` has written is not deployed by mistake: it could not be filled in afterwards."""
    tree = shop(tmp_path)
    tree.version(2, "todo", "-- depends: 0001.shop_prices\n-- later\n")
    with pytest.raises(MoadbError, match="holds no statement"):
        migrate(empty_database, root=tree.root)


CHANGES = (
    "create or replace function shop.price(p_id int) returns int language sql as 'select 1';",
    "grant execute on function shop.price(int) to public;",
    "create or replace view shop.cheap as select p.id, p.cents, 1 as one from shop.prices as p;",
    "create or replace view shop.cheap as select p.id, -p.cents as cents, 1 as one from shop.prices as p;",
    "alter view shop.cheap rename to dear; alter view shop.dear rename column one to two;",
    "create rule nothing as on delete to shop.prices do instead nothing;",
    "create type shop.mood as enum ('good'); create domain shop.sum as numeric check (value > 0);",
    "create policy own on shop.prices using (true); alter policy own on shop.prices rename to mine;",
    "alter table shop.prices add constraint prices_check check (cents > 0) not valid;",
    "alter table shop.prices disable trigger prices_touch;",
    "alter table shop.prices rename to costs;",
    "savepoint s; drop view shop.dear; drop function shop.price(int); rollback to s;",
    """
    do $$ begin
      drop trigger prices_touch on shop.costs;
      raise 'no';
    exception when others then execute 'create function shop.kept() returns int language sql return 1';
    end $$;
    """,
    "drop view shop.dear; drop function shop.kept; drop trigger prices_touch on shop.costs; drop type shop.mood;",
    "reset role; set track_counts = off; create function shop.unseen() returns int return 1; set track_counts = on;",
    "reset role; set local track_counts = off; drop function shop.unseen;",
    "create schema other; alter table shop.costs set schema other; alter function shop.price set schema other;",
    "alter schema shop rename to store; create schema shop; create table shop.x (a int primary key);",
)


@pytest.mark.parametrize("counting", ["on", "off"])
def test_nothing_that_a_file_does_is_overlooked(
    tmp_path: Path, empty_database: str, monkeypatch: pytest.MonkeyPatch, counting: str
) -> None:
    """After a file only that is looked at again which it can have changed; it comes to the same as looking at all."""
    looks: list[catalog.Snapshot] = []
    look = catalog.snapshot

    def compare(connection: Connection, schema: str, *earlier: Any) -> catalog.Snapshot:
        looks.append(look(connection, schema, *earlier))
        assert looks[-1] == look(connection, schema)
        return looks[-1]

    monkeypatch.setattr(catalog, "snapshot", compare)
    name = value(empty_database, "select current_database()")
    execute(empty_database, f"alter database {name} set track_counts = {counting}")
    tree = shop(tmp_path)
    first = migrate(empty_database, root=tree.root).applied
    for path in first[1:]:
        tree.remove(path)
    for number, text in enumerate(CHANGES, 2):
        tree.version(number, f"change_{number}", text)
    migrate(empty_database, root=tree.root)
    assert len(looks) == 2 * (len(first) + len(CHANGES))


def test_settings_do_not_leak_from_file_to_file(tmp_path: Path, empty_database: str) -> None:
    tree = shop(tmp_path)
    tree.version(
        2,
        "set",
        "set search_path = shop;\nset role none;\nset local standard_conforming_strings = off;\n"
        "set session statement_timeout = 3600000;\nset timezone = 'Asia/Seoul';",
    )
    tree.version(
        3,
        "look",
        "create table shop.seen as select current_setting('search_path') as path, current_user::text as role, "
        "current_setting('standard_conforming_strings') as strings, current_setting('statement_timeout') as timeout, "
        "current_setting('timezone') as zone;",
    )
    migrate(empty_database, root=tree.root)
    seen = value(empty_database, "select array[path, role, strings, timeout, zone] from shop.seen")
    assert seen == ["pg_catalog, pg_temp", "moadb_owner", "on", "0", "UTC"]


# versions


def test_edited_version(tmp_path: Path, empty_database: str) -> None:
    tree = shop(tmp_path)
    migrate(empty_database, root=tree.root)
    tree.append("migrations/shop/0001.shop_prices.sql", "alter table shop.prices add column note text;")
    with pytest.raises(Refused) as caught:
        migrate(empty_database, root=tree.root)
    assert caught.value.details == ["migrations/shop/0001.shop_prices.sql: edited after it was applied"]


def test_renamed_and_deleted_versions(tmp_path: Path, empty_database: str) -> None:
    tree = shop(tmp_path)
    tree.version(2, "two", "create table shop.two (id int);")
    tree.version(3, "three", "create table shop.three (id int);")
    migrate(empty_database, root=tree.root)
    text = (tree.root / "migrations/shop/0002.shop_two.sql").read_text()
    tree.remove("migrations/shop/0002.shop_two.sql")
    tree.version(2, "deux", text)
    tree.remove("migrations/shop/0003.shop_three.sql")
    with pytest.raises(Refused) as caught:
        migrate(empty_database, root=tree.root)
    assert caught.value.details == [
        "migrations/shop/0002.shop_two.sql: renamed to migrations/shop/0002.shop_deux.sql after it was applied",
        "migrations/shop/0003.shop_three.sql: deleted after it was applied",
    ]


def test_deleted_version_whose_rollback_file_stays(tmp_path: Path, empty_database: str) -> None:
    tree = shop(tmp_path)
    migrate(empty_database, root=tree.root)
    tree.remove("migrations/shop/0001.shop_prices.sql")
    with pytest.raises(Refused, match=r"0001.shop_prices.rollback.sql has no migration beside it: renamed or deleted"):
        migrate(empty_database, root=tree.root)


def test_comments_and_line_ends_are_no_edit(tmp_path: Path, empty_database: str) -> None:
    """They are told once, and the recorded text is renewed."""
    tree = shop(tmp_path)
    migrate(empty_database, root=tree.root)
    path = "migrations/shop/0001.shop_prices.sql"
    text = "-- licence\n" + (tree.root / path).read_text().replace("\n", "\r\n") + "\r\n"
    tree.write(path, text)
    report = migrate(empty_database, root=tree.root)
    assert report.applied == []
    assert report.warnings == [f"{path}: only comments or layout differ from what was applied"]
    assert value(empty_database, "select body from moadb.scripts where id = '0001.shop_prices'") == text
    assert migrate(empty_database, root=tree.root).warnings == []


def test_late_version(tmp_path: Path, empty_database: str) -> None:
    tree = shop(tmp_path)
    tree.version(3, "three", "create table shop.three (id int);")
    migrate(empty_database, root=tree.root)
    tree.version(2, "two", "create table shop.two (id int);")
    with pytest.raises(Refused) as caught:
        migrate(empty_database, root=tree.root)
    assert caught.value.details == ["migrations/shop/0002.shop_two.sql"]
    assert "--allow-late" in str(caught.value.hint)
    report = migrate(empty_database, root=tree.root, allow_late=True)
    assert "migrations/shop/0002.shop_two.sql" in report.applied
    order = "select array_agg(id order by seq) from moadb.scripts where kind = 'version'"
    assert value(empty_database, order) == ["0001.shop_prices", "0003.shop_three", "0002.shop_two"]
    assert migrate(empty_database, root=tree.root).up_to_date


def test_new_version_of_an_earlier_system_is_not_late(tmp_path: Path, empty_database: str) -> None:
    tree = Tree(tmp_path, {"base": (), "shop": ("base",)})
    tree.version(1, "a", "create schema base;", schema="base")
    tree.version(1, "a", "create schema shop;", schema="shop")
    migrate(empty_database, root=tree.root)
    tree.version(2, "b", "create table base.t (id int);", schema="base")
    assert migrate(empty_database, root=tree.root).applied == ["migrations/base/0002.base_b.sql"]


def test_a_later_system_may_use_the_functions_of_an_earlier_one(tmp_path: Path, empty_database: str) -> None:
    tree = Tree(tmp_path, {"base": (), "shop": ("base",)})
    tree.version(1, "a", "create schema base;", schema="base")
    tree.routine("one", "create or replace function base.one() returns int return 1;", schema="base")
    tree.version(1, "a", "create schema shop;\ncreate table shop.t (id int default base.one());", schema="shop")
    migrate(empty_database, root=tree.root)


def test_one_system_after_the_other(tmp_path: Path, empty_database: str) -> None:
    tree = Tree(tmp_path, {"base": (), "shop": ("base",), "cafe": ("base",)})
    for schema in ("base", "shop", "cafe"):
        tree.version(1, "a", f"create schema {schema};", schema=schema)
    migrate(empty_database, ["shop"], root=tree.root)
    assert value(empty_database, "select to_regnamespace('cafe')") is None
    assert {s.name: s.deployed for s in status(empty_database, root=tree.root).systems} == {
        "base": True,
        "shop": True,
        "cafe": False,
    }
    assert migrate(empty_database, ["cafe"], root=tree.root).applied == ["migrations/cafe/0001.cafe_a.sql"]


# repeatables


def test_changed_function_alone_is_deployed(tmp_path: Path, empty_database: str) -> None:
    tree = shop(tmp_path)
    migrate(empty_database, root=tree.root)
    path = "procedures/shop/price.sql"
    tree.write(path, (tree.root / path).read_text().replace("p.cents from", "p.cents + 1 from"))
    report = migrate(empty_database, root=tree.root)
    assert [(entry.path, entry.reason) for entry in report.ran] == [
        (path, "changed"),
        ("sql/shop/grants.sql", "something else of its schema runs"),
    ]
    assert value(empty_database, "select shop.price(1)") == 501


def test_comment_in_a_repeatable_runs_nothing(tmp_path: Path, empty_database: str) -> None:
    tree = shop(tmp_path)
    migrate(empty_database, root=tree.root)
    tree.append("procedures/shop/price.sql", "-- a word\n")
    report = migrate(empty_database, root=tree.root)
    assert report.up_to_date
    assert report.warnings == []


def test_what_a_migration_drops_is_made_anew(tmp_path: Path, empty_database: str) -> None:
    """A view pins the column that is altered: the migration drops it, and its file makes it again."""
    tree = shop(tmp_path)
    migrate(empty_database, root=tree.root)
    tree.version(2, "bigint", "drop view shop.cheap;\nalter table shop.prices alter column cents type bigint;")
    report = migrate(empty_database, root=tree.root)
    assert [(entry.path, entry.reason) for entry in report.ran][1] == ("sql/shop/views.sql", "missing view shop.cheap")
    assert value(empty_database, "select pg_typeof(cents)::text from shop.cheap") == "bigint"


def test_what_was_dropped_by_hand_is_made_anew(tmp_path: Path, empty_database: str) -> None:
    tree = shop(tmp_path)
    migrate(empty_database, root=tree.root)
    execute(empty_database, "drop trigger prices_touch on shop.prices")
    report = migrate(empty_database, root=tree.root)
    assert report.ran[0].reason == "missing trigger prices_touch on shop.prices"
    assert value(empty_database, "select count(*) from pg_trigger where tgname = 'prices_touch'") == 1


def test_new_argument_leaves_an_overload(tmp_path: Path, empty_database: str) -> None:
    tree = shop(tmp_path)
    migrate(empty_database, root=tree.root)
    path = "procedures/shop/price.sql"
    tree.write(path, (tree.root / path).read_text().replace("(p_id int)", "(p_id int, p_day date default null)"))
    tree.write("sql/shop/grants.sql", "grant usage on schema shop to shop_app;\n")
    with pytest.raises(MoadbError) as caught:
        migrate(empty_database, root=tree.root)
    assert "function shop.price(integer) would stay beside it" in caught.value.message
    assert caught.value.details == ["drop function shop.price(integer);"]
    assert value(empty_database, "select count(*) from pg_proc where proname = 'price'") == 1
    tree.version(2, "drop_price", "drop function shop.price(int);")
    migrate(empty_database, root=tree.root)
    assert value(empty_database, "select shop.price(1, null)") is None


def test_overload_that_a_migration_made(tmp_path: Path, empty_database: str) -> None:
    """A constraint's function belongs to the migrations; a file for one with other arguments may stand beside it."""
    tree = shop(tmp_path)
    tree.version(2, "price_text", "create function shop.price(text) returns int language sql immutable return 1;")
    migrate(empty_database, root=tree.root)
    tree.append("procedures/shop/price.sql", "select 1;")
    migrate(empty_database, root=tree.root)
    assert value(empty_database, "select count(*) from pg_proc where proname = 'price'") == 2


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("returns int", "returns bigint", "return type, parameter names and defaults"),
        ("p_id", "p_no", "return type, parameter names and defaults"),
    ],
)
def test_replacing_that_cannot_be(tmp_path: Path, empty_database: str, old: str, new: str, reason: str) -> None:
    tree = shop(tmp_path)
    migrate(empty_database, root=tree.root)
    path = "procedures/shop/price.sql"
    tree.write(path, (tree.root / path).read_text().replace(old, new))
    with pytest.raises(MoadbError, match=r"procedures/shop/price\.sql:2: cannot change") as caught:
        migrate(empty_database, root=tree.root)
    assert str(caught.value.hint).startswith(reason)
    tree.version(2, "drop_price", "drop function shop.price(int);")
    migrate(empty_database, root=tree.root)


def test_view_with_fewer_columns(tmp_path: Path, empty_database: str) -> None:
    tree = shop(tmp_path)
    migrate(empty_database, root=tree.root)
    tree.write("sql/shop/views.sql", "create or replace view shop.cheap as select p.cents from shop.prices as p;")
    with pytest.raises(MoadbError, match=r"sql/shop/views\.sql:1: cannot drop columns from view") as caught:
        migrate(empty_database, root=tree.root)
    assert str(caught.value.hint).startswith("the columns of a view can only be added to")


def test_lost_attributes_are_told(tmp_path: Path, empty_database: str) -> None:
    tree = shop(tmp_path)
    migrate(empty_database, root=tree.root)
    path = "procedures/shop/price.sql"
    tree.write(path, "create or replace function shop.price(p_id int) returns int language sql as 'select 1';")
    told = [
        f"{path}: shop.price(integer): was security definer, is security invoker",
        f"{path}: shop.price(integer): was stable, is volatile",
        f"{path}: shop.price(integer): was parallel safe, is parallel unsafe",
        f"{path}: shop.price(integer): was strict, is called on null input",
        f"{path}: shop.price(integer): was set search_path=pg_catalog, pg_temp, is no settings",
    ]
    rehearsed = migrate(empty_database, root=tree.root, plan_only=True, rehearse=True)
    assert rehearsed.warnings == told
    assert not rehearsed.executed
    assert value(empty_database, "select prosecdef from pg_proc where proname = 'price'") is True
    assert migrate(empty_database, root=tree.root).warnings == told
    assert value(empty_database, "select prosecdef from pg_proc where proname = 'price'") is False


@pytest.mark.parametrize(("state", "clause"), [("D", "disable"), ("R", "enable replica"), ("A", "enable always")])
def test_trigger_keeps_its_state(tmp_path: Path, empty_database: str, state: str, clause: str) -> None:
    tree = shop(tmp_path)
    migrate(empty_database, root=tree.root)
    execute(empty_database, f"alter table shop.prices {clause} trigger prices_touch")
    path = "triggers/shop/prices_touch.sql"
    tree.write(path, (tree.root / path).read_text().replace("before update", "before update of cents"))
    report = migrate(empty_database, root=tree.root)
    assert any(f"{path}: trigger prices_touch on shop.prices was" in line for line in report.warnings)
    assert value(empty_database, "select tgenabled from pg_trigger where tgname = 'prices_touch'") == state
    assert value(empty_database, "select tgattr::text from pg_trigger where tgname = 'prices_touch'") == "2"


def test_changed_definition_that_if_not_exists_would_keep(tmp_path: Path, empty_database: str) -> None:
    tree = shop(tmp_path)
    stats = (
        "create materialized view if not exists shop.stats as select count(*) as n from shop.prices;\n"
        "create unique index if not exists stats_n_key on shop.stats (n);\n"
    )
    tree.write("sql/shop/views.sql", stats)
    migrate(empty_database, root=tree.root)
    more = stats + "create index if not exists stats_n_idx on shop.stats (n);\n"
    tree.write("sql/shop/views.sql", "-- more\n" + more)
    migrate(empty_database, root=tree.root)
    tree.write("sql/shop/views.sql", more.replace("count(*)", "sum(cents)"))
    with pytest.raises(MoadbError, match=r"views\.sql:1: shop\.stats has changed here, and `if not exists` keeps"):
        migrate(empty_database, root=tree.root)
    tree.version(2, "drop_stats", "drop materialized view shop.stats;")
    migrate(empty_database, root=tree.root)
    assert value(empty_database, "select n from shop.stats") == 500


def test_deferred_constraint_at_commit(tmp_path: Path, empty_database: str) -> None:
    tree = shop(tmp_path)
    tree.version(
        2,
        "deferred",
        "alter table shop.prices add constraint prices_cents_key unique (cents) deferrable initially deferred;\n"
        "insert into shop.prices values (2, 500);",
    )
    with pytest.raises(MoadbError, match="the server refused the commit: duplicate key value") as caught:
        migrate(empty_database, root=tree.root)
    assert caught.value.details == ["Key (cents)=(500) already exists.", "rolled back: nothing was changed"]
    assert value(empty_database, "select to_regnamespace('shop')") is None


def test_file_named_otherwise_than_its_routine(tmp_path: Path, empty_database: str) -> None:
    tree = shop(tmp_path)
    tree.routine("cost", "create or replace function shop.costs() returns int return 1;")
    with pytest.raises(MoadbError, match=r"procedures/shop/cost\.sql does not define shop\.cost"):
        migrate(empty_database, root=tree.root)


@pytest.mark.parametrize(
    ("body", "place"),
    [
        ("language plpgsql as $$\nbegin\n  perfrom 1;\nend $$;", ':4:3: syntax error at or near "perfrom"'),
        ("language sql as $$\n  select p.nosuch from shop.prices as p\n$$;", ":3:10: column p.nosuch does not exist"),
    ],
)
def test_broken_bodies(tmp_path: Path, empty_database: str, body: str, place: str) -> None:
    """Bodies are checked when all functions are there, and the error has the line in the file."""
    tree = shop(tmp_path)
    path = tree.routine("broken", f"create or replace function shop.broken() returns int\n{body}")
    with pytest.raises(MoadbError) as caught:
        migrate(empty_database, root=tree.root)
    assert caught.value.message == path + place
    assert "in shop.broken()" in caught.value.details
    assert value(empty_database, "select to_regnamespace('shop')") is None


def test_functions_may_call_one_another(tmp_path: Path, empty_database: str) -> None:
    tree = shop(tmp_path)
    tree.routine("a", "create or replace function shop.a(int) returns int language sql as 'select shop.b($1)';")
    tree.routine("b", "create or replace function shop.b(int) returns int language sql as 'select shop.a($1)';")
    migrate(empty_database, root=tree.root)


def test_file_that_is_gone(tmp_path: Path, empty_database: str) -> None:
    tree = shop(tmp_path)
    migrate(empty_database, root=tree.root)
    tree.remove("sql/shop/views.sql")
    report = migrate(empty_database, root=tree.root)
    line = (
        "sql/shop/views.sql: the file is gone, what it made is still there: view shop.cheap; drop that in a migration"
    )
    assert report.warnings == [line]
    tree.version(2, "drop_cheap", "drop view shop.cheap;")
    migrate(empty_database, root=tree.root)
    report = migrate(empty_database, root=tree.root)
    assert report.up_to_date
    assert report.warnings == []
    assert value(empty_database, "select count(*) from moadb.scripts where path = 'sql/shop/views.sql'") == 0


# plans


def test_plan_changes_nothing(tmp_path: Path, empty_database: str) -> None:
    tree = shop(tmp_path)
    made = plan(empty_database, root=tree.root)
    assert made.scripts[0].path == "migrations/shop/0001.shop_prices.sql"
    report = migrate(empty_database, root=tree.root, plan_only=True, rehearse=True)
    assert len(report.applied) == 5
    assert value(empty_database, "select to_regnamespace('moadb')") is None
    assert value(empty_database, "select to_regnamespace('shop')") is None


def test_rehearsal_finds_the_error(tmp_path: Path, empty_database: str) -> None:
    tree = shop(tmp_path)
    tree.version(2, "bad", "select 1/0;")
    plan(empty_database, root=tree.root)
    with pytest.raises(MoadbError, match=r"0002\.shop_bad\.sql:1: division by zero"):
        migrate(empty_database, root=tree.root, plan_only=True, rehearse=True)


# locks


def test_long_reader(tmp_path: Path, empty_database: str) -> None:
    """A reader is not queued behind us for longer than lock_timeout; we try again, and say who is in the way."""
    tree = shop(tmp_path)
    migrate(empty_database, root=tree.root)
    tree.version(2, "note", f"{RAISE_PRICES}\nalter table shop.prices add column note text;")
    log = Log()
    with connect(empty_database) as reader:
        reader.execute("set application_name = 'monthly report'")
        reader.execute("begin; select * from shop.prices")

        def leave(event: Event) -> None:
            log.append(event)
            if event.kind == "retry":
                reader.execute("commit")

        migrate(empty_database, root=tree.root, lock_timeout="500ms", progress=leave)
        pid = reader.info.backend_pid
    (retry,) = log.texts("retry")
    assert "0002.shop_note.sql:2: canceling statement due to lock timeout" in retry
    assert f"blocked by server process {pid} (monthly report, idle in transaction, for " in retry
    assert "begin; select * from shop.prices" in retry
    assert value(empty_database, "select cents from shop.prices") == 50000


def test_reader_that_does_not_go(tmp_path: Path, empty_database: str) -> None:
    tree = shop(tmp_path)
    migrate(empty_database, root=tree.root)
    tree.version(2, "note", "alter table shop.prices add column note text;")
    with connect(empty_database) as reader:
        reader.execute("begin; select * from shop.prices")
        with pytest.raises(MoadbError, match="rolled back 2 times because of locks") as caught:
            migrate(empty_database, root=tree.root, lock_timeout="300ms", attempts=2)
        assert f"blocked by server process {reader.info.backend_pid} " in caught.value.details[0]
    assert value(empty_database, "select count(*) from moadb.scripts where id like '0002%%'") == 0


def test_somebody_grants_in_the_same_moment(tmp_path: Path, empty_database: str) -> None:
    """Two sessions that change one row of the catalog: the server gives one of them an internal error."""
    tree = shop(tmp_path)
    migrate(empty_database, root=tree.root)
    tree.append("procedures/shop/price.sql", "select 1;")
    log = Log()
    with connect(empty_database) as other:
        other.execute("begin; grant execute on function shop.price(int) to shop_read")
        deployer = threading.Thread(
            target=migrate,
            args=(empty_database,),
            kwargs={"root": tree.root, "lock_timeout": "60s", "progress": log.append},
        )
        deployer.start()
        eventually(lambda: value(empty_database, WAITING, "transactionid"), "the deploy waits for the other session")
        other.execute("commit")
        deployer.join()
    (retry,) = log.texts("retry")
    assert "tuple concurrently updated" in retry
    assert migrate(empty_database, root=tree.root).up_to_date


def test_bad_lock_timeout(tmp_path: Path, empty_database: str) -> None:
    with pytest.raises(MoadbError, match='invalid value for parameter "lock_timeout": "soon"') as caught:
        migrate(empty_database, root=shop(tmp_path).root, lock_timeout="soon")
    assert caught.value.exit_code == Exit.USAGE


@pytest.mark.parametrize("limit", ["0", "0s"])
def test_no_lock_timeout(tmp_path: Path, empty_database: str, limit: str) -> None:
    """Everybody else would queue behind the deploy for as long as it waits."""
    with pytest.raises(MoadbError, match="would wait for ever") as caught:
        migrate(empty_database, root=shop(tmp_path).root, lock_timeout=limit)
    assert caught.value.exit_code == Exit.USAGE
