-- The specification's name for it. The partition manager makes months ahead every hour; this call is the monthly job that the
-- specification asks for, and harmless beside it. It holds the locks of the first table while it asks for those of the second, and calls
-- may be under way that do it the other way round; so it gives up (and leaves the rest to the hourly job) long before the server looks
-- for deadlocks and ends one of them.

create or replace function coupon.create_monthly_partition()
  returns void
  language sql
  security definer
  set search_path = pg_catalog, pg_temp
as $$
  select platform.maintain_partitions('coupon.coupon_issues'::regclass);
  select platform.maintain_partitions('coupon.coupon_issue_audit'::regclass, interval '300 milliseconds');
$$;

comment on function coupon.create_monthly_partition() is $$
Make the partitions of coupon_issues and coupon_issue_audit for this month and the months ahead, where they are missing. Under load those
of coupon_issue_audit may be left to the hourly job.
Returns: nothing.
Locks: as platform.maintain_partitions.
Source: specification 002, create_monthly_partition; it made the current month only.
$$;
