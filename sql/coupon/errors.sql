-- The errors of coupon's API, in full: a row that is taken out here is taken out of the table.

with defined (sqlstate, name, message, hint) as (
  values
    ('MC001', 'coupon_argument_missing', '{argument} is null', 'Give every argument that has no default.'),
    ('MC002', 'coupon_policy_not_found', 'there is no coupon policy {policy_id}', 'Check the policy id.'),
    ('MC003', 'coupon_policy_inactive', 'coupon policy {policy_id} is paused', 'Nothing is issued until it is active again.'),
    ('MC004', 'coupon_issue_not_started', 'coupon policy {policy_id} issues nothing before {starts_at}', 'Try again from {starts_at}.'),
    ('MC005', 'coupon_issue_ended', 'coupon policy {policy_id} has issued nothing since {ended_at}', 'The issue window is over; do not try again.'),
    ('MC006', 'coupon_sold_out', 'all {limit} coupons of policy {policy_id} are issued', 'A cancelled coupon returns to the stock; otherwise do not try again.'),
    ('MC007', 'coupon_user_limit_exceeded', 'user {user_id} already has {limit} of policy {policy_id}', 'The limit per user is reached; do not try again.'),
    ('MC008', 'coupon_limit_fixed', 'coupon policy {policy_id} cannot change between limited and unlimited', 'Make a new policy and pause this one.'),
    ('MC009', 'coupon_limit_below_issued', 'coupon policy {policy_id} has issued {issued}, more than the new limit {limit}', 'The lowest possible limit is {issued}.'),
    ('MC010', 'coupon_policy_permanent', 'coupon policies are neither deleted nor renumbered ({operation})', 'Pause the policy: set is_active to false.')
), removed as (
  delete from platform.error_codes as e
  where e.schema_name = 'coupon'
    and not exists (select from defined as d where d.sqlstate = e.sqlstate)
)
insert into platform.error_codes as e (sqlstate, name, schema_name, message, hint)
select d.sqlstate, d.name, 'coupon', d.message, d.hint
from defined as d
on conflict (sqlstate) do update
set name = excluded.name, schema_name = excluded.schema_name, message = excluded.message, hint = excluded.hint;
