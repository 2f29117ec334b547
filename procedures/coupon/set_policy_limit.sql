create or replace function coupon.set_policy_limit(
  p_policy_id bigint,
  p_per text,
  p_maximum numeric,
  p_period text default 'TOTAL',
  p_measure text default 'REDEMPTIONS',
  p_attribute text default null,
  p_zone text default 'Asia/Seoul'
)
  returns bigint
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_id         bigint;
  v_problem    text;
  v_constraint text;
begin
  if num_nulls(p_policy_id, p_per, p_period, p_measure, p_zone) > 0 then
    perform platform.fail('coupon_argument_missing', jsonb_build_object('argument', case
      when p_policy_id is null then 'p_policy_id'
      when p_per is null then 'p_per'
      when p_period is null then 'p_period'
      when p_measure is null then 'p_measure'
      else 'p_zone'
    end));
  end if;
  perform coupon._lock_policy(p_policy_id);

  insert into coupon.policy_limits as l (policy_id, per, attribute, period, zone, measure, maximum)
  values (
    p_policy_id, p_per, p_attribute, p_period, case when p_period = 'TOTAL' then 'Asia/Seoul' else p_zone end, p_measure, p_maximum
  )
  on conflict on constraint policy_limits_what_key do update
  set maximum = excluded.maximum
  returning l.id into v_id;
  return v_id;
exception
  when data_exception or check_violation then
    get stacked diagnostics v_problem = message_text, v_constraint = constraint_name;
    if v_constraint = 'limit_usages_used_check' then
      perform platform.fail('policy_limit_below_used',
        jsonb_build_object('policy_id', p_policy_id, 'per', p_per, 'period', p_period, 'maximum', p_maximum));
    end if;
    perform platform.fail('policy_limit_invalid', jsonb_build_object('problem', v_problem, 'constraint', v_constraint));
end;
$$;

comment on function coupon.set_policy_limit(bigint, text, numeric, text, text, text, text) is $$
Limit how often coupons of a policy are redeemed, or what they cost; or change such a limit.
p_policy_id: the policy.
p_per: POLICY (all of them together), USER (each user), ATTRIBUTE (each value of p_attribute in the context of orders).
p_maximum: the limit. Null: none, but usage is counted; 0: nothing is redeemed. What was never limited is not counted: usage begins at 0
when the limit is made.
p_period: DAY, WEEK (from Monday), MONTH or TOTAL; a limit for each may stand beside the others.
p_measure: REDEMPTIONS, or AMOUNT: the sum of the discounts in the policy's currency, a budget.
p_attribute: ATTRIBUTE: its name, such as device; null for the others.
p_zone: IANA name of the zone in which days, weeks and months begin; a limit in another zone is another limit. Not looked at for TOTAL.
Returns: the limit's id.
Errors: MC001 coupon_argument_missing, MC002 coupon_policy_not_found,
MC040 policy_limit_below_used, MC041 policy_limit_invalid (detail: problem, constraint), MP004 client_ip_invalid.
Locks: the policy's row, the limit's, and all its rows of usage when the maximum changes.
$$;
