"""`moadb doctor`: what is wrong, or soon will be, with a database that moadb is deployed to, and what to do about it.

Each check is a function from a connection to findings. Where the role may not look, a note says so, the others go on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

import psycopg
from psycopg import conninfo

from moadb.connection import Connection, connect
from moadb.deploy import guards
from moadb.deploy.bootstrap import OWNER, roles_of
from moadb.errors import MoadbError, Refused
from moadb.jobs import find_pg_cron, open_pg_cron
from moadb.seed import deployed_systems

LONG_TRANSACTION = "1 hour"  # older ones keep vacuum from doing its work
WRAPAROUND_AGE = 1_000_000_000  # transactions; the server stops at about two billion


@dataclass(frozen=True)
class Finding:
    """Something to know about a database.

    Args:
        level: problem (something does not work, or will stop to) or note.
        subject: what it is about, a word or a name.
        message: what is so.
        remedy: what to do.
    """

    level: Literal["problem", "note"]
    subject: str
    message: str
    remedy: str


Check = Callable[[Connection], Iterator[Finding]]


def examine(dsn: str) -> list[Finding]:
    """Return what is to be said about a database, problems first; nothing is changed."""
    try:
        connection = connect(dsn, application_name="moadb doctor")
    except MoadbError as error:
        return [
            _problem(
                "connection",
                error.message,
                "start the server (the local one: `moadb up`), or correct the connection string",
            )
        ]
    findings: list[Finding] = []
    with connection:
        for check in CHECKS:
            try:
                findings.extend(check(connection))
            except psycopg.errors.InsufficientPrivilege as error:
                topic = check.__name__.removeprefix("check_").replace("_", " ")
                who = connection.info.user
                message = f"role {who!r} may not look: {error.diag.message_primary}"
                findings.append(_note(topic, message, f"connect as a member of {OWNER} or pg_monitor"))
    return sorted(findings, key=lambda finding: finding.level != "problem")


def check_server(connection: Connection) -> Iterator[Finding]:
    """Version, standby, read-only, pooler in between."""
    try:
        guards.check_server(connection, allow_pooler=False)
    except Refused as refused:
        yield _problem("server", refused.message, refused.hint or "")


def check_settings(connection: Connection) -> Iterator[Finding]:
    """Settings that lose data or let tables rot."""
    remedies = {
        "fsync": "a power cut can destroy the database",
        "full_page_writes": "a power cut can destroy pages",
        "autovacuum": "tables grow without end, and the server stops when transaction numbers run out",
        "track_counts": "autovacuum does not know what to do",
    }
    for name, consequence in remedies.items():
        if _value(connection, "select current_setting(%s)", name) == "off":
            yield _problem(name, f"{name} is off: {consequence}", f"alter system set {name} = on; then reload")
    age = int(str(_value(connection, "select max(age(datfrozenxid)) from pg_database")))
    if age > WRAPAROUND_AGE:
        yield _problem(
            "wraparound",
            f"the oldest unfrozen transaction is {age} transactions old",
            "end what holds vacuum back (long transactions, replication slots, prepared transactions); vacuum freeze",
        )


def check_deployment(connection: Connection) -> Iterator[Finding]:
    """Whether anything is deployed, and whether a deploy stopped half-way."""
    if not deployed_systems(connection):
        database = connection.info.dbname
        yield _note("deployment", f"no system is deployed in database {database!r}", "moadb migrate")
    elif _value(connection, "select to_regclass('moadb.scripts')") is not None:
        for (path,) in connection.execute("select path from moadb.scripts where state = 'running' order by seq"):
            yield _problem(path, "a non-transactional migration has not come to its end", "moadb migrate --resume")


def check_roles(connection: Connection) -> Iterator[Finding]:
    """Roles, ownership, and what everybody may execute."""
    systems = deployed_systems(connection)
    if not systems:
        return
    schemas = _schemas(connection)
    present = {name: (login, boss) for name, login, boss in connection.execute(_ROLES, [roles_of(systems)])}
    for name in roles_of(systems):
        login, boss = present.get(name, (False, False))
        if name not in present:
            yield _problem(name, f"role {name} is missing", "moadb migrate makes it")
        elif login or boss:
            what = "can log in" if login else "is a superuser"
            yield _problem(name, f"role {name} {what}", f"alter role {name} nologin nosuperuser")
    for kind, name, owner in connection.execute(_OWNERS, {"schemas": schemas, "owner": OWNER}):
        yield _problem(
            name,
            f"{kind} {name} belongs to {owner}, not to {OWNER}",
            f"alter {kind} {name} owner to {OWNER}",
        )
    for (name,) in connection.execute(_PUBLIC, [schemas]):
        yield _problem(
            name,
            f"everybody may execute {name}",
            f"revoke execute on routine {name} from public; `moadb verify`",
        )
    if OWNER in present and not _value(connection, "select pg_has_role(session_user, %s, 'member')", OWNER):
        who = connection.info.user
        yield _note(
            OWNER,
            f"role {who!r} is no member of {OWNER}: it cannot deploy",
            f"grant {OWNER} to a role that shall",
        )


def check_extensions(connection: Connection) -> Iterator[Finding]:
    """Extensions that are missing or older than what the server has."""
    needed = {name: system.name for system in deployed_systems(connection) for name in system.extensions}
    rows = connection.execute(
        "select a.name, a.installed_version, a.default_version from pg_available_extensions as a"
    ).fetchall()
    installed = {name: (now, newest) for name, now, newest in rows}
    for name, system in needed.items():
        if installed.get(name, (None, None))[0] is None:
            yield _problem(name, f"system {system} needs extension {name}", "moadb migrate makes it")
    for name, (now, newest) in sorted(installed.items()):
        if now is not None and now != newest:
            yield _note(name, f"extension {name} is {now}, the server has {newest}", f"alter extension {name} update")


def check_pg_cron(connection: Connection) -> Iterator[Finding]:
    """Whether pg_cron, wherever in the cluster it is, can do what it is registered for."""
    try:
        cron = find_pg_cron(_dsn(connection))
        if cron is None:
            return
        cron_connection = open_pg_cron(cron)
    except MoadbError as error:
        yield _note("pg_cron", error.message, error.hint or "")
        return
    libraries = _setting(connection, "shared_preload_libraries")
    if libraries is not None and "pg_cron" not in [part.strip() for part in libraries.split(",")]:
        yield _problem(
            "pg_cron",
            "pg_cron is not loaded: no job runs",
            "add pg_cron to shared_preload_libraries and restart the server",
        )
    home = _setting(connection, "cron.database_name")
    if home is not None and home != cron.database:
        yield _problem(
            "pg_cron",
            f"pg_cron works for database {home!r}, and its entries are in {cron.database!r}",
            f"set cron.database_name = '{cron.database}' and restart the server, or drop extension pg_cron there",
        )
    if not cron.goes_by_utc:
        yield _problem(
            "pg_cron",
            f"pg_cron reads schedules in {cron.zone}, moadb writes them in UTC",
            "set cron.timezone = 'GMT' and restart the server",
        )
    if _setting(connection, "cron.launch_active_jobs") == "off":
        yield _problem("pg_cron", "cron.launch_active_jobs is off: no job runs", "set it to on and reload")
    port = int(str(_value(connection, "select current_setting('port')")))
    with cron_connection:
        entries = cron_connection.execute(_CRON_ENTRIES, [cron.prefix]).fetchall()
        refused = cron_connection.execute(_CRON_REFUSED, [cron.prefix]).fetchall()
    for name, node, node_port in entries:
        if node_port != port:
            yield _problem(
                name,
                f"pg_cron starts it at port {node_port} of {node or 'the socket'}, and this server is at port {port}",
                "moadb jobs sync registers the jobs anew",
            )
    for name, message in refused:
        yield _problem(
            name,
            f"pg_cron cannot connect: {message}",
            "set cron.host to the server's socket folder and let the job's role in by pg_hba.conf, or set "
            "cron.use_background_workers = on; restart",
        )


def check_jobs(connection: Connection) -> Iterator[Finding]:
    """Jobs that do not succeed as often as they should."""
    if _value(connection, "select to_regclass('platform.job_health')") is None:
        return
    for name, state, missed, last in connection.execute(_JOBS):
        since = f"its last success was at {last:%Y-%m-%d %H:%M} UTC" if last else "it has never succeeded"
        remedy = {
            "silent": "does a scheduler run? `moadb jobs runner`, or pg_cron",
            "paused": f"moadb jobs resume {name}",
        }.get(state, f"moadb jobs history {name}")
        message = f"{state}: {since}" + (f", {missed} intervals ago" if state != "paused" else "")
        yield (_note if state == "paused" else _problem)(name, message, remedy)


def check_partitions(connection: Connection) -> Iterator[Finding]:
    """Partitions that are missing, will be soon, or have rows that belong elsewhere."""
    if _value(connection, "select to_regclass('platform.partition_health')") is None:
        return
    for table, problem, severity, detail in connection.execute(_PARTITIONS):
        finding = _problem if severity == "error" else _note
        yield finding(table, f"{problem.replace('_', ' ')}: {detail}", "moadb partitions maintain")


def check_indexes(connection: Connection) -> Iterator[Finding]:
    """Indexes that an interrupted `create index concurrently` has left behind."""
    for (name,) in connection.execute(_INVALID_INDEXES, [_schemas(connection)]):
        yield _problem(
            name,
            f"index {name} is invalid: it costs, and serves nobody",
            f"reindex index concurrently {name}, or drop index concurrently {name}",
        )


def check_constraints(connection: Connection) -> Iterator[Finding]:
    """Constraints that old rows may break."""
    for table, name in connection.execute(_NOT_VALIDATED, [_schemas(connection)]):
        yield _problem(
            table,
            f"constraint {name} of {table} is not validated: old rows may break it",
            f"alter table {table} validate constraint {name}",
        )


def check_transactions(connection: Connection) -> Iterator[Finding]:
    """Transactions that have been open for so long that vacuum waits for them."""
    for pid, user, application, seconds, state in connection.execute(_LONG_TRANSACTIONS, [LONG_TRANSACTION]):
        who = f"{user} ({application})" if application else user
        yield _problem(
            f"pid {pid}",
            f"{who} has had a transaction open for {seconds // 60:.0f} minutes ({state}): vacuum waits for it",
            f"find out why; select pg_terminate_backend({pid})",
        )
    for gid, owner in connection.execute(
        "select gid, owner from pg_prepared_xacts where prepared < clock_timestamp() - %s::interval", [LONG_TRANSACTION]
    ):
        yield _problem(
            gid, f"prepared transaction of {owner} waits for its end", f"commit or rollback prepared '{gid}'"
        )


CHECKS: tuple[Check, ...] = (
    check_server,
    check_settings,
    check_deployment,
    check_roles,
    check_extensions,
    check_pg_cron,
    check_jobs,
    check_partitions,
    check_indexes,
    check_constraints,
    check_transactions,
)

_ROLES = "select r.rolname, r.rolcanlogin, r.rolsuper from pg_roles as r where r.rolname = any(%s)"

_OWNERS = """
select 'schema', quote_ident(n.nspname), n.nspowner::regrole::text
from pg_namespace as n
where n.nspname = any(%(schemas)s) and n.nspowner::regrole::text <> %(owner)s
union all
select 'table', format('%%I.%%I', n.nspname, c.relname), c.relowner::regrole::text
from pg_class as c join pg_namespace as n on n.oid = c.relnamespace
where n.nspname = any(%(schemas)s) and c.relkind in ('r', 'p', 'v', 'm') and c.relowner::regrole::text <> %(owner)s
union all
select 'routine', format('%%I.%%I(%%s)', n.nspname, p.proname, pg_get_function_identity_arguments(p.oid)),
  p.proowner::regrole::text
from pg_proc as p join pg_namespace as n on n.oid = p.pronamespace
where n.nspname = any(%(schemas)s) and p.proowner::regrole::text <> %(owner)s
order by 1, 2
"""

_PUBLIC = """
select format('%%I.%%I(%%s)', n.nspname, p.proname, pg_get_function_identity_arguments(p.oid))
from pg_proc as p join pg_namespace as n on n.oid = p.pronamespace
cross join lateral aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) as a
where n.nspname = any(%s) and a.grantee = 0 and a.privilege_type = 'EXECUTE'
  and p.prorettype not in ('trigger'::regtype, 'event_trigger'::regtype)
order by 1
"""

_CRON_ENTRIES = """
select j.jobname::text, j.nodename, j.nodeport
from cron.job as j
where j.active and starts_with(j.jobname, %s)
order by 1
"""

# the last run of each job, where it did not come as far as the server
_CRON_REFUSED = """
select j.jobname::text, r.return_message
from cron.job as j
cross join lateral (
  select d.status, d.return_message from cron.job_run_details as d where d.jobid = j.jobid order by d.runid desc limit 1
) as r
where starts_with(j.jobname, %s) and r.status = 'failed' and r.return_message ilike '%%connect%%'
order by 1
"""

_JOBS = """
select h.name, h.state, h.missed_intervals, h.last_success_at at time zone 'UTC'
from platform.job_health as h
where h.state <> 'ok'
order by h.name
"""

_PARTITIONS = """
select format('%I.%I', h.schema_name, h.table_name), h.problem, h.severity, h.detail
from platform.partition_health as h
order by 1, 2, 4
"""

_INVALID_INDEXES = """
select i.indexrelid::regclass::text
from pg_index as i
join pg_class as c on c.oid = i.indexrelid
where not i.indisvalid and c.relkind = 'i' and c.relnamespace::regnamespace::text = any(%s)
  and not exists (select from pg_stat_progress_create_index as p where p.index_relid = i.indexrelid)
order by 1
"""

_NOT_VALIDATED = """
select c.conrelid::regclass::text, quote_ident(c.conname)
from pg_constraint as c
where not c.convalidated and c.conrelid <> 0 and c.connamespace::regnamespace::text = any(%s)
order by 1, 2
"""

_LONG_TRANSACTIONS = """
select a.pid, a.usename, a.application_name, extract(epoch from clock_timestamp() - a.xact_start)::bigint, a.state
from pg_stat_activity as a
where a.backend_type = 'client backend' and a.xact_start < clock_timestamp() - %s::interval
order by a.xact_start
"""


def _problem(subject: str, message: str, remedy: str) -> Finding:
    return Finding("problem", subject, message, remedy)


def _note(subject: str, message: str, remedy: str) -> Finding:
    return Finding("note", subject, message, remedy)


def _schemas(connection: Connection) -> list[str]:
    """Return the schemas of the systems that are deployed; nobody else's are judged."""
    return [schema for system in deployed_systems(connection) for schema in system.schemas]


def _dsn(connection: Connection) -> str:
    """Return a connection string to the same database as the same role."""
    return conninfo.make_conninfo(connection.info.dsn, password=connection.info.password or None)


def _value(connection: Connection, query: str, *parameters: str) -> object:
    row = connection.execute(query.encode(), parameters or None).fetchone()
    return None if row is None else row[0]


def _setting(connection: Connection, name: str) -> str | None:
    """Return a setting, None when the server does not know it or the role may not see it."""
    value = _value(connection, "select setting from pg_settings where name = %s", name)
    return None if value is None else str(value)
