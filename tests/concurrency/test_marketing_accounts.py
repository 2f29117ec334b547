"""Workspaces and accounts under many sessions at once."""

from __future__ import annotations

import psycopg

from concurrency.sessions import Connection, one, outcome, overtake, storm, violations
from marketing_team import make_team
from moadb.connection import connect

CONNECT = "select marketing.connect_account(%s, 'google_ads', 'shared', 'KRW', 'Asia/Seoul', %s)"


def team(dsn: str) -> None:
    with connect(dsn) as connection:
        make_team(connection)


def act_and(connection: Connection, user: int, call: str, *parameters: object) -> str:
    """Call as a user in a transaction of its own, and return what came of it."""
    with connection.transaction():
        connection.execute("select marketing.act_as(%s)", [user])
        try:
            with connection.transaction():
                connection.execute(call.encode(), parameters)
        except psycopg.Error as error:
            return error.sqlstate or "no sqlstate"
    return "done"


def test_an_account_is_one_row_however_many_connect_it(database: str) -> None:
    """T9: users of two workspaces connect the same account at once, again and again: one account, one fact row."""
    team(database)

    def work(connection: Connection, n: int) -> str:
        workspace, user = ((9001, 9001), (9002, 9004))[n % 2]
        return act_and(connection, user, CONNECT, workspace, f"name {n}")

    assert storm(database, 16, work, role="marketing_app") == ["done"] * 16
    with connect(database) as connection:
        account = one(connection, "select id from marketing.marketing_accounts where account_id = 'shared'")
        assert (
            one(
                connection,
                "select count(*) from marketing.account_connections where marketing_account_id = %s",
                account,
            )
            == 2
        )
    with connect(database) as connection:

        def load(session: Connection, n: int) -> str:
            rows = '[{"campaign_id": "c", "campaign_name": "C"}, {"campaign_id": "d"}]'
            return act_and(
                session, (9002, 9004)[n % 2], "select * from marketing.upsert_campaigns(%s, %s)", account, rows
            )

        assert storm(database, 12, load, role="marketing_app") == ["done"] * 12
        assert one(connection, "select count(*) from marketing.campaigns where marketing_account_id = %s", account) == 2
        assert violations(connection) == []


def test_the_last_two_admins_do_not_remove_each_other(database: str) -> None:
    team(database)
    with connect(database) as connection:
        connection.execute("update marketing.workspace_members set role = 'admin' where user_id = 9002")

    def work(connection: Connection, n: int) -> str:
        me, other = ((9001, 9002), (9002, 9001))[n]
        return act_and(connection, me, "select marketing.remove_member(9001, %s)", other)

    assert sorted(storm(database, 2, work, role="marketing_app")) in (["MM001", "done"], ["MM010", "done"])
    with connect(database) as connection:
        admins = "select count(*) from marketing.workspace_members where workspace_id = 9001 and role = 'admin'"
        assert one(connection, admins) == 2, "one who may act, and one who is not active"
        assert violations(connection) == []


def test_the_second_of_two_admins_waits_and_is_the_last(database: str) -> None:
    team(database)
    with connect(database) as connection:
        connection.execute("update marketing.workspace_members set role = 'admin' where user_id in (9002, 9003)")
        connection.execute("delete from marketing.workspace_members where user_id = 9003")
    assert (
        overtake(
            database,
            "select marketing.act_as(9001); select marketing.remove_member(9001, 9001)",
            "begin; select marketing.act_as(9002); select marketing.set_member_role(9001, 9002, 'user'); commit",
            role="marketing_app",
        )
        == "MM010"
    )


def test_in_repeatable_read_the_second_fails(database: str) -> None:
    team(database)
    with connect(database) as connection:
        connection.execute("update marketing.workspace_members set role = 'admin' where user_id = 9002")
    with psycopg.connect(database) as first, psycopg.connect(database) as second:
        for session, user in ((first, 9001), (second, 9002)):
            session.execute("set transaction isolation level repeatable read")
            session.execute("select marketing.act_as(%s)", [user])
            session.execute("select count(*) from marketing.workspace_members")
        first.execute("select marketing.remove_member(9001, 9001)")
        first.commit()
        assert outcome(second, "select marketing.remove_member(9001, 9002)") == "40001"


def test_an_address_is_registered_once(database: str) -> None:
    def work(connection: Connection, n: int) -> str:
        address = f"{'Ab' if n % 2 else 'aB'}{n % 3}@x.example"
        return outcome(connection, "select marketing.register_user(%s, 'h', 'n')", address)

    assert sorted(storm(database, 12, work, role="marketing_app")) == ["MM011"] * 9 + ["done"] * 3


def test_channels_and_connections_change_at_once(database: str) -> None:
    """Channels are set, accounts come and go, the currency changes: no deadlock, and the figures are those of now."""
    team(database)
    calls = [
        (9002, "select marketing.set_channel(9001, 'youtube')"),
        (9001, "select marketing.disconnect_account(9001, 9001)"),
        (9001, "select marketing.connect_account(9001, 'google_ads', '111-222')"),
        (9001, 'select marketing.edit_workspace(9001, \'{"report_currency": "USD"}\')'),
        (9001, 'select marketing.edit_workspace(9001, \'{"report_currency": "KRW"}\')'),
        (9002, 'select * from marketing.upsert_campaigns(9002, \'[{"campaign_id": "m1", "campaign_name": "x"}]\')'),
        (9002, "select marketing.set_channel(9001)"),
        (9004, "select marketing.connect_account(9002, 'google_ads', '111-222')"),
    ]

    def work(connection: Connection, n: int) -> set[str]:
        return {act_and(connection, *calls[(n + turn) % len(calls)]) for turn in range(24)}

    seen = set().union(*storm(database, 8, work, role="marketing_app"))
    assert seen <= {"done", "MM018", "MM008"}, "not connected at the moment"
    with connect(database) as connection:
        kept = """
            select workspace_id, channel_id, date, currency, total_spend
            from marketing.channel_performance order by 1, 2, 3
        """
        before = connection.execute(kept.encode()).fetchall()
        connection.execute("select marketing._refresh_channels('{9001,9002}', null, null)")
        assert connection.execute(kept.encode()).fetchall() == before
        assert [row for row in violations(connection) if "daily" not in row[0]] == []


def test_who_connects_during_a_load_sees_what_it_loaded(database: str) -> None:
    """The connection waits for the load, or the load would not know of the workspace, and the workspace not of it."""
    team(database)
    rows = '[{"campaign_id": "c1", "date": "2026-11-03", "impressions": 10, "clicks": 1, "cost": 700}]'
    assert (
        overtake(
            database,
            f"select marketing.act_as(9002); select * from marketing.upsert_campaign_metrics('{rows}', 9001)",
            "begin; select marketing.act_as(9004);"
            "select marketing.connect_account(9002, 'google_ads', '111-222'); commit",
            role="marketing_app",
        )
        == "done"
    )
    with connect(database) as connection:
        found = "select count(*) from marketing.channel_performance where workspace_id = 9002 and date = '2026-11-03'"
        assert one(connection, found) == 1
        assert violations(connection) == []
