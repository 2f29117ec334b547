create or replace function coupon.quote_coupons(
  p_coupon_numbers text[], p_user_id bigint, p_order_amount numeric, p_context jsonb default '{}'
)
  returns table (
    coupon_number varchar,
    coupon_id bigint,
    applicable boolean,
    discount_amount numeric,
    payable_amount numeric,
    lines jsonb,
    verdicts jsonb
  )
  language plpgsql
  stable
  security definer
  set search_path = pg_catalog, pg_temp
as $$
begin
  if num_nulls(p_user_id, p_order_amount, p_context) > 0 then
    perform platform.fail('coupon_argument_missing', jsonb_build_object('argument', case
      when p_user_id is null then 'p_user_id'
      when p_order_amount is null then 'p_order_amount'
      else 'p_context'
    end));
  elsif p_order_amount < 0 or p_order_amount > 9999999999999 or scale(trim_scale(p_order_amount)) > 2 then
    perform platform.fail('coupon_argument_invalid', jsonb_build_object(
      'argument', 'p_order_amount', 'value', p_order_amount::text, 'problem', 'it is 0 to 9,999,999,999,999, with 2 decimals at most'
    ));
  end if;

  perform coupon._read_lines(p_order_amount, p_context);  -- before the shipping is read

  return query
  select
    i.coupon_number, q.coupon_id, q.applicable, q.discount,
    p_order_amount + coalesce((p_context ->> 'shipping')::numeric, 0) - sum(q.discount) over (),
    q.lines, q.verdicts
  from coupon._quote_stack(
    coupon._find_coupons(p_coupon_numbers), p_user_id, p_context ->> 'order_id', p_order_amount, p_context, false
  ) as q
  join coupon.coupon_issues as i on i.id = q.coupon_id
  order by q.place;
end;
$$;

comment on function coupon.quote_coupons(text[], bigint, numeric, jsonb) is $$
What several coupons would take off one order together. Nothing is held or written.
Coupons are applied to what those before them have left: on items first (FIXED_PRICE, BUY_X_GET_Y, and all that name products or
categories), then on the order, then on the shipping, then gift balances; the higher coupon_policies.priority first. When not all of them
go together (exclusive, stack_group), the combination that saves the user most is taken; among equal ones the one with fewer coupons, then
the one of higher priority, then of older coupons. A coupon that would take nothing off is not spent.
p_coupon_numbers: up to ten, each once.
p_user_id: who wants to use them.
p_order_amount: what the goods cost before discounts, without shipping, with two decimals at most.
p_context: as in coupon.quote_coupon. With "order_id", coupons that the order holds and that are not among these stay as they were
quoted: these are priced for what they have left, and must go together with them.
Returns: a row for each coupon, in the order of the numbers: applicable; discount_amount, 0 when it does not apply; payable_amount, what
is left to pay of goods and shipping when all that apply are used, the same in every row; lines and verdicts as in coupon.quote_coupon.
Errors: MC001 coupon_argument_missing, MC011 coupon_argument_invalid, MC012 coupon_not_found, MC031 coupon_context_invalid.
$$;
