-- Everything that one box does is one subtransaction: a box that cannot be packed takes no stock, and one whose data are broken stops
-- nobody else's. Caught are the conditions that data can bring about. What would meet every box alike (a deadlock, a cancelled statement,
-- a routine that is not there) ends the call.

create or replace function coffee._assemble_box(p_job_id bigint, p_at timestamptz, p_stocked jsonb)
  returns text
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_job      coffee.monthly_order_jobs;
  v_sub      coffee.coffee_subscriptions;
  v_plan     coffee.plans;
  v_period   coffee.billing_periods;
  v_bill     text;
  v_plan_id  bigint;
  v_value    numeric;
  v_paid     boolean;
  v_exponent integer;
  v_order_id uuid := gen_random_uuid();
  v_packed   jsonb;
  v_parts    numeric[];
  v_credit   numeric;
  v_extras   numeric;
  v_until    timestamptz;
  v_error    text;
begin
  select j.* into v_job from coffee.monthly_order_jobs as j where j.id = p_job_id;
  select p.* into v_period from coffee.billing_periods as p where p.id = v_job.period_id;
  select b.status into v_bill from coffee.billing_jobs as b where b.period_id = v_job.period_id;
  select s.* into v_sub from coffee.coffee_subscriptions as s where s.id = v_job.subscription_id;
  select coalesce(l.plan_id, v_sub.plan_id), upper(l.period) into v_plan_id, v_until
  from coffee.billing_periods as l
  where l.subscription_id = v_period.subscription_id and l.period_index = v_period.period_index
  order by l.part desc
  limit 1;
  select p.* into v_plan from coffee.plans as p where p.id = v_plan_id;
  v_sub.type := v_plan.type;
  select c.exponent into v_exponent from platform.currencies as c where c.code = v_sub.currency;
  v_paid := coalesce(v_bill, 'succeeded') = 'succeeded';
  v_until := greatest(v_until, v_job.created_at + interval '14 days');

  if v_bill = 'cancelled' or (v_sub.status = 'cancelled' and not v_paid)
    or v_period.kind in ('skipped', 'missed', 'carried', 'unpaid', 'out_of_stock')
  then
    update coffee.monthly_order_jobs as j set status = 'cancelled', updated_at = p_at where j.id = p_job_id;
    return 'cancelled';
  end if;

  begin
    select jsonb_agg(to_jsonb(b)) into v_packed
    from coffee._pack_box(v_sub, v_plan, v_period.period_index, v_job.box_no, v_job.target_month, p_at, p_stocked) as b;

    if not exists (select from jsonb_path_query(v_packed, '$[*] ? (@.is_missing == false)'))
      or jsonb_path_exists(v_packed, case v_plan.oos_policy
        when 'partial' then '$[*] ? (1 == 0)'
        when 'delay' then '$[*] ? (@.is_missing == true)'
        else '$[*] ? (@.is_missing == true && @.is_extra == false)'
      end::jsonpath)
    then
      raise sqlstate 'MF099';
    end if;

    -- its share of what is paid, over what it holds and what is missing from it
    v_value := coffee._box_value(v_job.period_id, v_exponent);
    select
      platform.allocate(
        v_value,
        array[coalesce(sum(b.quantity) filter (where not b.is_missing), 0), coalesce(sum(b.quantity) filter (where b.is_missing), 0)],
        v_exponent
      )
    into v_parts
    from jsonb_to_recordset(v_packed) as b (quantity integer, is_extra boolean, is_missing boolean)
    where not b.is_extra
    having sum(b.quantity) > 0;

    select
      coalesce(sum(b.quantity * b.unit_price) filter (where not b.is_missing), 0),
      coalesce(sum(b.quantity * b.unit_price) filter (where b.is_missing), 0)
    into v_extras, v_credit
    from jsonb_to_recordset(v_packed) as b (quantity integer, unit_price numeric, is_extra boolean, is_missing boolean)
    where b.is_extra;

    v_packed := jsonb_path_query_array(v_packed, '$[*] ? (@.is_missing == false)');

    with items as (
      select b.*, gen_random_uuid() as chance
      from jsonb_to_recordset(v_packed) as b (
        coffee_id uuid, unit text, lot_id bigint, quantity integer, unit_price numeric, is_extra boolean, is_substitute boolean
      )
    ), bags as materialized (
      select i.lot_id, i.coffee_id, i.is_extra, n.bag_no, coffee._new_qr_token() as token
      from items as i
      cross join lateral generate_series(1, i.quantity) as n (bag_no)
    ), ordered as (
      insert into coffee.subscription_orders (
        id, subscription_id, user_id, period_id, order_job_id, order_month, order_number, coffee_items, total_price, currency, credit,
        shipping_address, is_blind, qr_codes, created_at, updated_at
      )
      values (
        v_order_id, v_sub.id, v_sub.user_id, v_job.period_id, p_job_id, v_job.target_month,
        'CB' || to_char(v_job.target_month, 'YYYYMM') || '-' || to_char(nextval('coffee.order_numbers'), 'FM999999999999000000'),
        (
          select jsonb_agg(jsonb_build_object('coffee_id', i.coffee_id, 'quantity', i.quantity, 'unit', i.unit) order by i.coffee_id, i.unit)
          from (select i.coffee_id, i.unit, sum(i.quantity) as quantity from items as i group by i.coffee_id, i.unit) as i
        ),
        coalesce(v_parts[1], v_value) + v_extras, v_sub.currency, coalesce(v_parts[2], 0) + v_credit,
        v_sub.shipping_address, v_sub.type = 'blind_box',
        (
          select jsonb_agg(jsonb_build_object('coffee_id', b.coffee_id, 'qr_code', b.token, 'created_at', p_at) order by b.token)
          from bags as b
        ),
        p_at, p_at
      )
    ), written as (
      insert into coffee.order_items (order_id, coffee_id, unit, lot_id, quantity, unit_price, is_extra, is_substitute)
      select v_order_id, i.coffee_id, i.unit, i.lot_id, i.quantity, i.unit_price, i.is_extra, i.is_substitute
      from items as i
      order by i.is_extra, case when v_sub.type = 'blind_box' then i.chance end, i.coffee_id, i.lot_id
      returning id, lot_id, is_extra
    )
    insert into coffee.qr_codes (token, order_item_id, bag_no, created_at)
    select b.token, w.id, b.bag_no, p_at
    from bags as b
    join written as w on w.lot_id = b.lot_id and w.is_extra = b.is_extra;

    update coffee.monthly_order_jobs as j set status = 'done', value = v_value, last_error = null, updated_at = p_at where j.id = p_job_id;

    if v_bill = 'waiting' then
      perform coffee._open_billing_job(v_job.period_id);
    end if;
    if v_paid then
      perform coffee._pay_order(v_job.period_id);
    end if;
    return 'done';
  exception
    when sqlstate 'MF099' then
      null;
    when sqlstate 'MF000' or sqlstate 'MP000' or data_exception or integrity_constraint_violation or cardinality_violation or plpgsql_error
    then
      v_error := sqlstate || ' ' || sqlerrm;
  end;

  begin
    return coffee._delay_box(v_job, v_sub, v_plan, v_until, v_paid, p_at, v_error);
  exception
    when sqlstate 'MF000' or sqlstate 'MP000' or data_exception or integrity_constraint_violation or cardinality_violation or plpgsql_error
    then
      return coffee._delay_box(v_job, v_sub, v_plan, v_until, v_paid, p_at, sqlstate || ' ' || sqlerrm);
  end;
end;
$$;

comment on function coffee._assemble_box(bigint, timestamptz, jsonb) is $$
Make the order of one request: reserve its coffees, write it with its items and codes, and only then let the period be charged.
p_job_id: the request in monthly_order_jobs; the caller has locked it and its subscription.
p_at: when.
p_stocked: as coffee._pack_box.
Returns: what became of the request: done, cancelled (nobody wants the box any more), delayed or skipped (it could not be packed, and has
taken nothing; why it failed when it did is in last_error).
Errors: raised here and caught: MF099.
Locks: as coffee._pack_box; billing_jobs of the period.
$$;
