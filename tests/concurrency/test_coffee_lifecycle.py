"""The life of a subscription: by many sessions at once, and at random, beside a model that shares no line with it.

The model counts months with Python's calendar and time zones, and money in whole won. After each step both must say
the same; what one refuses the other refuses.
"""

from __future__ import annotations

import calendar
import random
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from zoneinfo import ZoneInfo

import psycopg
import pytest

from concurrency.sessions import Connection, one, outcome, storm, violations

UTC = timezone.utc
TICK = timedelta(microseconds=1)
CUTOFF = timedelta(days=3)


def to_utc(local: datetime, zone: ZoneInfo) -> datetime:
    """Return the instant of a local time: the second of two, and an hour later where there is none."""
    late = local.replace(tzinfo=zone, fold=1).astimezone(UTC)
    if late.astimezone(zone).replace(tzinfo=None, fold=0) == local:
        return late
    return local.replace(tzinfo=zone, fold=0).astimezone(UTC)


def to_local(instant: datetime, zone: ZoneInfo) -> datetime:
    """Return the time that clocks show."""
    return instant.astimezone(zone).replace(tzinfo=None, fold=0)


def add_months(local: datetime, months: int) -> datetime:
    """Return the same day of another month, or its last."""
    year, month = divmod(local.year * 12 + local.month - 1 + months, 12)
    return local.replace(year=year, month=month + 1, day=min(local.day, calendar.monthrange(year, month + 1)[1]))


def share(amount: int, part: Decimal | int, whole: Decimal | int) -> int:
    """Return a share of an amount, in whole won."""
    return int((Decimal(amount) * part / whole).quantize(Decimal(1), ROUND_HALF_UP))


def seconds(length: timedelta) -> Decimal:
    """Return a length of time without loss."""
    return Decimal(length // TICK) / 1_000_000


@dataclass
class Plan:
    """What is subscribed to."""

    id: int
    price: int
    months: int


@dataclass
class Row:
    """A row of billing_periods."""

    index: int
    part: int
    starts: datetime
    ends: datetime
    kind: str
    amount: int
    value: int
    is_open: bool = False
    credit_used: int = 0
    price: int | None = None
    plan_before: tuple[Plan, int] | None = None


@dataclass
class Model:
    """What a subscription should be."""

    zone: ZoneInfo
    anchor: datetime
    plan: Plan
    price: int
    anchor_period: int = 0
    next: int = 0
    status: str = "active"
    credit: int = 0
    rows: list[Row] = field(default_factory=list)
    lengths: dict[int, timedelta] = field(default_factory=dict)
    boxes: dict[int, int] = field(default_factory=dict)
    skips: set[int] = field(default_factory=set)
    pause_at: datetime | None = None
    resume_at: datetime | None = None
    paused_at: datetime | None = None
    remainder: timedelta | None = None
    pending: tuple[Plan, int, int] | None = None

    def starts(self, n: int) -> datetime:
        """Return where period n begins."""
        if n == self.anchor_period:
            return self.anchor
        months = (n - self.anchor_period) * self.plan.months
        return to_utc(add_months(to_local(self.anchor, self.zone), months), self.zone)

    def editable(self, now: datetime) -> int:
        """Return the first period whose cut-off has not come."""
        n = self.next
        while self.status != "paused" and self.starts(n) <= to_utc(to_local(now, self.zone) + CUTOFF, self.zone):
            n += 1
        return n

    def running(self, now: datetime) -> Row | None:
        """Return what runs."""
        return self.rows[-1] if self.rows and self.rows[-1].ends > now else None

    def has_open_bill(self) -> bool:
        """Return whether something is to be paid."""
        return any(row.is_open for row in self.rows)

    def pause(self, at: datetime) -> None:
        """Cut what runs."""
        row = self.running(at)
        self.remainder = None
        if row is not None:
            cut = max(at, row.starts + TICK)
            if cut < row.ends:
                self.remainder = row.ends - at
                row.ends = cut
        self.status, self.paused_at, self.pause_at = "paused", at, None

    def resume(self, at: datetime) -> None:
        """Let the rest run on."""
        first = max(at, self.rows[-1].ends) if self.rows else at
        self.anchor = first
        if self.remainder is not None:
            row = self.rows[-1]
            used = row.ends - row.starts
            value = share(row.value, seconds(self.remainder), seconds(used + self.remainder))
            price = row.value if row.price is None else row.price
            row.value -= value
            kind = "carried" if row.kind in ("billed", "changed") else row.kind
            self.anchor = at + self.remainder
            self.rows.append(Row(row.index, row.part + 1, first, self.anchor, kind, 0, value, price=price))
        self.anchor_period = self.next
        self.status, self.paused_at, self.remainder, self.resume_at = "active", None, None, None

    def set_plan(self, plan: Plan, price: int) -> None:
        """Go on with another plan, keeping the day of the month where there is one."""
        if plan.months != self.plan.months:
            begins = self.starts(self.next)
            local = to_local(self.anchor, self.zone)
            so_far = (self.next - self.anchor_period) * self.plan.months
            found = [(begins, 0)]
            for back in range(1, 49):
                anchor = to_utc(add_months(local, so_far - back * plan.months), self.zone)
                if so_far == back * plan.months:
                    anchor = self.anchor
                again = to_utc(add_months(to_local(anchor, self.zone), back * plan.months), self.zone)
                if again == begins:
                    found.append((anchor, back))
            self.anchor, back = min(found, key=lambda a: (-to_local(a[0], self.zone).day, a[1]))
            self.anchor_period = self.next - back
        self.plan, self.price, self.pending = plan, price, None

    def change_now(self, plan: Plan, now: datetime) -> None:
        """Charge the difference for what is left, or credit it for the boxes, none of which is ever packed here."""
        row = self.running(now)
        today = to_local(now, self.zone).date()
        midnight = to_utc(datetime(today.year, today.month, today.day), self.zone)
        cut = max(midnight, row.starts + TICK) if row is not None else now
        if row is not None and row.kind in ("billed", "changed", "carried") and cut < row.ends:
            first, last = to_local(row.starts, self.zone).date(), to_local(row.ends, self.zone).date()
            parts = [r for r in self.rows if r.index == row.index]
            length = sum((r.ends - r.starts for r in parts), timedelta())
            whole = int((seconds(length) / 86400).quantize(Decimal(1), ROUND_HALF_UP))
            months = int((Decimal(whole) * 12 / Decimal("365.2425")).quantize(Decimal(1), ROUND_HALF_UP))
            days = min((last - today).days, (last - first).days, whole)
            boxes = self.boxes[row.index]
            old = row.value if row.price is None else row.price
            new = plan.price * months
            by_boxes = boxes * plan.price - sum(r.value for r in parts)
            by_days = share(new - old, days, max(whole, 1))
            charge = by_boxes if new < old else max(by_boxes, by_days, 0)
            moved = share(row.value, min(days, (last - first).days), (last - first).days) if last > first else 0
            ends, row.ends = row.ends, cut
            row.value, row.price = row.value - moved, old
            used = min(self.credit, max(charge, 0))
            self.credit -= used
            due = max(charge, 0) - used
            part = Row(row.index, row.part + 1, cut, ends, "changed", due, moved + max(charge, 0), due > 0, used)
            part.plan_before = self.plan, self.price
            part.price = old + max(charge, 0)  # a box is yet to be packed, so all of it is left
            self.rows.append(part)
            if charge < 0:
                self.give_back([*parts, part], -charge)
                part.price = max(old + charge, 0)
        self.set_plan(plan, plan.price)

    def give_back(self, parts: list[Row], amount: int) -> None:
        """Credit an amount of what the parts of a period are worth, the last one first."""
        self.credit += amount
        for row in parts:
            row.price = max((row.value if row.price is None else row.price) - amount, 0)
        for row in reversed(parts):
            taken = min(row.value, amount)
            row.value, amount = row.value - taken, amount - taken
        assert amount == 0

    def undo_changes(self) -> None:
        """What was not paid of changes of plan is as it was before: only the last part can be."""
        row = self.rows[-1] if self.rows else None
        if row is not None and row.is_open and row.kind == "changed":
            before = self.rows[-2]
            row.value -= row.amount + row.credit_used
            self.credit += row.credit_used
            row.kind, row.amount, row.is_open, row.price = "carried", 0, False, before.price
            if row.plan_before is not None and self.next == row.index + 1:
                self.set_plan(*row.plan_before)

    def follow(self, now: datetime) -> None:
        """Do what the clock says."""
        while True:
            begins = self.starts(self.next)
            if self.status == "paused" and self.resume_at is not None and self.resume_at <= now:
                self.resume(self.resume_at)
            elif self.status == "pending_cancel" and begins <= now:
                self.status = "cancelled"
                self.undo_changes()
                for row in self.rows:
                    if row.is_open:
                        row.kind, row.is_open = "unpaid", False
                        self.credit += row.credit_used
            elif self.status != "active" or begins > now:
                return
            elif self.pause_at is not None:
                self.pause(self.pause_at)
            elif self.pending is not None and self.pending[1] <= self.next:
                self.set_plan(self.pending[0], self.pending[2])
            else:
                self.bill()

    def bill(self) -> None:
        """Bill one period."""
        n = self.next
        row = Row(n, 1, self.starts(n), self.starts(n + 1), "skipped", 0, 0)
        if n not in self.skips:
            row.kind, row.value = "billed", self.price * self.plan.months
            used = min(self.credit, row.value)
            self.credit -= used
            row.amount = row.value - used
            row.is_open, row.credit_used = row.amount > 0, used
            self.boxes[n] = self.plan.months
        self.rows.append(row)
        self.lengths[n] = row.ends - row.starts
        self.next += 1

    def entitled(self, at: datetime) -> bool:
        """Return whether there is access: nothing of it fails to be paid here."""
        return any(r.starts <= at < r.ends and r.kind in ("billed", "changed", "carried") for r in self.rows)


class Walk:
    """A subscription and its model, side by side."""

    def __init__(self, admin: Connection, seed: int) -> None:
        self.admin = admin
        self.random = random.Random(seed)
        self.now = datetime(2027, 1, 1, tzinfo=UTC) + timedelta(hours=self.random.randrange(8760))
        zone = self.random.choice(["Asia/Seoul", "America/New_York", "Pacific/Auckland", "Europe/London", "UTC"])
        self.plans = [
            Plan(self.sql(CREATE_PLAN, f"{seed}-{months}-{price}", price, months), price, months)
            for months, price in ((1, 30000), (1, 45000), (3, 28000), (12, 25000), (1, 0))
        ]
        self.set_now()
        if self.random.random() < 0.4:  # the last days of a month, where calendars go wrong
            self.now = to_utc(datetime(2027, self.random.randrange(1, 13), 28, 23, 30), ZoneInfo(zone)) + timedelta(
                days=self.random.randrange(4)
            )
            self.set_now()
        plan = self.random.choice(self.plans)
        self.user = str(uuid.uuid4())
        self.sql("insert into coffee.users (id, email) values (%s, %s) returning 1", self.user, f"{seed}@example.com")
        self.id = self.sql("select coffee.subscribe(%s, %s, '{\"a\": 1}', p_time_zone => %s)", self.user, plan.id, zone)
        self.model = Model(ZoneInfo(zone), self.now, plan, plan.price)
        self.log: list[str] = [f"{self.now} subscribed to {plan} in {zone}"]

    def sql(self, query: str, *parameters: Any) -> Any:
        """Return the only value of the only row."""
        return one(self.admin, query, *parameters)

    def set_now(self) -> None:
        self.sql("select set_config('moadb.now', %s, false)", self.now.isoformat())

    def said(self, query: str, *parameters: Any) -> str | None:
        """Call as the subscriber; return the code of the refusal."""
        try:
            self.admin.execute(query, (self.id, self.user, *parameters))
        except psycopg.Error as error:
            return error.sqlstate
        return None

    def step(self) -> None:
        """Do something at random in both, and compare."""
        name = self.random.choice(
            ["wait"] * 6 + ["run"] * 4 + ["pay"] * 4 + ["resume"] * 2 + ["skip"] * 2 + ["change_now"] * 3
            + ["change_end"] * 2 + ["pause", "pause_end", "unskip", "anchor", "cancel_end", "undo"]
        )  # fmt: skip
        self.log.append(f"{self.now} {name}")
        expected, got = getattr(self, name)()
        self.log[-1] += f" {expected}"
        assert got == expected, "\n".join(self.log)
        self.compare()

    def wait(self) -> tuple[None, None]:
        """Let time pass: to some instant, or to one that matters, or just before it."""
        m = self.model
        later = self.now + timedelta(
            days=self.random.choice([0, 1, 5, 20, 45]), seconds=self.random.randrange(1, 86400)
        )
        begins = m.starts(m.next)
        cutoff = to_utc(to_local(begins, m.zone) - CUTOFF, m.zone)
        matters = [at for at in (begins, cutoff, cutoff, m.resume_at) if at is not None and at - TICK > self.now]
        if matters and self.random.random() < 0.7:
            later = self.random.choice(matters) - self.random.choice([timedelta(), TICK])
        self.now = later
        self.set_now()
        return None, None

    def run(self) -> tuple[None, None]:
        self.sql("select coffee.process_monthly_billing()")
        self.model.follow(self.now)
        return None, None

    def pay(self) -> tuple[None, None]:
        self.admin.execute(PAY)
        for row in self.model.rows:
            row.is_open = False
        return None, None

    def pause(self) -> tuple[str | None, str | None]:
        until = self.now + timedelta(days=self.random.randrange(1, 90)) if self.random.random() < 0.5 else None
        got = self.said("select coffee.pause_subscription(%s, %s, 'now', %s)", until)
        m = self.model
        if m.status not in ("active", "paused"):
            return "MF024", got
        if m.status == "active":
            if m.has_open_bill():
                return "MF027", got
            m.pause(self.now)
        m.resume_at = until
        return None, got

    def pause_end(self) -> tuple[str | None, str | None]:
        m = self.model
        begins = max(m.starts(m.next), self.now)
        until = begins + timedelta(days=self.random.randrange(1, 90)) if self.random.random() < 0.5 else None
        got = self.said("select coffee.pause_subscription(%s, %s, 'period_end', %s)", until)
        if m.status not in ("active", "paused"):
            return "MF024", got
        if m.status == "active" and begins <= self.now:
            if m.has_open_bill():
                return "MF027", got
            m.pause(self.now)
        elif m.status == "active":
            m.pause_at = begins
        m.resume_at = until
        return None, got

    def resume(self) -> tuple[str | None, str | None]:
        got = self.said("select coffee.resume_subscription(%s, %s)")
        m = self.model
        if m.status == "paused":
            m.resume(self.now)
        elif m.status != "active":
            return "MF024", got
        else:
            m.pause_at = m.resume_at = None
        return None, got

    def skip(self) -> tuple[str | None, str | None]:
        m = self.model
        n = self.random.choice([None, m.next - 1, m.next, m.next + 1, m.next + 2])
        got = self.said("select coffee.skip_period(%s, %s, %s)", n)
        refusal = self.refusal(n)
        if refusal is None:
            m.skips.add(m.editable(self.now) if n is None else n)
        return refusal, got

    def unskip(self) -> tuple[str | None, str | None]:
        m = self.model
        n = self.random.choice([None, m.next, m.next + 1])
        got = self.said("select coffee.unskip_period(%s, %s, %s)", n)
        refusal = self.refusal(n)
        if refusal is None:
            first = m.editable(self.now)
            m.skips -= {n} if n is not None else set(sorted(s for s in m.skips if s >= first)[:1])
        return refusal, got

    def refusal(self, n: int | None) -> str | None:
        """Return why what is to be said about period n is refused."""
        m = self.model
        if m.status in ("pending_cancel", "cancelled"):
            return "MF024"
        if n is not None and n < m.next:
            return "MF025"
        return "MF026" if n is not None and n < m.editable(self.now) else None

    def change_now(self) -> tuple[str | None, str | None]:
        m, plan = self.model, self.random.choice(self.plans)
        got = self.said("select coffee.change_plan(%s, %s, %s, 'now')", plan.id)
        if m.status != "active":
            return "MF024", got
        if plan is m.plan:
            return "MF028", got
        if m.has_open_bill():
            return "MF027", got
        m.change_now(plan, self.now)
        return None, got

    def change_end(self) -> tuple[str | None, str | None]:
        m, plan = self.model, self.random.choice(self.plans)
        got = self.said("select coffee.change_plan(%s, %s, %s)", plan.id)
        if m.status != "active":
            return "MF024", got
        m.pending = None if plan is m.plan else (plan, m.editable(self.now), plan.price)
        return None, got

    def anchor(self) -> tuple[str | None, str | None]:
        m = self.model
        earliest = max([self.now, *(row.ends for row in m.rows[-1:])])
        at = earliest + timedelta(days=self.random.randrange(-3, 40), seconds=self.random.randrange(3600))
        got = self.said("select coffee.change_anchor(%s, %s, %s)", at)
        if m.status != "active":
            return "MF024", got
        if m.next < m.editable(self.now):
            return "MF026", got
        if at < earliest:
            return "MF002", got
        m.anchor, m.anchor_period = at, m.next
        if m.pause_at is not None:
            m.pause_at = at
        return None, got

    def cancel_end(self) -> tuple[str | None, str | None]:
        m = self.model
        if self.random.random() < 0.7 or m.status == "paused" or m.running(self.now) is None:
            return None, None  # a walk that has ended tells nothing more
        if m.status == "pending_cancel" and m.starts(m.next) <= self.now:
            return None, None
        got = self.said("select coffee.cancel_subscription(%s, %s)")
        if m.status == "active":
            m.status, m.pending, m.pause_at, m.resume_at = "pending_cancel", None, None, None
        return None, got

    def undo(self) -> tuple[str | None, str | None]:
        m = self.model
        got = self.said("select coffee.undo_cancel(%s, %s)")
        if m.status == "cancelled" or (m.status == "pending_cancel" and m.starts(m.next) <= self.now):
            return "MF024", got
        if m.status == "pending_cancel":
            m.status = "active"
        return None, got

    def compare(self) -> None:
        """Everything that is stored is as the model says; so is access, at any time."""
        m = self.model
        stored = self.admin.execute(STATE, (self.id,)).fetchone()
        expected = (
            *(m.status, m.next, m.starts(m.next), m.price, m.plan.id, m.credit, m.pause_at, m.resume_at, m.paused_at),
            *((m.pending[0].id, m.pending[1]) if m.pending else (None, None)),
            sorted(m.skips),
        )
        assert stored == expected, "\n".join(self.log)
        rows = self.admin.execute(ROWS, (self.id,)).fetchall()
        assert rows == [
            (r.index, r.part, r.starts, r.ends, r.kind, r.amount, r.value, r.is_open, r.price) for r in m.rows
        ], "\n".join(self.log)

        for row in m.rows:
            for at in (row.starts - TICK, row.starts, row.ends - TICK, row.ends):
                told = self.sql("select coffee.entitled(%s, %s)", self.user, at)
                assert told == m.entitled(at), f"{at}: {told}\n" + "\n".join(self.log)

        # what was paid is what the time is worth, and credit; what was billed is given in full, or is yet to be
        if all(r.kind != "unpaid" for r in m.rows):
            assert sum(r.amount for r in m.rows) == sum(r.value for r in m.rows) + m.credit, "\n".join(self.log)
        for index, length in m.lengths.items():
            given = sum((r.ends - r.starts for r in m.rows if r.index == index), timedelta())
            left = m.remainder if m.remainder is not None and index == m.rows[-1].index else timedelta()
            assert abs(given + left - length) <= 60 * TICK, "\n".join(self.log)


CREATE_PLAN = "select coffee.create_plan(%s, 'P', 'monthly_pick', %s, 'KRW', %s)"
PAY = """
with opened as (
  select coffee._open_billing_job(j.period_id) from coffee.billing_jobs as j where j.status = 'waiting'
), counted as (
  select count(*) from opened
)
select coffee.record_charge_result(c.job_id, c.lease_token, 'succeeded', gen_random_uuid()::text)
from counted cross join lateral coffee.claim_billing_jobs(1000) as c
"""
STATE = """
select s.status, s.next_period, s.next_billing_at, s.price_per_month::integer, s.plan_id, s.credit_balance::integer,
  s.pause_at, s.resume_at, s.paused_at, s.pending_plan_id, s.pending_plan_period,
  array(select c.period_index from coffee.period_changes as c where c.subscription_id = s.id order by 1)
from coffee.coffee_subscriptions as s
where s.id = %s
"""
ROWS = """
select b.period_index, b.part::integer, lower(b.period), upper(b.period), b.kind, b.amount::integer, b.value::integer,
  coalesce(j.status in ('waiting', 'pending', 'processing'), false), b.price::integer
from coffee.billing_periods as b
left join coffee.billing_jobs as j on j.period_id = b.id
where b.subscription_id = %s
order by b.period_index, b.part
"""


@pytest.fixture
def admin(database: str) -> Iterator[Connection]:
    """Return a superuser's session in UTC; nothing is violated when the test ends."""
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute("set timezone = 'UTC'")
        yield connection
        connection.execute("reset moadb.now")
        assert violations(connection) == []


@pytest.mark.parametrize("start", range(0, 30, 10))
def test_any_life_is_as_the_model_says(admin: Connection, start: int) -> None:
    """Ten subscriptions, one after the other, up to sixty steps each: years of pauses, skips and changes."""
    for seed in range(start, start + 10):
        walk = Walk(admin, seed)
        for _ in range(60):
            if walk.model.status != "cancelled":
                walk.step()


@pytest.fixture
def subscription(admin: Connection) -> tuple[str, str]:
    """Return a subscription in a period that is paid, and its user."""
    user = str(uuid.uuid4())
    one(admin, "insert into coffee.users (id, email) values (%s, 'x@example.com') returning 1", user)
    plan = one(admin, CREATE_PLAN, "storm", 30000, 1)
    subscription = one(admin, "select coffee.subscribe(%s, %s, '{\"a\": 1}')", user, plan)
    admin.execute("select coffee.process_monthly_billing()")
    admin.execute(PAY)
    return subscription, user


def together(database: str, sessions: int, *statements: tuple[str, tuple[Any, ...]]) -> list[str]:
    """Return the outcomes of statements that sessions make at once, in turn one of them."""

    def work(connection: Connection, n: int) -> str:
        query, parameters = statements[n % len(statements)]
        return outcome(connection, query, *parameters)

    return storm(database, sessions, work, role=None)


def test_paused_and_resumed_by_many(admin: Connection, database: str, subscription: tuple[str, str]) -> None:
    """Whatever the order, nothing of what was paid is lost, and nothing is billed twice."""
    told = together(
        database,
        12,
        ("select coffee.pause_subscription(%s, %s)", subscription),
        ("select coffee.resume_subscription(%s, %s)", subscription),
        ("select coffee.process_monthly_billing()", ()),
    )
    assert set(told) == {"done"}
    status = one(admin, "select status from coffee.coffee_subscriptions where id = %s", subscription[0])
    if status == "paused":
        admin.execute("select coffee.resume_subscription(%s, %s)", subscription)
    rows = admin.execute(ROWS, (subscription[0],)).fetchall()
    assert {row[0] for row in rows} == {0}
    given = sum((row[3] - row[2] for row in rows), timedelta())
    assert abs(given - timedelta(days=round(given / timedelta(days=1)))) < timedelta(hours=2), "whole days"
    assert sum(row[6] for row in rows) == 30000


def test_one_change_of_plan_is_paid(admin: Connection, database: str, subscription: tuple[str, str]) -> None:
    """Eight sessions go over to a dearer plan at once: one does, and the difference is billed once."""
    plan = one(admin, CREATE_PLAN, "dearer", 60000, 1)
    change = ("select coffee.change_plan(%s, %s, %s, 'now')", (*subscription, plan))
    told = together(database, 8, change)
    assert sorted(told) == ["MF028"] * 7 + ["done"]
    assert one(admin, "select sum(amount) from coffee.billing_jobs") == 60000


def test_billed_or_cancelled(admin: Connection, database: str) -> None:
    """Thirty subscriptions are due while they are cancelled: in the end nobody is to be charged."""
    plan = one(admin, CREATE_PLAN, "due", 30000, 1)
    made = []
    for n in range(30):
        user = one(admin, "insert into coffee.users (email) values (%s) returning id", f"{n}@example.com")
        made.append((one(admin, "select coffee.subscribe(%s, %s, '{\"a\": 1}')", user, plan), user))

    def work(connection: Connection, n: int) -> str:
        if n % 2:
            return outcome(connection, "select coffee.process_monthly_billing(null, 7)")
        for subscription, user in made[n // 2 :: 4]:
            connection.execute("select coffee.cancel_subscription(%s, %s, 'now')", (subscription, user))
        return "done"

    assert set(storm(database, 8, work, role=None)) == {"done"}
    assert one(admin, "select count(*) from coffee.coffee_subscriptions where status = 'cancelled'") == 30
    assert one(admin, "select count(*) from coffee.billing_jobs where status <> 'cancelled'") == 0
    admin.execute("select coffee.process_monthly_billing()")
    assert one(admin, "select count(*) from coffee.billing_jobs where status <> 'cancelled'") == 0


def test_paid_or_cancelled(admin: Connection, database: str) -> None:
    """A charge comes back while its subscription is cancelled: it is paid, or it is asked to be paid back."""
    plan = one(admin, CREATE_PLAN, "paid", 30000, 1)
    made = []
    for n in range(10):
        user = one(admin, "insert into coffee.users (email) values (%s) returning id", f"{n}@example.com")
        made.append((one(admin, "select coffee.subscribe(%s, %s, '{\"a\": 1}')", user, plan), user))
    admin.execute("select coffee.process_monthly_billing()")
    admin.execute("select coffee._open_billing_job(j.period_id) from coffee.billing_jobs as j")
    claims = admin.execute("select job_id, lease_token from coffee.claim_billing_jobs(100)").fetchall()

    def work(connection: Connection, n: int) -> str:
        for i in range(10):
            if n:
                connection.execute(
                    "select coffee.record_charge_result(%s, %s, 'succeeded', %s)", (*claims[i], f"ref {claims[i][0]}")
                )
            else:
                connection.execute("select coffee.cancel_subscription(%s, %s, 'now')", made[i])
        return "done"

    assert storm(database, 2, work, role=None) == ["done", "done"]
    paid = one(admin, "select count(*) from coffee.billing_jobs where status = 'succeeded'")
    refunds = one(admin, "select count(*) from platform.tasks where topic = 'coffee.refund_charge'")
    assert paid + refunds == 10


def test_skipped_or_billed(admin: Connection, database: str) -> None:
    """A period is skipped before its bill is made, or the skip is refused: never both a skip and a charge."""
    plan = one(
        admin,
        "select coffee.create_plan('skip', 'P', 'monthly_pick', 30000, p_terms => '{\"cutoff\": \"0\"}')",
    )
    made = []
    for n in range(20):
        user = one(admin, "insert into coffee.users (email) values (%s) returning id", f"{n}@example.com")
        soon = "select coffee.subscribe(%s, %s, '{\"a\": 1}', p_anchor_at => clock_timestamp() + interval '1 second')"
        made.append((one(admin, soon, user, plan), user))

    def work(connection: Connection, n: int) -> list[str]:
        if n == 0:
            return [outcome(connection, "select coffee.skip_period(%s, %s, 0)", *who) for who in made for _ in range(3)]
        for _ in range(40):
            connection.execute("select coffee.process_monthly_billing()")
        return []

    told = storm(database, 3, work, role=None)[0]
    assert set(told) <= {"done", "MF025", "MF026"}
    assert (
        one(
            admin,
            """
            select count(*)
            from coffee.period_changes as c
            join coffee.billing_periods as b using (subscription_id, period_index)
            where c.kind = 'skip' and b.kind <> 'skipped'
            """,
        )
        == 0
    )
