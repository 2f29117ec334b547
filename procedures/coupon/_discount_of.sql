-- round(numeric) takes halves away from zero. Won has no minor unit, so a percentage is rounded to whole won.

create or replace function coupon._discount_of(
  p_discount_type text, p_discount_value numeric, p_max_discount_amount numeric, p_order_amount numeric
)
  returns numeric
  language sql
  immutable
  parallel safe
  return least(
    p_order_amount,
    p_max_discount_amount,
    case p_discount_type when 'FIXED_AMOUNT' then p_discount_value else round(p_order_amount * p_discount_value / 100) end
  );

comment on function coupon._discount_of(text, numeric, numeric, numeric) is $$
What a coupon takes off an order.
p_discount_type: FIXED_AMOUNT or PERCENTAGE.
p_discount_value: won, or per cent.
p_max_discount_amount: the most it takes off, in won; null: no such cap.
p_order_amount: order total before the discount, in won.
Returns: won, at most the order amount; a percentage is rounded to whole won, halves up.
Source: specification 002, discount_type, max_discount_amount.
$$;
