"""The lexer cuts where psql cuts: each case lists the statements that it must find, psql confirms the list."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from moadb.connection import connect
from moadb.deploy import lexer, run
from moadb.server import LocalServer

pytestmark = pytest.mark.any_server

# name → the statements; the text is made by joining them with line feeds
CASES: dict[str, list[str]] = {
    "two": ["select 1;", "select 2;"],
    "one line": ["select 1; "[:9], "select 2;"],
    "last without semicolon": ["select 1;", "select 2"],
    "string": ["select 'a;b';", "select 2;"],
    "doubled quote": ["select 'it''s; fine';", "select 2;"],
    "backslash is plain": [r"select '\', 1;", "select 2;"],
    "backslash before quote, then string": [r"select '\', ';';", "select 2;"],
    "escape string": [r"select E'a\';b';", "select 2;"],
    "escape string, small e": [r"select e'a\';b';", "select 2;"],
    "escaped backslash ends the string": [r"select E'a\\', 'b;c';", "select 2;"],
    "escape string with doubled quote": [r"select E'a'';\'b;';", "select 2;"],
    "continued escape string": ["select E'a'\n  '\\';b';", "select 2;"],
    "continued escape string over a comment": ["select E'a' -- x;\n  '\\';b';", "select 2;"],
    "continued plain string": ["select 'a'\n  '\\', 1;", "select 2;"],
    "unicode string": [r"select U&'d\0061t;\+000061';", "select 2;"],
    "bit string": ["select B'101', X'1F;' is null;", "select 2;"],
    "national string": ["select N'a;b';", "select 2;"],
    "name that ends in e": ["select date'2026-01-01;' is null;", "select 2;"],
    "quoted name": ['select 1 as "a;b";', "select 2;"],
    "quoted name with quote": ['select 1 as "a"";b";', "select 2;"],
    "unicode name": [r'select 1 as U&"d\0061t;";', "select 2;"],
    "quote in quoted name": ['select 1 as "it\'s";', "select 2;"],
    "name in string": ["select 'say \"x';", "select 2;"],
    "dollar": ["select $$a;b$$;", "select 2;"],
    "dollar with tag": ["select $x$a;$$;$y$;b$x$;", "select 2;"],
    "nested dollar": ["do $a$ begin execute $b$select 1; select 2;$b$; end $a$;", "select 2;"],
    "dollar with unicode tag": ["select $é$a;b$é$;", "select 2;"],
    "dollar with digit in the tag": ["select $a1$;$a1$;", "select 2;"],
    "dollar that is no tag": ["select $1$ is null;", "select 2;"],
    "dollar inside a name": ["select 1 as a$b$;", "select 2 as c$b$;"],
    "tag case": ["select $A$;$a$;$A$;", "select 2;"],
    "dollar holds quotes": ["select $$it's; \"x$$;", "select 2;"],
    "dollar holds comment": ["select $$ /* ; $$;", "select 2;"],
    "empty dollar": ["select $$$$;", "select 2;"],
    "comment": ["select 1 -- a;b\n;", "select 2;"],
    "comment with quote": ["select 1 -- it's\n;", "select 2;"],
    "comment at the end of an operator": ["select 1 +-- 2;\n3;", "select 2;"],
    "comment before a carriage return": ["select 1 -- a;b\r;", "select 2;"],
    "block comment": ["select 1 /* ; */;", "select 2;"],
    "nested comment": ["select 1 /* ; /* ; */ ; */;", "select 2;"],
    "nested twice": ["select 1 /* /* /* */ ; */ ; */ + 1;", "select 2;"],
    "quote in block comment": ["select 1 /* it's ; */;", "select 2;"],
    "line comment in block comment": ["select 1 /* -- */ + 1;", "select 2;"],
    "slashes": ["select 4 / 2 / 1;", "select 2;"],
    "operator then comment": ["select 1 */* ; */ 2;", "select 2;"],
    "operator #": ["select 5 # 3;", "select 2;"],
    "operator @>": ["select array[1] @> array[1] and 1 <> 2;", "select 2;"],
    "json operators": ["select '{}'::jsonb #>> '{a}', '{}'::jsonb -> 'a' ->> 'b';", "select 2;"],
    "question mark": ["select '{}'::jsonb ? 'a;';", "select 2;"],
    "cast": ["select '1'::int;", "select 2;"],
    "slice": ["select (array[1,2])[1:2];", "select 2;"],
    "parentheses": ["select (select 1);", "select 2;"],
    "rule with several actions": [
        "create rule r as on insert to t do also (insert into u values (1); insert into u values (2));",
        "select 2;",
    ],
    "closing parenthesis too many": ["select 1);", "select 2;"],
    "column named begin": ['create table t (begin int, "end" int);', "select 2;"],
    "argument named begin": [
        "create function f(begin int) returns int language sql as $$ select 1; $$;",
        "select 2;",
    ],
    "alias begin": ["select 1 as begin;", "select 2;"],
    "alias declare": ["select 1 as declare;", "select 2;"],
    "declare cursor": ["declare c cursor for select 1;", "select 2;"],
    "transaction": ["begin;", "select 1;", "commit;"],
    "begin work": ["begin work isolation level serializable;", "select 1;", "end;"],
    "case": ["select case when true then 1 else 2 end;", "select 2;"],
    "atomic": [
        "create function f() returns int language sql begin atomic select 1; select 2; end;",
        "select 2;",
    ],
    "atomic, replaced": [
        "create or replace function f() returns int begin atomic select 1; select 2; end;",
        "select 2;",
    ],
    "atomic procedure": ["create procedure p() begin atomic insert into t values (1); end;", "select 2;"],
    "atomic with case": [
        "create function f(a int) returns int begin atomic select case when a = 1 then 2 else 3 end; select 4; end;",
        "select 2;",
    ],
    "atomic with nested case": [
        "create function f(a int) returns int begin atomic "
        "select case a when 1 then case when true then 2 end else 3 end; end;",
        "select 2;",
    ],
    "atomic with on conflict do": [
        "create procedure p() begin atomic insert into t values (1) on conflict do nothing; select 1; end;",
        "select 2;",
    ],
    "atomic with substring": [
        "create function f(a text) returns text begin atomic select substring(a from 1 for 2); end;",
        "select 2;",
    ],
    "atomic with columns if and loop": [
        "create function f() returns int begin atomic select t.if from t; select t.loop from t; end;",
        "select 2;",
    ],
    "atomic with comment": [
        "create function f() returns int begin atomic -- end;\nselect 1; /* end; */ end;",
        "select 2;",
    ],
    "atomic with string": ["create function f() returns text begin atomic select 'end;'; end;", "select 2;"],
    "atomic in parentheses": [
        "create function f(a int default (1)) returns int begin atomic select (select 1); end;",
        "select 2;",
    ],
    "atomic upper case": ["CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT 1; END;", "select 2;"],
    "return": ["create function f() returns int return 1;", "select 2;"],
    "function with string body": [
        "create function f() returns void language plpgsql as 'begin perform 1; end';",
        "select 2;",
    ],
    "do": ["do $$ begin if true then perform 1; end if; end $$;", "select 2;"],
    "do with loop": ["do $$ declare r record; begin for r in select 1 loop null; end loop; end; $$;", "select 2;"],
    "trigger": [
        "create trigger t before update of a on t for each row when (old.a is distinct from new.a) "
        "execute function f('a;b');",
        "select 2;",
    ],
    "constraint trigger": [
        "create constraint trigger t after insert on t deferrable initially deferred for each row "
        "execute function f();",
        "select 2;",
    ],
    "view with case": ["create view v as select case when true then ';' end;", "select 2;"],
    "policy": ["create policy p on t using (a = ';');", "select 2;"],
    "comment on": ["comment on table t is 'a; b';", "comment on table t is $$ c; $$;"],
    "grant": ["grant select on t to public;", "revoke all on t from public;"],
    "create schema with elements": ["create schema s create table t (a int) create view v as select 1;", "select 2;"],
    "with": ["with a as (select ';') select * from a;", "select 2;"],
    "values": ["values (1, ';'), (2, '''');", "select 2;"],
    "copy to": ["copy (select ';') to '/dev/null';", "select 2;"],
    "prepare": ["prepare p (int) as select $1;", "execute p(1);"],
    "partition bound": ["create table p1 partition of p for values from (minvalue) to ('2026-01-01;');", "select 2;"],
    "generated column": ["create table t (a int, b int generated always as (a * 2) stored);", "select 2;"],
    "identity": ["create table t (id bigint generated always as identity (start with 10));", "select 2;"],
    "domain": ["create domain d as text check (value <> ';');", "select 2;"],
    "enum": ["create type e as enum ('a;', 'b');", "select 2;"],
    "aggregate": ["create aggregate a (int) (sfunc = int4pl, stype = int, initcond = '0');", "select 2;"],
    "operator definition": ["create operator s.=> (leftarg = int, rightarg = int, function = f);", "select 2;"],
    "cast definition": ["create cast (int as text) with function f(int) as assignment;", "select 2;"],
    "line ends of windows": ["select 1;\r", "select 'a;\r\nb';\r"],
    "nothing between": ["select 1;", "select 2;", "select 3;"],
    "unterminated string": ["select 1;", "select 'a; select 2;"],
    "unterminated dollar": ["select 1;", "select $$a; select 2;"],
    "unterminated comment": ["select 1;", "select 2 /* ; select 3;"],
    "korean": ["select '가;나' as 이름;", "select 2;"],
    "emoji": ["select '🙂;' as \"🙂\";", "select 2;"],
}

# texts that hold fewer statements than semicolons
EMPTY: dict[str, tuple[str, int]] = {
    "nothing": ("", 0),
    "blank": (" \n\t\r\n", 0),
    "comments only": ("-- a;\n/* b; */\n", 0),
    "empty statements": (";;\n ; -- x\n;", 0),
    "empty statements around one": ("; select 1;;", 1),
    "comment before and after": ("-- a;\nselect 1; -- b;\n/* c; */", 1),
}


@pytest.mark.parametrize("name", CASES)
def test_split(name: str) -> None:
    expected = [statement.strip() for statement in CASES[name]]
    found = lexer.split("\n".join(CASES[name]))
    assert [statement.text for statement in found] == [_without_trailing_comment(text) for text in expected]


def _without_trailing_comment(text: str) -> str:
    return text[: text.rindex(" /* ; select 3;")] if text.endswith("/* ; select 3;") else text


@pytest.mark.parametrize("name", EMPTY)
def test_empty_statements(name: str) -> None:
    text, count = EMPTY[name]
    assert len(lexer.split(text)) == count


def test_place_of_a_statement() -> None:
    text = "-- header\n\nselect 1;\n/* a\nb */ select\n 2;"
    first, second = lexer.split(text)
    assert (first.line, second.line) == (3, 5)
    assert text[second.start : second.end] == second.text == "select\n 2;"
    assert lexer.position(text, text.index("2")) == (6, 2)


def test_words() -> None:
    text = 'CREATE /* x */ Unique index concurrently "Quoted" on t (a);'
    assert lexer.split(text)[0].words == ("create", "unique", "index", "concurrently")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("select 1;", "-- licence\n\nselect   1 -- one\n;"),
        ("select 'a\nb';", "select 'a\r\nb';"),
        ("create function f() as $$ a\nb $$;", "create function f() /* x */ as $$ a\r\nb $$ ;"),
        ("select a+b;", "select a + b;"),
    ],
)
def test_same_meaning(one: str, other: str) -> None:
    assert lexer.normalise(one) == lexer.normalise(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("select 'a';", "select 'A';"),
        ("select 'a b';", "select 'a  b';"),
        ("select $$ a -- x $$;", "select $$ a $$;"),
        ("select a - -b;", "select a -b;"),
        ('select "a";', "select a;"),
        ("select 1;", "select 1; select 1;"),
    ],
)
def test_other_meaning(one: str, other: str) -> None:
    assert lexer.normalise(one) != lexer.normalise(other)


def test_psql_agrees(server: LocalServer, empty_database: str, tmp_path: Path) -> None:
    """Feed every case to psql, which prints each statement that it sends, and compare with the cuts of the lexer."""
    different = {}
    for name, pieces in CASES.items():
        text = "\n".join(pieces)
        if name.startswith(("unterminated", "continued escape")):
            continue  # psql does not send the former at all, and reads the latter, unlike the server, line by line
        sent = _sent_by_psql(server.binaries / "psql", empty_database, text, tmp_path / "case.sql")
        ours = [lexer.normalise(statement.text) for statement in lexer.split(text)]
        if sent != ours:
            different[name] = (sent, ours)
    assert not different


def test_server_agrees(empty_database: str) -> None:
    """Send every case that the server takes in one query, and compare the number of its results."""
    taken = 0
    with connect(empty_database) as connection:
        for name, pieces in CASES.items():
            text = "\n".join(pieces)
            connection.execute("begin")
            results = run.query(connection, text)
            if run.failure(results) is None:
                taken += 1
                assert len(results) == len(lexer.split(text)), name
            connection.execute("rollback")
    assert taken > 50


def _sent_by_psql(psql: Path, dsn: str, text: str, file: Path) -> list[str]:
    file.write_bytes(b"\\timing on\n" + text.encode())
    run = subprocess.run(
        [psql, "-X", "-q", "-e", "-o", "/dev/null", "-f", file, dsn],
        capture_output=True,
        check=False,
        env={"PGCLIENTENCODING": "UTF8", "PATH": "/usr/bin:/bin"},
    )
    out = run.stdout.decode().replace("Timing is on.\n", "")
    parts = re.split(r"^Time: [^\n]*\n", out, flags=re.MULTILINE)
    return [lexer.normalise(part) for part in parts if part.strip()]
