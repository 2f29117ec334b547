create or replace function coupon.resume_policy(p_policy_id bigint)
  returns integer
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_policy coupon.coupon_policies := coupon._lock_policy(p_policy_id);
begin
  if v_policy.closed_at is not null then
    perform platform.fail('coupon_policy_closed', jsonb_build_object('policy_id', p_policy_id, 'closed_at', v_policy.closed_at));
  elsif not v_policy.is_active then
    v_policy := coupon._write_policy(p_policy_id, '{"is_active": true}');
  end if;
  return v_policy.row_version;
end;
$$;

comment on function coupon.resume_policy(bigint) is $$
Issue coupons of a policy that was paused, as far as its window and stock allow.
p_policy_id: the policy.
Returns: its row_version from now on.
Errors: MC001 coupon_argument_missing, MC002 coupon_policy_not_found, MC070 coupon_policy_closed,
MP004 client_ip_invalid.
Locks: the policy's row, until the transaction ends; issuing calls do not wait for it.
$$;
