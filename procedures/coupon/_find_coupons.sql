create or replace function coupon._find_coupons(p_coupon_numbers text[])
  returns bigint[]
  language plpgsql
  stable
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_ids bigint[];
begin
  if array_ndims(p_coupon_numbers) > 1 then
    perform platform.fail('coupon_argument_invalid', '{"argument": "p_coupon_numbers", "value": "(a list of lists)", "problem": "it is a list of strings"}');
  elsif array_position(coalesce(p_coupon_numbers, array[null]), null) is not null then
    perform platform.fail('coupon_argument_missing', '{"argument": "p_coupon_numbers"}');
  elsif cardinality(p_coupon_numbers) > 10 then
    perform platform.fail('coupon_argument_invalid',
      jsonb_build_object('argument', 'p_coupon_numbers', 'value', format('of %s', cardinality(p_coupon_numbers)), 'problem', 'ten at most'));
  end if;

  select coalesce(array_agg(coupon._find_coupon(n.coupon_number) order by n.place), '{}') into v_ids
  from unnest(p_coupon_numbers) with ordinality as n (coupon_number, place);

  if (select count(distinct v.id) from unnest(v_ids) as v (id)) < cardinality(v_ids) then
    perform platform.fail('coupon_argument_invalid', jsonb_build_object(
      'argument', 'p_coupon_numbers', 'value', array_to_string(p_coupon_numbers, ', '), 'problem', 'each coupon once'
    ));
  end if;
  return v_ids;
end;
$$;

comment on function coupon._find_coupons(text[]) is $$
Find coupons by their numbers, without locking them.
p_coupon_numbers: up to ten, each once.
Returns: their ids, in the order of the numbers.
Errors: MC001 coupon_argument_missing, MC011 coupon_argument_invalid (more than ten, one twice, or lists of them), MC012 coupon_not_found.
$$;
