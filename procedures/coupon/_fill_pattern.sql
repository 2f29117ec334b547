-- 31 characters without look-alikes (no 0, O, 1, I, L). A byte of 248 or more is passed over, because 256 is no multiple of 31, and the
-- first eight characters would come more often. As 31 is prime and no two weights are the same, every single wrong character and every
-- swap of two changes the check character: who mistypes one code does not get somebody else's.
-- A loop, because the same in one query takes longer: it is called once for each code.

create or replace function coupon._fill_pattern(p_pattern text, p_random bytea)
  returns text
  language plpgsql
  immutable
  strict
  parallel safe
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_parts text[] := string_to_array(p_pattern, '#');
  v_code  text := v_parts[1];
  v_sum   integer := 0;
  v_next  integer := 0;
  v_digit integer;
begin
  for v_place in 1 .. cardinality(v_parts) - 2 loop
    loop
      if v_next = length(p_random) then
        return null;
      end if;
      v_digit := get_byte(p_random, v_next);
      v_next := v_next + 1;
      exit when v_digit < 248;
    end loop;
    v_digit := v_digit % 31;
    v_sum := v_sum + v_place * v_digit;
    v_code := v_code || substr('23456789ABCDEFGHJKMNPQRSTUVWXYZ', v_digit + 1, 1) || v_parts[v_place + 1];
  end loop;
  return v_code || substr('23456789ABCDEFGHJKMNPQRSTUVWXYZ', v_sum % 31 + 1, 1) || v_parts[cardinality(v_parts)];
end;
$$;

comment on function coupon._fill_pattern(text, bytea) is $$
Make a code of a pattern. All places but the last are random, the last is a check character: the sum of place times value of the others,
modulo 31.
p_pattern: places are #, 2 to 24 of them; what else is in it stays.
p_random: random bytes; 32 are enough, but for one time in a billion.
Returns: the code; null when the bytes were not enough, or an argument is null.
$$;
