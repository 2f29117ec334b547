-- Four Feistel rounds over 56 bits with SHA-256 as round function: one to one, so numbers made from ids are as unique as the ids,
-- and without the secret not told from random (Luby and Rackoff, 1988). The inverse runs the rounds backwards.

create or replace function coupon._scramble(p_value bigint, p_secret bytea, p_backwards boolean default false)
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
  v_old   bigint;
  v_hash  bytea;
begin
  for v_round in 0..3 loop
    v_hash := sha256(p_secret || int8send(v_right * 4 + case when p_backwards then 3 - v_round else v_round end));
    v_old := v_right;
    v_right := v_left # (
      (get_byte(v_hash, 0)::bigint << 20) | (get_byte(v_hash, 1) << 12) | (get_byte(v_hash, 2) << 4) | (get_byte(v_hash, 3) & 15)
    );
    v_left := v_old;
  end loop;
  return v_right << 28 | v_left;
end;
$$;

comment on function coupon._scramble(bigint, bytea, boolean) is $$
Encipher or decipher a number of 56 bits.
p_value: 0 to 2^56 - 1.
p_secret: the key, coupon.number_key.secret.
p_backwards: true deciphers.
Returns: bigint, 0 to 2^56 - 1; null when an argument is null.
Source: M. Luby and C. Rackoff, How to construct pseudorandom permutations (four rounds).
$$;
