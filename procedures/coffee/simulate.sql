-- The forecast is what the real routines do when the clock is moved: there is no second set of rules that could differ from them. All of
-- it happens in a subtransaction that is then given up; what it found is carried out of it in a variable. Being aborted, it lets go of
-- its locks and of the clock as well.

create or replace function coffee.simulate(p_until timestamptz, p_step interval default '1 day')
  returns table (month date, kind text, currency text, coffee_id uuid, unit text, quantity bigint, amount numeric)
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_start      timestamptz := platform.now();
  v_at         timestamptz := v_start;
  v_charges    bigint;
  v_order_jobs bigint;
  v_open       bigint[];
  v_found      jsonb;
begin
  if not pg_has_role(session_user, 'moadb_clock', 'usage') then
    perform platform.fail('clock_not_movable', jsonb_build_object('role', session_user));
  elsif p_until is null or p_step is null then
    perform platform.fail('coffee_argument_missing',
      jsonb_build_object('argument', case when p_until is null then 'p_until' else 'p_step' end));
  elsif p_until <= v_start or p_until > v_start + interval '5 years' then
    perform platform.fail('coffee_argument_invalid', jsonb_build_object(
      'argument', 'p_until', 'value', p_until, 'problem', 'it lies in the next five years'
    ));
  elsif p_step not between interval '1 hour' and interval '31 days' then
    perform platform.fail('coffee_argument_invalid', jsonb_build_object(
      'argument', 'p_step', 'value', p_step, 'problem', 'it is 1 hour to 31 days'
    ));
  end if;

  select coalesce(max(a.id), 0) into v_charges from coffee.charge_attempts as a;
  select coalesce(max(j.id), 0) into v_order_jobs from coffee.monthly_order_jobs as j;
  select array_agg(j.id) into v_open from coffee.monthly_order_jobs as j where j.status in ('pending', 'delayed');

  begin
    while v_at < p_until loop
      v_at := least(v_at + p_step, p_until);
      perform set_config('moadb.now', to_char(v_at at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS.US"+00"'), true);
      perform coffee.process_monthly_billing();
      loop
        exit when coffee.assemble_boxes(1000) < 1000;
      end loop;
      loop
        perform coffee.record_charge_result(c.job_id, c.lease_token, 'succeeded', format('forecast-%s-%s', c.job_id, c.attempt))
        from coffee.claim_billing_jobs(1000) as c;
        exit when not found;
      end loop;
      loop
        exit when coffee.end_dunning(1000) < 1000;
      end loop;
    end loop;

    select jsonb_agg(f)
    into v_found
    from (
      select
        date_trunc('month', j.due_date at time zone s.time_zone)::date as month, 'charge' as kind, j.currency,
        null::uuid as coffee_id, null::text as unit, count(*) as quantity, sum(j.amount) as amount
      from coffee.charge_attempts as a
      join coffee.billing_jobs as j on j.id = a.job_id
      join coffee.coffee_subscriptions as s on s.id = j.subscription_id
      where a.id > v_charges and a.result = 'succeeded'
      group by date_trunc('month', j.due_date at time zone s.time_zone), j.currency
      union all
      select j.target_month, 'box', null, i.coffee_id, i.unit, sum(i.quantity), null
      from coffee.monthly_order_jobs as j
      join coffee.subscription_orders as o on o.order_job_id = j.id
      join coffee.order_items as i on i.order_id = o.id
      where (j.id > v_order_jobs or j.id = any(v_open)) and o.status <> 'cancelled'
      group by j.target_month, i.coffee_id, i.unit
      union all
      select m.month, 'shortfall', null, m.coffee_id, m.unit, m.quantity, null
      from coffee._missing_items(v_order_jobs, v_open) as m
    ) as f;

    raise sqlstate 'MF139';
  exception
    when sqlstate 'MF139' then
      null;  -- all of it is undone
  end;

  return query
  select f.month, f.kind, f.currency, f.coffee_id, f.unit, f.quantity, f.amount
  from jsonb_to_recordset(coalesce(v_found, '[]')) as f (
    month date, kind text, currency text, coffee_id uuid, unit text, quantity bigint, amount numeric
  )
  order by f.month, f.kind, f.currency, f.coffee_id, f.unit;
end;
$$;

comment on function coffee.simulate(timestamptz, interval) is $$
Forecast charges, boxes and missing coffee by doing what will be done: the clock is moved on step by step, and at each step the real
routines bill, pack and end dunning; every charge succeeds. Then all of it is undone; only numbers of sequences are used up. The stock is
that of now: deliveries to come are not known, and bags that leave are missed from the day they are packed.
While it runs, its subscriptions and stock are locked: real billing passes over them, packing and shipping wait. So take a quiet hour, or a
copy of the database. Nothing of it is seen by others at any time.
p_until: to when, at most five years from now.
p_step: how often the jobs run in the forecast, 1 hour to 31 days. Periods begin when they do all the same; a larger step is faster, and
packs boxes later.
Returns: a row for each month and kind, in this order:
charge: how many (quantity) and how much (amount, currency), in the month in which they fall due;
box: bags (quantity) of a coffee in boxes of the month;
shortfall: bags that boxes of the month were to hold and do not: of a coffee that was chosen, or (coffee_id null) of any.
Errors: MF130 clock_not_movable (the login role is no member of moadb_clock), MF001 coffee_argument_missing,
MF002 coffee_argument_invalid, MF054 billing_isolation_level; raised here and caught: MF139. Its charges are its own, so the refusals of
those whom it calls do not come: MF050 billing_job_not_found, MF051 billing_lease_unknown, MP057 lease_invalid.
Locks: those of coffee.process_monthly_billing, coffee.assemble_boxes, coffee.record_charge_result and coffee.end_dunning, until it
returns.
$$;
