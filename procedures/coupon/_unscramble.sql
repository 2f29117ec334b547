-- The rounds of coupon._scramble, backwards.

create or replace function coupon._unscramble(p_value bigint, p_secret bigint)
  returns bigint
  language plpgsql
  immutable
  strict
  parallel safe
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_left  bigint := p_value >> 28;
  v_right bigint := p_value & 268435455;
begin
  v_right := v_right # (hashint8extended(v_left, p_secret # 4) & 268435455);
  v_left := v_left # (hashint8extended(v_right, p_secret # 3) & 268435455);
  v_right := v_right # (hashint8extended(v_left, p_secret # 2) & 268435455);
  v_left := v_left # (hashint8extended(v_right, p_secret # 1) & 268435455);
  return v_left << 28 | v_right;
end;
$$;

comment on function coupon._unscramble(bigint, bigint) is $$
Decipher what coupon._scramble made.
p_value: 0 to 2^56 - 1.
p_secret: coupon.number_key.secret.
Returns: bigint, 0 to 2^56 - 1; null when an argument is null.
$$;
