"""What an application's login tries of marketing that it should not, past the functions: raw SQL of every kind."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest

from marketing_team import ADMIN, OUTSIDER, USER, make_team
from moadb import testing
from moadb.connection import Connection, connect
from moadb.server import LocalServer

FORBIDDEN = [
    # tables
    "insert into marketing.workspace_members (workspace_id, user_id, role) values (9001, 9004, 'admin')",
    "update marketing.workspace_members set role = 'admin'",
    "delete from marketing.workspace_members",
    "truncate marketing.campaigns cascade",
    "insert into marketing.campaigns (marketing_account_id, campaign_id, campaign_name, platform)"
    " values (9003, 'x', 'x', 'kakao_ads')",
    "update marketing.campaigns set channel_id = null",
    "update marketing.v_campaigns set campaign_name = 'mine'",
    "delete from marketing.v_members",
    "insert into marketing.v_utm_rules (workspace_id, source) values (9001, 'x')",
    "update marketing.campaign_metrics set clicks = 0",
    "update marketing.campaign_daily set clicks = 0",
    "insert into marketing.fx_rates (base, quote, date, rate) values ('USD', 'KRW', '2026-11-01', 1)",
    "delete from marketing.budgets",
    "update marketing.reports set file_url = 'x'",
    "lock table marketing.campaigns in access exclusive mode",
    "copy marketing.workspace_members from stdin",
    # secrets
    "select * from marketing.users",
    "select password_hash from marketing.users",
    "select u from marketing.users as u",
    "select to_jsonb(u) from marketing.users as u",
    "select count(*) from marketing.users as u where u.password_hash like 'a%'",
    "select count(*) from marketing.users as u group by u.password_hash",
    "select access_token from marketing.account_connections",
    "select * from marketing.account_connections",
    "select refresh_token from marketing.account_connections for share",
    "select token from marketing.data_sync_logs",
    "copy marketing.users (password_hash) to stdout",
    "select * from marketing.find_credentials('admin@team.example')",
    "select * from marketing.read_tokens(9001)",
    "select ctr from marketing.campaign_metrics",
    "select avg_ctr from marketing.channel_performance",
    "select * from platform.audit_log",
    "select * from platform.request_keys",
    "select * from platform.tasks",
    # routines
    "select marketing._ensure_campaigns(9001, '[\"x\"]')",
    "select marketing._require_role(9001, 'viewer')",
    "select marketing._refigure('{9001}')",
    "select marketing._refresh_channels('{9001}', null, null)",
    "select marketing.define_platform('tv', 'TV')",
    "select marketing.define_channel('tv', 'tv', 'TV')",
    "select marketing.set_channel_rule('google_ads', 'name', 'x', 'youtube')",
    "select marketing.remove_channel_rule(1)",
    "select marketing.deactivate_user(9001)",
    "select marketing.set_rates('[]')",
    "select platform.fail('last_admin')",
    # the walls themselves
    "alter table marketing.campaigns disable row level security",
    "create policy mine on marketing.campaigns for select using (true)",
    "drop policy campaigns_member on marketing.campaigns",
    "alter policy campaigns_member on marketing.campaigns using (true)",
    "create or replace function marketing._my_accounts() returns bigint[] language sql as 'select array[9001::bigint]'",
    "create or replace view marketing.v_campaigns as select 1",
    "alter view marketing.v_campaigns set (security_invoker = false)",
    "create trigger mine before insert on marketing.campaigns for each row execute function marketing._keep_rows()",
    "grant select on marketing.users to public",
    "set role marketing_admin",
    "set role marketing_read",
    "set role moadb_owner",
    "set session_replication_role = 'replica'",
    "alter role mallory bypassrls",
    "alter role moadb_owner set moadb.marketing_user = '9001'",
    "create table marketing.mine (id bigint)",
    "create function marketing.mine() returns void language sql as ''",
]

# what belongs to the others and is told nowhere
SECRETS = ["Brand search", "Team Google", "111-222", "admin@team.example", "hash-9001", "act_1"]


@pytest.fixture(scope="module")
def attacked(server: LocalServer, template: str) -> str:
    """Return a superuser's connection string to a database with both workspaces."""
    dsn = testing.clone(server.admin_dsn("postgres"), template)
    with connect(dsn) as connection:
        make_team(connection)
    return dsn


@pytest.fixture
def attacker(attacked: str) -> Iterator[Connection]:
    """Return a session of a member of marketing_app who acts for the outsider and owns a schema; it is rolled back."""
    with connect(attacked, autocommit=False) as connection:
        connection.execute("create role mallory login")
        connection.execute("grant marketing_app to mallory")
        connection.execute("create schema evil authorization mallory")
        connection.execute("set local session authorization mallory")
        connection.execute("select marketing.act_as(%s)", [OUTSIDER])
        yield connection
        connection.rollback()


@pytest.mark.parametrize("statement", FORBIDDEN)
def test_forbidden(attacker: Connection, statement: str) -> None:
    """Refused for lack of a right; a view that reads several tables cannot be written by anybody."""
    with pytest.raises((psycopg.errors.InsufficientPrivilege, psycopg.errors.ObjectNotInPrerequisiteState)):
        attacker.execute(statement.encode())


def test_rows_cannot_be_asked_for_past_the_policies(attacker: Connection) -> None:
    attacker.execute("set local row_security = off")
    with pytest.raises(psycopg.errors.InsufficientPrivilege, match="row-level security"):
        attacker.execute("select campaign_name from marketing.campaigns")


@pytest.mark.parametrize(
    "query",
    [
        "select count(*) from marketing.v_campaigns where evil.leak(campaign_name)",
        "select count(*) from marketing.campaigns where evil.leak(campaign_name)",
        "select count(*) from marketing.v_members where evil.leak(email)",
        "select count(*) from marketing.v_accounts as a where evil.leak(a.platform_account_id) and a.account_id > 9000",
        "select count(*) from marketing.campaigns as c where c.campaign_name = 'x' or evil.leak(c.campaign_name)",
        "select count(*) from marketing.v_campaigns as c join marketing.v_accounts as a using (account_id)"
        " where evil.leak(c.campaign_name || a.account_name)",
    ],
)
def test_a_condition_of_the_reader_sees_no_hidden_row(attacker: Connection, query: str) -> None:
    """A function that costs nothing would be asked before the policy, if the policy were no barrier."""
    seen: list[str] = []
    attacker.add_notice_handler(lambda d: seen.append(str(d.message_primary)))
    attacker.execute(
        """
        create function evil.leak(anyelement) returns boolean language plpgsql cost 0.0000001
        as $$ begin raise notice 'leaked %', $1; return true; end $$
        """
    )
    attacker.execute(query.encode())
    told = " ".join(seen)
    assert "leaked" in told, "the function is called for his own rows"
    assert not [secret for secret in SECRETS if secret in told]


def test_an_error_tells_no_hidden_value(attacker: Connection) -> None:
    with pytest.raises(psycopg.Error) as error, attacker.transaction():
        attacker.execute("select campaign_name::integer from marketing.campaigns order by id")
    assert "Talk" in str(error.value), "his own"
    attacker.execute("select count(*) from marketing.campaigns where 1 / (id - 9001) > 0")


def test_statistics_tell_no_value(attacked: str, attacker: Connection) -> None:
    attacker.execute("reset session authorization")
    attacker.execute("analyze marketing.campaigns, marketing.users, marketing.marketing_accounts")
    attacker.execute("set local session authorization mallory")
    assert attacker.execute("select * from pg_stats where schemaname = 'marketing'").fetchall() == []
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        attacker.execute("select * from pg_statistic")


def test_a_view_of_his_own_shows_no_more(attacker: Connection) -> None:
    attacker.execute("create view evil.all_campaigns as select campaign_name from marketing.campaigns")
    attacker.execute("create view evil.all_members as select * from marketing.v_members")
    told = str(attacker.execute("select * from evil.all_campaigns").fetchall())
    told += str(attacker.execute("select * from evil.all_members").fetchall())
    assert "Talk" in told
    assert not [secret for secret in SECRETS if secret in told]


def test_copy_and_cursors_show_no_more(attacker: Connection) -> None:
    with attacker.cursor().copy("copy marketing.campaigns (campaign_name) to stdout") as copied:
        told = b"".join(bytes(block) for block in copied).decode()
    attacker.execute("declare c cursor for select campaign_name from marketing.campaigns")
    told += str(attacker.execute("fetch all from c").fetchall())
    assert "Talk" in told
    assert not [secret for secret in SECRETS if secret in told]


def test_a_plan_that_is_kept_asks_again_who_acts(attacker: Connection) -> None:
    """Behind a pooler a prepared statement outlives the user it was prepared for."""
    attacker.execute("set local plan_cache_mode = force_generic_plan")
    attacker.execute("prepare mine as select array_agg(campaign_id order by campaign_id) from marketing.v_campaigns")
    for actor, seen in ((OUTSIDER, [9003]), (USER, [9001, 9002]), (OUTSIDER, [9003])):
        attacker.execute("select marketing.act_as(%s)", [actor])
        assert attacker.execute("execute mine").fetchone() == (seen,)


def test_nobody_acts_after_the_transaction(attacked: str, attacker: Connection) -> None:
    attacker.rollback()
    with connect(attacked, autocommit=False) as connection:
        connection.execute("set role marketing_app")
        connection.commit()
        connection.execute("select marketing.act_as(%s)", [ADMIN])
        assert connection.execute("select count(*) from marketing.v_campaigns").fetchone() == (2,)
        connection.commit()
        assert connection.execute("select count(*) from marketing.v_campaigns").fetchone() == (0,)
        with pytest.raises(psycopg.Error) as error:
            connection.execute("select marketing.edit_workspace(9001, '{}')")
        assert error.value.sqlstate == "MM003"
        connection.rollback()


@pytest.mark.parametrize(
    "value", ["", "0", "-1", "x", "9001 or true", "99999999999999999999", "9005", "{9001}", "1e3", " 9001"]
)
def test_what_is_set_by_hand_is_a_user_or_nobody(attacker: Connection, value: str) -> None:
    """9005 is not active: set past act_as, it sees nothing either."""
    attacker.execute("select set_config('moadb.marketing_user', %s, true)", [value])
    assert attacker.execute("select count(*) from marketing.v_campaigns").fetchone() == (0,)
    assert attacker.execute("select count(*) from marketing.v_workspaces").fetchone() == (0,)
    with pytest.raises(psycopg.Error) as error:
        attacker.execute("select marketing.edit_workspace(9001, '{}')")
    assert error.value.sqlstate in ("MM001", "MM003")


def test_names_of_the_caller_mean_nothing_to_the_policies(attacker: Connection) -> None:
    attacker.execute(
        "create function evil.current_setting(text, boolean) returns text language sql as 'select 9001::text'"
    )
    attacker.execute("create temporary table account_connections (workspace_id bigint, marketing_account_id bigint)")
    attacker.execute("create temporary table workspace_members (workspace_id bigint, user_id bigint, role text)")
    attacker.execute("insert into pg_temp.workspace_members values (9001, 9004, 'admin')")
    attacker.execute("set local search_path = evil, pg_temp, marketing, pg_catalog")
    assert attacker.execute("select array_agg(campaign_id) from marketing.v_campaigns").fetchone() == ([9003],)
    with pytest.raises(psycopg.Error) as error:
        attacker.execute("select marketing.edit_workspace(9001, '{}')")
    assert error.value.sqlstate == "MM001"


def test_request_keys_of_others_answer_nothing(attacked: str, attacker: Connection) -> None:
    """The same key and the same request of another workspace: the role is asked before the key."""
    call = "select marketing.connect_account(9001, 'naver_ads', 'n', 'KRW', 'Asia/Seoul', p_request_key => 'shared')"
    attacker.execute("select marketing.act_as(%s)", [ADMIN])
    attacker.execute(call.encode())
    attacker.execute("select marketing.act_as(%s)", [OUTSIDER])
    with pytest.raises(psycopg.Error) as error:
        attacker.execute(call.encode())
    assert error.value.sqlstate == "MM001"


# what is named inside of arguments: campaigns and accounts of ours (9001) or that there are not (900000000)
REFERENCES = [
    """select * from marketing.upsert_campaign_metrics('[{"campaign_id": %s, "date": "2026-11-02", "clicks": 1}]')""",
    """select * from marketing.upsert_conversion_facts('[{"campaign_id": %s, "date": "2026-11-02", "action": "a",
    "model": "last", "click_window": 7, "view_window": 1, "conversions": 1}]')""",
    """select * from marketing.upsert_window_metrics('[{"campaign_id": %s, "date_from": "2026-11-02",
    "date_to": "2026-11-03", "metric": "reach", "value": 1}]')""",
    """select * from marketing.record_touchpoints(9002, '[{"visitor": "v", "at": "2026-11-02", "event_key": "x",
    "campaign_id": %s}]')""",
    "select marketing.set_budget_campaigns(9002, array[%s])",
    "select marketing.create_budget(9002, 'b', 1, 'monthly', '2026-11-01', p_campaign_ids => array[%s])",
    'select marketing.add_insight(9002, \'{"title": "t", "type": "warning", "campaign_id": %s}\')',
    "select marketing.set_labels(9002, %s, '{a}')",
    "select * from marketing.performance(9002, '2026-11-01', '2026-11-30', p_campaign_ids => array[%s])",
    "select * from marketing.list_insights(9002, p_campaign_id => %s)",
    "select marketing.act_as(9004), * from marketing.metrics_as_of(%s, '2026-11-01', '2026-11-30', now())",
]


@pytest.mark.parametrize("call", REFERENCES)
def test_what_is_named_inside_is_asked_for_as_well(attacker: Connection, call: str) -> None:
    """A campaign of the others and one that there is not: refused in the same words, or no row of either."""
    answers = []
    for campaign in (9001, 900000000):
        try:
            with attacker.transaction(force_rollback=True):
                answers.append(str(attacker.execute((call % campaign).encode()).fetchall()))
        except psycopg.Error as error:
            words = f"{error.sqlstate} {error.diag.message_primary} {error.diag.message_detail}"
            answers.append(words.replace(str(campaign), "#"))
    assert answers[0] == answers[1]
    assert answers[0].startswith("MM") or answers[0] == "[]", "refused by a rule, or nothing to see"
    assert not [secret for secret in SECRETS if secret in answers[0]]


def test_rows_of_the_others_by_their_platforms_names(attacker: Connection) -> None:
    """Neither the account nor the campaign that the platform knows is reached by naming it as the platform does."""
    answers = []
    for account, campaign in (("111-222", "c1"), ("nothing", "none")):
        row = f'"platform": "google_ads", "account_id": "{account}", "campaign_id": "{campaign}", "date": "2026-11-02"'
        with pytest.raises(psycopg.Error) as error, attacker.transaction(force_rollback=True):
            attacker.execute(f"select * from marketing.upsert_campaign_metrics('[{{{row}}}]')".encode())
        words = f"{error.value.sqlstate} {error.value.diag.message_primary} {error.value.diag.message_detail}"
        answers.append(words.replace(account, "#").replace(campaign, "#"))
    assert answers[0] == answers[1]
    assert answers[0].startswith("MM")
    attacker.execute("select marketing.act_as(%s)", [ADMIN])
    row = '{"platform": "google_ads", "account_id": "111-222", "campaign_id": "c1", "date": "2026-11-02", "clicks": 5}'
    attacker.execute("select * from marketing.upsert_campaign_metrics(%s)", [f"[{row}]"])


def test_a_token_of_the_others_loads_nothing_as_somebody_else(attacked: str, attacker: Connection) -> None:
    """A token that leaked is no right: who acts must be a user of the account's workspaces."""
    attacker.execute("select marketing.act_as(%s)", [ADMIN])
    row = attacker.execute(
        "select s.token from marketing.sync_start(9001, 'incremental', '2026-11-01', '2026-11-02',"
        " 'conversion_facts') as s"
    ).fetchone()
    assert row is not None
    calls = [
        "select * from marketing.sync_batch(%s, 'b', '[]')",
        "select * from marketing.sync_finish(%s)",
        "select marketing.sync_fail(%s, 'x')",
    ]
    for actor in (OUTSIDER, None):
        attacker.execute("select marketing.act_as(%s)", [actor])
        for call in calls:
            with pytest.raises(psycopg.Error) as error, attacker.transaction():
                attacker.execute(call.encode(), [row[0]])
            assert str(error.value.sqlstate).startswith("MM")
