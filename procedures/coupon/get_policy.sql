create or replace function coupon.get_policy(p_policy_id bigint)
  returns coupon.coupon_policies
  language plpgsql
  stable
  security definer
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_policy coupon.coupon_policies;
begin
  select p.* into v_policy from coupon.coupon_policies as p where p.id = p_policy_id;
  if not found then
    perform platform.fail('coupon_policy_not_found', jsonb_build_object('policy_id', p_policy_id));
  end if;
  return v_policy;
end;
$$;

comment on function coupon.get_policy(bigint) is $$
A policy as it is, to be shown and edited.
p_policy_id: the policy.
Returns: its row of coupon_policies; current_issue_count as of the last hourly refresh (coupon.v_policy_stock has the exact count).
Errors: MC002 coupon_policy_not_found.
$$;
