create or replace function coupon._refuse_reservation(
  p_user_id bigint, p_order_id text, p_order_amount numeric, p_ttl interval, p_context jsonb
)
  returns void
  language plpgsql
  stable
  set search_path = pg_catalog, pg_temp
as $$
begin
  if num_nulls(p_user_id, p_order_id, p_order_amount, p_ttl, p_context) > 0 then
    perform platform.fail('coupon_argument_missing', jsonb_build_object('argument', case
      when p_user_id is null then 'p_user_id'
      when p_order_id is null then 'p_order_id'
      when p_order_amount is null then 'p_order_amount'
      when p_ttl is null then 'p_ttl'
      else 'p_context'
    end));
  elsif length(p_order_id) not between 1 and 50 then
    perform platform.fail('coupon_argument_invalid', jsonb_build_object('argument', 'p_order_id', 'value', p_order_id));
  elsif p_order_amount < 0 or p_order_amount > 9999999999999 then
    perform platform.fail('coupon_argument_invalid', jsonb_build_object('argument', 'p_order_amount', 'value', p_order_amount::text));
  end if;
  perform platform.fail('coupon_argument_invalid', jsonb_build_object('argument', 'p_ttl', 'value', p_ttl));
end;
$$;

comment on function coupon._refuse_reservation(bigint, text, numeric, interval, jsonb) is $$
Raise the error that says what is wrong with the arguments of coupon.reserve_coupon, one of which is.
p_user_id: as given.
p_order_id: as given.
p_order_amount: as given.
p_ttl: as given.
p_context: as given.
Returns: never.
Errors: MC001 coupon_argument_missing, MC011 coupon_argument_invalid.
$$;
