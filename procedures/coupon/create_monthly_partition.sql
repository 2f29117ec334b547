-- The specification's name for it. The partition manager makes months ahead every hour; this call is the monthly job that the
-- specification asks for, and harmless beside it.

create or replace function coupon.create_monthly_partition()
  returns void
  language sql
  security definer
  set search_path = pg_catalog, pg_temp
as $$
  select platform.maintain_partitions('coupon.coupon_issues'::regclass);
  select platform.maintain_partitions('coupon.coupon_issue_audit'::regclass);
$$;

comment on function coupon.create_monthly_partition() is $$
Make the partitions of coupon_issues and coupon_issue_audit for this month and the months ahead, where they are missing.
Returns: nothing.
Locks: as platform.maintain_partitions.
Source: specification 002, create_monthly_partition; it made the current month only.
$$;
