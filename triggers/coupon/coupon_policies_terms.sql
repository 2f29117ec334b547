-- has_terms is kept here and not computed by each reservation, which reads it with the policy.

create or replace function coupon._coupon_policies_terms()
  returns trigger
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_problem text;
begin
  select coalesce((select c.exponent from platform.currencies as c where c.code = new.currency), new.currency_exponent)
  into new.currency_exponent;

  if new.currency_exponent > 2 then
    v_problem := format('amounts in %s have %s decimals, and coupons have room for 2', new.currency, new.currency_exponent);
  elsif new.discount_type not in ('PERCENTAGE', 'BUY_X_GET_Y') and scale(trim_scale(new.discount_value)) > new.currency_exponent
    or scale(trim_scale(new.minimum_order_amount)) > new.currency_exponent
    or scale(trim_scale(new.max_discount_amount)) > new.currency_exponent
  then
    v_problem := format('amounts in %s have %s decimals', new.currency, new.currency_exponent);
  end if;
  if v_problem is not null then
    perform platform.fail('coupon_amounts_invalid', jsonb_build_object('coupon_code', new.coupon_code, 'problem', v_problem));
  end if;

  new.has_terms := new.discount_type not in ('FIXED_AMOUNT', 'PERCENTAGE')
    or new.currency <> 'KRW'
    or new.rules <> '[]'
    or new.max_redemptions is distinct from 1
    or new.duration <> 'ONCE'
    or new.exclusive
    or new.stack_group is not null
    or exists (select from coupon.policy_limits as l where l.policy_id = new.id);
  return new;
end;
$$;

comment on function coupon._coupon_policies_terms() is $$
Trigger function: take the currency's decimals from platform.currencies, refuse amounts that have more, and mark policies whose coupons
need the quote engine.
Returns: the new row.
Errors: MC036 coupon_amounts_invalid.
$$;

create or replace trigger coupon_policies_terms
  before insert or update of
    discount_type, discount_value, minimum_order_amount, max_discount_amount, currency, currency_exponent, exclusive, stack_group, rules,
    max_redemptions, duration, has_terms
  on coupon.coupon_policies
  for each row
  execute function coupon._coupon_policies_terms();
