-- What was is in billing_periods; what comes follows from the anchor, as far as nothing is said against it (an end, a pause).

create or replace function coffee.list_periods(
  p_subscription_id uuid,
  p_user_id uuid,
  p_before_period integer default null,
  p_limit integer default 12,
  p_coming integer default 3
)
  returns table (
    period_index integer,
    part integer,
    starts_at timestamptz,
    ends_at timestamptz,
    kind text,
    amount numeric,
    payment text,
    cutoff_at timestamptz,
    is_editable boolean,
    changes jsonb
  )
  language plpgsql
  stable
  security definer
  set search_path = pg_catalog, pg_temp
  set client_min_messages = warning
as $$
declare
  v_subscription coffee.coffee_subscriptions;
  v_plan         coffee.plans;
  v_editable     integer;
begin
  select s.* into v_subscription from coffee.coffee_subscriptions as s where s.id = p_subscription_id and s.user_id = p_user_id;
  if not found then
    perform platform.fail('subscription_not_found', jsonb_build_object('subscription_id', p_subscription_id));
  elsif (p_limit between 0 and 120 and p_coming between 0 and 36) is not true then
    perform platform.fail('coffee_argument_invalid', jsonb_build_object(
      'argument', case when p_limit between 0 and 120 then 'p_coming' else 'p_limit' end,
      'value', case when p_limit between 0 and 120 then p_coming else p_limit end,
      'problem', case when p_limit between 0 and 120 then 'it is 0 to 36' else 'it is 0 to 120' end
    ));
  end if;
  select p.* into strict v_plan from coffee.plans as p where p.id = v_subscription.plan_id;
  v_editable := coffee._editable_period(v_subscription, platform.now());

  return query
  with coming as (
    select c.*
    from coffee._coming_periods(v_subscription, p_coming) as c
    where p_before_period is null
  ), listed as (
    select
      b.period_index, b.part::integer as part, lower(b.period) as starts_at, upper(b.period) as ends_at, b.kind, b.amount,
      j.status as payment
    from (
      select b.*
      from coffee.billing_periods as b
      where b.subscription_id = v_subscription.id and b.period_index < coalesce(p_before_period, 2147483647)
      order by b.period_index desc, b.part desc
      limit p_limit
    ) as b
    left join coffee.billing_jobs as j on j.period_id = b.id
    union all
    select c.period_index, 1, c.starts_at, c.ends_at, c.kind, c.amount, null
    from coming as c
  )
  select
    l.period_index, l.part, l.starts_at, l.ends_at, l.kind, l.amount, l.payment,
    coffee._time_before(l.starts_at, v_plan.cutoff, v_subscription.time_zone),
    l.kind in ('coming', 'skip') and l.period_index >= v_editable and v_subscription.status not in ('pending_cancel', 'cancelled'),
    coalesce((
      select jsonb_agg(
        jsonb_strip_nulls(jsonb_build_object(
          'change_id', c.id, 'kind', c.kind, 'coffee_id', c.coffee_id, 'unit', c.unit, 'quantity', c.quantity,
          'unit_price', c.unit_price, 'replaces_coffee_id', c.replaces_coffee_id
        ))
        order by c.id
      )
      from coffee.period_changes as c
      where c.subscription_id = v_subscription.id and c.period_index = l.period_index
    ), '[]')
  from listed as l
  order by l.period_index desc, l.part desc;
end;
$$;

comment on function coffee.list_periods(uuid, uuid, integer, integer, integer) is $$
The periods of a subscription, latest first: those to come, then those that were billed, in pages.
p_subscription_id: the subscription.
p_user_id: whose it is.
p_before_period: the last period_index of the page before, whose parts are all shown only where p_limit allows; null for the first page,
which is the one with the coming periods.
p_limit: rows of what was billed, 120 at most.
p_coming: how many coming periods, 36 at most. There are none after an end or a pause.
Returns: rows: period_index; part (of one that was cut); starts_at, ends_at; kind (coming, skip (will be skipped), or as in
billing_periods);
amount (what was charged, or will be as things stand); payment (status of the bill); cutoff_at (until when it can be changed);
is_editable; changes (what was said about it: [{"change_id", "kind", …}]).
Errors: MF002 coffee_argument_invalid, MF020 subscription_not_found.
$$;
