-- An end or a pause lies where the next period would begin (coffee_subscriptions_pending_cancel_check, coffee_subscriptions_pause_check), a
-- change of plan where its period does, so the index of what is due finds them all. They are few beside the bills, and each is the work
-- of a routine of its own: one by one, and what one of them runs into keeps none of the others waiting.

create or replace function coffee._follow_clock(p_at timestamptz, p_limit integer)
  returns bigint
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_id      uuid;
  v_row     coffee.coffee_subscriptions;
  v_count   bigint := 0;
  v_code    text;
  v_problem text;
begin
  for v_id in
    select s.id
    from coffee.coffee_subscriptions as s
    where s.status in ('active', 'pending_cancel')
      and s.next_billing_at <= p_at
      and (s.status = 'pending_cancel' or s.pause_at is not null or s.pending_plan_period <= s.next_period)
    union all
    select s.id
    from coffee.coffee_subscriptions as s
    where s.status = 'paused' and s.resume_at is not null and s.resume_at <= p_at
  loop
    begin
      select s.* into v_row
      from coffee.coffee_subscriptions as s
      where s.id = v_id
        and (
          s.status = 'paused' and s.resume_at <= p_at
          or s.next_billing_at <= p_at
          and (s.status = 'pending_cancel' or s.status = 'active' and (s.pause_at is not null or s.pending_plan_period <= s.next_period))
        )
      for no key update skip locked;
      continue when not found;

      if v_row.status = 'paused' then
        perform coffee._resume(v_id, greatest(v_row.resume_at, v_row.paused_at));
      elsif v_row.status = 'pending_cancel' then
        perform coffee._end_subscription(v_id, v_row.cancel_at);
      elsif v_row.pause_at is not null then
        perform coffee._pause(v_id, v_row.pause_at);
      else
        perform coffee._begin_plan(v_id);
      end if;
      v_count := v_count + 1;
      exit when v_count >= p_limit;
    exception
      when integrity_constraint_violation or data_exception then
        get stacked diagnostics v_code = returned_sqlstate, v_problem = message_text;
        perform coffee._report_refusal(v_id, p_at, v_code, v_problem);
    end;
  end loop;
  return v_count;
end;
$$;

comment on function coffee._follow_clock(timestamptz, integer) is $$
Let what was said for a time take effect: ends and pauses at the end of what was billed, changes of plan, resumptions.
p_at: until when.
p_limit: how many at most.
Returns: how many subscriptions were changed; each may have become due.
Locks: the subscriptions, passing over those that are locked; then their bills, boxes and stock, and the rows of their users.
$$;
