-- What an order's other coupons have been granted stands: it is taken off the lines as it was quoted. A coupon without terms was granted
-- on the whole order, so it is split here as it would have been.

create or replace function coupon._lines_left(p_lines jsonb, p_holds jsonb)
  returns numeric[]
  language plpgsql
  immutable
  parallel safe
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_left   numeric[];
  v_rest   numeric;
  v_whole  numeric;
  v_digits integer;
begin
  select
    coalesce(array_agg(greatest(l.amount - coalesce(d.discount, 0), 0) order by l.number), '{}'),
    coalesce((select sum(h.goods) from jsonb_to_recordset(p_holds) as h (goods numeric)), 0)
      - coalesce(sum(least(d.discount, l.amount)) filter (where d.discount is not null), 0)
  into v_left, v_rest
  from rows from (jsonb_to_recordset(p_lines) as (id text, amount numeric)) with ordinality as l (id, amount, number)
  left join (
    select x.id, sum(x.discount) as discount
    from jsonb_to_recordset(p_holds) as h (lines jsonb)
    cross join lateral jsonb_to_recordset(h.lines) as x (id text, discount numeric)
    group by x.id
  ) as d on d.id = l.id;

  select coalesce(sum(w.amount), 0), max(scale(trim_scale(w.amount))) into v_whole, v_digits from unnest(v_left) as w (amount);
  v_rest := least(v_rest, v_whole);
  if v_rest > 0 then
    v_digits := greatest(v_digits, scale(trim_scale(v_rest)));
    select array_agg(w.amount - w.part order by w.number) into v_left
    from unnest(v_left, platform.allocate(v_rest, v_left, v_digits)) with ordinality as w (amount, part, number);
  end if;
  return v_left;
end;
$$;

comment on function coupon._lines_left(jsonb, jsonb) is $$
What the coupons that an order holds already leave of its lines.
p_lines: from coupon._read_lines.
p_holds: of each coupon {"goods": its discount on the goods, "lines": [{"id", "discount"}, …]}; lines may be missing.
Returns: an amount for each line, 0 or more.
$$;
