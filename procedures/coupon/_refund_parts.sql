-- A line is refunded by number, by amount, or what is left of it. All become parts of quantity * amount, so that nothing is divided before
-- it is rounded.

create or replace function coupon._refund_parts(p_order jsonb, p_lines jsonb, p_refunded jsonb)
  returns jsonb
  language plpgsql
  stable
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_whole   constant boolean := coalesce(p_order -> 0 -> 'id' = 'null', false);
  v_parts   jsonb;
  v_problem text;
begin
  if jsonb_typeof(p_lines) <> 'array' or jsonb_typeof(p_refunded) <> 'array' then
    v_problem := 'they are not a list';
  else
    select case
      when jsonb_typeof(a.line) <> 'object' then 'a line is not an object'
      when not v_whole and not exists (select from jsonb_array_elements(p_order) as o (line) where o.line ->> 'id' = a.line ->> 'id')
        then format('the order has no line %s', coalesce(a.line ->> 'id', 'without id'))
      when v_whole and not a.line ? 'amount' then 'the order has no lines: say the amount'
      when a.line ? 'amount' and a.line ? 'quantity' then 'a line has a quantity or an amount'
      when a.line ? 'amount' and not coalesce(jsonb_path_match(a.line, 'strict $.amount >= 0 && $.amount <= 9999999999999', '{}', true), false)
        then 'an amount is a number, 0 or more'
      when a.line ? 'quantity' and (
        not coalesce(jsonb_path_match(a.line, 'strict $.quantity >= 0 && $.quantity <= 1000000', '{}', true), false)
        or jsonb_path_exists(a.line, '$.quantity ? (@.floor() != @)')
      ) then 'a quantity is a whole number, 0 or more'
    end into v_problem
    from jsonb_array_elements(p_lines || p_refunded) as a (line)
    order by 1
    limit 1;
  end if;

  if v_problem is null then
    -- of each line: how much of it was refunded before (old) and is with this (new), as a part of 1
    with given as (
      select case when not v_whole then g.line ->> 'id' end as id, g.line, g.now
      from (
        select x.line, true as now from jsonb_array_elements(p_lines) as x (line)
        union all
        select x.line, false from jsonb_array_elements(p_refunded) as x (line)
      ) as g
    ), summed as (
      select
        o.number, o.id, o.amount, coalesce(o.quantity, 1) as quantity, o.quantity is not null as counted,
        coalesce(sum((g.line ->> 'quantity')::numeric) filter (where not g.now), 0) as old_quantity,
        coalesce(sum((g.line ->> 'amount')::numeric) filter (where not g.now), 0) as old_amount,
        coalesce(sum((g.line ->> 'quantity')::numeric) filter (where g.now), 0) as quantity_now,
        coalesce(sum((g.line ->> 'amount')::numeric) filter (where g.now), 0) as amount_now,
        coalesce(bool_or(not g.line ?| array['quantity', 'amount']) filter (where not g.now), false) as old_all,
        coalesce(bool_or(not g.line ?| array['quantity', 'amount']) filter (where g.now), false) as all_now
      from rows from (jsonb_to_recordset(p_order) as (id text, quantity numeric, amount numeric)) with ordinality
        as o (id, quantity, amount, number)
      left join given as g on g.id is not distinct from o.id
      group by o.number, o.id, o.amount, o.quantity
    ), before as (
      select s.*,
        case when s.old_all then s.quantity * s.amount else s.old_quantity * s.amount + s.old_amount * s.quantity end as old_part
      from summed as s
    ), parts as (
      select b.*,
        case when b.all_now then greatest(b.old_part, b.quantity * b.amount)
          else b.old_part + b.quantity_now * b.amount + b.amount_now * b.quantity end as new_part
      from before as b
    )
    select
      jsonb_agg(jsonb_build_object(
        'id', p.id, 'amount', p.amount, 'of', p.quantity * p.amount, 'old', p.old_part, 'new', p.new_part,
        'quantity', case when p.counted then p.quantity end,
        'quantity_left', case when p.counted then
          case when p.old_all or p.all_now then 0 else p.quantity - p.old_quantity - p.quantity_now end
        end
      ) order by p.number),
      max(case when p.new_part > p.quantity * p.amount then format('line %s is refunded more than once', coalesce(p.id, 'amount')) end)
    into v_parts, v_problem
    from parts as p;
  end if;

  if v_problem is not null then
    perform platform.fail('refund_line_invalid', jsonb_build_object('problem', v_problem));
  end if;
  return v_parts;
end;
$$;

comment on function coupon._refund_parts(jsonb, jsonb, jsonb) is $$
How much of each line of an order is refunded.
p_order: the lines of the order, from coupon._read_lines.
p_lines: what is refunded now, see coupon.refund_share.
p_refunded: what was refunded before.
Returns: for each line, in their order, {"id", "amount", "quantity" (null when the order has no lines), "quantity_left", "of", "old",
"new"}: old of "of" parts were refunded before, new of them are with this.
Errors: MC039 refund_line_invalid.
$$;
