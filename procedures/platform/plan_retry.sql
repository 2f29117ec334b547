-- Times are added in UTC, or a day would be 23 or 25 hours where the session's zone changes its clocks.

create or replace function platform.plan_retry(
  p_policy              text,
  p_failures            integer,
  p_first_failed_at     timestamptz,
  p_at                  timestamptz,
  p_is_hard             boolean default false,
  out next_attempt_at   timestamptz,
  out grace_until       timestamptz,
  out is_final          boolean,
  out final_action      text
)
  language plpgsql
  stable
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_retry_after interval[];
begin
  select d.retry_after, (p_first_failed_at at time zone 'UTC' + d.grace) at time zone 'UTC', d.final_action
  into v_retry_after, grace_until, final_action
  from platform.dunning_policies as d
  where d.name = p_policy;
  if not found then
    perform platform.fail('unknown_dunning_policy', jsonb_build_object('policy', p_policy));
  end if;
  if (p_failures >= 1 and p_at >= p_first_failed_at and p_is_hard is not null) is not true then
    perform platform.fail(
      'failure_invalid', jsonb_build_object('failures', p_failures, 'first_failed_at', p_first_failed_at, 'at', p_at, 'is_hard', p_is_hard)
    );
  end if;

  -- of the retries that are left, the first that has not gone by: what was missed is not made up for in a row
  if not p_is_hard then
    select min(s.at) into next_attempt_at
    from unnest(v_retry_after[p_failures:]) as r (after)
    cross join lateral (select (p_first_failed_at at time zone 'UTC' + r.after) at time zone 'UTC' as at) as s
    where s.at > p_at;
  end if;
  is_final := next_attempt_at is null;
end;
$$;

comment on function platform.plan_retry(text, integer, timestamptz, timestamptz, boolean) is $$
What comes after a charge that failed: the next attempt, and what is done at the end of the grace.
A hard decline (stolen card, closed account, no payment method) is never tried again by itself: gateways punish that, and it cannot help.
A retry whose time went by unused is left out. Whoever pays after all, within the grace or later, is the caller's business.
p_policy: name of the policy in platform.dunning_policies.
p_failures: how often this charge has failed by now, this time included: 1 or more.
p_first_failed_at: when it failed first. All steps count from there.
p_at: when it failed this time.
p_is_hard: whether the decline was a hard one.
Returns: next_attempt_at: when to try again; null: not by itself any more. grace_until: to when the service is kept; final_action is due
then. is_final: no attempt follows. final_action: cancel, unpaid or leave.
Errors: MP060 unknown_dunning_policy; MP061 failure_invalid when p_failures is below 1, p_at lies before p_first_failed_at, or one of
them is null.
$$;
