"""What a cluster needs from its superuser before anything can be deployed: login roles, the database, extensions."""

from __future__ import annotations

import psycopg
from psycopg import sql

from moadb.connection import Connection, connect
from moadb.server.local import LocalServer
from moadb.server.make import ADMIN, DATABASE, DEMO
from moadb.systems import System

# What only a superuser can create, and where: used where the server has it. pg_cron decides itself where it goes.
_EXTENSIONS = {"vector": "extensions", "postgis": "extensions", "pg_stat_statements": "extensions", "pg_cron": None}
_PRELOADED = {"pg_stat_statements", "pg_cron"}  # useless unless the server has loaded them at its start


def provision(server: LocalServer) -> None:
    """Make what is missing; the server runs."""
    with connect(server.admin_dsn("postgres")) as connection:
        _make_role(connection, ADMIN, "login createrole createdb")
        _make_role(connection, DEMO, "login")
        connection.execute(
            sql.SQL("grant pg_monitor to {}").format(sql.Identifier(ADMIN))
        )  # `moadb doctor` looks around
        if not _exists(connection, "select from pg_database where datname = %s", DATABASE):
            connection.execute(
                sql.SQL("create database {} owner {}").format(sql.Identifier(DATABASE), sql.Identifier(ADMIN))
            )
        for role in (ADMIN, DEMO):
            _set_password(connection, server, role)
    with connect(server.admin_dsn()) as connection:
        connection.execute("create schema if not exists extensions")
        connection.execute("grant usage on schema extensions to public")
        for name, schema in _EXTENSIONS.items():
            if _usable(connection, name):
                place = sql.SQL("schema {}").format(sql.Identifier(schema)) if schema else sql.SQL("")
                connection.execute(sql.SQL("create extension if not exists {} {}").format(sql.Identifier(name), place))
        if _exists(connection, "select from pg_extension where extname = %s", "pg_cron"):
            connection.execute(sql.SQL("grant usage on schema cron to {}").format(sql.Identifier(ADMIN)))


def admit_demo(server: LocalServer, systems: list[System]) -> None:
    """Let the demo application call what these systems offer to applications, and the administrator move the clock."""
    with connect(server.admin_dsn()) as connection:
        connection.execute(sql.SQL("grant moadb_clock to {}").format(sql.Identifier(ADMIN)))
        for role in (f"{system.name}_app" for system in systems):
            if _exists(connection, "select from pg_roles where rolname = %s", role):
                connection.execute(sql.SQL("grant {} to {}").format(sql.Identifier(role), sql.Identifier(DEMO)))


def _make_role(connection: Connection, name: str, attributes: str) -> None:
    if not _exists(connection, "select from pg_roles where rolname = %s", name):
        connection.execute(sql.SQL("create role {} {}").format(sql.Identifier(name), sql.SQL(attributes)))


def _set_password(connection: Connection, server: LocalServer, role: str) -> None:
    """Give the role the password of the password file, unless it has it: the file may be a new one."""
    try:
        psycopg.connect(server.dsn(role, "postgres")).close()
    except psycopg.OperationalError:
        connection.execute(
            sql.SQL("alter role {} password {}").format(sql.Identifier(role), sql.Literal(server.password(role)))
        )


def _usable(connection: Connection, name: str) -> bool:
    if name in _PRELOADED and not _exists(
        connection, "select where %s = any(string_to_array(current_setting('shared_preload_libraries'), ','))", name
    ):
        return False
    return _exists(connection, "select from pg_available_extensions where name = %s", name)


def _exists(connection: Connection, query: str, value: str) -> bool:
    return connection.execute(query.encode(), [value]).fetchone() is not None
