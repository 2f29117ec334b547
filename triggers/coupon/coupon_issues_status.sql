-- What a coupon's status may become is listed in sql/coupon/transitions.sql. That it is also true is looked up here: held and used
-- coupons have the reservation that says so, all others have none that is open, and the columns agree with the status. So raw SQL can
-- neither use a coupon without an order nor give a used one back while its order still counts. The values are compared here and not in
-- constraints of the table, which every issuing call would pay for.

create or replace function coupon._coupon_issues_status()
  returns trigger
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_problem text;
begin
  if new.status in ('RESERVED', 'USED') then
    if (new.user_id, new.used_at is null) is distinct from (old.user_id, new.status = 'RESERVED') or new.reserved_at is null then
      v_problem := 'its columns say otherwise';
    elsif not exists (
      select
      from coupon.coupon_reservations as r
      where r.reservation_id = new.reservation_id
        and r.coupon_id = new.id
        and r.order_id = new.order_id
        and r.user_id = new.user_id
        and r.status = case new.status when 'USED' then 'CONFIRMED' else 'PENDING' end
    ) then
      v_problem := 'no reservation says so';
    end if;
  elsif num_nonnulls(new.used_at, new.reserved_at, new.order_id, new.reservation_id) > 0 then
    v_problem := 'its columns say otherwise';
  elsif exists (
    select from coupon.coupon_reservations as r where r.coupon_id = new.id and r.status in ('PENDING', 'CONFIRMED')
  ) then
    v_problem := 'an open reservation has it';
  end if;

  if v_problem is null and (new.id, new.policy_id, new.coupon_number) is distinct from (old.id, old.policy_id, old.coupon_number) then
    v_problem := 'id, policy and number are for good';
  end if;
  if v_problem is not null then
    perform platform.fail('coupon_state_refused',
      jsonb_build_object('coupon_id', old.id, 'status', new.status, 'problem', v_problem));
  end if;
  return new;
end;
$$;

comment on function coupon._coupon_issues_status() is $$
Trigger function: refuses a coupon whose status its reservations and its other columns do not bear out.
Returns: the new row.
Errors: MC024 coupon_state_refused.
$$;

-- Triggers fire by name: what the status may become first, whether it is true second.
create or replace trigger coupon_issues_status
  before update on coupon.coupon_issues
  for each row
  execute function platform.check_transition('coupon.coupon_issues', 'status');

create or replace trigger coupon_issues_status_holds
  before update on coupon.coupon_issues
  for each row
  execute function coupon._coupon_issues_status();
