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
    ('MC010', 'coupon_policy_permanent', 'coupon policies are neither deleted nor renumbered ({operation})', 'Pause the policy: set is_active to false.'),
    ('MC011', 'coupon_argument_invalid', '{argument} {value} is not accepted: {problem}', 'The comment on the function says what it may be.'),
    ('MC012', 'coupon_not_found', 'there is no coupon {coupon_number}', 'Check the number.'),
    ('MC013', 'coupon_not_owned', 'coupon {coupon_number} is not held by user {user_id}', 'Only its holder can use it or give it away.'),
    ('MC014', 'coupon_expired', 'coupon {coupon_number} expired at {expired_at}', 'Its time is over; do not try again.'),
    ('MC015', 'coupon_cancelled', 'coupon {coupon_number} is cancelled', 'It was taken back for good; do not try again.'),
    ('MC016', 'coupon_used', 'coupon {coupon_number} is used by order {order_id}', 'If that order is cancelled or refunded, coupon.rollback_redemption gives it back.'),
    ('MC017', 'coupon_held', 'coupon {coupon_number} is held by order {order_id} until {held_until}', 'Cancel that reservation, or try again from {held_until}.'),
    ('MC018', 'coupon_order_too_small', 'order amount {order_amount} is below the {minimum} that coupon {coupon_number} asks for', 'Add to the order.'),
    ('MC019', 'reservation_not_found', 'there is no reservation {reservation_id}', 'Check the id that coupon.reserve_coupon returned.'),
    ('MC020', 'reservation_confirmed', 'reservation {reservation_id} is confirmed: its order is paid', 'coupon.rollback_redemption gives the coupon back.'),
    ('MC021', 'reservation_rolled_back', 'reservation {reservation_id} was confirmed, and rolled back since', 'A new order, or the same one again, needs a new reservation.'),
    ('MC022', 'reservation_lost', 'reservation {reservation_id} of order {order_id} came too late: {problem}', 'Charge the discount of {discount_amount}, bear it, or refund the order.'),
    ('MC023', 'coupon_not_used', 'coupon {coupon_number} has nothing to roll back: {problem}', 'It was rolled back before, or never redeemed.'),
    ('MC024', 'coupon_state_refused', 'coupon {coupon_id} cannot be {status}: {problem}', 'Coupons change with their reservations: use the functions of coupon.'),
    ('MC025', 'reservation_fixed', 'reservation {reservation_id} keeps its id, coupon, user, order and time of payment', 'Cancel it and make another.'),
    ('MC026', 'reservation_open', 'reservation {reservation_id} is {status} and not deleted', 'Cancel it first.'),

    -- terms, limits, several coupons of an order
    ('MC030', 'coupon_rules_invalid', 'these rules cannot be judged: {problem}', 'The comment on coupon_policies.rules lists what a rule may be.'),
    ('MC031', 'coupon_context_invalid', 'the context of the order cannot be read: {problem}', 'The comment on coupon.quote_coupon says what it looks like.'),
    ('MC032', 'coupon_rule_failed', 'coupon {coupon_number} does not apply to this order: {rule}: {reason}', 'coupon.quote_coupon shows every rule and what it misses.'),
    ('MC033', 'coupon_limit_reached', 'coupons of policy {policy_id} have reached their limit of {maximum}', 'Nobody can use one before something is given back or the period is over.'),
    ('MC034', 'coupon_subject_limit_reached', '{what} {subject} has reached the limit of {maximum} for coupons of policy {policy_id}', 'Others can still use theirs.'),
    ('MC035', 'coupon_not_combinable', 'coupon {coupon_number} cannot be used with the other coupons of the order: {reason}', 'coupon.quote_coupons shows which of them go together.'),
    ('MC036', 'coupon_amounts_invalid', 'the amounts of {coupon_code} are not valid: {problem}', 'Amounts are given in the unit of the policy''s currency (platform.currencies).'),
    ('MC037', 'policy_limit_fixed', 'limit {limit_id} keeps what it counts: only its maximum changes', 'Set its maximum to null and make another limit.'),
    ('MC038', 'order_without_coupons', 'order {order_id} of user {user_id} has no coupons', 'Check the order''s number, and whose order it is.'),
    ('MC039', 'refund_line_invalid', 'these lines cannot be refunded: {problem}', 'Name lines as they were reserved; quantities are those refunded now.'),
    ('MC040', 'policy_limit_below_used', 'more than {maximum} per {per} and {period} is used of policy {policy_id} already', 'coupon.v_policy_limits shows what is used.'),
    ('MC041', 'policy_limit_invalid', 'this limit cannot be: {problem}', 'The comment on coupon.set_policy_limit says what it may be.'),

    -- what stays as it is
    ('MC080', 'coupon_rows_kept', '{operation} on coupon.{table} is refused', 'Coupons, counts and records change through the functions of coupon.'),
    ('MC081', 'reservation_paid', 'reservation {reservation_id} is paid: what it granted is for good', 'coupon.rollback_redemption gives the coupon back.'),

    -- codes
    ('MC060', 'coupon_code_throttled', 'user {user_id} or address {client_ip} has tried too many unknown codes', 'Try again at {retry_at}.'),
    ('MC061', 'coupon_not_by_code', 'coupons of policy {policy_id} are not claimed by code', 'Its issue_type is DIRECT: coupon.issue_coupon gives them out.'),
    ('MC062', 'coupon_code_inactive', 'code {coupon_code} is switched off', 'Do not try again; coupon.activate_codes switches it on.'),
    ('MC063', 'coupon_code_expired', 'code {coupon_code} expired at {expired_at}', 'Its time is over; do not try again.'),
    ('MC064', 'coupon_code_used_up', 'code {coupon_code} may be used {limit} times, and was', 'Do not try again, unless a coupon that was claimed by it is cancelled.'),
    ('MC065', 'coupon_code_not_assigned', 'code {coupon_code} is for another user', 'Only the user whom it was made for can use it.'),
    ('MC066', 'coupon_code_not_found', 'policy {policy_id} has no code {coupon_code}', 'coupon.list_codes lists those that it has.'),
    ('MC067', 'coupon_code_pattern_invalid', 'pattern {pattern} is none', 'It has 2 to 24 places #, and besides letters, digits, hyphens and underscores; 50 characters at most.'),
    ('MC068', 'coupon_code_space_too_small', 'pattern {pattern} has no room for {count} more codes: they could be guessed', 'It takes {places_needed} places #, not {places}.'),
    ('MC069', 'coupon_code_permanent', '{operation} of a code is refused: {problem}', 'Switch it off: coupon.deactivate_codes.'),

    -- administration of policies
    ('MC070', 'coupon_policy_closed', 'coupon policy {policy_id} was closed at {closed_at}', 'That is for good: make a new policy.'),
    ('MC071', 'coupon_terms_frozen', 'coupon policy {policy_id} has issued coupons: {terms} cannot change', 'Close it, and make a new policy with other terms.'),
    ('MC072', 'coupon_term_unknown', '{term} is not a term that can be given here', 'Terms are columns of coupon.coupon_policies; those that have a parameter or a function of their own are not given twice.'),
    ('MC073', 'coupon_policy_changed', 'coupon policy {policy_id} is at version {version}, not {expected}', 'Somebody has changed it since: read it again, and decide again.'),
    ('MC074', 'coupon_terms_invalid', 'these terms of a coupon policy are not valid: {problem}', 'Correct them; the comments on the columns of coupon.coupon_policies say what they may be.'),
    ('MC075', 'coupon_code_taken', 'code {coupon_code} is taken', 'Codes are unique among all policies, whatever their case: choose another.'),

    -- reservations
    ('MC050', 'reservation_amounts_refused', 'reservation {reservation_id}: a discount of {discount_amount} on an order of {order_amount}, from {reserved_at} to {expires_at}', 'The discount is 0 up to the order amount, and the hold ends after it began.'),
    ('MC051', 'coupon_reservations_remain', 'coupon {coupon_id} has reservations and is not deleted', 'Delete its closed reservations first.'),
    ('MC052', 'redemption_ambiguous', 'coupon {coupon_number} was redeemed by {redemptions} orders', 'Say which of them is rolled back: p_order_id.'),
    ('MC053', 'order_isolation_level', 'what order {order_id} holds cannot be seen with isolation level {isolation}', 'Call it in a transaction of isolation level READ COMMITTED.'),
    ('MC055', 'coupon_partly_used', 'coupon {coupon_number} was redeemed {redemptions} times and is not taken back', 'Roll those orders back first, or let the rest of it expire.'),
    ('MC056', 'coupon_stock_damaged', 'the stock of coupon policy {policy_id} has given out nothing, though coupon {coupon_id} is of it', 'The stock was changed by hand: moadb check shows how far, and the stripes (coupon.coupon_stock) are to be put right.')
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
