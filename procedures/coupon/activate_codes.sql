create or replace function coupon.activate_codes(p_policy_id bigint, p_codes text[])
  returns bigint
  language sql
  security definer
  set search_path = pg_catalog, pg_temp
as $$
  select coupon._switch_codes(p_policy_id, p_codes, true)
$$;

comment on function coupon.activate_codes(bigint, text[]) is $$
Accept codes of a policy again.
p_policy_id: the policy.
p_codes: the codes; case does not matter. All are switched on, or none.
Returns: how many were not on before.
Errors: MC001 coupon_argument_missing, MC066 coupon_code_not_found when one is not a code of the policy.
Locks: the rows of the codes, by ascending id, until the transaction ends.
$$;
