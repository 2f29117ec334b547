-- Hexadecimal digits have no look-alikes. The check character is the value modulo 31: 16 and 15 are prime to 31, so every single wrong
-- digit and every swap of neighbours changes it. Takes the enciphered value, not the id, to stay inlinable: an argument that is used
-- twice is only inlined when it is cheap.

create or replace function coupon._number_of(p_value bigint)
  returns varchar
  language sql
  immutable
  strict
  parallel safe
  return 'CPN' || upper(lpad(to_hex(p_value), 14, '0')) || substr('0123456789ABCDEFGHJKLMNPQRTUVWX', (p_value % 31)::integer + 1, 1);

comment on function coupon._number_of(bigint) is $$
The coupon number of an enciphered coupon id: CPN, fourteen hexadecimal digits, a check character.
p_value: coupon._scramble of the id, 0 to 2^56 - 1.
Returns: varchar of 18 characters; null when the argument is null.
$$;
