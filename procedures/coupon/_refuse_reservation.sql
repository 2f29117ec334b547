-- Intervals are compared as if a month had 30 days, whatever their days and months come to together; so it is the end of the hold that is
-- looked at, and one that no calendar has is refused, too.

create or replace function coupon._refuse_reservation(
  p_user_id bigint, p_order_id text, p_order_amount numeric, p_ttl interval, p_context jsonb
)
  returns void
  language plpgsql
  stable
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_now        constant timestamptz := platform.now();
  v_expires_at timestamptz;
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
    perform platform.fail('coupon_argument_invalid', jsonb_build_object(
      'argument', 'p_order_id', 'value', p_order_id, 'problem', 'it has 1 to 50 characters'
    ));
  elsif p_order_amount < 0 or p_order_amount > 9999999999999 or scale(trim_scale(p_order_amount)) > 2 then
    perform platform.fail('coupon_argument_invalid', jsonb_build_object(
      'argument', 'p_order_amount', 'value', p_order_amount::text, 'problem', 'it is 0 to 9,999,999,999,999, with 2 decimals at most'
    ));
  end if;

  begin
    v_expires_at := v_now + p_ttl;
  exception
    when datetime_field_overflow then
      null;
  end;
  if v_expires_at > v_now and v_expires_at <= v_now + interval '30 days' then
    return;
  end if;
  perform platform.fail('coupon_argument_invalid', jsonb_build_object(
    'argument', 'p_ttl', 'value', p_ttl, 'problem', 'it is more than 0, and 30 days at most'
  ));
end;
$$;

comment on function coupon._refuse_reservation(bigint, text, numeric, interval, jsonb) is $$
Raise the error that says what is wrong with the arguments of coupon.reserve_coupon or coupon.reserve_coupons.
p_user_id: as given.
p_order_id: as given.
p_order_amount: as given.
p_ttl: as given.
p_context: as given.
Returns: nothing, and only when nothing is.
Errors: MC001 coupon_argument_missing, MC011 coupon_argument_invalid.
$$;
