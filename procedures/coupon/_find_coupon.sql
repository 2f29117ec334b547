create or replace function coupon._find_coupon(p_coupon_number text)
  returns bigint
  language plpgsql
  stable
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_id bigint;
begin
  select i.id into v_id
  from coupon.coupon_issues as i
  where i.id = (select coupon._id_of(p_coupon_number, k.secret) from coupon.number_key as k)
    and i.coupon_number = upper(translate(p_coupon_number, ' -', ''));

  if not found then
    perform platform.fail('coupon_not_found', jsonb_build_object('coupon_number', p_coupon_number));
  end if;
  return v_id;
end;
$$;

comment on function coupon._find_coupon(text) is $$
Find a coupon by its number, without locking it.
p_coupon_number: as the user typed it; case, blanks and hyphens do not matter.
Returns: its id.
Errors: MC012 coupon_not_found.
$$;
