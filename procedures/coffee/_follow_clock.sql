-- An end or a pause lies where the next period would begin (coffee_subscriptions_pending_cancel_check, coffee_subscriptions_pause_check), a
-- change of plan where its period does, so the index of what is due finds them all. They are few beside the bills, and each is the work
-- of a routine of its own: one by one, and what one of them runs into keeps none of the others waiting.
-- Their users' rows will follow, one of them for several subscriptions; so those are locked with the subscriptions, and nobody waits for
-- either. Then the stock of all boxes that ends release, before the first of them is.

create or replace function coffee._follow_clock(p_at timestamptz, p_ends boolean)
  returns bigint
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_due     uuid[];
  v_paused  uuid[];
  v_row     coffee.coffee_subscriptions;
  v_count   bigint := 0;
  v_code    text;
  v_problem text;
begin
  select array_agg(d.id) into v_due
  from (
    select s.id
    from coffee.coffee_subscriptions as s
    join coffee.users as u on u.id = s.user_id
    where s.status in ('active', 'pending_cancel')
      and s.next_billing_at <= p_at
      and (s.status = 'pending_cancel' and p_ends
        or s.status = 'active' and (s.pause_at is not null or s.pending_plan_period <= s.next_period))
    order by s.next_billing_at, s.id
    for no key update of u, s skip locked
  ) as d;

  select array_agg(d.id) into v_paused
  from (
    select s.id
    from coffee.coffee_subscriptions as s
    join coffee.users as u on u.id = s.user_id
    where s.status = 'paused' and s.resume_at is not null and s.resume_at <= p_at
    order by s.resume_at, s.id
    for no key update of u, s skip locked
  ) as d;

  perform coffee._lock_stock(array(
    select o.id
    from coffee.coffee_subscriptions as s
    join coffee.subscription_orders as o on o.subscription_id = s.id and o.status = 'pending'
    where s.id = any (v_due) and s.status = 'pending_cancel'
  ));

  for v_row in
    select s.*
    from unnest(v_due || v_paused) with ordinality as d (id, place)
    join coffee.coffee_subscriptions as s on s.id = d.id
    order by d.place
  loop
    begin
      if v_row.status = 'paused' then
        perform coffee._resume(v_row.id, greatest(v_row.resume_at, v_row.paused_at));
      elsif v_row.status = 'pending_cancel' then
        perform coffee._end_subscription(v_row.id, v_row.cancel_at);
      elsif v_row.pause_at is not null then
        perform coffee._pause(v_row.id, v_row.pause_at);
      else
        perform coffee._begin_plan(v_row.id);
      end if;
      v_count := v_count + 1;
    exception
      when integrity_constraint_violation or data_exception then
        get stacked diagnostics v_code = returned_sqlstate, v_problem = message_text;
        perform coffee._report_refusal(v_row.id, p_at, v_code, v_problem);
    end;
  end loop;
  return v_count;
end;
$$;

comment on function coffee._follow_clock(timestamptz, boolean) is $$
Let what was said for a time take effect: ends and pauses at the end of what was billed, changes of plan, resumptions.
p_at: until when.
p_ends: with the ends; once in a transaction, because they take stock.
Returns: how many subscriptions were changed; each may have become due.
Locks: the subscriptions and their users' rows, passing over those of which either is locked; then the stock of what ends, as
coffee._lock_stock, and the bills and boxes.
$$;
