create or replace function coupon._redemptions_of(p_policy coupon.coupon_policies)
  returns integer
  language sql
  immutable
  set search_path = pg_catalog, pg_temp
as $$
  select case
    when p_policy.discount_type = 'GIFT_BALANCE' or p_policy.duration = 'FOREVER' then null
    when p_policy.duration = 'REPEATING' then p_policy.duration_cycles
    else p_policy.max_redemptions
  end
$$;

comment on function coupon._redemptions_of(coupon.coupon_policies) is $$
How many orders may redeem each coupon of a policy.
p_policy: the policy's row.
Returns: integer; null: any number.
$$;
