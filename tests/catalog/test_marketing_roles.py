"""T16: who may call what of marketing: each function that an application may call, as each kind of member.

The functions are asked of the catalog, so that one which somebody adds, and which forgets to ask who calls, fails here.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

import psycopg
import pytest

from catalog.rules import refuse
from marketing_team import ADMIN, MISSING, NOWHERE, OF_TYPE, OURS, OUTSIDER, THEIRS, USER, VIEWER, make_team
from moadb import testing
from moadb.connection import Connection, connect
from moadb.server import LocalServer

# parameter → what it names
SCOPES = {
    "p_workspace_id": "workspace",
    "p_account_id": "account",
    "p_campaign_id": "campaign",
    "p_budget_id": "budget",
    "p_insight_id": "insight",
    "p_report_id": "report",
    "p_schedule_id": "schedule",
}

# functions without one of these, and why that is right
UNSCOPED = {
    "it says who acts, or is about whoever does": {"act_as", "whoami", "create_workspace", "edit_user"},
    "of people who have not signed in, or just do": {"register_user", "record_login"},
    "rates are everybody's": {"convert"},
    "whoever has the token of a synchronisation may go on with it": {"sync_batch", "sync_finish", "sync_fail"},
}

# what a viewer does without changing anything that others see
READS_THOUGH_VOLATILE: set[str] = set()

# what takes an admin
FOR_ADMINS = {
    "edit_workspace",
    "add_member",
    "set_member_role",
    "remove_member",
    "connect_account",
    "disconnect_account",
    "refresh_tokens",
}

# what is said of who asks, and not of what is asked for
ASKING = ("MM001", "MM002", "MM003", "MM007", "MM008")

VALUES = {
    "p_platform": "google_ads",
    "p_role": "viewer",
    "p_currency": "KRW",
    "p_report_currency": "KRW",
    "p_time_zone": "Asia/Seoul",
    "p_report_type": "weekly",
    "p_period_type": "monthly",
    "p_grain": "day",
    "p_by": "campaign",
    "p_sync_type": "incremental",
    "p_metric": "clicks",
    "p_model": "last",
    "p_channel_name": "google_search",
    "p_changes": "{}",
    "p_config": "{}",
    "p_from": "2026-11-01",
    "p_to": "2026-11-07",
    "p_user_id": "9002",
    "p_campaign_ids": "{9001}",
    "p_budget_ids": "{9001}",
}


class Function(NamedTuple):
    """A function that an application may call."""

    name: str
    volatility: str
    parameters: list[str]  # of those that are needed, and those that name something
    types: list[str]

    @property
    def scopes(self) -> list[str]:
        """Return the parameters that say whose it is."""
        return [p for p, t in zip(self.parameters, self.types, strict=True) if p in SCOPES and t == "bigint"]

    @property
    def reads(self) -> bool:
        """Return whether it changes nothing."""
        return self.volatility != "v" or self.name in READS_THOUGH_VOLATILE

    def call(self, ids: dict[str, int]) -> str:
        """Return a call with these ids, and values of any kind for the rest."""
        arguments = []
        for parameter, kind in zip(self.parameters, self.types, strict=True):
            value = str(ids[parameter]) if parameter in self.scopes else VALUES.get(parameter, OF_TYPE.get(kind, ""))
            arguments.append(f"{parameter} => '{value}'::{kind}")
        return f"select * from marketing.{self.name}({', '.join(arguments)})"


class Outcome(NamedTuple):
    """What came of a call."""

    code: str  # SQLSTATE; 00000: it was done
    words: str  # message and detail, without the ids that were given; of a call that was done, its rows


@pytest.fixture(scope="module")
def session(server: LocalServer, template: str) -> Iterator[Connection]:
    """Return a session of the application in a database with both workspaces; each call in it is undone."""
    dsn = testing.clone(server.admin_dsn("postgres"), template)
    with connect(dsn) as connection:
        make_team(connection)
        connection.execute("create role roles_app login")
        connection.execute("grant marketing_app to roles_app")
    try:
        with connect(dsn, autocommit=False) as connection:
            connection.execute("set session authorization roles_app")
            connection.commit()
            yield connection
            connection.rollback()
    finally:
        with connect(dsn) as connection:
            connection.execute("drop role roles_app")


@pytest.fixture(scope="module")
def functions(session: Connection) -> list[Function]:
    """Return what the application may call: needed parameters first, then those with a default that name something."""
    rows = session.execute(
        """
        select p.proname, p.provolatile::text,
          array(
            select a.name from unnest(p.proargnames[1:p.pronargs]) with ordinality as a (name, place)
            where a.place <= p.pronargs - p.pronargdefaults or a.name = any (%(scopes)s)
            order by a.place
          ),
          array(
            select format_type(t.type, null)
            from unnest(p.proargtypes::oid[], p.proargnames[1:p.pronargs]) with ordinality as t (type, name, place)
            where t.place <= p.pronargs - p.pronargdefaults or t.name = any (%(scopes)s)
            order by t.place
          )
        from pg_proc as p
        where p.pronamespace = 'marketing'::regnamespace
          and p.proname !~ '^_'
          and has_function_privilege('marketing_app', p.oid, 'execute')
        order by p.proname
        """,
        {"scopes": list(SCOPES)},
    ).fetchall()
    return [Function(*row) for row in rows]


def outcome(session: Connection, actor: int | None, call: str, *given: int) -> Outcome:
    """Call as a user, take it back, and return what came of it."""
    try:
        with session.transaction(force_rollback=True):
            session.execute("select marketing.act_as(%s)", [actor])
            found = session.execute(call.encode()).fetchall()
    except psycopg.Error as error:
        words = f"{error.diag.message_primary} {error.diag.message_detail}"
        for value in given:
            words = re.sub(rf"\b{value}\b", "#", words)
        return Outcome(str(error.sqlstate), words)
    return Outcome("00000", str(found) if found else "")


def ids_of(function: Function, of: dict[str, int]) -> dict[str, int]:
    """Return what its parameters name, of one of the workspaces."""
    return {parameter: of[SCOPES[parameter]] for parameter in function.scopes}


def test_functions_without_a_scope_are_listed(functions: list[Function]) -> None:
    named = set().union(*UNSCOPED.values())
    unscoped = {f.name for f in functions if not f.scopes and f.volatility != "i"}
    refuse("a function that is about nothing of a workspace is listed in UNSCOPED", sorted(unscoped - named))
    refuse("UNSCOPED lists none that is", sorted(named & {f.name for f in functions if f.scopes}))


def test_there_are_functions(functions: list[Function]) -> None:
    assert len([f for f in functions if f.scopes]) > 10


def test_nobody_may_call_anything(session: Connection, functions: list[Function]) -> None:
    offenders = []
    for f in functions:
        for ids in (ids_of(f, OURS), dict.fromkeys(f.scopes, MISSING)):
            if f.scopes:
                found = outcome(session, None, f.call(ids))
                if found.code != "MM003":
                    offenders.append(f"{f.call(ids)}: {found}")
    refuse("while nobody acts, a function says MM003 and nothing else", offenders)


def test_others_look_like_none(session: Connection, functions: list[Function]) -> None:
    """The outsider names one thing of ours among his own, or one that there is not: the same words, or no row."""
    offenders = []
    for f in functions:
        for parameter in f.scopes:
            ours, missing = OURS[SCOPES[parameter]], MISSING
            for actor, own in ((OUTSIDER, THEIRS), (NOWHERE, THEIRS)):
                theirs = outcome(session, actor, f.call(ids_of(f, own) | {parameter: ours}), ours, missing)
                nothing = outcome(session, actor, f.call(ids_of(f, own) | {parameter: missing}), ours, missing)
                is_empty = f.reads and theirs.code == "00000" and theirs.words == ""
                if theirs != nothing or not (theirs.code.startswith("MM") or is_empty):
                    offenders.append(f"{f.name} {parameter} as {actor}: {theirs} but of none {nothing}")
    refuse("what belongs to another workspace is refused in the words that are said of what there is not", offenders)


def test_viewers_write_nothing(session: Connection, functions: list[Function]) -> None:
    offenders = []
    for f in functions:
        if f.scopes and not f.reads:
            found = outcome(session, VIEWER, f.call(ids_of(f, OURS)))
            if found.code != "MM002":
                offenders.append(f"{f.call(ids_of(f, OURS))}: {found}")
    refuse("whatever writes is refused to a viewer, with MM002", offenders)


def test_viewers_read(session: Connection, functions: list[Function]) -> None:
    offenders = []
    for f in functions:
        if f.scopes and f.reads:
            found = outcome(session, VIEWER, f.call(ids_of(f, OURS)))
            if found.code in ASKING or not found.code.startswith(("MM", "00")):
                offenders.append(f"{f.call(ids_of(f, OURS))}: {found}")
    refuse("whatever reads is open to a viewer", offenders)


def test_users_are_no_admins(session: Connection, functions: list[Function]) -> None:
    refused = {
        f.name for f in functions if f.scopes and outcome(session, USER, f.call(ids_of(f, OURS))).code == "MM002"
    } | {f.name for f in functions if f.name == "remove_member"}
    assert refused == FOR_ADMINS


def test_admins_may_call_everything(session: Connection, functions: list[Function]) -> None:
    offenders = []
    for f in functions:
        if f.scopes:
            found = outcome(session, ADMIN, f.call(ids_of(f, OURS)))
            if found.code in ASKING or not found.code.startswith(("MM", "MP", "00")):
                offenders.append(f"{f.call(ids_of(f, OURS))}: {found}")
    refuse("an admin is refused for what is given, not for who asks", offenders)


# ---- what is read past the functions: views, and the columns that they read

SHARED = {"platforms", "channels", "channel_rules", "insight_rules", "fx_rates"}


def relations(session: Connection) -> list[tuple[str, list[str]]]:
    """Return the relations and columns that the application may read."""
    return session.execute(
        """
        select c.relname::text, array_agg(a.attname::text order by a.attnum)
        from pg_class as c
        join pg_attribute as a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
        where c.relnamespace = 'marketing'::regnamespace
          and c.relkind in ('r', 'p', 'v', 'm')
          and has_column_privilege('marketing_app', c.oid, a.attnum, 'select')
        group by c.relname
        order by 1
        """
    ).fetchall()


def rows(session: Connection, actor: int | None, relation: str, columns: list[str]) -> list[Any]:
    """Return all that a user sees of a relation, as JSON."""
    with session.transaction(force_rollback=True):
        session.execute("select marketing.act_as(%s)", [actor])
        listed = ", ".join(f'"{column}"' for column in columns)
        query = f"select to_jsonb(t) from (select {listed} from marketing.{relation}) as t"
        return [json.dumps(row, sort_keys=True, default=str) for (row,) in session.execute(query.encode()).fetchall()]


def test_nobody_sees_anything(session: Connection) -> None:
    offenders = []
    for relation, columns in relations(session):
        if relation.removeprefix("v_") not in SHARED and rows(session, None, relation, columns):
            offenders.append(relation)
    refuse("while nobody acts, nothing of a workspace is seen", offenders)


def test_nowhere_sees_nothing(session: Connection) -> None:
    offenders = [
        relation
        for relation, columns in relations(session)
        if relation.removeprefix("v_") not in SHARED and rows(session, NOWHERE, relation, columns)
    ]
    refuse("who belongs nowhere sees nothing of a workspace", offenders)


def test_workspaces_see_their_own(session: Connection) -> None:
    """Every row that one admin sees is hidden from the other: nothing is in both. What both have, both see some of."""
    offenders = []
    for relation, columns in relations(session):
        if relation.removeprefix("v_") in SHARED:
            continue
        ours, theirs = (set(rows(session, actor, relation, columns)) for actor in (ADMIN, OUTSIDER))
        whose = {"workspace_id", "campaign_id", "account_id", "marketing_account_id", "id", "budget_id", "user_id"}
        if whose & set(columns) and ours & theirs:
            offenders.append(f"{relation}: {(ours & theirs).pop()}")
    refuse("no row is seen by members of two workspaces that share no account", offenders)
    seen = {relation for relation, columns in relations(session) if rows(session, ADMIN, relation, columns)}
    assert {"workspaces", "marketing_accounts", "campaigns", "v_campaigns", "v_members"} <= seen


def test_viewers_see_what_admins_see(session: Connection) -> None:
    for relation, columns in relations(session):
        assert sorted(rows(session, VIEWER, relation, columns)) == sorted(rows(session, ADMIN, relation, columns))
