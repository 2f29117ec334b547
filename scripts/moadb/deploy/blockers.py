"""Who stands in the way: while a deploy waits for a lock, a second connection looks at who holds it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from types import TracebackType

import psycopg

from moadb.connection import connect
from moadb.errors import MoadbError

_LOOK = 0.1  # seconds between two looks
_PATIENCE = 2.0  # seconds of waiting for the same sessions before it is told

_QUERY = """
select a.pid, coalesce(nullif(a.application_name, ''), '?'), coalesce(a.state, '?'),
       coalesce(extract(epoch from clock_timestamp() - coalesce(a.xact_start, a.backend_start)), 0)::float8,
       coalesce(left(regexp_replace(a.query, '\\s+', ' ', 'g'), 200), '?')
from unnest(pg_blocking_pids(%s)) as b (pid)
join pg_stat_activity as a on a.pid = b.pid
order by a.pid
"""


class Watch:
    """A context in which the blockers of one server process are noted; `seen` holds those of the last wait.

    Args:
        dsn: the database.
        pid: the server process that may have to wait.
        tell: is told about a wait of more than two seconds, in words.
    """

    def __init__(self, dsn: str, pid: int, tell: Callable[[str], None] | None = None) -> None:
        self.seen: list[str] = []
        self._dsn = dsn
        self._pid = pid
        self._tell = tell
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._look, name="moadb-watch", daemon=True)

    def __enter__(self) -> Watch:
        """Begin to watch."""
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Stop watching."""
        self._stop.set()
        self._thread.join(1.0)  # it may hang in a connection that is gone

    def _look(self) -> None:
        if self._stop.wait(_LOOK):
            return  # over before anybody could have been in the way
        waited = 0.0
        pids: list[int] = []
        told: list[int] = []
        try:
            with connect(self._dsn, application_name="moadb watch") as connection:
                while not self._stop.wait(_LOOK):
                    rows = connection.execute(_QUERY, [self._pid]).fetchall()
                    waited = waited + _LOOK if rows and pids == [row[0] for row in rows] else 0.0
                    pids = [row[0] for row in rows]
                    if not rows:
                        continue
                    self.seen = [
                        f"server process {pid} ({application}, {state}, for {seconds:.0f} s): {query}"
                        for pid, application, state, seconds, query in rows
                    ]
                    if self._tell and waited >= _PATIENCE and pids != told:
                        self._tell("\n".join(f"waiting for {line}" for line in self.seen))
                        told = pids
        except (MoadbError, psycopg.Error):
            return  # no connection is left for this: the deploy goes on without
