-- What was refunded before is given in, so that shares are differences of running totals: however a line is refunded, piece by piece or at
-- once, its shares sum to its discount.

create or replace function coupon.refund_share(
  p_order_id text,
  p_user_id bigint,
  p_lines jsonb,
  p_refunded jsonb default '[]',
  out refund_amount numeric,
  out discount_share numeric,
  out lines jsonb,
  out coupons jsonb
)
  language plpgsql
  stable
  security definer
  set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
  v_last    coupon.coupon_reservations;
  v_order   jsonb;
  v_whole   boolean;
  v_parts   jsonb;
  v_left    jsonb;
  v_amount  numeric;
  v_digits  integer;
begin
  if num_nulls(p_order_id, p_user_id, p_lines, p_refunded) > 0 then
    perform platform.fail('coupon_argument_missing', jsonb_build_object('argument', case
      when p_order_id is null then 'p_order_id'
      when p_user_id is null then 'p_user_id'
      when p_lines is null then 'p_lines'
      else 'p_refunded'
    end));
  end if;

  -- the order as it was reserved: the latest word that says what its lines are
  select r.* into v_last
  from coupon.coupon_reservations as r
  where r.order_id = p_order_id and r.user_id = p_user_id and r.status in ('PENDING', 'CONFIRMED')
  order by coalesce(jsonb_typeof(r.context -> 'lines'), 'null') = 'array' desc, r.reserved_at desc, r.reservation_id desc
  limit 1;
  if not found then
    perform platform.fail('order_without_coupons', jsonb_build_object('order_id', p_order_id, 'user_id', p_user_id));
  end if;
  v_whole := coalesce(jsonb_typeof(v_last.context -> 'lines'), 'null') <> 'array';
  v_order := coupon._read_lines(v_last.order_amount, case when v_whole then '{}' else v_last.context end);
  select greatest(
    max(p.currency_exponent), (select max(scale(trim_scale(o.amount))) from jsonb_to_recordset(v_order) as o (amount numeric))
  ) into v_digits
  from coupon.coupon_reservations as r
  join coupon.coupon_issues as i on i.id = r.coupon_id
  join coupon.coupon_policies as p on p.id = i.policy_id
  where r.order_id = p_order_id and r.user_id = p_user_id and r.status in ('PENDING', 'CONFIRMED');

  v_parts := coupon._refund_parts(v_order, p_lines, p_refunded);

  -- Of each line, up to before and up to now: its price, of that what was paid, and of the rest the share of each coupon. Each is rounded
  -- from whole coins of the one before by a rate of 1 at most, so none of them ever falls while more is refunded.
  with recursive granted as materialized (
    select
      r.reservation_id, r.coupon_id, i.coupon_number, i.policy_id, r.context, r.reserved_at, r.discount_amount,
      row_number() over (order by r.coupon_id, r.reservation_id) as place,
      coupon._lines_left(v_order, jsonb_build_array(jsonb_build_object(
        'goods', r.discount_amount - coalesce((r.quote ->> 'shipping')::numeric, 0), 'lines', r.quote -> 'lines'
      ))) as after
    from coupon.coupon_reservations as r
    join coupon.coupon_issues as i on i.id = r.coupon_id
    where r.order_id = p_order_id and r.user_id = p_user_id and r.status in ('PENDING', 'CONFIRMED')
  ), discounts as materialized (
    select g.place, p.number, p.amount - a.amount as discount
    from granted as g
    cross join lateral unnest(g.after) with ordinality as a (amount, number)
    join rows from (jsonb_to_recordset(v_parts) as (amount numeric)) with ordinality as p (amount, number) on p.number = a.number
  ), prices as materialized (
    select
      p.number, p.id, p.amount, p.quantity_left,
      coalesce(round(p.amount * p.old / nullif(p.of, 0), v_digits), 0) as old,
      coalesce(round(p.amount * p.new / nullif(p.of, 0), v_digits), 0) as new,
      coalesce((select sum(d.discount) from discounts as d where d.number = p.number), 0) as discount
    from rows from (jsonb_to_recordset(v_parts) as (
      id text, amount numeric, quantity_left numeric, of numeric, old numeric, new numeric
    )) with ordinality as p (id, amount, quantity_left, of, old, new, number)
  ), paid as materialized (
    select p.*, n.old_paid, n.new_paid
    from prices as p
    cross join lateral (
      select
        coalesce(round(p.old * greatest(p.amount - p.discount, 0) / nullif(p.amount, 0), v_digits), 0) as old_paid,
        coalesce(round(p.new * greatest(p.amount - p.discount, 0) / nullif(p.amount, 0), v_digits), 0) as new_paid
    ) as n
  ), shares as (
    select
      p.number, 0::bigint as place, p.discount as rest, p.old - p.old_paid as old_rest, p.new - p.new_paid as new_rest,
      0::numeric as old, 0::numeric as new
    from paid as p
    union all
    select s.number, d.place, s.rest - d.discount, s.old_rest - x.old, s.new_rest - x.new, x.old, x.new
    from shares as s
    join discounts as d on d.number = s.number and d.place = s.place + 1
    cross join lateral (
      select
        coalesce(round(s.old_rest * d.discount / nullif(s.rest, 0), v_digits), 0) as old,
        coalesce(round(s.new_rest * d.discount / nullif(s.rest, 0), v_digits), 0) as new
    ) as x
  )
  select
    coalesce(sum(p.new_paid - p.old_paid), 0),
    coalesce(sum(p.new - p.old - (p.new_paid - p.old_paid)), 0),
    coalesce(
      jsonb_agg(
        jsonb_build_object(
          'id', p.id, 'amount', p.new - p.old, 'discount', p.new - p.old - (p.new_paid - p.old_paid), 'refund', p.new_paid - p.old_paid
        )
        order by p.number
      ) filter (where p.new > p.old),
      '[]'
    ),
    coalesce(sum(p.amount - p.new), 0),
    case when not v_whole then (
      select jsonb_agg(
        o.line || jsonb_build_object('amount', l.amount - l.new, 'quantity', l.quantity_left) order by l.number
      )
      from jsonb_array_elements(v_order) with ordinality as o (line, number)
      join paid as l on l.number = o.number
      where l.amount > l.new and l.quantity_left > 0
    ) end,
    (
      select jsonb_agg(
        jsonb_build_object(
          'coupon_number', g.coupon_number, 'reservation_id', g.reservation_id, 'policy_id', g.policy_id, 'context', g.context,
          'reserved_at', g.reserved_at, 'discount_amount', g.discount_amount,
          'discount_share', coalesce((select sum(s.new - s.old) from shares as s where s.place = g.place), 0),
          'discount_left', g.discount_amount - coalesce((select sum(s.new) from shares as s where s.place = g.place), 0)
        )
        order by g.place
      )
      from granted as g
    )
  into refund_amount, discount_share, lines, v_amount, v_left, coupons
  from paid as p;

  -- what each coupon would be worth for what remains, by itself
  v_left := case when v_whole then coupon._read_lines(v_amount, '{}') else coalesce(v_left, '[]') end;
  select jsonb_agg(
    c.coupon - '{policy_id,context,reserved_at}'::text[] || jsonb_build_object(
      'discount_now', case when f.refused is null then t.discount else 0 end,
      'still_applies', f.refused is null,
      'refused', coalesce(f.refused, '[]')
    )
    order by c.number
  ) into coupons
  from jsonb_array_elements(coupons) with ordinality as c (coupon, number)
  join coupon.coupon_policies as p on p.id = (c.coupon ->> 'policy_id')::bigint
  cross join lateral (select coupon._eligible_lines(p.rules, v_left) as eligible) as e
  cross join lateral (
    select jsonb_agg(v.verdict) as refused
    from jsonb_array_elements(coupon._judge_terms(
      p, v_left, e.eligible, v_amount, c.coupon -> 'context', (c.coupon ->> 'reserved_at')::timestamptz
    )) as v (verdict)
    where v.verdict -> 'verdict' = 'false'
  ) as f
  cross join lateral coupon._price_lines(
    p, v_left, e.eligible,
    (select coalesce(array_agg((l.line ->> 'amount')::numeric order by l.number), '{}')
     from jsonb_array_elements(v_left) with ordinality as l (line, number)),
    case jsonb_typeof(c.coupon -> 'context' -> 'shipping') when 'number' then (c.coupon -> 'context' ->> 'shipping')::numeric else 0 end,
    (c.coupon ->> 'discount_amount')::numeric
  ) as t;
end;
$$;

comment on function coupon.refund_share(text, bigint, jsonb, jsonb) is $$
What a customer gets back for part of an order: what was really paid for it, that is its price less its share of the discounts. Nothing is
written; coupon.rollback_order gives the coupons of a whole order back.
p_order_id: the order, with coupons held or used.
p_user_id: whose order it is.
p_lines: what is refunded now: [{"id": "1", "quantity": 1}, …], ids as in the context of the reservation; without quantity all of the
line; "amount" in its place: that much of its price. When the order was reserved without lines: [{"amount": 50}].
p_refunded: what was refunded before, in the same form. Given so, the shares of a line sum to its discount in the end.
Returns: one row. refund_amount: what the customer gets. discount_share: what was taken off it. lines: [{"id", "amount", "discount",
"refund"}, …]. coupons, for each coupon of the order: [{"coupon_number", "reservation_id", "discount_amount" (granted), "discount_share" (of
this refund), "discount_left" (of what remains of the order), "discount_now" (what it would take off what remains, by itself),
"still_applies", "refused" (the rules that what remains fails, such as the minimum amount)}, …]: whether to ask for the difference between
discount_left and discount_now is the shop's decision. The share of a gift balance is the customer's own money, and nothing books a part
of it back to the coupon: the shop pays it out or issues a new one; coupon.rollback_order gives all of it back.
Errors: MC001 coupon_argument_missing, MC031 coupon_context_invalid (the lines that were reserved with do not sum to the order's amount),
MC038 order_without_coupons, MC039 refund_line_invalid.
$$;
