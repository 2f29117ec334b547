"""docs/errors.md is platform.error_codes; `pytest tests/catalog/test_error_page.py --write-golden` writes it."""

from __future__ import annotations

from pathlib import Path

import pytest

from catalog.rules import Catalog

PAGE = Path(__file__).resolve().parents[2] / "docs" / "errors.md"

HEAD = """# Error codes

Every error that an API function raises has a SQLSTATE of its own. `message` is for people (values stand where the
braces are), `detail` is a JSON object for programs (`{"code": name, …}` and the same values), `hint` says what to do.
Nothing has been written when a function raises one. Besides, PostgreSQL's own 40001 (serialization failure), 40P01
(deadlock) and 55P03 (lock timeout) mean: try the transaction again.

This page is written from the table `platform.error_codes`.
"""


def test_page_is_up_to_date(catalog: Catalog, pytestconfig: pytest.Config) -> None:
    """The page says what the database says."""
    page = HEAD
    last = None
    for schema, code, name, message, hint in catalog.rows(
        """
        select e.schema_name, e.sqlstate, e.name, replace(e.message, '|', '\\|'), replace(e.hint, '|', '\\|')
        from platform.error_codes as e
        order by e.schema_name <> 'platform', e.schema_name, e.sqlstate
        """
    ):
        if schema != last:
            page += f"\n## {schema}\n\n| SQLSTATE | name | message | hint |\n|---|---|---|---|\n"
            last = schema
        page += f"| {code} | `{name}` | {message} | {hint} |\n"

    if pytestconfig.getoption("--write-golden"):
        PAGE.write_text(page, encoding="utf-8")
    assert PAGE.read_text(encoding="utf-8") == page, "write it again with --write-golden, and read the diff"
