"""`moadb verify` names whatever differs from what was deployed, and says nothing where nothing does."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from cli.trees import Tree, execute, shop, value
from moadb import testing
from moadb.deploy import Finding, accept, migrate, verify
from moadb.deploy.expressions import same
from moadb.errors import Exit, Refused
from moadb.server import LocalServer

SIGNED = "procedures/shop/price.sql"


def rich(root: Path) -> Tree:
    """Return a tree with an object of every kind that the signature knows."""
    tree = shop(root)
    tree.version(
        2,
        "kinds",
        """
        create type shop.mood as enum ('good', 'bad');
        create type shop.pair as (a int, b text);
        create type shop.span as range (subtype = date);
        create domain shop.word as text not null constraint word_check check (value <> '');
        create sequence shop.numbers start 10 increment 5;
        create table shop.days (
          day date not null,
          id bigint generated always as identity,
          code varchar(10) not null default 'a',
          half numeric generated always as (1.5) stored,
          constraint days_pkey primary key (id, day),
          constraint days_code_check check (code in ('a', 'b'))
        ) partition by range (day);
        create table shop.days_default partition of shop.days default;
        create table shop.notes (
          id int primary key,
          word shop.word,
          mood shop.mood default 'good',
          period daterange,
          constraint notes_id_check check (mood is null or id between 1 and 9 and word is null),
          constraint notes_period_excl exclude using gist (period with &&),
          constraint notes_id_fkey foreign key (id) references shop.prices (id)
        ) with (fillfactor = 80);
        create index notes_mood_idx on shop.notes (mood) where mood = 'good';
        create statistics shop.notes_stat on id, mood from shop.notes;
        alter table shop.notes enable row level security;
        create policy notes_all on shop.notes using (mood = 'good');
        create rule notes_ignore as on delete to shop.notes do instead nothing;
        create unlogged table shop.cache (id int primary key);
        alter default privileges revoke execute on routines from public;
        """,
    )
    tree.routine(
        "sum_up",
        "create or replace aggregate shop.sum_up(int) (sfunc = int4pl, stype = int, initcond = '0');",
    )
    tree.routine("run", "create or replace procedure shop.run() language plpgsql as $$ begin commit; end $$;")
    tree.append(
        "sql/shop/views.sql",
        "create materialized view if not exists shop.stats as "
        "select d.code, count(*) from shop.days as d where d.code in ('a', 'b') group by d.code;\n"
        "create unique index if not exists stats_code_key on shop.stats (code);\n",
    )
    tree.append("sql/shop/grants.sql", "grant select (code) on shop.days to shop_read;\n")
    return tree


def found(dsn: str, tree: Tree) -> list[str]:
    """Return the findings, one line each."""
    return [f"{finding.object}: {finding.problem}" for finding in verify(dsn, root=tree.root)]


@pytest.fixture
def tree(tmp_path: Path, empty_database: str) -> Tree:
    """Return the rich tree, deployed into the empty database."""
    made = rich(tmp_path / "tree")
    migrate(empty_database, root=made.root)
    return made


def test_nothing_to_find(tree: Tree, empty_database: str) -> None:
    assert verify(empty_database, root=tree.root) == []


HOT_FIX = """
create or replace function shop.price(p_id int) returns int language sql stable strict parallel safe
  security definer set search_path = pg_catalog, pg_temp as 'select 1';
"""


@pytest.mark.parametrize(
    ("by_hand", "expected"),
    [
        (HOT_FIX, ["function shop.price(integer): its body was changed"]),
        (
            "alter function shop.price(int) security invoker reset all volatile",
            [
                "function shop.price(integer): security: deployed was definer, there is invoker",
                "function shop.price(integer): settings: deployed was search_path=pg_catalog, pg_temp",
                "function shop.price(integer): volatility: deployed was stable, there is volatile",
            ],
        ),
        (
            "alter table shop.prices disable trigger prices_touch",
            ["trigger prices_touch on shop.prices: state: deployed was enabled, there is disabled"],
        ),
        ("create index stray on shop.notes (word)", ["index shop.stray: no deploy has made it"]),
        (
            "grant select on shop.prices to public",
            ["table shop.prices: granted to public: deployed was nothing, there is SELECT"],
        ),
        (
            "revoke execute on function shop.price(int) from shop_app",
            ["function shop.price(integer): granted to shop_app: deployed was EXECUTE, there is nothing"],
        ),
        (
            "grant usage on schema shop to shop_app with grant option",
            ["schema shop: granted to shop_app: deployed was USAGE, there is USAGE*"],
        ),
        (
            "grant select (word) on shop.notes to shop_read",
            ["table shop.notes: column word: grants: deployed was nothing, there is shop_read: SELECT"],
        ),
        (
            "alter table shop.prices alter column cents set default 5",
            ["table shop.prices: column cents: default: deployed was 0, there is 5"],
        ),
        (
            "alter table shop.notes add column extra int",
            ["table shop.notes: column extra: type: deployed was nothing, there is integer"],
        ),
        (
            "alter table shop.prices alter column cents drop not null",
            ["table shop.prices: column cents: not null: deployed was yes, there is nothing"],
        ),
        (
            "alter table shop.days drop constraint days_code_check",
            ["constraint days_code_check on shop.days: it is gone"],
        ),
        (
            "alter table shop.notes add constraint more check (id > 0) not valid",
            [
                "constraint more on shop.notes: no deploy has made it",
                "constraint more on shop.notes: not validated: older rows were never checked",
            ],
        ),
        ("drop index shop.prices_cents_idx", ["index shop.prices_cents_idx: it is gone"]),
        (
            "alter table shop.notes disable row level security",
            ["table shop.notes: row security: deployed was enabled, there is nothing"],
        ),
        (
            "alter policy notes_all on shop.notes using (true)",
            ["policy notes_all on shop.notes: using: deployed was (mood = 'good'::shop.mood), there is true"],
        ),
        (
            "alter type shop.mood add value 'fair'",
            ["type shop.mood: labels: deployed was 'good', 'bad', there is 'good',"],
        ),
        (
            "alter sequence shop.numbers increment 7",
            ["sequence shop.numbers: range: deployed was start 10 increment 5"],
        ),
        ("alter table shop.prices owner to postgres", ["table shop.prices: owner: deployed was moadb_owner, there is"]),
        ("create table shop.mine (id int)", ["table shop.mine: no deploy has made it"]),
        ("create function shop.mine() returns int return 1", ["function shop.mine(): no deploy has made it"]),
        (
            "alter table shop.cache set logged",
            ["table shop.cache: persistence: deployed was unlogged, there is nothing"],
        ),
        ("alter table shop.notes reset (fillfactor)", ["table shop.notes: options: deployed was fillfactor=80"]),
        ("alter domain shop.word drop constraint word_check", ["constraint word_check on shop.word: it is gone"]),
        ("create or replace view shop.cheap as select id, cents from shop.prices", ["view shop.cheap: definition"]),
        ("alter view shop.cheap set (security_barrier)", ["view shop.cheap: options: deployed was nothing, there is"]),
        ("drop rule notes_ignore on shop.notes", ["rule notes_ignore on shop.notes: it is gone"]),
        ("drop statistics shop.notes_stat", ["statistics shop.notes_stat: it is gone"]),
        (
            "set role moadb_owner; alter default privileges grant execute on routines to public",
            ["default privileges routines of moadb_owner: it is gone"],
        ),
        (
            "update pg_index set indisvalid = false where indexrelid = 'shop.prices_cents_idx'::regclass",
            [
                "index shop.prices_cents_idx: valid: deployed was true, there is false",
                "index shop.prices_cents_idx: it is invalid",
            ],
        ),
    ],
)
def test_changes_by_hand(tree: Tree, empty_database: str, by_hand: str, expected: list[str]) -> None:
    """One finding or more, each naming the object and what differs, and no other."""
    execute(empty_database, by_hand)
    lines = found(empty_database, tree)
    if "owner to" in by_hand:  # then the grants of the owner change hands as well
        lines = [line for line in lines if "granted to" not in line]
    assert len(lines) == len(expected), lines
    assert all(line.startswith(start) for line, start in zip(lines, expected, strict=True)), lines


def test_changes_by_hand_stay_visible(tree: Tree, empty_database: str) -> None:
    """A deploy records what it changes itself, and nothing else."""
    execute(empty_database, "create index stray on shop.notes (word)")
    execute(empty_database, "alter table shop.notes disable trigger all")
    execute(empty_database, "alter table shop.prices alter column cents set default 5")
    execute(empty_database, "grant execute on function shop.price(int) to shop_read")
    tree.version(3, "more", "alter table shop.prices add column note text default 'x';")
    tree.append(SIGNED, "select 1;")
    migrate(empty_database, root=tree.root)
    assert found(empty_database, tree) == [
        "function shop.price(integer): granted to shop_read: deployed was nothing, there is EXECUTE",
        "index shop.stray: no deploy has made it",
        "table shop.prices: column cents: default: deployed was 0, there is 5",
    ]


def test_hot_fix_that_came_into_its_file(tree: Tree, empty_database: str) -> None:
    execute(empty_database, HOT_FIX)
    tree.write(SIGNED, HOT_FIX)
    assert migrate(empty_database, root=tree.root).applied[0] == SIGNED
    assert verify(empty_database, root=tree.root) == []


def test_hot_fix_that_a_deploy_undoes(tree: Tree, empty_database: str) -> None:
    execute(empty_database, HOT_FIX)
    tree.append(SIGNED, "select 1;")
    migrate(empty_database, root=tree.root)
    assert verify(empty_database, root=tree.root) == []
    assert value(empty_database, "select shop.price(1)") == 500


def test_files_against_the_ledger(tree: Tree, empty_database: str) -> None:
    tree.append("migrations/shop/0001.shop_prices.sql", "select 1;")
    tree.append(SIGNED, "select 1;")
    tree.version(3, "more", "select 1;")
    tree.remove("sql/shop/views.sql")
    assert found(empty_database, tree) == [
        "migrations/shop/0001.shop_prices.sql: edited after it was applied",
        "migrations/shop/0003.shop_more.sql: not deployed as it is: new",
        f"{SIGNED}: not deployed as it is: changed",
        "index shop.stats_code_key: the file that made it is gone: sql/shop/views.sql",
        "materialized view shop.stats: the file that made it is gone: sql/shop/views.sql",
        "view shop.cheap: the file that made it is gone: sql/shop/views.sql",
    ]


def test_accept(tree: Tree, empty_database: str) -> None:
    execute(empty_database, "create index wanted on shop.notes (word)")
    execute(empty_database, "alter table shop.prices alter column cents set default 5")
    accepted = accept(empty_database, root=tree.root)
    assert {finding.object for finding in accepted} == {"index shop.wanted", "table shop.prices"}
    assert verify(empty_database, root=tree.root) == []
    assert value(empty_database, "select command from moadb.deployments order by id desc limit 1") == "accept"
    assert accept(empty_database, root=tree.root) == []


def test_dump_and_restore(server: LocalServer, tree: Tree, empty_database: str, tmp_path: Path) -> None:
    """The ledger travels with the data; expressions that a restore words anew are no finding."""
    file = tmp_path / "dump"
    run(server, "pg_dump", "-Fc", "-f", str(file), empty_database)
    name = testing.new_name("restored")
    restored = testing.create_database(server.admin_dsn("postgres"), name)
    try:
        run(server, "pg_restore", "--exit-on-error", "-d", restored, str(file))
        for name in ("days_code_check", "notes_id_check"):
            definition = "select pg_get_constraintdef(oid) from pg_constraint where conname = %s"
            assert value(restored, definition, name) != value(empty_database, definition, name), "or the test is void"
        assert verify(restored, root=tree.root) == []
        assert migrate(restored, root=tree.root).up_to_date
    finally:
        testing.drop_database(server.admin_dsn("postgres"), name)


@pytest.mark.parametrize(
    ("one", "other", "equal"),
    [
        ("((a = 1) AND (b = 2)) AND (c = 3)", "(a = 1) AND (b = 2) AND (c = 3)", True),
        ("x AND ((a OR b) OR c)", "x AND (a OR b OR c)", True),
        ("(a OR b) AND c", "a OR (b AND c)", False),
        ("(a OR b) AND c", "a OR b AND c", False),
        ("NOT (a AND b) AND c", "NOT a AND b AND c", False),
        ("f(a AND b) AND c", "f a AND b AND c", False),
        ("('a AND b') AND c", "('a AND  b') AND c", False),
        ("(a - (b - c))", "(a - b - c)", False),
        (
            "((x)::text = ANY ((ARRAY['a'::character varying, 'b,'::character varying])::text[]))",
            "((x)::text = ANY (ARRAY[('a'::character varying)::text, ('b,'::character varying)::text]))",
            True,
        ),
        (
            "((x)::text = ANY ((ARRAY['a'::character varying])::text[]))",
            "((x)::text = ANY (ARRAY[('b'::character varying)::text]))",
            False,
        ),
    ],
)
def test_same_expression(one: str, other: str, equal: bool) -> None:
    assert same(one, other) is equal
    assert same(other, one) is equal


def run(server: LocalServer, program: str, *arguments: str) -> None:
    """Run a program of the server."""
    done = subprocess.run([server.binaries / program, *arguments], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_bodies(tmp_path: Path, empty_database: str) -> None:
    """Where plpgsql_check is installed, it finds what the compiler does not."""
    if not value(empty_database, "select count(*) from pg_available_extensions where name = 'plpgsql_check'"):
        pytest.skip("this server has no plpgsql_check")
    execute(empty_database, "create schema tools; create extension plpgsql_check schema tools")
    tree = shop(tmp_path)
    tree.routine(
        "late",
        "create or replace function shop.late() returns int language plpgsql as $$\n"
        "begin\n  return (select p.nosuch from shop.prices as p);\nend $$;",
    )
    tree.write(
        "triggers/shop/prices_count.sql",
        "create or replace function shop.counted() returns trigger language plpgsql as $$\n"
        "begin\n  perform count(*) from rows;\n  return null;\nend $$;\n"
        "create or replace trigger prices_count after insert on shop.prices referencing new table as rows\n"
        "  for each statement execute function shop.counted();\n",
    )
    migrate(empty_database, root=tree.root)
    assert verify(empty_database, root=tree.root) == [
        Finding("bodies", "routine shop.late()", "line 3 of its body: column p.nosuch does not exist")
    ]


def test_partitions_of_the_partition_manager(tmp_path: Path, empty_database: str) -> None:
    """They come and go without a deploy; what somebody does to their parent, or makes beside them, is a finding."""
    tree = Tree(tmp_path, {"platform": (), "shop": ("platform",)})
    tree.version(
        1,
        "sets",
        "create schema platform;\ncreate table platform.partition_sets (schema_name text, table_name text);",
        schema="platform",
    )
    tree.version(
        1,
        "days",
        "create schema shop;\ncreate table shop.days (day date primary key, n int) partition by range (day);\n"
        "create index days_n_idx on shop.days (n);\n"
        "create table shop.days_2025_12 partition of shop.days for values from ('2025-12-01') to ('2026-01-01');",
    )
    tree.write("partitions/shop.sql", "insert into platform.partition_sets values ('shop', 'days');")
    migrate(empty_database, root=tree.root)
    execute(
        empty_database,
        "set role moadb_owner;"
        "create table shop.days_2026_01 partition of shop.days for values from ('2026-01-01') to ('2026-02-01');"
        "create table shop.days_default partition of shop.days default;"
        "alter table shop.days detach partition shop.days_2025_12",
    )
    assert found(empty_database, tree) == []
    execute(empty_database, "create index stray on shop.days (n, day); create table shop.days_backup (n int)")
    assert found(empty_database, tree) == [
        "index shop.stray: no deploy has made it",
        "table shop.days_backup: no deploy has made it",
    ]


def test_partitions_that_were_retired_and_made_again(database: str) -> None:
    """A second one of the same period has another name, and so has the third."""
    for _ in range(2):
        current = value(
            database,
            "select l.schema_name || '.' || l.partition_name "
            "from platform.list_partitions('coupon.coupon_issue_audit') as l "
            "where l.state = 'attached' and not l.is_default order by l.starts_at limit 1",
        )
        execute(database, f"alter table coupon.coupon_issue_audit detach partition {current}")
        execute(database, "select platform.maintain_partitions('coupon.coupon_issue_audit')")
    detached = value(
        database,
        "select count(*) from platform.list_partitions('coupon.coupon_issue_audit') as l "
        "where l.state = 'detached' and l.partition_name ~ '_part2$'",
    )
    assert detached == 1
    assert verify(database) == []


def test_nothing_deployed(tmp_path: Path, empty_database: str) -> None:
    with pytest.raises(Refused, match="nothing is deployed in database"):
        verify(empty_database, root=shop(tmp_path).root)


def test_verify_on_the_command_line(tmp_path: Path, empty_database: str) -> None:
    tree = shop(tmp_path)
    migrate(empty_database, root=tree.root)
    result = tree.run(empty_database, "verify")
    assert (result.returncode, result.stdout) == (0, "as deployed\n")
    execute(empty_database, "create index stray on shop.prices (changed_at)")
    result = tree.run(empty_database, "verify")
    assert result.returncode == Exit.NOT_VERIFIED
    assert result.stdout.splitlines() == ["objects     index shop.stray: no deploy has made it", "1 findings"]
    result = tree.run(empty_database, "verify", "--json")
    assert result.returncode == Exit.NOT_VERIFIED
    assert json.loads(result.stdout) == {
        "ok": False,
        "findings": [
            {"check": "objects", "object": "index shop.stray", "problem": "no deploy has made it", "script": None}
        ],
    }
    assert tree.run(empty_database, "verify", "--accept").stdout.endswith("1 differences accepted\n")
    assert tree.run(empty_database, "verify").returncode == 0
