create or replace function marketing._check_attribution(p_model text, p_lookback interval)
  returns void
  language plpgsql
  stable
  set search_path = pg_catalog, pg_temp
as $$
begin
  if (p_model in ('first', 'last', 'linear', 'position', 'time_decay')) is not true then
    perform platform.fail('marketing_argument_invalid', jsonb_build_object(
      'argument', 'p_model', 'value', p_model, 'problem', 'it is first, last, linear, position or time_decay'
    ));
  elsif (p_lookback > interval '0' and p_lookback <= interval '2 years') is not true then
    perform platform.fail('marketing_argument_invalid', jsonb_build_object(
      'argument', 'p_lookback', 'value', p_lookback, 'problem', 'it is more than nothing, two years at most'
    ));
  end if;
end;
$$;

comment on function marketing._check_attribution(text, interval) is $$
Check by which rule and how far back visits are given a share of orders.
p_model: first, last, linear, position or time_decay.
p_lookback: how long before an order.
Errors: MM005 marketing_argument_invalid.
$$;
