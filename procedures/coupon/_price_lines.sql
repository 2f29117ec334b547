-- Discounts on items are rounded line by line, all others once and then split, so that in both cases the parts sum to the whole and no
-- part is more than its line: platform.allocate rounds a share up to the next coin at most, and a line is whole coins.

create or replace function coupon._price_lines(
  p_policy coupon.coupon_policies,
  p_lines jsonb,
  p_eligible boolean[],
  p_left numeric[],
  p_shipping numeric,
  p_balance numeric,
  out discount numeric,
  out shipping numeric,
  out parts numeric[]
)
  language plpgsql
  immutable
  parallel safe
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_weights numeric[];
  v_base    numeric;
  v_digits  integer;
begin
  shipping := 0;

  if p_policy.discount_type = 'FREE_SHIPPING' then
    shipping := trim_scale(least(p_shipping, p_policy.max_discount_amount));
    discount := shipping;
    parts := array_fill(0::numeric, array[cardinality(p_left)]);
    return;
  elsif p_policy.discount_type = 'FIXED_PRICE' then
    select array_agg(
      case when e.eligible then greatest(e.amount - l.quantity * p_policy.discount_value, 0) else 0 end order by e.number
    ) into v_weights
    from unnest(p_eligible, p_left) with ordinality as e (eligible, amount, number)
    join rows from (jsonb_to_recordset(p_lines) as (quantity numeric)) with ordinality as l (quantity, number) on l.number = e.number;
  elsif p_policy.discount_type = 'BUY_X_GET_Y' then
    -- the cheapest units first; a line gives as many of its units as the lines before it have left of the number that is to be given
    with units as (
      select e.number, e.eligible, e.amount, l.quantity,
        sum(l.quantity) filter (where e.eligible) over () as total,
        coalesce(sum(l.quantity) filter (where e.eligible) over (
          order by e.amount / l.quantity, e.number rows between unbounded preceding and 1 preceding
        ), 0) as before
      from unnest(p_eligible, p_left) with ordinality as e (eligible, amount, number)
      join rows from (jsonb_to_recordset(p_lines) as (quantity numeric)) with ordinality as l (quantity, number) on l.number = e.number
    ), given as (
      select u.*, case when u.eligible then
        greatest(least(div(u.total, p_policy.buy_quantity + p_policy.get_quantity) * p_policy.get_quantity - u.before, u.quantity), 0)
      else 0 end as units
      from units as u
    )
    select array_agg(
      least(g.amount, round(g.amount * g.units * p_policy.discount_value / (g.quantity * 100), p_policy.currency_exponent))
      order by g.number
    ) into v_weights
    from given as g;
  else
    select array_agg(case when e.eligible then e.amount else 0 end order by e.number) into v_weights
    from unnest(p_eligible, p_left) with ordinality as e (eligible, amount, number);
  end if;

  select coalesce(sum(w.weight), 0) into v_base from unnest(v_weights) as w (weight);
  discount := trim_scale(least(v_base, p_policy.max_discount_amount, case p_policy.discount_type
    when 'FIXED_AMOUNT' then p_policy.discount_value
    when 'PERCENTAGE' then round(v_base * p_policy.discount_value / 100, p_policy.currency_exponent)
    when 'GIFT_BALANCE' then p_balance
    else v_base
  end));

  select greatest(p_policy.currency_exponent, scale(discount), max(scale(trim_scale(w.weight)))) into v_digits
  from unnest(v_weights) as w (weight);
  parts := platform.allocate(discount, coalesce(v_weights, '{}'), v_digits);
end;
$$;

comment on function coupon._price_lines(coupon.coupon_policies, jsonb, boolean[], numeric[], numeric, numeric) is $$
What a coupon takes off an order, and off each of its lines.
p_policy: its policy.
p_lines: from coupon._read_lines.
p_eligible: from coupon._eligible_lines.
p_left: what other coupons have left of each line.
p_shipping: what they have left of the shipping.
p_balance: GIFT_BALANCE: what is left of it; null for all other types.
Returns: discount, at most what it applies to, and where it is a part of that rounded to the currency's unit, halves up;
shipping, the part of it that is taken off the shipping; parts, what is taken off each line. discount = shipping + the sum of parts.
$$;
