create or replace function coffee._check_delivery(p_shipping_address jsonb, p_preferred_delivery_day integer)
  returns void
  language plpgsql
  stable
  set search_path = pg_catalog, pg_temp
as $$
begin
  if jsonb_typeof(p_shipping_address) <> 'object' or p_shipping_address = '{}' then
    perform platform.fail('coffee_argument_invalid', jsonb_build_object(
      'argument', 'p_shipping_address', 'value', p_shipping_address, 'problem', 'it is a JSON object that is not empty'
    ));
  elsif p_preferred_delivery_day not between 1 and 28 then
    perform platform.fail('coffee_argument_invalid', jsonb_build_object(
      'argument', 'p_preferred_delivery_day', 'value', p_preferred_delivery_day, 'problem', 'it is 1 to 28'
    ));
  end if;
end;
$$;

comment on function coffee._check_delivery(jsonb, integer) is $$
Check where and when boxes are to go.
p_shipping_address: a JSON object.
p_preferred_delivery_day: a day that every month has; null: none preferred.
Errors: MF002 coffee_argument_invalid.
$$;
