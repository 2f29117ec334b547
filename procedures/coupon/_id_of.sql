-- Numbers are typed by people: case, blanks and hyphens do not matter.

create or replace function coupon._id_of(p_coupon_number text, p_secret bigint)
  returns bigint
  language plpgsql
  immutable
  strict
  parallel safe
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_number text := upper(translate(p_coupon_number, ' -', ''));
  v_value  bigint;
  v_id     bigint;
begin
  if v_number !~ '^CPN[0-9A-F]{14}[0-9A-HJ-NP-RT-X]$' then
    return null;
  end if;

  v_value := ('x' || lpad(substr(v_number, 4, 14), 16, '0'))::bit(64)::bigint;
  if substr('0123456789ABCDEFGHJKLMNPQRTUVWX', (v_value % 31)::integer + 1, 1) <> right(v_number, 1) then
    return null;
  end if;

  v_id := coupon._unscramble(v_value, p_secret);
  return case when v_id < 1::bigint << 53 then v_id end;
end;
$$;

comment on function coupon._id_of(text, bigint) is $$
The coupon id behind a coupon number; the inverse of coupon._number_of(coupon._scramble(id)).
p_coupon_number: as the user typed it; case, blanks and hyphens do not matter.
p_secret: coupon.number_key.secret.
Returns: bigint; null when the number is malformed, mistyped or null. The coupon need not exist.
$$;
