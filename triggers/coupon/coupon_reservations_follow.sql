-- The reservation is the truth about who has a coupon, and the coupon follows it: the two cannot come apart, whoever writes.
-- The transition is refused before, the coupon is written after; the coupon's own trigger looks back here.

create or replace function coupon._coupon_reservations_follow()
  returns trigger
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
begin
  if tg_op = 'UPDATE' then
    if (new.reservation_id, new.coupon_id, new.user_id, new.order_id)
      is distinct from (old.reservation_id, old.coupon_id, old.user_id, old.order_id)
    then
      perform platform.fail('reservation_fixed', jsonb_build_object('reservation_id', old.reservation_id));
    elsif new.status = old.status then
      return null;
    end if;
  end if;

  if new.status in ('PENDING', 'CONFIRMED') then
    update coupon.coupon_issues as i
    set status = case new.status when 'PENDING' then 'RESERVED' else 'USED' end,
      reserved_at = new.reserved_at,
      used_at = case new.status when 'CONFIRMED' then new.confirmed_at end,
      order_id = new.order_id,
      reservation_id = new.reservation_id
    where i.id = new.coupon_id;
  else
    update coupon.coupon_issues as i
    set status = case when i.expiry_date > platform.now() then 'ISSUED' else 'EXPIRED' end,
      reserved_at = null,
      used_at = null,
      order_id = null,
      reservation_id = null
    where i.id = new.coupon_id and i.reservation_id = new.reservation_id;
  end if;
  return null;
end;
$$;

comment on function coupon._coupon_reservations_follow() is $$
Trigger function: write to the coupon what its reservation says: PENDING → RESERVED, CONFIRMED → USED, otherwise free again, as
ISSUED or, after its time, EXPIRED.
Returns: null (after trigger).
Errors: MC025 reservation_fixed (another id, coupon, user or order).
Locks: the coupon's row.
$$;

create or replace trigger coupon_reservations_follow_status
  before update on coupon.coupon_reservations
  for each row
  execute function platform.check_transition('coupon.coupon_reservations', 'status');

create or replace trigger coupon_reservations_follow
  after insert or update on coupon.coupon_reservations
  for each row
  execute function coupon._coupon_reservations_follow();
