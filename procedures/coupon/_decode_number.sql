-- The inverse of coupon._scramble over the digits of a number, and nothing else: whoever calls it compares the number with that of the
-- coupon it finds, which settles whether it was well formed. Checking that first would cost more than the rest.

create or replace function coupon._decode_number(p_coupon_number text, p_secret bigint)
  returns bigint
  language plpgsql
  immutable
  strict
  parallel safe
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_right bigint;
  v_left  bigint;
begin
  begin
    v_right := ('x' || substr(p_coupon_number, 4, 14))::bit(56)::bigint;
  exception
    when invalid_text_representation then
      return null;
  end;

  v_left := v_right >> 28;
  v_right := v_right & 268435455 # (hashint8extended(v_left, p_secret # 4) & 268435455);
  v_left := v_left # (hashint8extended(v_right, p_secret # 3) & 268435455);
  v_right := v_right # (hashint8extended(v_left, p_secret # 2) & 268435455);
  return (v_left # (hashint8extended(v_right, p_secret # 1) & 268435455)) << 28 | v_right;
end;
$$;

comment on function coupon._decode_number(text, bigint) is $$
The id that a coupon number stands for, if it is one.
p_coupon_number: as it was issued.
p_secret: coupon.number_key.secret.
Returns: bigint; null for what has no such digits, any value for what is no number: compare it with the number of the coupon found.
$$;
