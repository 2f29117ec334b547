-- All that the engine takes from outside is looked at here, once, so that nothing after it meets a number where it expects a list.

create or replace function coupon._read_lines(p_order_amount numeric, p_context jsonb)
  returns jsonb
  language plpgsql
  stable
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_problem text;
  v_lines   jsonb;
begin
  if jsonb_typeof(p_context) <> 'object' then
    v_problem := 'it is not an object';
  elsif pg_column_size(p_context) > 1000000 then
    v_problem := 'it has more than 1,000,000 bytes';
  elsif exists (
    select
    from jsonb_each(p_context) as c
    where c.key = 'shipping' and jsonb_typeof(c.value) <> 'null'
      and not coalesce(jsonb_path_match(c.value, 'strict $ >= 0 && $ <= 9999999999999', '{}', true), false)
  ) then
    v_problem := 'shipping is an amount, 0 or more';
  elsif scale(trim_scale((p_context ->> 'shipping')::numeric)) > 2 then
    v_problem := 'shipping has 2 decimals at most';
  elsif coalesce(jsonb_typeof(p_context -> 'lines'), 'null') = 'null' then
    return jsonb_build_array(jsonb_build_object('id', null, 'amount', trunc(p_order_amount, 2)));
  elsif jsonb_typeof(p_context -> 'lines') <> 'array' or jsonb_array_length(p_context -> 'lines') > 1000 then
    v_problem := 'lines is a list of up to 1,000';
  else
    select format('line %s: %s', l.number, l.problem) into v_problem
    from (
      select r.number, case
        when jsonb_typeof(r.line) <> 'object' then 'it is not an object'
        when not coalesce(jsonb_path_match(r.line, 'strict $.quantity >= 1 && $.quantity <= 1000000', '{}', true), not r.line ? 'quantity')
          or jsonb_path_exists(r.line, '$.quantity ? (@.floor() != @)')
          then 'quantity is a whole number from 1 to 1,000,000'
        when (r.line ? 'amount') = (r.line ? 'price') then 'it has an amount, or the price of one'
        when not coalesce(jsonb_path_match(
          coalesce(r.line -> 'amount', r.line -> 'price'), 'strict $ >= 0 && $ <= 9999999999999', '{}', true
        ), false)
          then 'an amount is a number, 0 or more'
        when scale(trim_scale((coalesce(r.line -> 'amount', r.line -> 'price'))::numeric)) > 2 then 'an amount has 2 decimals at most'
        when r.line ? 'categories' and r.line -> 'categories' <> '[]' and not coupon._is_text_list(r.line -> 'categories')
          then 'categories is a list of strings'
        when jsonb_typeof(coalesce(r.line -> 'id', r.line -> 'product', '1')) not in ('string', 'number')
          then 'id and product are strings or numbers'
      end as problem
      from jsonb_array_elements(p_context -> 'lines') with ordinality as r (line, number)
    ) as l
    where l.problem is not null
    order by l.number
    limit 1;
  end if;

  if v_problem is null then
    select coalesce(
      jsonb_agg(
        jsonb_build_object(
          'id', coalesce(r.line ->> 'id', r.line ->> 'product', r.number::text),
          'product', r.line ->> 'product',
          'categories', coalesce(r.line -> 'categories', '[]'),
          'quantity', coalesce((r.line -> 'quantity')::integer, 1),
          'amount', coalesce((r.line -> 'amount')::numeric, (r.line -> 'price')::numeric * coalesce((r.line -> 'quantity')::integer, 1))
        )
        order by r.number
      ),
      '[]'
    ) into v_lines
    from jsonb_array_elements(p_context -> 'lines') with ordinality as r (line, number);

    select case
      when count(distinct l.id) < count(*) then 'two lines have the same id'
      when coalesce(sum(l.amount), 0) <> p_order_amount
        then format('the lines sum to %s, the order amount is %s', coalesce(sum(l.amount), 0), p_order_amount)
    end into v_problem
    from jsonb_to_recordset(v_lines) as l (id text, amount numeric);
  end if;

  if v_problem is not null then
    perform platform.fail('coupon_context_invalid', jsonb_build_object('problem', v_problem));
  end if;
  return v_lines;
end;
$$;

comment on function coupon._read_lines(numeric, jsonb) is $$
Check the context of an order and take its lines from it.
p_order_amount: what the goods cost before discounts.
p_context: as in coupon.quote_coupon.
Returns: the lines in their order, each {"id", "product", "categories", "quantity", "amount"}; where the context has none, one line without
id and quantity that is worth the order amount.
Errors: MC031 coupon_context_invalid, which says what is wrong with it.
$$;
