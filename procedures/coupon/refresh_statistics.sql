-- A concurrent refresh lets readers go on. The count in coupon_policies follows in the same transaction; only rows that differ are
-- written, in key order, and issuing calls do not wait for them because they never lock the policy row.

create or replace function coupon.refresh_statistics()
  returns bigint
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_changed bigint;
begin
  refresh materialized view concurrently coupon.mv_coupon_statistics;

  with stale as (
    select p.id, s.current_issue_count
    from coupon.coupon_policies as p
    join coupon.v_policy_stock as s on s.policy_id = p.id
    where p.current_issue_count <> s.current_issue_count
    order by p.id
    for update of p
  )
  update coupon.coupon_policies as p
  set current_issue_count = stale.current_issue_count
  from stale
  where p.id = stale.id;

  get diagnostics v_changed = row_count;
  return v_changed;
end;
$$;

comment on function coupon.refresh_statistics() is $$
Bring mv_coupon_statistics and coupon_policies.current_issue_count up to date. It reads every coupon ever issued, so it takes longer as
they grow in number: watch its duration in platform.job_runs, and let the job run less often before it comes near its timeout. The exact
count of one policy is in v_policy_stock, at any time.
Returns: policies whose count had changed.
Locks: EXCLUSIVE on mv_coupon_statistics (readers go on; a second refresh waits), the changed rows of coupon_policies by ascending id.
Source: specification 002, job refresh-statistics.
$$;
