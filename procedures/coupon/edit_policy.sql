create or replace function coupon.edit_policy(p_policy_id bigint, p_changes jsonb, p_expected_version integer)
  returns integer
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_policy coupon.coupon_policies;
begin
  if p_changes is null or p_expected_version is null then
    perform platform.fail('coupon_argument_missing',
      jsonb_build_object('argument', case when p_changes is null then 'p_changes' else 'p_expected_version' end));
  end if;
  perform coupon._check_terms(p_changes, '{is_active}');

  v_policy := coupon._lock_policy(p_policy_id);
  if v_policy.closed_at is not null then
    perform platform.fail('coupon_policy_closed', jsonb_build_object('policy_id', p_policy_id, 'closed_at', v_policy.closed_at));
  elsif v_policy.row_version <> p_expected_version then
    perform platform.fail('coupon_policy_changed', jsonb_build_object(
      'policy_id', p_policy_id, 'version', v_policy.row_version, 'expected', p_expected_version
    ));
  elsif p_changes <> '{}' then
    v_policy := coupon._write_policy(p_policy_id, p_changes);
  end if;
  return v_policy.row_version;
end;
$$;

comment on function coupon.edit_policy(bigint, jsonb, integer) is $$
Change terms of a policy: all that are given, or none. What a coupon is worth can change until one has been issued; name, code, window,
stock and limit per user later, too; the stock never below what is issued, nor from limited to unlimited or back.
p_policy_id: the policy.
p_changes: a JSON object, column of coupon_policies → new value. Pausing, resuming and closing have functions of their own.
p_expected_version: the row_version that the decision was made on; if somebody has changed the policy since, nothing happens.
Returns: the row_version from now on.
Errors: MC001 coupon_argument_missing, MC002 coupon_policy_not_found, MC008 coupon_limit_fixed, MC009 coupon_limit_below_issued,
MC030 coupon_rules_invalid, MC036 coupon_amounts_invalid, MC070 coupon_policy_closed, MC071 coupon_terms_frozen,
MC072 coupon_term_unknown, MC073 coupon_policy_changed, MC074 coupon_terms_invalid (detail: problem, constraint),
MC075 coupon_code_taken, MP004 client_ip_invalid.
Locks: the policy's row, which issuing calls do not wait for; when stock or worth change, all stripes of its stock, which they do;
when its code changes, others who change the code of a policy wait (advisory lock 19786).
$$;
