-- depends: 0014.coupon_policy_codes

alter table coupon.coupon_policies
  add column row_version integer not null default 1,
  add column closed_at   timestamptz,
  add constraint coupon_policies_closed_check check (closed_at is null or not is_active);

comment on column coupon.coupon_policies.row_version is
  'Counts the changes of the row (not the refresh of current_issue_count), by trigger: whoever edits says which version he has seen.';
comment on column coupon.coupon_policies.closed_at is 'When it was closed: nothing is issued any more, for good.';
