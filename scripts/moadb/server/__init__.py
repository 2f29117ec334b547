"""The local server: a private PostgreSQL cluster, and everything that `moadb up` puts into it."""

from moadb.server.binaries import Kind, find_binaries, has_embedded, kind_of
from moadb.server.local import LocalServer
from moadb.server.make import ADMIN, DATABASE, DEMO
from moadb.server.settings import preloaded

__all__ = [
    "ADMIN",
    "DATABASE",
    "DEMO",
    "Kind",
    "LocalServer",
    "find_binaries",
    "has_embedded",
    "kind_of",
    "preloaded",
]
