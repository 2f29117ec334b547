create or replace function coupon._lock_policy(p_policy_id bigint)
  returns coupon.coupon_policies
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_policy coupon.coupon_policies;
begin
  if p_policy_id is null then
    perform platform.fail('coupon_argument_missing', '{"argument": "p_policy_id"}');
  end if;

  select p.* into v_policy from coupon.coupon_policies as p where p.id = p_policy_id for no key update;
  if not found then
    perform platform.fail('coupon_policy_not_found', jsonb_build_object('policy_id', p_policy_id));
  end if;
  return v_policy;
end;
$$;

comment on function coupon._lock_policy(bigint) is $$
Find a policy and lock it. Issuing calls do not wait for that.
p_policy_id: the policy.
Returns: the row of coupon_policies.
Errors: MC001 coupon_argument_missing, MC002 coupon_policy_not_found.
Locks: the policy's row.
$$;
