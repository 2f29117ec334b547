-- Subscriptions that live at random for a year and a half: whatever their holders do, and whenever charges fail, what has to hold holds at every
-- step. The seed is shown, so that a life that went wrong can be lived again.
begin;
select plan(7);
\ir shop.psql

insert into coffee.plans (id, code, name, type, price_per_month, interval_months, items_per_box, no_repeat_months, oos_policy)
values (-7, 'shop-big-quarter', 'Big quarter', 'monthly_pick', 60000, 3, 4, 0, 'delay');
create temporary table lives (n integer, id uuid, user_id uuid, plan_id bigint);
create temporary table refused (call text, sqlstate text, message text);
create temporary table broken (step integer, what text);
set local moadb.now = '2031-01-31 22:30+09';
insert into lives
select
  n, coffee.subscribe(
    ('f0000000-0000-0000-0000-0000000000a' || 1 + n % 3)::uuid, p.id, '{"street": "1"}', p_anchor_at => '2031-01-28 22:30+09'::timestamptz + n * interval '13 hours',
    p_time_zone => (array['Asia/Seoul', 'America/New_York', 'Pacific/Auckland'])[1 + n % 3],
    p_items => case p.id when -2 then '[{"coffee_id": "f0000000-0000-0000-0000-0000000000c1", "quantity": 2}]'::jsonb end
  ),
  ('f0000000-0000-0000-0000-0000000000a' || 1 + n % 3)::uuid, p.id
from generate_series(1, 12) as n
cross join lateral (select (array[-1, -2, -3, -4, -6]::bigint[])[1 + n % 5] as id) as p;

create function pg_temp.try(p_call text) returns void language plpgsql as $$
begin
  execute p_call;
exception
  when others then
    if left(sqlstate, 2) <> 'MF' then
      insert into refused values (p_call, sqlstate, sqlerrm);
    end if;
end;
$$;

create function pg_temp.live(p_steps integer, p_seed double precision) returns void language plpgsql as $$
declare
  v_at   timestamptz := '2031-01-31 22:30+09';
  v_life lives;
  v_what integer;
begin
  perform setseed(p_seed);
  for v_step in 1..p_steps loop
    v_at := v_at + random() * interval '4 days';
    perform set_config('moadb.now', v_at::text, true);
    select l.* into v_life from lives as l order by random() limit 1;
    if (select s.status from coffee.coffee_subscriptions as s where s.id = v_life.id) = 'cancelled' then  -- begins anew
      v_life.id := coffee.subscribe(
        v_life.user_id, v_life.plan_id, '{"street": "2"}',
        p_items => case v_life.plan_id when -2 then '[{"coffee_id": "f0000000-0000-0000-0000-0000000000c2"}]'::jsonb end
      );
      update lives as l set id = v_life.id where l.n = v_life.n;
    end if;
    v_what := floor(random() * 18);
    perform pg_temp.try(format(
      (array[
        'select coffee.pause_subscription(%1$L, %2$L, ''now'', %3$L::timestamptz + interval ''40 days'')',
        'select coffee.pause_subscription(%1$L, %2$L, ''period_end'')',
        'select coffee.resume_subscription(%1$L, %2$L)',
        'select coffee.resume_subscription(%1$L, %2$L)',
        'select coffee.skip_period(%1$L, %2$L)',
        'select coffee.unskip_period(%1$L, %2$L)',
        'select coffee.change_plan(%1$L, %2$L, -6, ''now'')',
        'select coffee.change_plan(%1$L, %2$L, -1, ''now'')',
        'select coffee.change_plan(%1$L, %2$L, -3, ''period_end'')',
        'select coffee.change_anchor(%1$L, %2$L, %3$L::timestamptz + interval ''45 days'')',
        'select coffee.cancel_subscription(%1$L, %2$L)',
        'select coffee.undo_cancel(%1$L, %2$L)',
        'select coffee.add_one_time(%1$L, %2$L, ''f0000000-0000-0000-0000-0000000000c4'')',
        'select coffee.retry_charge(%1$L, %2$L)',
        'select coffee.change_plan(%1$L, %2$L, -4, ''now'')',
        'select coffee.change_plan(%1$L, %2$L, -7, ''now'')',
        'select coffee.cancel_order(o.id, ''broken'') from coffee.subscription_orders as o where o.subscription_id = %1$L
         and o.status in (''pending'', ''paid'') order by o.id limit 1',
        'update coffee.coffee_inventory set is_available = not is_available where right(coffee_id::text, 1) not in (''1'', ''2'')'
      ])[1 + v_what], v_life.id, v_life.user_id, v_at
    ));
    if random() < 0.7 then
      perform coffee.process_monthly_billing();
      perform coffee.assemble_boxes();
      perform coffee.record_charge_result(
        c.job_id, c.lease_token, case when random() < 0.25 then 'failed' else 'succeeded' end, 'life-' || c.job_id || '-' || c.attempt, 'no',
        random() < 0.2
      )
      from coffee.claim_billing_jobs(100) as c
      where random() < 0.9;
      perform coffee.end_dunning(100);
    end if;
    if random() < 0.1 then
      perform coffee.ship_order(o.id, 'T1') from coffee.subscription_orders as o where o.status = 'paid';
    end if;
    if v_step % 20 = 0 then
      insert into broken
      select v_step, i.invariant || ' ' || coalesce(i.sample::text, '')
      from platform.check_invariants() as i
      where i.violations > 0 and i.invariant like 'coffee.%';
    end if;
  end loop;
end;
$$;
create temporary table seed as select round((random() * 2 - 1)::numeric, 6)::double precision as seed;
select diag('the seed is ' || s.seed) from seed as s;
select pg_temp.live(260, s.seed) from seed as s;

select is_empty('select * from broken', 'what has to hold, holds at every step');
select is_empty('select * from refused', 'nothing is refused but by a rule of the API');
select is_empty(
  $$
    select a.subscription_id, a.period, b.period
    from coffee.billing_periods as a
    join coffee.billing_periods as b on b.subscription_id = a.subscription_id and b.id > a.id and b.period && a.period
  $$, 'no instant is billed twice'
);
select is_empty(
  $$
    select j.id
    from coffee.billing_jobs as j
    join coffee.billing_periods as b on b.id = j.period_id and b.kind = 'billed'
    where j.status = 'succeeded' and j.amount > 0 and b.part = 1
      and not exists (select from coffee.subscription_orders as o where o.period_id = j.period_id)
  $$, 'nobody paid without a box'
);
select is_empty(
  $$
    select s.id, s.next_billing_at
    from coffee.coffee_subscriptions as s
    where s.status = 'active' and s.next_billing_at < platform.now() - interval '45 days'
  $$, 'nobody is forgotten'
);
select is_empty(
  $$select o.id from coffee.subscription_orders as o where o.status in ('pending', 'paid') and exists (
    select from coffee.coffee_subscriptions as s where s.id = o.subscription_id and s.status = 'cancelled') and o.status = 'pending'
  $$, 'no box waits for somebody who has left'
);
select cmp_ok((select count(*) from coffee.billing_jobs as j where j.status = 'succeeded'), '>', 30::bigint, 'they have lived');

select * from finish();
rollback;
