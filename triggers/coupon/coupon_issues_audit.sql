-- Issuing writes its own record (triggers/coupon/coupon_issues_insert.sql does it for rows that come by other means).
-- One insert into the audit table per statement, not per row: a thousand coupons that expire at once cost one. Statement triggers fire for
-- the table named in the statement, so they see what goes through coupon_issues, not what is done to a partition by its own name;
-- only the owner can do that, as the partition manager does when it moves rows between partitions.
-- Without jit: a plan that was cached after a large statement would be compiled again for every small one.
-- Where is what the application stated, and null otherwise: the connection's own address (platform._client_ip) would be the
-- application server's.

create or replace function coupon.audit_coupon_changes()
  returns trigger
  language plpgsql
  set search_path = pg_catalog, pg_temp
  set jit = off
as $$
begin
  if tg_op = 'UPDATE' then
    insert into coupon.coupon_issue_audit (id, coupon_id, user_id, action, details, client_ip, user_agent, created_at)
    select
      platform.month_id(platform.now(), nextval('coupon.coupon_issue_audit_id_seq')), n.id, n.user_id,
      case when n.status <> o.status then 'STATUS_CHANGED' else 'TRANSFERRED' end,
      jsonb_strip_nulls(jsonb_build_object(
        'old_status', case when n.status <> o.status then o.status end,
        'new_status', case when n.status <> o.status then n.status end,
        'old_user_id', case when n.user_id <> o.user_id then o.user_id end,
        'new_user_id', case when n.user_id <> o.user_id then n.user_id end,
        'order_id', n.order_id,
        'reservation_id', coalesce(n.reservation_id, o.reservation_id)
      )),
      left(nullif(current_setting('moadb.client_ip', true), ''), 45), left(platform._user_agent(), 255), platform.now()
    from new_rows as n
    join old_rows as o on o.id = n.id
    where n.status <> o.status or n.user_id <> o.user_id;
  else
    insert into coupon.coupon_issue_audit (id, coupon_id, user_id, action, details, client_ip, user_agent, created_at)
    select
      platform.month_id(platform.now(), nextval('coupon.coupon_issue_audit_id_seq')), o.id, o.user_id, 'DELETED', to_jsonb(o),
      left(nullif(current_setting('moadb.client_ip', true), ''), 45), left(platform._user_agent(), 255), platform.now()
    from old_rows as o;
  end if;
  return null;
end;
$$;

comment on function coupon.audit_coupon_changes() is $$
Trigger function: write to coupon_issue_audit what a statement did to coupon_issues.
Returns: null (after trigger).
Source: specification 002, audit_coupon_changes; it missed deletions, holder changes, and who and where.
$$;

create or replace trigger trigger_audit_coupon_issues_update
  after update on coupon.coupon_issues
  referencing old table as old_rows new table as new_rows
  for each statement
  execute function coupon.audit_coupon_changes();

create or replace trigger trigger_audit_coupon_issues_delete
  after delete on coupon.coupon_issues
  referencing old table as old_rows
  for each statement
  execute function coupon.audit_coupon_changes();
