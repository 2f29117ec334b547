"""Who stands in the way: while a deploy waits for a lock, a second connection looks at who holds it."""

from __future__ import annotations

import threading
from types import TracebackType

import psycopg

from moadb.connection import connect
from moadb.errors import MoadbError

_LOOK = 0.1  # seconds between two looks

_QUERY = """
select a.pid, coalesce(nullif(a.application_name, ''), '?'), a.state,
       extract(epoch from clock_timestamp() - coalesce(a.xact_start, a.backend_start))::float8,
       coalesce(left(regexp_replace(a.query, '\\s+', ' ', 'g'), 200), '?')
from unnest(pg_blocking_pids(%s)) as b (pid)
join pg_stat_activity as a on a.pid = b.pid
order by a.pid
"""


class Watch:
    """A context in which the blockers of one server process are noted; `seen` holds those of the last wait, one line each."""

    def __init__(self, dsn: str, pid: int) -> None:
        self.seen: list[str] = []
        self._dsn = dsn
        self._pid = pid
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
        self._thread.join()

    def _look(self) -> None:
        if self._stop.wait(_LOOK):
            return  # over before anybody could have been in the way
        try:
            with connect(self._dsn, application_name="moadb watch") as connection:
                while not self._stop.wait(_LOOK):
                    rows = connection.execute(_QUERY, [self._pid]).fetchall()
                    if rows:
                        self.seen = [
                            f"server process {pid} ({application}, {state}, for {seconds:.0f} s): {query}"
                            for pid, application, state, seconds, query in rows
                        ]
        except (MoadbError, psycopg.Error):
            return  # no connection left for this: the deploy goes on without
