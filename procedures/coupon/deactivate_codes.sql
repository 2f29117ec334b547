create or replace function coupon.deactivate_codes(p_policy_id bigint, p_codes text[])
  returns bigint
  language sql
  security definer
  set search_path = pg_catalog, pg_temp
as $$
  select coupon._switch_codes(p_policy_id, p_codes, false)
$$;

comment on function coupon.deactivate_codes(bigint, text[]) is $$
Accept codes of a policy no longer; coupons that were claimed by them stay valid. The policy's own code may be among them: then its
coupons are claimed by its other codes alone.
p_policy_id: the policy.
p_codes: the codes; case does not matter. All are switched off, or none.
Returns: how many were not off before.
Errors: MC001 coupon_argument_missing, MC066 coupon_code_not_found when one is not a code of the policy.
Locks: the rows of the codes, by ascending id, until the transaction ends.
$$;
