-- The anchor is not touched: periods begin where they always would have. What went by while the subscription was past due is due now, by
-- the plan's catch_up; what went by while it was unpaid, or past due with no grace any more, and nobody had access, is not charged.

create or replace function coffee._end_past_due(p_subscription_id uuid)
  returns boolean
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_from text;
begin
  select case when s.grace_until is null then 'unpaid' else s.status end into v_from
  from coffee.coffee_subscriptions as s
  where s.id = p_subscription_id
    and s.status in ('past_due', 'unpaid')
    and not exists (
      select
      from coffee.billing_jobs as j
      where j.period_id in (select b.id from coffee.billing_periods as b where b.subscription_id = s.id)
        and (j.status = 'failed' and j.completed_at >= s.past_due_since or j.failures > 0 and j.status in ('retrying', 'processing'))
    );
  if not found then
    return false;
  end if;

  if v_from = 'unpaid' then
    perform coffee._bill_subscriptions(array[p_subscription_id], platform.now(), true);
  end if;

  update coffee.coffee_subscriptions as s
  set status = case when s.cancel_at is not null then 'pending_cancel' else 'active' end, past_due_since = null, grace_until = null
  where s.id = p_subscription_id;
  return true;
end;
$$;

comment on function coffee._end_past_due(uuid) is $$
Let a subscription that is past due or unpaid go on, when no bill of it is left that has failed.
p_subscription_id: the subscription; the caller has locked it.
Returns: whether it goes on by this call.
Locks: the subscription and its user's row.
$$;
