create or replace function coupon.pause_policy(p_policy_id bigint)
  returns integer
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_policy coupon.coupon_policies := coupon._lock_policy(p_policy_id);
begin
  if v_policy.is_active then
    v_policy := coupon._write_policy(p_policy_id, '{"is_active": false}');
  end if;
  return v_policy.row_version;
end;
$$;

comment on function coupon.pause_policy(bigint) is $$
Issue nothing of a policy until coupon.resume_policy; coupons that are issued stay valid. One that is paused or closed stays so. A call
that has read the policy before this one commits may still end.
p_policy_id: the policy.
Returns: its row_version from now on.
Errors: MC001 coupon_argument_missing, MC002 coupon_policy_not_found, MP004 client_ip_invalid.
Locks: the policy's row, until the transaction ends; issuing calls do not wait for it.
$$;
