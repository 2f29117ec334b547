-- What a coupon's status may become is listed in sql/coupon/transitions.sql. That it is also true is looked up here: held and used
-- coupons have the reservation that says so, all others have none that is open, and the columns agree with the status. So raw SQL can
-- neither use a coupon without an order nor give a used one back while its order still counts.
-- A coupon that is held or used has followed its reservation (triggers/coupon/coupon_reservations_follow.sql), which is also what makes
-- its other columns right: what comes before it fails there, what comes after it finds nothing left to follow. So the reservation is
-- all that is looked up then, in the statement that writes the audit row.
-- The two steps of every checkout do not come here: their functions write coupon, reservation and record whole, and count that in
-- steps_written. Whoever counts it by raw SQL is found by `moadb check`, as with counts_written of a new coupon.
-- updated_at is set where whoever writes did not set it (the name of the trigger is the specification's).

create or replace function coupon._coupon_issues_status()
  returns trigger
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_now     constant timestamptz := case new.updated_at when old.updated_at then platform.now() else new.updated_at end;
  v_problem text;
begin
  if v_now <> new.updated_at then
    update coupon.coupon_issues as i set updated_at = v_now, steps_written = i.steps_written + 1 where i.id = new.id;
  end if;

  if new.status <> old.status and new.status in ('RESERVED', 'USED') then
    insert into coupon.coupon_issue_audit (id, coupon_id, user_id, action, details, client_ip, user_agent, created_at)
    select
      platform.month_id(v_now, nextval('coupon.coupon_issue_audit_id_seq')), new.id, new.user_id, 'STATUS_CHANGED',
      jsonb_object(array[
        'old_status', old.status, 'new_status', new.status, 'order_id', new.order_id, 'reservation_id', new.reservation_id
      ]),
      coupon._audit_address(), coupon._audit_agent(), v_now
    from coupon.coupon_reservations as r
    where r.reservation_id = new.reservation_id
      and r.coupon_id = new.id
      and r.user_id = new.user_id
      and r.status = case new.status when 'USED' then 'CONFIRMED' else 'PENDING' end
      and (new.status = 'USED' or new.redemption_count is not distinct from old.redemption_count);
    if found then
      return null;
    end if;
    perform coupon._check_transition(old.status, new.status);
    v_problem := 'no reservation says so';
  elsif new.status in ('RESERVED', 'USED') then
    if (new.user_id, new.used_at, new.reserved_at, new.order_id, new.reservation_id)
      is distinct from (old.user_id, old.used_at, old.reserved_at, old.order_id, old.reservation_id)
    then
      v_problem := 'its columns say otherwise';
    elsif (new.redemption_count, new.balance) is distinct from (old.redemption_count, old.balance) then
      v_problem := coupon._check_redemptions(new);
    end if;
  else
    perform coupon._check_transition(old.status, new.status);
    if num_nonnulls(new.used_at, new.reserved_at, new.order_id, new.reservation_id) > 0 then
      v_problem := 'its columns say otherwise';
    elsif old.status = 'CANCELLED' and new.user_id <> old.user_id then
      v_problem := 'it is nobody''s any more';
    elsif (new.status, new.user_id, new.redemption_count, new.balance)
      is distinct from (old.status, old.user_id, old.redemption_count, old.balance)
    then
      v_problem := coupon._check_redemptions(new);
    end if;

    if v_problem is null
      and (new.status <> old.status or new.user_id <> old.user_id)
      and (old.status <> 'USED' or new.redemption_count is not distinct from old.redemption_count)  -- rolled back: recorded there
    then
      insert into coupon.coupon_issue_audit (id, coupon_id, user_id, action, details, client_ip, user_agent, created_at)
      select
        platform.month_id(v_now, nextval('coupon.coupon_issue_audit_id_seq')), new.id, new.user_id,
        case when new.status <> old.status then 'STATUS_CHANGED' else 'TRANSFERRED' end,
        jsonb_strip_nulls(jsonb_build_object(
          'old_status', nullif(old.status, new.status),
          'new_status', nullif(new.status, old.status),
          'old_user_id', nullif(old.user_id, new.user_id),
          'new_user_id', nullif(new.user_id, old.user_id),
          'reservation_id', old.reservation_id
        )),
        coupon._audit_address(), coupon._audit_agent(), v_now;
      if new.status = 'CANCELLED' and old.status <> 'CANCELLED' or new.user_id <> old.user_id then
        perform coupon._count_coupon(old, new);
      end if;
    end if;
  end if;

  if v_problem is not null then
    perform platform.fail('coupon_state_refused',
      jsonb_build_object('coupon_id', old.id, 'status', new.status, 'problem', v_problem));
  end if;
  return null;
end;
$$;

comment on function coupon._coupon_issues_status() is $$
Trigger function: refuses a coupon whose status its reservations and its other columns do not bear out, and writes the record of a
change of status or holder to coupon_issue_audit.
Returns: null (after trigger).
Errors: MC024 coupon_state_refused, MP050 transition_refused.
Source: specification 002, audit_coupon_changes, update_updated_at.
$$;

create or replace trigger trigger_update_coupon_issues
  after update on coupon.coupon_issues
  for each row
  when (new.steps_written = old.steps_written)
  execute function coupon._coupon_issues_status();
