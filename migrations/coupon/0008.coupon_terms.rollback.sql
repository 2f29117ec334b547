-- What people made is not deleted unasked (docs/deploying.md, Rollback).
do $$
declare
  v_lost text;
begin
  lock table coupon.coupon_policies, coupon.coupon_reservations in access exclusive mode;
  select string_agg(format('%s (%s)', d.what, d.number), ', ') into v_lost
  from (values
    ('policies with terms', (
      select count(*)
      from coupon.coupon_policies as p
      where p.discount_type not in ('FIXED_AMOUNT', 'PERCENTAGE')
        or (p.currency, p.duration, p.priority, p.exclusive, p.rules) <> ('KRW', 'ONCE', 0, false, '[]')
        or p.stack_group is not null
    )),
    ('quotes of reservations', (select count(r.quote) from coupon.coupon_reservations as r))
  ) as d (what, number)
  where d.number > 0;
  if v_lost is not null and current_setting('moadb.discard', true) is distinct from 'on' then
    raise exception 'the rollback of 0008.coupon_terms would delete %', v_lost
      using errcode = 'object_not_in_prerequisite_state',
        hint = 'Save it first; with PGOPTIONS=''-c moadb.discard=on'' the rollback deletes it (docs/deploying.md, Rollback).';
  end if;
end;
$$;

drop table coupon.order_stacks;
alter table coupon.coupon_reservations
  drop constraint coupon_reservations_amounts_check,
  add constraint coupon_reservations_amounts_check check (discount_amount between 0 and order_amount),
  drop column quote,
  drop column stack_group,
  drop column exclusive,
  drop column shipping_amount;
comment on column coupon.coupon_reservations.order_amount is 'Order total before the discount.';
comment on column coupon.coupon_reservations.discount_amount is 'Discount granted; never more than order_amount.';
alter table coupon.coupon_policies
  drop constraint coupon_policies_discount_type_check,
  add constraint coupon_policies_discount_type_check check (discount_type in ('FIXED_AMOUNT', 'PERCENTAGE')),
  drop constraint coupon_policies_discount_value_check,
  add constraint coupon_policies_discount_value_check check (discount_value > 0),
  drop constraint coupon_policies_percentage_check,
  add constraint coupon_policies_percentage_check check (discount_type <> 'PERCENTAGE' or discount_value <= 100),
  drop column has_terms,
  drop column rules,
  drop column stack_group,
  drop column exclusive,
  drop column priority,
  drop column duration_cycles,
  drop column duration,
  drop column get_quantity,
  drop column buy_quantity,
  drop column currency_exponent,
  drop column currency;
comment on column coupon.coupon_policies.discount_type is 'FIXED_AMOUNT (discount_value is money) or PERCENTAGE (discount_value is per cent).';
comment on column coupon.coupon_policies.discount_value is 'Amount, or per cent from more than 0 to 100.';
comment on column coupon.coupon_policies.minimum_order_amount is 'Orders below it get no discount.';
drop function coupon._rules_valid(jsonb);
drop function coupon._is_text_list(jsonb);
