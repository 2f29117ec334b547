-- What the constraints refuse is a subscription whose state was broken by hand. It must not keep the others from being billed, nor be
-- forgotten: it is told to the administrators once.

create or replace function coffee._bill_one_by_one(p_subscription_ids uuid[], p_at timestamptz)
  returns bigint
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_id      uuid;
  v_count   bigint := 0;
  v_problem text;
  v_code    text;
begin
  foreach v_id in array p_subscription_ids loop
    begin
      perform
      from coffee.coffee_subscriptions as s
      where s.id = v_id
        and s.status = 'active'
        and s.pause_at is null
        and not s.is_change_unpaid
        and (s.pending_plan_period > s.next_period) is not false
        and s.next_billing_at <= p_at
      for no key update skip locked;
      if found then
        v_count := v_count + coffee._bill_subscriptions(array[v_id], p_at);
      end if;
    exception
      when integrity_constraint_violation or data_exception then
        get stacked diagnostics v_code = returned_sqlstate, v_problem = message_text;
        perform coffee._report_refusal(v_id, p_at, v_code, v_problem);
    end;
  end loop;
  return v_count;
end;
$$;

comment on function coffee._bill_one_by_one(uuid[], timestamptz) is $$
Bill subscriptions each for itself, because together a constraint refused them. One that it refuses alone, too, is left as it is, and a task
of the topic coffee.billing_refused says so, once for each period.
p_subscription_ids: the subscriptions.
p_at: until when.
Returns: how many periods were handled.
Errors: none for what is in the rows.
Locks: each subscription; one that is locked by another session is passed over.
$$;
