create or replace function coupon._add_to_quota(p_policy_id bigint, p_user_id bigint, p_limit integer)
  returns void
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
begin
  insert into coupon.coupon_quotas as q (policy_id, user_id, issued)
  select p_policy_id, p_user_id, 1
  where p_limit is distinct from 0
  on conflict (policy_id, user_id) do update
  set issued = q.issued + 1
  where q.issued < p_limit or p_limit is null;

  if not found then
    perform platform.fail('coupon_user_limit_exceeded',
      jsonb_build_object('policy_id', p_policy_id, 'user_id', p_user_id, 'limit', p_limit));
  end if;
end;
$$;

comment on function coupon._add_to_quota(bigint, bigint, integer) is $$
Count one more coupon of a policy for a user.
p_policy_id: the policy.
p_user_id: the user.
p_limit: max_issue_per_user of the policy; null: none.
Returns: nothing.
Errors: MC007 coupon_user_limit_exceeded.
Locks: the user's row of coupon_quotas.
$$;
