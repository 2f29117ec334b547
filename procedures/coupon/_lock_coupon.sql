-- The first step of every call that names a coupon: from its number to its row, locked. A hold that has lapsed is let go here, so that
-- nobody waits for the job that does it.

create or replace function coupon._lock_coupon(p_coupon_number text)
  returns coupon.coupon_issues
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_coupon coupon.coupon_issues;
  v_id     bigint;
begin
  if p_coupon_number is null then
    perform platform.fail('coupon_argument_missing', '{"argument": "p_coupon_number"}');
  end if;

  select coupon._id_of(p_coupon_number, k.secret) into v_id from coupon.number_key as k;
  perform pg_advisory_xact_lock(19782, hashint8(v_id));

  select i.* into v_coupon
  from coupon.coupon_issues as i
  where i.id = v_id
    and i.coupon_number = upper(translate(p_coupon_number, ' -', ''))
  for update;

  if not found then
    perform platform.fail('coupon_not_found', jsonb_build_object('coupon_number', p_coupon_number));
  end if;

  if v_coupon.status = 'RESERVED' then
    update coupon.coupon_reservations as r
    set status = 'EXPIRED'
    where r.reservation_id = v_coupon.reservation_id and r.status = 'PENDING' and r.expires_at <= platform.now();

    if found then
      select i.* into v_coupon from coupon.coupon_issues as i where i.id = v_coupon.id;
    end if;
  end if;
  return v_coupon;
end;
$$;

comment on function coupon._lock_coupon(text) is $$
Find a coupon by its number and lock it. A hold on it that has lapsed is released.
p_coupon_number: as the user typed it; case, blanks and hyphens do not matter.
Returns: the row of coupon_issues.
Errors: MC001 coupon_argument_missing, MC012 coupon_not_found.
Locks: the coupon's advisory lock and row, then that of its lapsed reservation.
$$;
