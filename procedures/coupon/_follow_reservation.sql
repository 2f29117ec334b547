-- Everything that may happen to a reservation, in full; what else the order holds and then limits last, in the order of locks. A
-- reservation that was paid once (confirmed_at) and rolled back is over for good. A coupon that may be redeemed again is free after its
-- payment; one that is rolled back, or paid late, while another order holds it stays that order's.

create or replace function coupon._follow_reservation(p_old coupon.coupon_reservations, p_new coupon.coupon_reservations)
  returns void
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_now     constant timestamptz := platform.now();
  v_coupon  coupon.coupon_issues;
  v_policy  coupon.coupon_policies;
  v_count   integer;
  v_balance numeric;
  v_limit   integer;
  v_status  varchar;
  v_action  varchar;
  v_problem text;
begin
  if (
    p_new.discount_amount between 0 and p_new.order_amount + p_new.shipping_amount
    and p_new.shipping_amount >= 0
    and p_new.expires_at > p_new.reserved_at
    and isfinite(p_new.reserved_at)
    and isfinite(p_new.expires_at)
  ) is not true
    or 'NaN' in (p_new.order_amount, p_new.shipping_amount)
  then
    perform platform.fail('reservation_amounts_refused', jsonb_build_object(
      'reservation_id', p_new.reservation_id, 'order_amount', p_new.order_amount, 'discount_amount', p_new.discount_amount,
      'reserved_at', p_new.reserved_at, 'expires_at', p_new.expires_at
    ));
  elsif p_new.confirmed_at <> p_old.confirmed_at or p_new.confirmed_at is null and p_old.confirmed_at is not null then
    perform platform.fail('reservation_fixed', jsonb_build_object('reservation_id', p_old.reservation_id));
  elsif p_new.status <> p_old.status and p_old.status <> 'CONFIRMED' and p_old.confirmed_at is not null then
    perform platform.fail('reservation_rolled_back',
      jsonb_build_object('reservation_id', p_old.reservation_id, 'order_id', p_old.order_id));
  elsif p_new.status <> p_old.status
    and not exists (
      select
      from platform.transitions as t
      where t.machine = 'coupon.coupon_reservations' and t.from_state = p_old.status and t.to_state = p_new.status
    )
  then
    perform platform.fail('transition_refused',
      jsonb_build_object('machine', 'coupon.coupon_reservations', 'from', p_old.status, 'to', p_new.status));
  end if;

  if p_new.status is distinct from p_old.status
    and (p_new.status in ('PENDING', 'CONFIRMED') or p_old.status in ('PENDING', 'CONFIRMED'))
  then
    select i.* into v_coupon from coupon.coupon_issues as i where i.id = p_new.coupon_id for update;
    select p.* into v_policy from coupon.coupon_policies as p where p.id = v_coupon.policy_id;
    v_limit := coupon._redemptions_of(v_policy);
    v_count := coalesce(v_coupon.redemption_count, 0);
    v_balance := v_coupon.balance;
    v_status := case when v_coupon.expiry_date > v_now then 'ISSUED' else 'EXPIRED' end;

    if p_new.status = 'CONFIRMED' then
      v_count := v_count + 1;
      if v_policy.discount_type = 'GIFT_BALANCE' then
        v_balance := coalesce(v_balance, v_policy.discount_value) - p_new.discount_amount;
      end if;
    elsif p_old.status = 'CONFIRMED' then
      v_count := v_count - 1;
      v_balance := v_balance + p_new.discount_amount;
    end if;

    if v_coupon.id is null then
      v_problem := 'there is no such coupon';
    elsif p_new.status = 'CONFIRMED' and p_new.confirmed_at is null then
      v_problem := 'the time of payment is missing';
    elsif v_balance < 0 then
      v_problem := 'its balance is too small';
    elsif v_count > v_limit then
      v_problem := 'it is used up';
    elsif p_new.status in ('PENDING', 'CONFIRMED') then
      -- paid late, beside the hold of another order: that keeps what it was promised, and so does the coupon
      if p_new.status = 'CONFIRMED'
        and v_coupon.status = 'RESERVED'
        and v_coupon.reservation_id <> p_new.reservation_id
        and (v_count < v_limit or v_limit is null)
        and coalesce(
          v_balance > 0
          and v_balance >= (select r.discount_amount from coupon.coupon_reservations as r where r.reservation_id = v_coupon.reservation_id),
          true
        )
      then
        v_status := 'RESERVED';
        v_action := 'REDEEMED';
      -- EXPIRED: paid after hold and coupon were over
      elsif v_coupon.reservation_id is distinct from p_new.reservation_id
        and v_coupon.status <> 'ISSUED'
        and (v_coupon.status <> 'EXPIRED' or p_new.status <> 'CONFIRMED')
      then
        v_problem := 'another reservation has it, or it is over';
      elsif p_new.status = 'PENDING' then
        v_status := 'RESERVED';
      elsif v_count = v_limit or v_balance = 0 then
        v_status := 'USED';
      else
        v_action := 'REDEEMED';
      end if;
    elsif v_coupon.reservation_id = p_new.reservation_id or v_coupon.status = 'USED' then
      if p_old.status = 'CONFIRMED' then
        v_action := case v_coupon.status when 'USED' then 'STATUS_CHANGED' else 'ROLLED_BACK' end;
      end if;
    elsif p_old.status = 'CONFIRMED' then
      if v_coupon.status <> 'ISSUED' then  -- else its time may be over, though no sweep has said so yet
        v_status := v_coupon.status;
      end if;
      v_action := 'ROLLED_BACK';
    else
      v_problem := 'this reservation does not have it';
    end if;

    if v_problem is null then
      update coupon.coupon_issues as i
      set status = v_status,
        reserved_at = f.reserved_at,
        used_at = f.used_at,
        order_id = f.order_id,
        reservation_id = f.reservation_id,
        redemption_count = v_count,
        balance = v_balance,
        was_held = true,
        updated_at = v_now
      from (
        select p_new.reserved_at, case v_status when 'USED' then p_new.confirmed_at end, p_new.order_id, p_new.reservation_id
        where v_status = 'USED' or p_new.status = 'PENDING'
        union all
        select v_coupon.reserved_at, v_coupon.used_at, v_coupon.order_id, v_coupon.reservation_id
        where v_status = 'RESERVED' and p_new.status <> 'PENDING'
        union all
        select null, null, null, null
        where v_status not in ('RESERVED', 'USED')
      ) as f (reserved_at, used_at, order_id, reservation_id)
      where i.id = p_new.coupon_id;
    end if;

    -- a change of status is recorded with the coupon, unless it goes back: then it matters which redemption was undone
    if v_action is not null and v_problem is null then
      insert into coupon.coupon_issue_audit (id, coupon_id, user_id, action, details, client_ip, user_agent, created_at)
      values (
        platform.month_id(v_now, nextval('coupon.coupon_issue_audit_id_seq')), p_new.coupon_id, p_new.user_id, v_action,
        jsonb_strip_nulls(jsonb_build_object(
          'old_status', case v_action when 'STATUS_CHANGED' then v_coupon.status end,
          'new_status', case v_action when 'STATUS_CHANGED' then v_status end,
          'order_id', p_new.order_id, 'reservation_id', p_new.reservation_id, 'redemption_count', v_count, 'balance', v_balance
        )),
        coupon._audit_address(), coupon._audit_agent(), v_now
      );
    end if;
  end if;

  if v_problem is not null then
    perform platform.fail('coupon_state_refused', jsonb_build_object(
      'coupon_id', p_new.coupon_id,
      'status', case p_new.status when 'PENDING' then 'RESERVED' when 'CONFIRMED' then 'USED' else 'ISSUED' end,
      'reservation_id', p_new.reservation_id,
      'problem', v_problem
    ));
  end if;

  if (p_old.status in ('PENDING', 'CONFIRMED'), p_old.exclusive, p_old.stack_group)
    is distinct from (p_new.status in ('PENDING', 'CONFIRMED'), p_new.exclusive, p_new.stack_group)
  then
    perform coupon._take_slots(p_old, p_new);
  end if;
  if (p_old.limit_usage is not null or p_new.limit_usage is not null)
    and (p_old.status, p_old.limit_usage) is distinct from (p_new.status, p_new.limit_usage)
  then
    perform coupon._take_limits(p_old, p_new);
  end if;
end;
$$;

comment on function coupon._follow_reservation(coupon.coupon_reservations, coupon.coupon_reservations) is $$
Let a coupon follow its reservation, whatever has become of that.
p_old: the reservation as it was; null: it is new.
p_new: the reservation as it is.
Returns: nothing.
Errors: MC021 reservation_rolled_back, MC024 coupon_state_refused, MC025 reservation_fixed (the time of payment),
MC050 reservation_amounts_refused, MP050 transition_refused; of its terms MC033 coupon_limit_reached,
MC034 coupon_subject_limit_reached, MC035 coupon_not_combinable, MC053 order_isolation_level.
Locks: the coupon's row, then those of coupon._take_slots and coupon._take_limits.
$$;
