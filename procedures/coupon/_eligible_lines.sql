create or replace function coupon._eligible_lines(p_rules jsonb, p_lines jsonb)
  returns boolean[]
  language sql
  immutable
  parallel safe
  set search_path = pg_catalog, pg_temp
as $$
  select coalesce(
    array_agg(
      not exists (
        select
        from jsonb_array_elements(p_rules) as r (rule)
        where case r.rule ->> 'rule'
          when 'products' then
            r.rule ? 'include' and (r.rule -> 'include' ? (l.line ->> 'product')) is not true
            or r.rule -> 'exclude' ? (l.line ->> 'product')
          when 'categories' then
            r.rule ? 'include' and not r.rule -> 'include' ?| c.categories
            or r.rule -> 'exclude' ?| c.categories
        end
      )
      order by l.number
    ),
    '{}'
  )
  from jsonb_array_elements(p_lines) with ordinality as l (line, number)
  cross join lateral (
    select coalesce(array_agg(e.name), '{}') as categories from jsonb_array_elements_text(l.line -> 'categories') as e (name)
  ) as c
$$;

comment on function coupon._eligible_lines(jsonb, jsonb) is $$
Which lines of an order a coupon is about: those that all its rules on products and categories let through.
p_rules: of the policy.
p_lines: from coupon._read_lines.
Returns: true or false for each line, in their order.
$$;
