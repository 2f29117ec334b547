-- People type what they read or paste what they got: full-width letters of an Asian keyboard, dashes that a text program made of
-- hyphens, blanks that come with a selection. A code that is written exactly so wins; otherwise hyphens are left out on both sides, and
-- when two codes are the same without them it is neither.

create or replace function coupon._find_code(p_coupon_code text)
  returns coupon.policy_codes
  language plpgsql
  stable
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_typed text;
  v_code  coupon.policy_codes;
begin
  if length(p_coupon_code) > 200 then
    return null;
  end if;
  v_typed := lower(translate(
    normalize(p_coupon_code, nfkc), e'\u2010\u2012\u2013\u2014\u2212 \t\r\n\u200b\ufeff', '-----'
  ) collate "C");

  select c.* into v_code from coupon.policy_codes as c where lower(c.code collate "C") = v_typed;
  if found then
    return v_code;
  end if;

  v_typed := translate(v_typed, '-', '');
  select c.* into v_code
  from coupon.policy_codes as c
  where lower(translate(c.code, '-', '') collate "C") = v_typed
    and not exists (
      select
      from coupon.policy_codes as o
      where lower(translate(o.code, '-', '') collate "C") = v_typed and o.id <> c.id
    );
  return v_code;
end;
$$;

comment on function coupon._find_code(text) is $$
Find a code as people type it: case, blanks and, unless two codes differ in nothing else, hyphens do not matter; full-width letters
and other dashes are read as what they look like.
p_coupon_code: what was typed.
Returns: the row of policy_codes; null when there is none, or p_coupon_code is null or longer than 200 characters.
$$;
