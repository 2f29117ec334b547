-- Issuing writes its own record (triggers/coupon/coupon_issues_insert.sql does it for rows that come by other means), and a change is
-- recorded by the trigger that guards it (triggers/coupon/coupon_issues_status.sql).
-- One insert into the audit table per statement, not per row: a thousand coupons that are deleted at once cost one. Statement triggers
-- fire for the table named in the statement, so they see what goes through coupon_issues, not what is done to a partition by its own
-- name; only the owner can do that, as the partition manager does when it moves rows between partitions.
-- Without jit: a plan that was cached after a large statement would be compiled again for every small one.

create or replace function coupon.audit_coupon_changes()
  returns trigger
  language plpgsql
  set search_path = pg_catalog, pg_temp
  set jit = off
as $$
begin
  insert into coupon.coupon_issue_audit (id, coupon_id, user_id, action, details, client_ip, user_agent, created_at)
  select
    platform.month_id(platform.now(), nextval('coupon.coupon_issue_audit_id_seq')), o.id, o.user_id, 'DELETED', to_jsonb(o),
    coupon._audit_address(), coupon._audit_agent(), platform.now()
  from old_rows as o;
  return null;
end;
$$;

comment on function coupon.audit_coupon_changes() is $$
Trigger function: write to coupon_issue_audit what a statement deleted from coupon_issues. What it changed is written by
coupon._coupon_issues_status.
Returns: null (after trigger).
Source: specification 002, audit_coupon_changes; it missed deletions, holder changes, and who and where.
$$;

create or replace trigger trigger_audit_coupon_issues_delete
  after delete on coupon.coupon_issues
  referencing old table as old_rows
  for each statement
  execute function coupon.audit_coupon_changes();
