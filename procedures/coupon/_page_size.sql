create or replace function coupon._page_size(p_limit integer, p_most integer)
  returns integer
  language plpgsql
  stable
  set search_path = pg_catalog, pg_temp
as $$
begin
  if p_limit < 1 then
    perform platform.fail('coupon_argument_invalid', jsonb_build_object(
      'argument', 'p_limit', 'value', p_limit, 'problem', 'it is 1 or more'
    ));
  end if;
  return least(p_limit, p_most);
end;
$$;

comment on function coupon._page_size(integer, integer) is $$
How many rows a page has.
p_limit: how many are asked for; null: as many as there may be.
p_most: how many there may be.
Returns: the lesser of the two.
Errors: MC011 coupon_argument_invalid, when p_limit is less than 1.
$$;
