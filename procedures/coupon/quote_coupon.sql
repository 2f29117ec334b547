create or replace function coupon.quote_coupon(
  p_coupon_number text,
  p_user_id bigint,
  p_order_amount numeric,
  p_context jsonb default '{}',
  out discount_amount numeric,
  out payable_amount numeric,
  out applicable boolean,
  out verdicts jsonb,
  out lines jsonb
)
  language plpgsql
  stable
  security definer
  set search_path = pg_catalog, pg_temp
as $$
begin
  if num_nulls(p_coupon_number, p_user_id, p_order_amount, p_context) > 0 then
    perform platform.fail('coupon_argument_missing', jsonb_build_object('argument', case
      when p_coupon_number is null then 'p_coupon_number'
      when p_user_id is null then 'p_user_id'
      when p_order_amount is null then 'p_order_amount'
      else 'p_context'
    end));
  elsif p_order_amount < 0 or p_order_amount > 9999999999999 or scale(trim_scale(p_order_amount)) > 2 then
    perform platform.fail('coupon_argument_invalid', jsonb_build_object(
      'argument', 'p_order_amount', 'value', p_order_amount::text, 'problem', 'it is 0 to 9,999,999,999,999, with 2 decimals at most'
    ));
  end if;

  select q.discount, q.applicable, q.verdicts, q.lines
  into discount_amount, applicable, verdicts, lines
  from coupon._quote_stack(
    array[coupon._find_coupon(p_coupon_number)], p_user_id, p_context ->> 'order_id', p_order_amount, p_context, true
  ) as q;
  payable_amount := p_order_amount + coalesce((p_context ->> 'shipping')::numeric, 0) - discount_amount;
end;
$$;

comment on function coupon.quote_coupon(text, bigint, numeric, jsonb) is $$
What a coupon would take off an order, and why. Nothing is held or written.
p_coupon_number: as the user typed it; case, blanks and hyphens do not matter.
p_user_id: who wants to use it.
p_order_amount: what the goods cost before discounts, without shipping, in the currency of the coupon, 0 to 9,999,999,999,999,
with two decimals at most.
p_context: what else is known about the order, an object; all of it may be missing, and a rule that needs what is missing fails:
  "lines": [{"id": "1", "product": "sku-7", "categories": ["shoes"], "quantity": 2, "amount": 30000}, …]: amount is for the whole line;
    "price" in its place is for one. They sum to p_order_amount. Without id the product, or else the position, names the line.
  "shipping": 3000: what shipping costs, on top of p_order_amount; "currency": "KRW"; "first_order": true; "channel": "app";
  "segment": "vip" or a list; "attributes": {"device": "…", "age": 30, …}: for rules and limits on attributes;
  "order_id": the order, if it has one: what it holds is not held against it.
Returns: one row. discount_amount: 0 when it does not apply. payable_amount: goods and shipping less the discount. applicable: whether
coupon.reserve_coupon would accept it. verdicts: every rule and limit, [{"rule", its operands, "actual", "verdict", and where the verdict
is false "reason", "error" and "sqlstate" of what coupon.reserve_coupon would raise}, …]. lines: the discount split over the lines of the
context, [{"id", "amount", "discount"}, …], summing to discount_amount less what is taken off the shipping.
Errors: MC001 coupon_argument_missing, MC011 coupon_argument_invalid, MC012 coupon_not_found, MC031 coupon_context_invalid.
$$;
