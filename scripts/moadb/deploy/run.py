"""Run one file as one query, and say exactly where it failed."""

from __future__ import annotations

import time

from psycopg import errors, generators, pq

from moadb.connection import Connection
from moadb.deploy import lexer
from moadb.deploy.source import Script
from moadb.errors import MoadbError

_ENDS = {"commit", "rollback", "abort", "end", "begin", "start", "prepare"}
_REPLACING = {
    "42P13": "a routine's return type, parameter names and defaults cannot be changed in place",
    "42P16": "a view's columns can only be added at the end",
    "42809": "a routine cannot become a routine of another kind in place",
}


class ScriptError(MoadbError):
    """The server refused a statement of a file; `sqlstate` says why, message says where."""

    def __init__(self, message: str, *, sqlstate: str | None, hint: str | None, details: list[str]) -> None:
        super().__init__(message, hint=hint, details=details)
        self.sqlstate = sqlstate


def check_text(script: Script) -> None:
    """Refuse what cannot run inside the deploy's transaction, before anything is run.

    Raises:
        MoadbError: the file ends the transaction itself, or copies from the client.
    """
    for statement in lexer.split(script.text):
        words = statement.words
        if words[:1] == ("copy",) and "stdin" in statement.text.lower().split(";")[0].split():
            raise MoadbError(
                f"{script.path}:{statement.line}: copy from stdin has no input here",
                hint="write the rows as insert … values",
            )
        if script.transactional and _ends_transaction(words):
            raise MoadbError(
                f"{script.path}:{statement.line}: {' '.join(words[:2])} in a file that runs inside the deploy's transaction",
                hint="take it out; a file that cannot run in a transaction says `-- transactional: false`",
            )


def _ends_transaction(words: tuple[str, ...]) -> bool:
    if not words or words[0] not in _ENDS:
        return False
    if words[0] == "rollback":
        return "to" not in words[:3]
    if words[0] in ("start", "prepare"):
        return words[1:2] == ("transaction",)
    return True


def run(connection: Connection, script: Script, *, replacing: bool = False) -> float:
    """Run a whole file inside the transaction that is open, and return the seconds that it took.

    Args:
        connection: in a transaction, refreshed.
        script: the file.
        replacing: whether it is a repeatable, whose errors about replacing get a hint.

    Raises:
        ScriptError: a statement failed.
        MoadbError: the file ended the transaction.
    """
    before = _transaction(connection)
    started = time.monotonic()
    results = query(connection, script.text)
    seconds = time.monotonic() - started
    failed = results[-1] if results else None
    if failed is not None and failed.status not in (
        pq.ExecStatus.COMMAND_OK,
        pq.ExecStatus.TUPLES_OK,
        pq.ExecStatus.EMPTY_QUERY,
    ):
        raise explain(script, script.text, 0, failed, len(results) - 1, replacing=replacing)
    if connection.info.transaction_status != pq.TransactionStatus.INTRANS or _transaction(connection) != before:
        raise MoadbError(
            f"{script.path} ended the deploy's transaction",
            hint="take out what commits or rolls back; what ran before it is in the database already",
        )
    return seconds


def query(connection: Connection, text: str) -> list[pq.abc.PGresult]:
    """Send a text as one simple query and return all results; the last one may be an error."""
    connection.pgconn.send_query(text.encode())
    results = connection.wait(generators.execute(connection.pgconn))
    if results and results[-1].status in (pq.ExecStatus.COPY_IN, pq.ExecStatus.COPY_OUT, pq.ExecStatus.COPY_BOTH):
        connection.close()
        raise MoadbError("a script copies from or to the client", hint="write the rows as insert … values")
    return results


def _transaction(connection: Connection) -> str:
    row = connection.execute("select pg_current_xact_id()::text").fetchone()
    assert row is not None
    return str(row[0])


def explain(
    script: Script, text: str, start: int, result: pq.abc.PGresult, done: int, *, replacing: bool = False
) -> ScriptError:
    """Turn an error result into one with file, line and column.

    Args:
        script: the file.
        text: what was sent: the file, or one statement of it.
        start: where that begins in the file, characters.
        result: the error.
        done: how many statements had succeeded before it; tells which one failed when the server gives no position.
        replacing: see `run`.
    """
    error = errors.error_from_result(result)
    diag = error.diag
    column: int | None = None
    if diag.statement_position:
        line, column = lexer.position(script.text, start + int(diag.statement_position) - 1)
    else:
        statements = lexer.split(text)
        failed = statements[min(done, len(statements) - 1)] if statements else None
        line = lexer.position(script.text, start + (failed.start if failed else 0))[0]
    where = f"{script.path}:{line}" + (f":{column}" if column else "")
    lines = script.text.splitlines()
    details = [lines[line - 1].strip()] if line <= len(lines) else []
    if diag.message_detail:
        details.append(f"DETAIL: {diag.message_detail}")
    if diag.context:
        details.extend(f"CONTEXT: {part}" for part in diag.context.splitlines())
    if error.sqlstate:
        details.append(f"SQLSTATE: {error.sqlstate}")
    hint = diag.message_hint
    if replacing and error.sqlstate in _REPLACING:
        hint = (
            f"{_REPLACING[error.sqlstate]}: drop the old one in a migration (`moadb new`); this file then makes it anew"
        )
    return ScriptError(f"{where}: {diag.message_primary}", sqlstate=error.sqlstate, hint=hint, details=details)
