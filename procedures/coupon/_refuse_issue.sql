-- Which rule refuses is worked out only when one does, so that the call that succeeds does not pay for it.

create or replace function coupon._refuse_issue(p_policy_id bigint, p_user_id bigint, p_at timestamptz)
  returns void
  language plpgsql
  stable
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_policy coupon.coupon_policies;
  v_detail jsonb := jsonb_build_object('policy_id', p_policy_id);
begin
  if p_policy_id is null or p_user_id is null then
    perform platform.fail('coupon_argument_missing',
      jsonb_build_object('argument', case when p_policy_id is null then 'p_policy_id' else 'p_user_id' end));
  end if;

  select p.* into v_policy from coupon.coupon_policies as p where p.id = p_policy_id;
  if not found then
    perform platform.fail('coupon_policy_not_found', v_detail);
  elsif v_policy.closed_at is not null then
    perform platform.fail('coupon_policy_closed', v_detail || jsonb_build_object('closed_at', v_policy.closed_at));
  elsif not v_policy.is_active then
    perform platform.fail('coupon_policy_inactive', v_detail);
  elsif p_at < v_policy.issue_start_date then
    perform platform.fail('coupon_issue_not_started', v_detail || jsonb_build_object('starts_at', v_policy.issue_start_date));
  elsif p_at >= v_policy.issue_end_date then
    perform platform.fail('coupon_issue_ended', v_detail || jsonb_build_object('ended_at', v_policy.issue_end_date));
  end if;
end;
$$;

comment on function coupon._refuse_issue(bigint, bigint, timestamptz) is $$
Raise the error that says why the policy issues nothing at an instant, stock and per-user limit aside.
p_policy_id: the policy.
p_user_id: the user.
p_at: the instant.
Returns: nothing, and only when no rule refuses.
Errors: MC001 coupon_argument_missing, MC002 coupon_policy_not_found, MC003 coupon_policy_inactive, MC004 coupon_issue_not_started,
MC005 coupon_issue_ended, MC070 coupon_policy_closed.
$$;
