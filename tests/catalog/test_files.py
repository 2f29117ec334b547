"""Rules for the SQL files: where things lie, that nothing lies in the database alone, that everything is tested."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from catalog.rules import ROOT, Catalog, refuse
from moadb.deploy import lexer

_NAME = r"((?:\w+\.)?\w+)"
_ROUTINE = re.compile(rf"create\s+(?:or\s+replace\s+)?(?:function|procedure)\s+{_NAME}\s*\(")
_VIEW = re.compile(rf"create\s+(?:or\s+replace\s+)?(?:materialized\s+)?view\s+(?:if\s+not\s+exists\s+)?{_NAME}\s")
_TRIGGER = re.compile(
    rf"create\s+(?:or\s+replace\s+)?(?:constraint\s+)?trigger\s+(\w+)\s.*?\son\s+{_NAME}\s", re.DOTALL
)

ROUTINE_FILES = [*sorted(ROOT.glob("procedures/*/*.sql")), *sorted(ROOT.glob("partitions/manager/*.sql"))]
TRIGGER_FILES = sorted(ROOT.glob("triggers/*/*.sql"))
MIGRATIONS = sorted(path for path in ROOT.glob("migrations/*/*.sql") if not path.name.endswith(".rollback.sql"))
SOURCES = [
    path
    for folder in ("migrations", "procedures", "triggers", "partitions", "sql")
    for path in sorted((ROOT / folder).rglob("*.sql"))
]
TESTS = sorted(ROOT.glob("tests/*/*.sql"))


def schema_of(path: Path) -> str:
    """Return the schema whose folder a file lies in."""
    return "platform" if path.parent.name == "manager" else path.parent.name


def shown(path: Path) -> str:
    """Return the path as the rules print it."""
    return path.relative_to(ROOT).as_posix()


def statements(path: Path) -> list[str]:
    """Return the statements of a file that are code: comments on objects are prose."""
    found = [statement.text for statement in lexer.split(path.read_text(encoding="utf-8"))]
    return [text for text in found if not re.match(r"(\s|--[^\n]*\n)*comment\s+on\b", text)]


def defined(pattern: re.Pattern[str], paths: list[Path]) -> list[str]:
    """Return the names that the files create, one for each time."""
    return [match[1] for path in paths for text in statements(path) for match in [pattern.search(text)] if match]


def test_there_are_files() -> None:
    assert ROUTINE_FILES
    assert TRIGGER_FILES
    assert MIGRATIONS
    assert TESTS


def test_a_file_of_routines_holds_one_and_bears_its_name() -> None:
    refuse(
        "a file of procedures/ or partitions/manager/ creates one routine, schema.name as its path says",
        [
            f"{shown(path)} creates {', '.join(defined(_ROUTINE, [path])) or 'none'}"
            for path in ROUTINE_FILES
            if defined(_ROUTINE, [path]) != [f"{schema_of(path)}.{path.stem}"]
        ],
    )


def test_a_file_of_triggers_bears_its_tables_name() -> None:
    offenders = []
    for path in TRIGGER_FILES:
        tables = {match[2] for text in statements(path) for match in [_TRIGGER.search(text)] if match}
        if len(tables) != 1 or not f"{schema_of(path)}.{path.stem}".startswith(f"{tables.pop()}_"):
            offenders.append(shown(path))
    refuse("a file of triggers/ makes the triggers of one table, and is named table_purpose.sql", offenders)


def test_migrations_are_named_and_reversible() -> None:
    refuse(
        "a migration is named NNNN.schema_what.sql",
        [shown(path) for path in MIGRATIONS if not re.fullmatch(rf"\d{{4}}\.{schema_of(path)}_\w+\.sql", path.name)],
    )
    refuse(
        "a migration has its NNNN.schema_what.rollback.sql",
        [shown(path) for path in MIGRATIONS if not path.with_suffix(".rollback.sql").is_file()],
    )
    twice = [name for name, count in Counter((p.parent.name, p.name[:4]) for p in MIGRATIONS).items() if count > 1]
    refuse("a number is used once in a schema", [" ".join(name) for name in twice])


def test_repeatables_can_be_repeated() -> None:
    refuse(
        "a routine, view or trigger outside of migrations/ is made with create or replace (or if not exists)",
        [
            f"{shown(path)}: {text.strip().splitlines()[0]}"
            for path in [p for p in SOURCES if p.parts[len(ROOT.parts)] != "migrations"]
            for text in statements(path)
            if re.search(r"^\s*create\s+(function|procedure|view|trigger|materialized\s+view\s+(?!if))", text, re.M)
        ],
    )


def test_every_routine_of_the_database_is_in_a_file(catalog: Catalog) -> None:
    """And only once: what a changed argument list leaves behind is an orphan, too."""
    rows = catalog.rows(
        "select n.nspname || '.' || p.proname from pg_proc as p join pg_namespace as n on n.oid = p.pronamespace "
        "where n.nspname = any(%(schemas)s)"
    )
    there, written = Counter(name for (name,) in rows), Counter(defined(_ROUTINE, SOURCES))
    refuse("a routine in the database is in a file", [f"{name} ({n})" for name, n in (there - written).items()])
    refuse("a routine in a file is in the database", [f"{name} ({n})" for name, n in (written - there).items()])


def test_every_view_of_the_database_is_in_a_file(catalog: Catalog) -> None:
    rows = catalog.rows(
        "select c.oid::regclass::text from pg_class as c "
        "where c.relkind in ('v', 'm') and c.relnamespace = any(%(schemas)s::regnamespace[])"
    )
    there, written = {name for (name,) in rows}, set(defined(_VIEW, SOURCES))
    refuse("a view in the database is in a file", sorted(there - written))
    refuse("a view in a file is in the database", sorted(written - there))


def test_every_trigger_of_the_database_is_in_a_file(catalog: Catalog) -> None:
    rows = catalog.rows(
        """
        select t.tgname || ' on ' || t.tgrelid::regclass
        from pg_trigger as t
        join pg_class as c on c.oid = t.tgrelid
        where not t.tgisinternal and t.tgparentid = 0 and c.relnamespace = any(%(schemas)s::regnamespace[])
        """
    )
    written = {
        f"{match[1]} on {match[2]}"
        for path in SOURCES
        for text in statements(path)
        for match in [_TRIGGER.search(text)]
        if match
    }
    there = {name for (name,) in rows}
    refuse("a trigger in the database is in a file", sorted(there - written))
    refuse("a trigger in a file is in the database", sorted(written - there))


def test_every_routine_and_trigger_has_its_test() -> None:
    tests = {(path.parent.name, path.stem) for path in TESTS}
    refuse(
        "procedures/s/f.sql and triggers/s/f.sql are tested by tests/s/f.sql",
        [shown(path) for path in [*ROUTINE_FILES, *TRIGGER_FILES] if (schema_of(path), path.stem) not in tests],
    )


def test_every_test_plans_and_finishes() -> None:
    offenders = []
    for path in TESTS:
        text = path.read_text(encoding="utf-8")
        if not re.search(r"^select (\w+\.)?plan\(\d+\);$", text, re.MULTILINE):
            offenders.append(f"{shown(path)} has no line select plan(n);")
        if not re.search(r"^select \* from (\w+\.)?finish\(\);$", text, re.MULTILINE):
            offenders.append(f"{shown(path)} has no line select * from finish();")
        if "-- isolation: database" not in text and not text.rstrip().endswith("rollback;"):
            offenders.append(f"{shown(path)} does not end with rollback;")
    refuse("a test states its plan, finishes and rolls back", offenders)


def test_errors_are_expected_by_code() -> None:
    """A bare throws_ok passes for any error: a misspelt name in the test, too."""
    bare = re.compile(
        r"throws_(ok|like|matching|ilike|imatching)\(\s*(?:\$\$.*?\$\$|'(?:[^']|'')*')\s*(?:,\s*null\s*)?\)", re.DOTALL
    )
    refuse(
        "throws_ok states the SQLSTATE",
        [shown(path) for path in TESTS if bare.search(path.read_text(encoding="utf-8"))],
    )


def test_registered_errors_are_raised_and_the_other_way_round(catalog: Catalog) -> None:
    registered = dict(catalog.rows("select e.name, e.schema_name from platform.error_codes as e"))
    sources = [path for path in SOURCES if path.name != "errors.sql"]
    code = "\n".join(text for path in sources for text in statements(path))
    raised = set(re.findall(r"platform\.fail\(\s*'(\w+)'", code))
    refuse("an error that is raised is registered", sorted(raised - registered.keys()))
    literals = set(re.findall(r"'(\w+)'", code))
    refuse("an error that is registered is raised", sorted(registered.keys() - literals))


def test_raise_is_for_platform_fail_alone() -> None:
    """So that each has a code of its own, and a detail for programs. What a routine catches does not leave it."""
    allowed = {
        "fail": "raises them",
        "run_job": "raises what the job's command raised",
        "_make_partition": "tells its caller, as a lock that was not got would, to try again",
    }
    refuse(
        f"errors are raised through platform.fail, except in {', '.join(allowed)}",
        [
            f"{shown(path)}: {match[0].strip()}"
            for path in [*ROUTINE_FILES, *TRIGGER_FILES]
            if path.stem not in allowed
            for text in statements(path)
            for match in re.finditer(r"\braise\s+(?!notice|warning|log|info|debug)(\w+(?: '\w+')?)[^\n]*", text)
            if not re.search(rf"\bwhen {match[1]} then", text)
        ],
    )


def test_keywords_are_lower_case(catalog: Catalog) -> None:
    """In routine bodies, too, where the linter does not look. Comments and quotes are prose; in a test, $$ … $$ is."""
    keywords = {word.upper() for (word,) in catalog.rows("select k.word from pg_get_keywords() as k")}
    prose = r"--[^\n]*|/\*.*?\*/|'(?:[^']|'')*'|\"[^\"]*\""
    offenders = []
    for path in [*SOURCES, *TESTS]:
        pattern = prose + r"|\$\$.*?\$\$" if path in TESTS else prose
        for text in statements(path):
            words = set(re.findall(r"\b[A-Z]{2,}\b", re.sub(pattern, " ", text, flags=re.DOTALL)))
            offenders += [f"{shown(path)}: {word}" for word in words & keywords]
    refuse("keywords are written in lower case", offenders)


def test_layout() -> None:
    offenders = []
    for path in [*SOURCES, *TESTS]:
        text = path.read_text(encoding="utf-8")
        if (
            "\t" in text
            or re.search(r"[ \t]+$", text, re.MULTILINE)
            or not text.endswith("\n")
            or text.endswith("\n\n")
        ):
            offenders.append(shown(path))
    refuse("no tabs, no blanks at the end of a line, one newline at the end of the file", offenders)


def test_lines_are_short() -> None:
    """What stands in quotes does not count: a message is one string."""
    refuse(
        "a line has at most 140 characters",
        [
            f"{shown(path)}:{number}"
            for path in SOURCES
            for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
            if len(re.sub(r"'(?:[^']|'')*'", "", line)) > 140
        ],
    )


def test_tests_are_collected(pytestconfig: pytest.Config) -> None:
    """A folder of pgTAP files that pytest does not know is a folder of tests that never run."""
    collected: list[Path] = pytestconfig.getini("moadb_pgtap")
    if not collected:
        pytest.skip("pgTAP is not here")
    refuse(
        "a folder of pgTAP files is listed in pyproject.toml under moadb_pgtap",
        [shown(folder) for folder in {path.parent for path in TESTS} if folder not in collected],
    )
