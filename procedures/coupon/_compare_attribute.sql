create or replace function coupon._compare_attribute(p_actual jsonb, p_op text, p_value jsonb)
  returns boolean
  language sql
  immutable
  parallel safe
  set search_path = pg_catalog, pg_temp
as $$
  select case
    when jsonb_typeof(p_actual) = 'object'
      or jsonb_typeof(p_actual) = 'array' and p_op not in ('in', 'not in')
      or jsonb_path_exists(p_actual, 'strict $[*] ? (@.type() == "array" || @.type() == "object")', '{}', true) then null
    when p_op = '=' then p_actual = p_value
    when p_op = '<>' then p_actual <> p_value
    when p_op in ('in', 'not in') then
      (p_op = 'in') = exists (select from jsonb_path_query(p_actual, '$[*]') as s (one) where p_value @> jsonb_build_array(s.one))
    when jsonb_typeof(p_actual) <> jsonb_typeof(p_value) then null
    when p_op = '<' then p_actual < p_value
    when p_op = '<=' then p_actual <= p_value
    when p_op = '>' then p_actual > p_value
    when p_op = '>=' then p_actual >= p_value
  end
$$;

comment on function coupon._compare_attribute(jsonb, text, jsonb) is $$
Compare an attribute of an order with the value in a rule.
p_actual: what the order has: a string, a number, true or false; for in and not in also a list.
p_op: =, <>, <, <=, >, >=, in (of a list: one of it is), not in (none of it is).
p_value: what the rule has; a list for in and not in.
Returns: true or false; null when the two cannot be compared: an order of a number and a string. Strings are compared in the database's
collation.
$$;
