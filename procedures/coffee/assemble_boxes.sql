-- Whose turn it is, is one statement; subscriptions that somebody is busy with are left for the next call. Then the stock is locked, all
-- that has any, in the order that everybody follows, and the quotas of its roasters: boxes take from them in whatever order suits them, and
-- two calls that did that at once would wait for each other for ever. So the calls take turns at the stock, while each box in it is packed
-- with what is really there, and what one session has promised no other can promise again.
-- An unpaid period waits where its charge has failed; it may go on once it is paid.

create or replace function coffee.assemble_boxes(p_limit integer default 1000)
  returns integer
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
  set client_min_messages = warning
as $$
declare
  v_at       timestamptz := platform.now();
  v_jobs     bigint[];
  v_months   date[];
  v_job      bigint;
  v_stocked  jsonb;
  v_roasters uuid[];
begin
  if p_limit < 1 then
    perform platform.fail('coffee_argument_invalid',
      jsonb_build_object('argument', 'p_limit', 'value', p_limit, 'problem', 'it is 1 or more'));
  end if;

  with claimed as (
    select j.id, j.run_at, j.target_month
    from coffee.monthly_order_jobs as j
    join coffee.coffee_subscriptions as s on s.id = j.subscription_id
    left join coffee.billing_jobs as b on b.period_id = j.period_id
    where j.status in ('pending', 'delayed')
      and j.run_at <= v_at
      and s.status <> 'paused'
      and (
        coalesce(b.status, 'succeeded') in ('succeeded', 'cancelled')
        or s.status = 'cancelled'
        or (b.status = 'waiting' and s.status in ('active', 'pending_cancel'))
      )
      and not exists (  -- a change of plan is under way: which box it is, is known when that is paid or undone
        select
        from coffee.billing_periods as p
        join coffee.billing_jobs as c on c.period_id = p.id
        where p.subscription_id = j.subscription_id
          and p.part > 1
          and p.kind = 'changed'
          and c.status in ('waiting', 'pending', 'processing', 'retrying')
      )
    order by j.run_at, j.id
    limit p_limit
    for no key update of s, j skip locked
  )
  select array_agg(c.id order by c.run_at, c.id), array_agg(distinct c.target_month) into v_jobs, v_months from claimed as c;

  if v_jobs is null then
    return 0;
  end if;

  with stocked as (
    select i.coffee_id, i.unit, i.roaster_id
    from coffee.coffee_inventory as i
    where i.is_available and i.current_stock > i.reserved_stock
    order by i.coffee_id, i.unit
    for no key update
  )
  select coalesce(jsonb_object_agg(s.coffee_id || s.unit, true), '{}'), array_agg(distinct s.roaster_id)
  into v_stocked, v_roasters
  from stocked as s;
  perform coffee._open_quotas(v_roasters, v_months);

  foreach v_job in array v_jobs loop
    perform coffee._assemble_box(v_job, v_at, v_stocked);
  end loop;
  return cardinality(v_jobs);
end;
$$;

comment on function coffee.assemble_boxes(integer) is $$
Pack the boxes whose time has come: order, items and codes, with their bags reserved, and then the request to charge. No box, no charge:
what is out of stock waits, is packed in part or skipped, as the plan says. The job coffee.assemble_boxes calls it until there is
nothing left. Any number of sessions may call it at once.
p_limit: how many requests at most, 1 or more.
Returns: how many requests were handled; those that wait for stock count, and come up again hours later.
Errors: MF002 coffee_argument_invalid.
Locks: the subscriptions and requests, skipping those that are locked; then all rows of coffee_inventory that have stock, by ascending
coffee and unit, so that calls and shipments wait for each other: keep p_limit to what takes a second, as the jobs do. Then the quotas of
their roasters for the months of the boxes, as coffee._open_quotas.
Source: specification 000, monthly_order_jobs.
$$;
