-- The stock of a limited policy is made, raised and lowered here and nowhere else, whoever writes the policy. Rows are taken from the
-- stripes under their locks, so a limit can never fall below what has been issued, however many issue at that moment.
-- With or without limit is decided once: a call in flight that saw no limit takes from no stripe.

create or replace function coupon._coupon_policies_stock()
  returns trigger
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_change    integer;
  v_remaining bigint;
  v_stripes   integer;
begin
  if tg_op = 'INSERT' then
    v_stripes := least(128, new.max_issue_count);
    insert into coupon.coupon_stock (policy_id, stripe, capacity, remaining)
    select new.id, n, share.size, share.size
    from generate_series(0, v_stripes - 1) as n
    cross join lateral (
      select new.max_issue_count / v_stripes + case when n < new.max_issue_count % v_stripes then 1 else 0 end as size
    ) as share;
    return null;
  end if;

  if (old.max_issue_count is null) <> (new.max_issue_count is null) then
    perform platform.fail('coupon_limit_fixed', jsonb_build_object('policy_id', new.id));
  end if;

  perform from coupon.coupon_stock as s where s.policy_id = new.id order by s.stripe for update;
  v_change := new.max_issue_count - old.max_issue_count;
  select coalesce(sum(s.remaining), 0) into v_remaining from coupon.coupon_stock as s where s.policy_id = new.id;

  if v_remaining + v_change < 0 then
    perform platform.fail('coupon_limit_below_issued', jsonb_build_object(
      'policy_id', new.id, 'limit', new.max_issue_count, 'issued', old.max_issue_count - v_remaining
    ));
  end if;

  -- What is left is dealt out anew: what each stripe has issued stays with it, the remainder is spread evenly.
  v_stripes := least(128, greatest(v_remaining + v_change, 1));
  insert into coupon.coupon_stock as s (policy_id, stripe, capacity, remaining)
  select new.id, n, share.size, share.size
  from generate_series(0, 127) as n
  cross join lateral (
    select case
      when n < v_stripes then (v_remaining + v_change) / v_stripes + case when n < (v_remaining + v_change) % v_stripes then 1 else 0 end
      else 0
    end as size
  ) as share
  on conflict (policy_id, stripe) do update
  set capacity = s.capacity - s.remaining + excluded.remaining, remaining = excluded.remaining;
  return null;
end;
$$;

comment on function coupon._coupon_policies_stock() is $$
Trigger function: keep coupon_stock equal to max_issue_count of the policy.
Returns: null (after trigger).
Errors: MC008 coupon_limit_fixed (from limited to unlimited or back), MC009 coupon_limit_below_issued.
Locks: all stripes of the policy, by ascending number, when max_issue_count changes.
$$;

create or replace trigger coupon_policies_stock_insert
  after insert on coupon.coupon_policies
  for each row
  when (new.max_issue_count > 0)
  execute function coupon._coupon_policies_stock();

create or replace trigger coupon_policies_stock_update
  after update of max_issue_count on coupon.coupon_policies
  for each row
  when (old.max_issue_count is distinct from new.max_issue_count)
  execute function coupon._coupon_policies_stock();
