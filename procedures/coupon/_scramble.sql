-- Four Feistel rounds over 56 bits, keyed by 64 secret bits: one to one, so numbers made from ids are as unique as the
-- ids. The round function is the hash that hash partitioning stands on, so it stays the same between versions of PostgreSQL; SHA-256
-- in its place made a number cost nearly twice as much (docs/performance.md). It keeps numbers from being guessed; it is not made to
-- keep the key from somebody who has numbers together with their ids.

create or replace function coupon._scramble(p_value bigint, p_secret bigint)
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
  v_left := v_left # (hashint8extended(v_right, p_secret # 1) & 268435455);
  v_right := v_right # (hashint8extended(v_left, p_secret # 2) & 268435455);
  v_left := v_left # (hashint8extended(v_right, p_secret # 3) & 268435455);
  v_right := v_right # (hashint8extended(v_left, p_secret # 4) & 268435455);
  return v_left << 28 | v_right;
end;
$$;

comment on function coupon._scramble(bigint, bigint) is $$
Encipher a number of 56 bits; coupon._unscramble undoes it.
p_value: 0 to 2^56 - 1.
p_secret: coupon.number_key.secret.
Returns: bigint, 0 to 2^56 - 1; null when an argument is null.
Source: M. Luby and C. Rackoff, How to construct pseudorandom permutations (four rounds).
$$;
