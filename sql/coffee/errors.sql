-- The errors of coffee's API, in full: a row that is taken out here is taken out of the table.

with defined (sqlstate, name, message, hint) as (
  values
    -- common, catalogue and stock
    ('MF001', 'coffee_argument_missing', '{argument} is null', 'Give every argument that has no default.'),
    ('MF002', 'coffee_argument_invalid', '{argument} {value} is not accepted: {problem}', 'The comment on the function says what it may be.'),
    ('MF003', 'coffee_rows_kept', '{operation} on coffee.{table} is refused', 'The comment on the table says what keeps its rows.'),
    ('MF004', 'coffee_not_found', 'there is no coffee {coffee_id}', 'Check the id.'),
    ('MF005', 'roaster_not_found', 'there is no roaster {roaster_id}', 'Check the id.'),
    ('MF006', 'stock_lot_not_found', 'there is no lot {lot_id}', 'Check the id that coffee.receive_stock returned.'),
    ('MF007', 'coffee_price_missing', 'coffee {coffee_id} has no price for {unit}', 'Set it with coffee.edit_coffee, then receive the bags.'),
    ('MF008', 'coffee_terms_invalid', 'the values are not accepted: {problem}', 'The constraint is in the detail; the comments on the columns say what they may be.'),
    ('MF009', 'stock_reserved_by_ledger', '{reserved} bags of coffee {coffee_id} in {unit} are promised, not {reserved_stock}', 'What is promised is told by coffee.stock_movements alone.'),
    ('MF010', 'roaster_quota_used', 'roaster {roaster_id} has promised {used} bags of a month, more than {monthly_quota}', 'Lower the quota to that, or release boxes first.'),
    ('MF011', 'coffee_term_unknown', 'coffee.{table} has no term {term} that can be given', 'The comments on the columns name them; what the database keeps itself is not given.'),
    ('MF012', 'stock_too_low', '{free} bags of lot {lot_id} are free, fewer than {wanted}', 'Cancel the boxes that they are promised to first.'),

    -- subscriptions
    ('MF020', 'subscription_not_found', 'there is no subscription {subscription_id}', 'Check the id.'),
    ('MF021', 'plan_not_found', 'there is no plan {plan_id}', 'Check the id.'),
    ('MF022', 'plan_retired', 'plan {plan} is not offered any more', 'Choose one that is.'),
    ('MF023', 'subscription_items_invalid', 'the items are not accepted: {problem}', 'The comment on the function says what they may be.'),
    ('MF024', 'subscription_state_refused', 'subscription {subscription_id} is {status}: {operation} is not possible', 'coffee.list_subscriptions shows its state.'),
    ('MF025', 'period_billed', 'period {period} has been billed', 'The next that has not is {next_period}.'),
    ('MF026', 'period_closed', 'period {period} can no longer be changed', 'Its cut-off has come; the first that can be is {first_period}.'),
    ('MF027', 'bill_open', 'a charge of subscription {subscription_id} is not settled', 'Try again when it is, or choose the end of the period.'),
    ('MF028', 'plan_change_refused', 'the plan cannot become {plan}: {problem}', 'Choose another plan, or another time.'),
    ('MF029', 'subscription_permanent', 'subscriptions keep what they are ({operation})', 'coffee.cancel_subscription ends one; a cancelled one stays so.'),
    ('MF030', 'schedule_refused', 'period {period} of subscription {subscription_id} begins at {expected}, not at {next_billing_at}', 'next_billing_at follows from the anchor: leave it out, or move the anchor.'),
    ('MF031', 'coffee_not_orderable', 'coffee {coffee_id} cannot be ordered in bags of {unit}', 'Choose one that is offered for subscriptions in that size.'),
    ('MF032', 'item_not_in_box', 'coffee {coffee_id} is no chosen item of period {period}', 'coffee.set_items chooses what the boxes of a my_choice plan hold.'),
    ('MF033', 'plan_terms_invalid', 'the plan is not accepted: {problem}', 'The comments on the columns of coffee.plans say what they may be.'),
    ('MF034', 'plan_code_taken', 'there is a plan {plan} already', 'Choose another code.'),
    ('MF035', 'plan_terms_frozen', '{terms} of plan {plan} are fixed: somebody has subscribed to it', 'Make a new plan, and retire this one.'),
    ('MF036', 'plan_permanent', 'plans are neither deleted nor renumbered ({operation})', 'coffee.retire_plan takes one from sale.'),
    ('MF037', 'days_invalid', '{used} of {total} days are no share', 'From 0 to all of them, and at least one in all.'),
    ('MF038', 'period_skipped', 'period {period} is to be skipped', 'coffee.unskip_period takes that back.'),
    ('MF039', 'period_change_not_found', 'there is no change {change_id} of that subscription', 'coffee.list_periods shows those that there are.'),
    ('MF040', 'calendar_refused', 'the calendar of subscription {subscription_id} is refused: {problem}', 'Use coffee.pause_subscription, coffee.change_anchor, coffee.change_plan.'),
    ('MF041', 'box_empty', 'nothing would be left in the box of period {period}', 'Skip it with coffee.skip_period: then nothing is charged.'),
    ('MF042', 'subscribe_terms_refused', '{argument} {value} is not for login role {role} to give: {problem}', 'A login role that belongs to coffee_admin may; leave the argument out otherwise.'),

    -- billing
    ('MF050', 'billing_job_not_found', 'there is no billing job {job_id}', 'Check the id that coffee.claim_billing_jobs returned.'),
    ('MF051', 'billing_lease_unknown', 'no attempt at billing job {job_id} has that lease', 'Give back the lease_token that coffee.claim_billing_jobs returned with it.'),
    ('MF052', 'gateway_reference_used', 'payment {gateway_reference} belongs to billing job {other_job_id}, not to {job_id}', 'A payment counts once: find out which charge it was made for.'),
    ('MF053', 'billing_as_of_future', 'billing until {as_of}: it is only {now}', 'Bill what is due; coffee.simulate forecasts.'),
    ('MF054', 'billing_isolation_level', 'billing does not run in a transaction that is {isolation}', 'Run it under READ COMMITTED: an older snapshot would not show what was skipped meanwhile.'),
    ('MF055', 'billing_rows_kept', 'rows of {table} are kept as they are ({operation})', 'What was billed and paid is a record.'),
    ('MF056', 'billing_state_refused', 'billing job {job_id} cannot be {status}: {problem}', 'Use coffee.record_charge_result.'),
    ('MF058', 'billing_period_unknown', 'subscription {subscription_id} has no period {period_id} ({table})', 'A bill, a box and an order name a period of their own subscription.'),
    ('MF057', 'charge_not_failed', 'no charge of subscription {subscription_id} waits to be tried again', 'There is nothing to pay.'),

    -- boxes
    ('MF070', 'order_not_found', 'there is no order {order}', 'Check the order.'),
    ('MF071', 'order_state_refused', 'order {order} is {status} and cannot be {wanted}', 'Orders are paid, then shipped, then delivered; what has left is not cancelled.'),
    ('MF072', 'qr_code_unknown', 'there is no such code on a bag of this user', 'A code counts for the customer whose box brought the bag, once the box has left.'),
    ('MF073', 'blind_item_hidden', 'order {order} still hides what it brought', 'Guess first, or wait until the box tells by itself; an answer is told from the transaction after the guess on.'),
    ('MF074', 'blind_guess_refused', 'nothing can be guessed of order {order}: {problem}', 'A blind box that has arrived or is on its way is guessed once, before it tells by itself.'),
    ('MF075', 'order_item_not_found', 'order {order} has no {item}', 'coffee.get_box lists what it has.'),
    ('MF077', 'taste_record_not_of_user', 'there is no record {record_id} of this user and coffee', 'Name a taste record of the coffee by the customer who had the box.'),

    -- tasting
    ('MF100', 'taste_record_not_found', 'there is no taste record {record_id} of {created_at}', 'Check both: the key of a record is its id and its time.'),
    ('MF101', 'taste_refused', 'the tasting is not accepted: {problem}', 'The comment on the function says what it may be.'),
    ('MF102', 'flavor_not_found', 'there is no flavour {flavor}', 'coffee.list_flavors() lists the wheel.'),

    -- statistics and forecasts
    ('MF130', 'clock_not_movable', 'login role {role} may not move the clock', 'A forecast moves it: grant moadb_clock to that role.'),

    -- users
    ('MF140', 'user_not_found', 'there is no user {user_id}', 'Check the id.'),
    ('MF141', 'user_email_taken', 'there is a user with the address {email} already', 'coffee.find_user tells which.'),
    ('MF142', 'user_name_taken', 'there is a user {username} already', 'Choose another name.'),
    ('MF143', 'user_terms_invalid', 'the values are not accepted: {problem}', 'The comments on the columns of coffee.users say what they may be.'),
    ('MF144', 'user_subscribed', 'user {user_id} has a subscription that is not cancelled', 'Cancel subscription {subscription_id} with coffee.cancel_subscription, at once, and then delete the user.')
), removed as (
  delete from platform.error_codes as e
  where e.schema_name = 'coffee'
    and not exists (select from defined as d where d.sqlstate = e.sqlstate)
)
insert into platform.error_codes as e (sqlstate, name, schema_name, message, hint)
select d.sqlstate, d.name, 'coffee', d.message, d.hint
from defined as d
on conflict (sqlstate) do update
set name = excluded.name, schema_name = excluded.schema_name, message = excluded.message, hint = excluded.hint;
