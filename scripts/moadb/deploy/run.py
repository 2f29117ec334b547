"""Run one file as one query, and say exactly where it failed."""

from __future__ import annotations

import time
from collections.abc import Sequence

from psycopg import errors, generators, pq
from psycopg.pq.abc import PGresult

from moadb.connection import Connection
from moadb.deploy import lexer
from moadb.deploy.lexer import Statement
from moadb.deploy.source import Script
from moadb.errors import MoadbError

_GOOD = (pq.ExecStatus.COMMAND_OK, pq.ExecStatus.TUPLES_OK, pq.ExecStatus.EMPTY_QUERY)
_COPYING = (pq.ExecStatus.COPY_IN, pq.ExecStatus.COPY_OUT, pq.ExecStatus.COPY_BOTH)
# errors of `create or replace` that mean: not in place
_REPLACING = {
    "42P13": "return type, parameter names and defaults of a routine cannot be changed in place",
    "42P16": "the columns of a view can only be added to, at its end",
    "42809": "a routine cannot become one of another kind in place",
}


class ScriptError(MoadbError):
    """The server refused a statement of a file.

    Args:
        message: file, line, column and the server's message.
        sqlstate: the server's error code.
        hint: what to do.
        details: the line itself, the server's detail and context.
    """

    def __init__(self, message: str, *, sqlstate: str | None, hint: str | None, details: list[str]) -> None:
        super().__init__(message, hint=hint, details=details)
        self.sqlstate = sqlstate


def check_text(script: Script) -> None:
    """Refuse what cannot run here, before anything is run.

    Raises:
        MoadbError: the file is an empty migration, controls transactions itself, copies from or to the client, or
            builds an index that could not be found again.
    """
    statements = lexer.split(script.text)
    if not statements and script.kind == "version":
        raise MoadbError(
            f"{script.path} holds no statement", hint="write it before it is deployed: afterwards it cannot be changed"
        )
    for statement in statements:
        where = f"{script.path}:{statement.line}"
        if _controls_transaction(statement.words):
            raise MoadbError(
                f"{where}: {' '.join(statement.words[:2])}: a file does not control the transaction that it runs in",
                hint="take it out; a file whose statements cannot run in a transaction says `-- transactional: false`",
            )
        if statement.words[:1] == ("copy",) and _copies_to_client(statement):
            raise MoadbError(f"{where}: copy has no client here", hint="write the rows as insert … values")
        if _builds_unnamed_index(statement.words):
            raise MoadbError(
                f"{where}: an index that is built concurrently needs a name", hint="by it an interrupted build is found"
            )


def _controls_transaction(words: tuple[str, ...]) -> bool:
    match words[:1]:
        case ["begin" | "commit" | "abort" | "end"]:
            return True
        case ["rollback"]:
            return "to" not in words[:3]  # a savepoint of the file's own is its own affair
        case ["start" | "prepare"]:
            return words[1:2] == ("transaction",)
    return False


def _builds_unnamed_index(words: tuple[str, ...]) -> bool:
    return (
        words[:1] == ("create",) and "concurrently" in words and words[words.index("concurrently") + 1 :][:1] == ("on",)
    )


def _copies_to_client(statement: Statement) -> bool:
    plain = [statement.text[t.start : t.end].lower() for t in lexer.code(statement.text) if t.kind == "word"]
    return "stdin" in plain or "stdout" in plain


def query(connection: Connection, text: str) -> list[PGresult]:
    """Send a text as one simple query and return the results of its statements; the last one may be an error."""
    connection.pgconn.send_query(text.encode())
    results: list[PGresult] = connection.wait(generators.execute(connection.pgconn))
    if results and results[-1].status in _COPYING:
        connection.close()  # there is no other way out of copy mode that is short
        raise MoadbError("a file copies from or to the client", hint="write the rows as insert … values")
    return results


def failure(results: Sequence[PGresult]) -> PGresult | None:
    """Return the error among the results of a query: the last one, or none."""
    return results[-1] if results and results[-1].status not in _GOOD else None


def run(connection: Connection, script: Script) -> float:
    """Run a whole file inside the transaction that is open, and return the seconds that it took.

    Raises:
        ScriptError: a statement failed.
        MoadbError: the file ended the transaction.
    """
    before = _transaction(connection)
    seconds = send(connection, script)
    if _transaction(connection) != before:
        raise ended(script)
    return seconds


def send(connection: Connection, script: Script) -> float:
    """Run a whole file inside the transaction that is open, and return the seconds that it took.

    It is up to the caller to see whether the transaction is still the same one.

    Raises:
        ScriptError: a statement failed.
        MoadbError: there is no transaction any more.
    """
    started = time.monotonic()
    results = query(connection, script.text)
    seconds = time.monotonic() - started
    failed = failure(results)
    if failed is not None:
        statements = lexer.split(script.text)
        raise explain(script, failed, statements[min(len(results), len(statements)) - 1] if statements else None)
    if connection.info.transaction_status != pq.TransactionStatus.INTRANS:
        raise ended(script)
    return seconds


def ended(script: Script) -> MoadbError:
    """Return the error about a file that ended the transaction that it ran in."""
    return MoadbError(
        f"{script.path} ended the transaction that it ran in",
        hint="what ran before that point is in the database and not in the ledger: put it right by hand",
    )


def _transaction(connection: Connection) -> str:
    row = connection.execute("select pg_current_xact_id()::text").fetchone()
    return str(row[0]) if row else ""


def explain(script: Script, failed: PGresult, statement: Statement | None, *, sent_from: int = 0) -> ScriptError:
    """Turn an error result into one with file, line and column.

    Args:
        script: the file.
        failed: the error.
        statement: the one that failed, for errors to which the server gives no position.
        sent_from: where in the file the text that was sent begins, characters.
    """
    error = errors.error_from_result(failed)
    diag = error.diag
    where, line = script.path, 0
    if diag.statement_position:
        line, column = lexer.position(script.text, sent_from + int(diag.statement_position) - 1)
        where += f":{line}:{column}"
    elif statement is not None:
        line = statement.line
        where += f":{line}"
    details = [script.text.splitlines()[line - 1].strip()] if line else []
    if diag.message_detail:
        details.append(f"DETAIL: {diag.message_detail}")
    details += [f"CONTEXT: {part}" for part in (diag.context or "").splitlines()]
    if error.sqlstate:
        details.append(f"SQLSTATE: {error.sqlstate}")
    hint = diag.message_hint
    if script.kind == "repeatable" and error.sqlstate in _REPLACING:
        reason = _REPLACING[error.sqlstate]
        hint = f"{reason}: drop the old one in a migration (`moadb new`), which runs first, and this file makes it anew"
    return ScriptError(f"{where}: {diag.message_primary}", sqlstate=error.sqlstate, hint=hint, details=details)
