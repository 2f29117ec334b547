"""What the coffee application tries and must not: tables, routines, other users' boxes, the answer of a blind box."""

from __future__ import annotations

import re
from collections.abc import Iterator

import psycopg
import pytest

from coffee_shop import BLIND, CHOICE, PICK, bill, coffee, open_shop, pay, subscribe
from moadb import testing
from moadb.connection import Connection, connect
from moadb.server import LocalServer

FORBIDDEN = [
    "select email from coffee.users",
    "select * from coffee.v_subscriptions",
    "select * from coffee.v_blind_orders",
    "select * from coffee.taste_records_readonly",
    "select coffee_id from coffee.order_items",
    "select token from coffee.qr_codes",
    "update coffee.coffee_subscriptions set status = 'active', price_per_month = 0",
    "insert into coffee.billing_periods (kind) values ('prepaid')",
    "update coffee.billing_jobs set status = 'succeeded'",
    "update coffee.coffee_inventory set current_stock = 1000000",
    "insert into coffee.experience_entries (points) values (1000000)",
    "update coffee.users set lab_pro_active = true",
    "delete from coffee.stock_movements",
    "truncate coffee.charge_attempts",
    "copy coffee.users to stdout",
    "select nextval('coffee.order_numbers')",
    "lock table coffee.coffee_subscriptions in access exclusive mode",
    "select coffee._reserve_stock(gen_random_uuid(), '100g', 1, current_date, null)",
    "select coffee._pay_order(1)",
    "select coffee._open_billing_job(1)",
    "select coffee._award(gen_random_uuid(), 'mine', 'mine', 1000000)",
    "select coffee._notify(gen_random_uuid(), 'a', 'b')",
    "select coffee.receive_stock(gen_random_uuid(), '100g', 1, current_date)",
    "select coffee.create_plan('free', 'Free', 'monthly_pick', 0)",
    "select coffee.edit_plan(-1, '{\"price_per_month\": 0}')",
    "select coffee.add_prepaid(gen_random_uuid(), 100)",
    "select coffee.cancel_order(gen_random_uuid(), 'mine')",
    "select coffee.list_packing()",
    "select coffee.end_dunning(1000)",
    "select coffee.simulate(now() + interval '1 year')",
    "select coffee.calculate_growth_metrics(current_date)",
    "select coffee.aggregate_monthly_stats()",
    "select coffee.refresh_growth_metrics()",
    "call coffee.run_monthly_billing()",
    "select platform.fail('user_not_found')",
    "alter table coffee.coffee_subscriptions disable trigger all",
    "create trigger mine before insert on coffee.billing_periods "
    "for each row execute function coffee.update_taste_dna()",
    "create or replace function coffee.entitled(uuid, timestamptz) returns boolean language sql as 'select true'",
    "set role moadb_owner",
    "set role coffee_admin",
    "set session_replication_role = 'replica'",
]

# names that every body uses, and operators in its way
SHADOWS = """
create function evil.now() returns timestamptz language plpgsql as $$ begin raise 'shadowed'; end $$;
create function evil.compare(uuid, uuid) returns boolean language plpgsql as $$ begin raise 'shadowed'; end $$;
create function evil.compare(timestamptz, timestamptz) returns boolean
  language plpgsql as $$ begin raise 'shadowed'; end $$;
create operator evil.= (leftarg = uuid, rightarg = uuid, function = evil.compare);
create operator evil.<= (leftarg = timestamptz, rightarg = timestamptz, function = evil.compare);
create operator evil.> (leftarg = timestamptz, rightarg = timestamptz, function = evil.compare);
create table evil.users (id uuid);
create temporary table users (id uuid);
create temporary table coffee_subscriptions (id uuid);
create temporary table billing_jobs (id bigint);
"""


@pytest.fixture(scope="module")
def attacked(server: LocalServer, template: str) -> str:
    """Return a superuser's connection string to a database of this module's own, with a shop that is at work."""
    dsn = testing.clone(server.admin_dsn("postgres"), template)
    with connect(dsn) as connection:
        open_shop(connection, 0)
        connection.execute(
            """
            insert into coffee.users (id, email, username)
            values
              ('f0000000-0000-0000-0000-0000000000a1', 'victim@example.com', 'victim'),
              ('f0000000-0000-0000-0000-0000000000a2', 'mallory@example.com', 'mallory'),
              ('f0000000-0000-0000-0000-0000000000a3', 'blind@example.com', 'blind')
            """
        )
        subscribe(connection, [VICTIM], PICK)
        subscribe(connection, [VICTIM], CHOICE, items=f'[{{"coffee_id": "{coffee(1)}"}}]')
        subscribe(connection, [MALLORY], PICK)
        subscribe(connection, [GUESSER], BLIND)
        bill(connection)
        pay(connection)
        connection.execute("select coffee.ship_order(o.id, 'T1') from coffee.subscription_orders as o")
    return dsn


VICTIM, MALLORY, GUESSER = (f"f0000000-0000-0000-0000-0000000000a{n}" for n in (1, 2, 3))


@pytest.fixture
def attacker(attacked: str) -> Iterator[Connection]:
    """Return a session of a login that is a member of coffee_app and has a schema of its own; it is rolled back."""
    with connect(attacked, autocommit=False) as connection:
        connection.execute("create role mallory login")
        connection.execute("grant coffee_app to mallory")
        connection.execute("create schema evil authorization mallory")
        connection.execute("set local session authorization mallory")
        yield connection
        connection.rollback()


def known(attacked: str, query: str) -> str:
    """Return what the database knows, whoever may not."""
    with connect(attacked) as connection:
        row = connection.execute(query.encode()).fetchone()
        assert row is not None
        return str(row[0])


def outcome(connection: Connection, query: str, *parameters: object) -> str:
    """Return what a call answers, without the names it was asked about and without times."""
    try:
        with connection.transaction(force_rollback=True):
            answer = str(connection.execute(query.encode(), parameters).fetchall())
    except psycopg.Error as error:
        answer = f"{error.sqlstate} {error.diag.message_primary} {error.diag.message_detail} {error.diag.message_hint}"
    for parameter in parameters:
        answer = answer.replace(str(parameter), "?")
    return re.sub(r"UUID\('[^']*'\)|datetime\.datetime\([^)]*\)", "_", answer)


@pytest.mark.parametrize("statement", FORBIDDEN)
def test_forbidden(attacker: Connection, statement: str) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        attacker.execute(statement.encode())


def test_names_of_the_caller_mean_nothing_to_the_api(attacker: Connection) -> None:
    attacker.execute(SHADOWS)
    attacker.execute("set local search_path = evil, pg_temp, pg_catalog")
    with pytest.raises(psycopg.errors.RaiseException, match="shadowed"), attacker.transaction():
        attacker.execute("select gen_random_uuid() = gen_random_uuid()")
    row = attacker.execute('select coffee.subscribe(%s, -1, \'{"street": "1"}\')', [MALLORY]).fetchone()
    assert row is not None
    assert attacker.execute("select coffee.process_monthly_billing()").fetchone() == (1,)
    assert attacker.execute("select coffee.entitled(%s)", [MALLORY]).fetchone() == (True,)
    attacker.execute("select coffee.assemble_boxes()")
    assert len(attacker.execute("select job_id from coffee.claim_billing_jobs(10)").fetchall()) == 1


def test_the_clock_cannot_be_moved(attacker: Connection) -> None:
    attacker.execute("set local moadb.now = '2099-01-01'")
    assert attacker.execute("select coffee.process_monthly_billing()").fetchone() == (0,)
    with pytest.raises(psycopg.Error) as error, attacker.transaction():
        attacker.execute("select coffee.process_monthly_billing('2099-01-01')")
    assert error.value.sqlstate == "MF053"


@pytest.mark.parametrize(
    "call",
    [
        "select coffee.pause_subscription(%s, %s)",
        "select coffee.resume_subscription(%s, %s)",
        "select coffee.skip_period(%s, %s)",
        "select coffee.unskip_period(%s, %s)",
        "select coffee.set_items(%s, %s, '[]')",
        f"select coffee.skip_item(%s, %s, '{coffee(1)}')",
        f"select coffee.swap_item(%s, %s, '{coffee(1)}', '{coffee(2)}')",
        f"select coffee.add_one_time(%s, %s, '{coffee(1)}')",
        "select coffee.undo_change(%s, %s, 1)",
        "select coffee.change_plan(%s, %s, -3)",
        "select coffee.change_anchor(%s, %s, now() + interval '40 days')",
        'select coffee.change_delivery(%s, %s, \'{"street": "2"}\')',
        "select coffee.cancel_subscription(%s, %s)",
        "select coffee.undo_cancel(%s, %s)",
        "select coffee.list_periods(%s, %s)",
        "select coffee.retry_charge(%s, %s)",
    ],
)
def test_subscriptions_of_others_are_unknown(attacked: str, attacker: Connection, call: str) -> None:
    """And refused in the very words that are said of one that there is not."""
    theirs = known(
        attacked, f"select id from coffee.coffee_subscriptions where user_id = '{VICTIM}' and plan_id = {CHOICE}"
    )
    nobodys = "00000000-0000-0000-0000-00000000dead"
    refused = outcome(attacker, call, theirs, MALLORY)
    assert refused == outcome(attacker, call, nobodys, MALLORY)
    assert refused.startswith("MF020 ")


@pytest.mark.parametrize(
    "call",
    [
        "select * from coffee.get_box(%s, %s)",
        "select * from coffee.reveal_blind(%s, %s)",
        f"select coffee.submit_feedback(%s, %s, '{coffee(1)}', 5)",
        "select coffee.submit_blind_guess(%s, %s, p_origin_country => 'Kenya')",
    ],
)
def test_boxes_of_others_are_unknown(attacked: str, attacker: Connection, call: str) -> None:
    for owner in (VICTIM, GUESSER):
        theirs = known(attacked, f"select id from coffee.subscription_orders where user_id = '{owner}' limit 1")
        nobodys = "00000000-0000-0000-0000-00000000dead"
        assert outcome(attacker, call, MALLORY, theirs) == outcome(attacker, call, MALLORY, nobodys)


def test_codes_of_others_are_unknown(attacked: str, attacker: Connection) -> None:
    query = "select q.token from coffee.qr_codes as q join coffee.order_items as i on i.id = q.order_item_id"
    theirs = known(
        attacked,
        f"{query} join coffee.subscription_orders as o on o.id = i.order_id where o.user_id = '{VICTIM}' limit 1",
    )
    guessed = "0" * len(theirs)
    for call in (
        "select * from coffee.scan_qr(%s, %s)",
        "select * from coffee.record_taste(p_qr_token => %s, p_user_id => %s, "
        "p_coffee_id => null, p_mode => 'lab', p_taste_layers => '{}')",
    ):
        refused = outcome(attacker, call, theirs, MALLORY)
        assert refused == outcome(attacker, call, guessed, MALLORY)
        assert refused.startswith("MF")


def test_codes_cannot_be_guessed(attacked: str) -> None:
    with connect(attacked) as connection:
        tokens = [token for (token,) in connection.execute("select token from coffee.qr_codes").fetchall()]
    assert len(set(tokens)) == len(tokens) > 5
    assert min(map(len, tokens)) >= 22, "128 bits, even where a character carries six"


# Everything that a user may ask while a blind box is closed. {order}, {item}, {token}, {record}, {at} are theirs.
QUESTIONS = [
    "select * from coffee.get_box('{user}', '{order}')",
    "select * from coffee.list_boxes('{user}')",
    "select * from coffee.scan_qr('{token}', '{user}')",
    "select * from coffee.list_tastes('{user}')",
    "select * from coffee.reveal_blind('{user}', '{order}')",
    "select * from coffee.list_notifications('{user}')",
    "select * from coffee.get_user('{user}')",
    "select * from coffee.list_subscriptions('{user}')",
    "select * from coffee.similar_records('{record}', '{at}')",
    "select * from coffee.records_nearby(127, 37.5, 100000)",
    "select * from coffee.edit_taste('{user}', '{record}', '{at}', '{{\"notes\": \"x\"}}')",
    "select * from coffee.record_taste('{user}', null, 'lab', '{{\"acidity\": 5}}', p_qr_token => '{token}')",
]


@pytest.fixture
def guesser(attacked: str, attacker: Connection) -> tuple[Connection, dict[str, str], list[str]]:
    """Return a session, the names of its closed box, and what is in it."""
    names = {"user": GUESSER}
    with connect(attacked) as connection:
        row = connection.execute(
            """
            select o.id, i.id, q.token
            from coffee.subscription_orders as o
            join coffee.order_items as i on i.order_id = o.id
            join coffee.qr_codes as q on q.order_item_id = i.id
            where o.user_id = %s
            order by i.id
            limit 1
            """,
            [GUESSER],
        ).fetchone()
        assert row is not None
        names |= dict(zip(("order", "item", "token"), map(str, row), strict=True))
        contents = [
            str(value)
            for (value,) in connection.execute(
                "select i.coffee_id from coffee.order_items as i where i.order_id = %s order by i.id", [names["order"]]
            ).fetchall()
        ]
    row = attacker.execute(
        """
        select r.record_id, r.created_at::text
        from coffee.record_taste(
          %s, null, 'cafe', '{"acidity": 3}', p_qr_token => %s, p_longitude => 127, p_latitude => 37.5
        ) as r
        """,
        [GUESSER, names["token"]],
    ).fetchone()
    assert row is not None
    names |= {"record": str(row[0]), "at": str(row[1])}
    return attacker, names, contents


@pytest.mark.parametrize("question", QUESTIONS)
def test_no_answer_names_the_coffee_of_a_blind_box(
    guesser: tuple[Connection, dict[str, str], list[str]], question: str
) -> None:
    session, names, contents = guesser
    answer = str(session.execute(question.format(**names).encode()).fetchall())
    for hidden in contents:
        assert hidden not in answer
        assert f"coffee {hidden[-1]}" not in answer


def test_a_recommendation_is_no_hint(guesser: tuple[Connection, dict[str, str], list[str]]) -> None:
    """Coffees of the closed box are neither left out, as one that was had is, nor put first."""
    session, names, contents = guesser
    rows = session.execute("select coffee_id::text from coffee.recommend(%s, 10)", [names["user"]]).fetchall()
    assert set(contents) <= {coffee_id for (coffee_id,) in rows}


@pytest.mark.parametrize(
    "call",
    [
        "select coffee.submit_feedback('{user}', '{order}', %s, 5)",
        "select * from coffee.record_taste('{user}', %s, 'lab', '{{\"acidity\": 5}}', p_qr_token => '{token}')",
        "select * from coffee.record_taste('{user}', %s, 'lab', '{{\"acidity\": 5}}')",
        "select * from coffee.get_coffee(%s)",
        "select coffee.submit_blind_guess('{user}', '{order}', {item}, %s)",
        "with g as materialized (select coffee.submit_blind_guess('{user}', '{order}', {item}, %s))"
        " select r.score from g cross join coffee.reveal_blind('{user}', '{order}') as r",
    ],
)
def test_no_coffee_is_answered_otherwise_than_the_rest(
    guesser: tuple[Connection, dict[str, str], list[str]], call: str
) -> None:
    """Asked about each of ten coffees, of which two are in the closed box: ten answers that are the same."""
    session, names, contents = guesser
    answers = {coffee(n): outcome(session, call.format(**names), coffee(n)) for n in range(10)}
    shapes = {
        key: re.sub(r"\"'[^\"]*\"|\d+(\.\d+)?|coffee _|'(Kenya|Brazil|Panama|roaster)'", "#", value)
        for key, value in answers.items()
    }
    others = {shape for key, shape in shapes.items() if key not in contents}
    assert {shapes[hidden] for hidden in contents} <= others, answers


def test_what_applications_call_shows_no_plans(attacked: str) -> None:
    """A plan (debug_print_plan) has the values in it that a routine works with."""
    with connect(attacked) as connection:
        rows = connection.execute(
            """
            select p.oid::regprocedure::text
            from pg_proc as p
            where p.pronamespace = 'coffee'::regnamespace
              and p.prosecdef
              and has_function_privilege('coffee_app', p.oid, 'execute')
              and 'client_min_messages=warning' <> all (coalesce(p.proconfig, '{}'))
            """
        ).fetchall()
    assert rows == [], "a routine of coffee that an application may call sets client_min_messages = warning"


@pytest.mark.parametrize("question", QUESTIONS)
def test_no_plan_names_the_coffee_of_a_blind_box(
    guesser: tuple[Connection, dict[str, str], list[str]], question: str
) -> None:
    session, names, contents = guesser
    seen: list[str] = []
    session.add_notice_handler(lambda d: seen.append(f"{d.severity} {d.message_primary} {d.message_detail}"))
    session.execute("set local client_min_messages = debug5")
    for kind in ("parse", "rewritten", "plan"):
        session.execute(f"set local debug_print_{kind} = on".encode())
    session.execute(question.format(**names).encode())
    told = "\n".join(seen)
    assert "{PLANNEDSTMT" in told, "the plan of the call itself is shown"
    for hidden in contents:
        constant = bytes.fromhex(hidden.replace("-", ""))
        assert " ".join(str(byte - 256 if byte > 127 else byte) for byte in constant) not in told
        assert hidden not in told
