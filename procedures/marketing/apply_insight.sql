-- Until its outcome is measured it stands, so that the same is not told again before anybody can know whether it helped.

create or replace function marketing.apply_insight(p_insight_id bigint)
  returns date
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
  set client_min_messages = warning
as $$
declare
  v_insight marketing.insights := marketing._require_insight(p_insight_id, 'user');
  v_due     date;
begin
  if v_insight.is_applied then
    return v_insight.outcome_due;
  elsif v_insight.dismissed_at is not null then
    perform platform.fail('insight_decided',
      jsonb_build_object('insight_id', p_insight_id, 'state', 'dismissed', 'operation', 'apply'));
  end if;

  select (platform.now() at time zone a.time_zone)::date + v_insight.outcome_days + 1 into v_due
  from marketing.marketing_accounts as a
  where a.id = v_insight.marketing_account_id and v_insight.campaign_id is not null and v_insight.metric is not null;

  update marketing.insights as i
  set is_applied = true,
    is_read = true,
    applied_at = platform.now(),
    decided_by = marketing._acting_user(),
    outcome_due = v_due,
    expires_at = greatest(i.expires_at, platform.now() + make_interval(days => i.outcome_days + 2))
  where i.id = p_insight_id;
  return v_due;
end;
$$;

comment on function marketing.apply_insight(bigint) is $$
Note that the workspace has done what an insight says. Its figures stay as they were, and what became of them is measured
(marketing.measure_outcomes). The same again changes nothing.
p_insight_id: the insight; it may have expired.
Returns: the day of the account on which the outcome is due; null when there is nothing to measure: it is of no campaign, or of no metric.
Errors: MM002 not_permitted, MM003 acting_user_required, MM110 insight_not_found, MM111 insight_decided; MM001 workspace_not_found when
the member leaves at the same time.
Locks: the insight.
$$;
