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
