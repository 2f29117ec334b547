-- Any number of sessions may run this at once: each takes the next subscriptions that nobody else has, and passes over the others. Lock
-- and work are two statements, so that the second sees what was committed until the first had its locks: a box that was skipped a
-- moment ago is skipped. Under an older snapshot it would not be, therefore only READ COMMITTED will do.
-- Ten thousand at a time, where the call asks for as many: written in the order of their keys they share pages of the indexes, which a
-- thousand of a large table do not (docs/performance.md). Where one of them cannot be billed they are taken again a thousand at a time, so
-- that no more than these go one by one.
-- Within a call the search goes on behind the subscriptions that were taken last: their old index entries are not read again and again.
-- What the clock does besides (pauses, ends, resumptions, changes of plan) comes where no subscription is left to be billed, since it may
-- make further ones due, and ends when nothing was found. Ends release boxes, whose stock is locked in one order for all of them: so they
-- come once.

create or replace function coffee.process_monthly_billing(p_as_of timestamptz default null, p_limit integer default null)
  returns bigint
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
  set client_min_messages = warning
as $$
declare
  v_at      timestamptz := coalesce(p_as_of, platform.now());
  v_most    integer := coalesce(p_limit, 2147483647);
  v_done    integer := 0;
  v_ids     uuid[];
  v_dates   timestamptz[];
  v_size    integer := 10000;
  v_id      uuid;
  v_date    timestamptz;
  v_periods bigint;
  v_count   bigint := 0;
  v_ends    boolean := true;
begin
  if v_at > platform.now() then
    perform platform.fail('billing_as_of_future', jsonb_build_object('as_of', v_at, 'now', platform.now()));
  elsif p_limit < 1 then
    perform platform.fail('coffee_argument_invalid',
      jsonb_build_object('argument', 'p_limit', 'value', p_limit, 'problem', 'it is 1 or more'));
  elsif current_setting('transaction_isolation') <> 'read committed' then
    perform platform.fail('billing_isolation_level', jsonb_build_object('isolation', current_setting('transaction_isolation')));
  end if;

  loop
    v_id := '00000000-0000-0000-0000-000000000000';
    v_date := '-infinity';

    while v_done < v_most loop
      begin
        select array_agg(d.id), array_agg(d.next_billing_at) into v_ids, v_dates
        from (
          select s.id, s.next_billing_at
          from coffee.coffee_subscriptions as s
          where s.status in ('active', 'pending_cancel')
            and s.status = 'active'  -- the one above is the index's
            and s.pause_at is null
            and not s.is_change_unpaid
            and (s.pending_plan_period > s.next_period) is not false
            and s.next_billing_at <= v_at
            and (s.next_billing_at, s.id) > (v_date, v_id)
          order by s.next_billing_at, s.id
          limit least(v_most - v_done, v_size)
          for no key update skip locked
        ) as d;
        exit when v_ids is null;

        v_periods := coffee._bill_subscriptions(v_ids, v_at);
        v_done := v_done + cardinality(v_ids);
      exception
        when integrity_constraint_violation or data_exception then
          if least(v_most - v_done, v_size) > 1000 then
            v_size := 1000;
            continue;
          end if;
          v_periods := coffee._bill_one_by_one(v_ids, v_at);
          v_done := v_done + v_periods;
      end;
      v_count := v_count + v_periods;
      v_id := v_ids[cardinality(v_ids)];
      v_date := v_dates[cardinality(v_dates)];
    end loop;

    exit when v_count > 0 and v_done >= v_most or coffee._follow_clock(v_at, v_ends) = 0;
    v_ends := false;
    v_done := least(v_done, v_most - 1);
  end loop;

  return v_count;
end;
$$;

comment on function coffee.process_monthly_billing(timestamptz, integer) is $$
Bill what is due: for each subscription every period that has begun and was not billed, the oldest first. A period gets its row in
billing_periods (billed, prepaid, skipped, or missed as the plan's catch_up says), a billing job when it is charged, and a request for
each of its boxes. Subscriptions move on to their next period; pauses, resumptions, changes of plan and ends whose time has come take
effect. Calling it again finds nothing to do. Subscriptions that are past due, unpaid or paused are left alone, and those
whose change of plan is not paid yet wait for it.
p_as_of: until when; null: now. Not later than now.
p_limit: how many subscriptions at most in this call, each with all that is due; null: all, in one transaction. The job calls it with a
limit until it returns 0, and so commits in between; call coffee.run_monthly_billing does the same.
Returns: how many periods were handled.
Errors: MF002 coffee_argument_invalid, MF053 billing_as_of_future, MF054 billing_isolation_level (not under REPEATABLE READ or
SERIALIZABLE). A subscription whose rows were broken by hand is left as it is, and named in a task of the topic coffee.billing_refused.
Locks: the subscriptions, passing over those that are locked: any number of sessions may call it at once. What changes status also its
user's row, passing over those that are locked, and the stock of what ends.
Source: specification 000, process_monthly_billing.
$$;
