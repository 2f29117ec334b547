"""Back into the database: the rows of a file, and what is computed from them."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

import psycopg
from psycopg import sql

from moadb import parquet
from moadb.archive.checking import columns_of
from moadb.archive.months import IN_USE, Archive, Outcome, Progress, mark, transaction
from moadb.connection import Connection
from moadb.errors import MoadbError
from moadb.storage import open_url

_RESTORED: Final = "MM154"


def restore_month(connection: Connection, archive: Archive, outcome: Outcome, tell: Progress) -> bool:
    """Bring one archive back; return whether the next one is worth trying."""
    columns = columns_of(archive.columns)
    try:
        with open_url(archive.url) as file, transaction(connection, psycopg.IsolationLevel.READ_COMMITTED):
            row = connection.execute(
                "select o.relation from marketing.restore_open(%s) as o", [archive.archive_id]
            ).fetchone()
            assert row is not None
            into = sql.SQL("copy {} ({}) from stdin").format(
                sql.SQL(row[0]), sql.SQL(", ").join(sql.Identifier(column.name) for column in columns)
            )
            done = 0
            with connection.cursor() as cursor, cursor.copy(into) as copy:
                for batch in parquet.read(file, columns):
                    tell(archive.partition_name, "copying", done, archive.rows)
                    copy.write("".join(f"{line}\n" for line in parquet.copy_lines_of(batch, columns)))
                    done += batch.num_rows
            tell(archive.partition_name, "restoring", done, archive.rows)
            connection.execute("select marketing.restore_close(%s)", [archive.archive_id])
    except psycopg.Error as error:
        if connection.broken or error.sqlstate is None:
            raise
        if error.sqlstate == _RESTORED:
            mark(outcome, "restored already")
        else:
            mark(outcome, "in use" if error.sqlstate in IN_USE else "failed", str(error.diag.message_primary))
        return True
    except MoadbError as error:
        mark(outcome, "failed", error.message)
        return False
    mark(outcome, "restored", refigure(connection, archive) if archive.table_name == "campaign_daily" else None)
    return True


def refigure(connection: Connection, archive: Archive) -> str | None:
    """Compute what is made of days that are back: accounts, rates or budgets may have changed meanwhile.

    Not in the transaction that brings them back, which locks the whole table. Returns what went wrong.
    """
    last = archive.date_to - timedelta(days=1)
    try:
        with transaction(connection, psycopg.IsolationLevel.READ_COMMITTED):
            connection.execute("select marketing.refigure(%s, %s)", [archive.date_from, last])
    except psycopg.Error as error:
        if connection.broken or error.sqlstate is None:
            raise
        return (
            f"its rows are back, but channels and budgets were not computed from them: {error.diag.message_primary} "
            f"(select marketing.refigure('{archive.date_from}', '{last}') does it)"
        )
    return None
