-- depends: 0003.coffee_subscriptions
--
-- That nobody pays twice for one day is a constraint. The periods of a subscription are a chain: each names the end of the one before
-- (a foreign key to it), begins there or later (a check), and no two follow the same one (a unique key; one alone follows none). So
-- whatever is in the table does not overlap. An exclusion constraint says the same, but its gist index takes twice as long to write
-- (docs/performance.md). The first of the chain names its subscription by a foreign key (first_of), and each further one is a period of
-- the same subscription as the one before, so that key is looked up once in the life of a subscription and holds for all.
-- And a period has one billing job. Bills and boxes name a period that is there, and of the same subscription: a trigger looks
-- (triggers/coffee/billing_jobs_period.sql); no foreign key, because it would be looked up, and locked, row by row in every billing run.
-- They are found by their period, the periods by their subscription.

create table coffee.billing_periods (
  id              bigint generated always as identity,
  subscription_id uuid not null,
  period_index    integer not null,
  part            smallint not null default 1,
  period          tstzrange not null,
  previous_end    timestamptz,
  ends_at         timestamptz not null generated always as (upper(period)) stored,
  first_of        uuid generated always as (case when previous_end is null then subscription_id end) stored,
  kind            text not null default 'billed',
  amount          numeric(12, 2) not null,
  value           numeric(12, 2) not null,
  price           numeric(12, 2),
  plan_id         bigint,
  price_per_month numeric(12, 2),
  created_at      timestamptz not null default now(),
  constraint billing_periods_pkey primary key (id),
  constraint billing_periods_first_of_fkey foreign key (first_of) references coffee.coffee_subscriptions (id),
  constraint billing_periods_period_index_key unique (subscription_id, period_index, part),
  constraint billing_periods_period_index_check check (period_index >= 0 and part >= 1),
  constraint billing_periods_period_check check (
    (lower_inc(period) and not upper_inc(period) and lower(period) > '-infinity' and upper(period) < 'infinity') is true
  ),
  constraint billing_periods_kind_check check (kind in ('billed', 'skipped', 'missed', 'carried', 'prepaid', 'changed', 'unpaid', 'out_of_stock')),
  constraint billing_periods_amount_check check (amount >= 0 and value >= 0 and price >= 0),
  constraint billing_periods_plan_check check (num_nonnulls(plan_id, price_per_month) in (0, 2) and price_per_month >= 0),
  constraint billing_periods_free_check check (amount = 0 or kind not in ('skipped', 'missed', 'carried', 'out_of_stock')),
  constraint billing_periods_ends_at_key unique (subscription_id, ends_at),
  constraint billing_periods_previous_end_key unique nulls not distinct (subscription_id, previous_end),
  constraint billing_periods_previous_end_fkey foreign key (subscription_id, previous_end)
    references coffee.billing_periods (subscription_id, ends_at) on update cascade,
  constraint billing_periods_previous_end_check check (previous_end <= lower(period))
);

create index billing_periods_first_of_idx on coffee.billing_periods (first_of) where first_of is not null;

comment on table coffee.billing_periods is
  'What time of which subscription was handled, and how; the past of a subscription without gaps. Written by coffee.process_monthly_billing, cut and carried by pauses and changes of plan.';
comment on column coffee.billing_periods.id is 'Identifies the period.';
comment on column coffee.billing_periods.subscription_id is 'Whose it is.';
comment on column coffee.billing_periods.period_index is 'The number of the period, counted from 0 and never restarted.';
comment on column coffee.billing_periods.part is '1, or more where a pause or a change of plan has cut the period.';
comment on column coffee.billing_periods.period is 'From its start to the start of the next one, which is not in it.';
comment on column coffee.billing_periods.previous_end is 'Where the period before it ends; null for the first. Whoever writes a period may leave it out.';
comment on column coffee.billing_periods.ends_at is 'Where it ends.';
comment on column coffee.billing_periods.first_of is 'The subscription whose first period it is; null for all that follow one.';
comment on column coffee.billing_periods.kind is
  'billed: charged by its billing job; prepaid: paid before, extras apart; skipped: the user did not want it; missed: past when billing ran, not charged by the plan''s catch_up; carried: the rest of a paused period; changed: the part after a change of plan; unpaid: its charge failed for good; out_of_stock: no box, no charge.';
comment on column coffee.billing_periods.amount is 'What is charged for it: price and extras less credits, in the currency of the subscription.';
comment on column coffee.billing_periods.value is
  'What remains of what was paid for the period itself, in money or credit, extras apart: what was credited or paid back since is taken off.';
comment on column coffee.billing_periods.price is
  'What the whole period costs at the price that was paid for this part: what a change of plan compares with. Null: its value.';
comment on column coffee.billing_periods.plan_id is
  'Plan that boxes of the period are packed by, if this is its last part (coffee.plans, where nothing is deleted); null: the present one.';
comment on column coffee.billing_periods.price_per_month is 'Price of a month that was agreed for that plan.';
comment on column coffee.billing_periods.created_at is 'When it was handled.';

create table coffee.subscription_credits (
  id              bigint generated always as identity,
  subscription_id uuid not null,
  period_id       bigint,
  amount          numeric(12, 2) not null,
  reason          text not null,
  created_at      timestamptz not null default now(),
  constraint subscription_credits_pkey primary key (id),
  constraint subscription_credits_subscription_id_fkey foreign key (subscription_id) references coffee.coffee_subscriptions (id),
  constraint subscription_credits_period_id_fkey foreign key (period_id) references coffee.billing_periods (id),
  constraint subscription_credits_amount_check check (amount <> 0),
  constraint subscription_credits_reason_check check (reason <> '')
);

create index subscription_credits_subscription_id_idx on coffee.subscription_credits (subscription_id);
create index subscription_credits_period_id_idx on coffee.subscription_credits (period_id);

comment on table coffee.subscription_credits is
  'Append only: what was credited to a subscription and what of it was used; sums to coffee_subscriptions.credit_balance.';
comment on column coffee.subscription_credits.id is 'Identifies the entry.';
comment on column coffee.subscription_credits.subscription_id is 'Whose credit it is.';
comment on column coffee.subscription_credits.period_id is 'The period that it came from or that used it; null when it was given for another reason.';
comment on column coffee.subscription_credits.amount is 'Given when positive, used when negative.';
comment on column coffee.subscription_credits.reason is 'billed: used by that period''s bill; returned: that bill was dropped; others by whoever gave it.';
comment on column coffee.subscription_credits.created_at is 'When it was written.';

-- One row asks for one payment. It is claimed on lease like a task, and keeps the state of its dunning.
create table coffee.billing_jobs (
  id                bigint generated always as identity,
  subscription_id   uuid not null,
  period_id         bigint not null,
  amount            numeric(12, 2) not null,
  currency          text not null default 'KRW',
  due_date          timestamptz not null,
  status            text not null default 'waiting',
  attempts          integer not null default 0,
  next_attempt_at   timestamptz,
  lease_token       uuid,
  worker            text,
  first_failed_at   timestamptz,
  failures          integer not null default 0,
  last_decline_code text,
  gateway_reference text,
  completed_at      timestamptz,
  created_at        timestamptz not null default now(),
  updated_at        timestamptz not null default now(),
  constraint billing_jobs_pkey primary key (id),
  constraint billing_jobs_period_id_key unique (period_id),
  constraint billing_jobs_currency_check check (currency ~ '^[A-Z]{3}$'),
  constraint billing_jobs_amount_check check (amount > 0 or amount = 0 and status in ('succeeded', 'cancelled')),
  constraint billing_jobs_status_check check (status in ('waiting', 'pending', 'processing', 'retrying', 'succeeded', 'failed', 'cancelled')),
  constraint billing_jobs_attempts_check check (failures between 0 and attempts and (failures = 0) = (first_failed_at is null)),
  constraint billing_jobs_next_attempt_at_check check (
    case
      when status in ('pending', 'processing') then next_attempt_at is not null
      when status = 'retrying' then true
      else next_attempt_at is null
    end
  ),
  constraint billing_jobs_lease_token_check check ((status = 'processing') = (lease_token is not null)),
  constraint billing_jobs_completed_at_check check ((status in ('succeeded', 'failed', 'cancelled')) = (completed_at is not null))
) with (fillfactor = 70);

create index billing_jobs_claim_idx on coffee.billing_jobs (next_attempt_at, id) where status in ('pending', 'processing', 'retrying');

comment on table coffee.billing_jobs is
  'One request for one payment: claimed on lease by coffee.claim_billing_jobs, answered by coffee.record_charge_result. A period has one.';
comment on column coffee.billing_jobs.id is 'Identifies the job.';
comment on column coffee.billing_jobs.subscription_id is 'Who pays.';
comment on column coffee.billing_jobs.period_id is 'What for.';
comment on column coffee.billing_jobs.amount is 'How much, in the currency''s main unit; 0 is paid at once.';
comment on column coffee.billing_jobs.currency is 'That of the subscription.';
comment on column coffee.billing_jobs.due_date is 'When it was due: the start of the period.';
comment on column coffee.billing_jobs.status is
  'waiting: for the box to be packed; pending: to be claimed; processing: at the gateway; retrying: declined, and tried again; succeeded; failed: given up at the end of the grace; cancelled.';
comment on column coffee.billing_jobs.attempts is 'How often it was tried: the number of the latest charge attempt.';
comment on column coffee.billing_jobs.next_attempt_at is
  'When it may be claimed; while processing, when its lease ends. Null while retrying: a hard decline, or no try is left; coffee.retry_charge starts the next.';
comment on column coffee.billing_jobs.lease_token is 'Of the claim that is at work.';
comment on column coffee.billing_jobs.worker is 'Who claimed it last, in its own words.';
comment on column coffee.billing_jobs.first_failed_at is 'When its dunning began.';
comment on column coffee.billing_jobs.failures is 'How often it was declined.';
comment on column coffee.billing_jobs.last_decline_code is 'What the gateway said when it declined last.';
comment on column coffee.billing_jobs.gateway_reference is 'The payment, in the words of the gateway.';
comment on column coffee.billing_jobs.completed_at is 'When it succeeded, failed for good or was cancelled.';
comment on column coffee.billing_jobs.created_at is 'When it was written.';
comment on column coffee.billing_jobs.updated_at is 'When it last changed.';

create table coffee.charge_attempts (
  id                bigint generated always as identity,
  job_id            bigint not null,
  attempt           integer not null,
  lease_token       uuid not null,
  result            text,
  is_hard           boolean,
  decline_code      text,
  gateway_reference text,
  started_at        timestamptz not null default now(),
  finished_at       timestamptz,
  constraint charge_attempts_pkey primary key (id),
  constraint charge_attempts_attempt_key unique (job_id, attempt),
  constraint charge_attempts_job_id_fkey foreign key (job_id) references coffee.billing_jobs (id),
  constraint charge_attempts_attempt_check check (attempt >= 1),
  constraint charge_attempts_result_check check (result in ('succeeded', 'failed', 'duplicate', 'unknown')),
  constraint charge_attempts_finished_at_check check ((result is null) = (finished_at is null)),
  constraint charge_attempts_gateway_reference_check check (length(gateway_reference) between 1 and 500)
);

create unique index charge_attempts_gateway_reference_key on coffee.charge_attempts (gateway_reference) where gateway_reference is not null;
create unique index charge_attempts_succeeded_key on coffee.charge_attempts (job_id) where result = 'succeeded';

comment on table coffee.charge_attempts is 'Every time that a billing job was handed to a worker, and what came back.';
comment on column coffee.charge_attempts.id is 'Identifies the attempt.';
comment on column coffee.charge_attempts.job_id is 'The billing job.';
comment on column coffee.charge_attempts.attempt is '1 for the first.';
comment on column coffee.charge_attempts.lease_token is 'Proves that a result belongs to it.';
comment on column coffee.charge_attempts.result is
  'succeeded: paid, once at most; failed: declined; duplicate: paid once more, to be refunded; unknown: the lease ran out without a word. Null while it is at work.';
comment on column coffee.charge_attempts.is_hard is 'Whether trying again without another payment method cannot help.';
comment on column coffee.charge_attempts.decline_code is 'Why it was declined, in the words of the gateway.';
comment on column coffee.charge_attempts.gateway_reference is 'The payment, in the words of the gateway: each is counted once.';
comment on column coffee.charge_attempts.started_at is 'When it was claimed.';
comment on column coffee.charge_attempts.finished_at is 'When its result came, or its lease was found to have run out.';

create table coffee.monthly_order_jobs (
  id              bigint generated always as identity,
  subscription_id uuid not null,
  period_id       bigint not null,
  box_no          integer not null default 0,
  target_month    date not null,
  run_at          timestamptz not null,
  status          text not null default 'pending',
  attempts        integer not null default 0,
  last_error      text,
  value           numeric(12, 2),
  created_at      timestamptz not null default now(),
  updated_at      timestamptz not null default now(),
  constraint monthly_order_jobs_pkey primary key (id),
  constraint monthly_order_jobs_box_key unique (period_id, box_no),
  constraint monthly_order_jobs_box_no_check check (box_no >= 0 and attempts >= 0 and value >= 0),
  constraint monthly_order_jobs_target_month_check check (target_month = date_trunc('month', target_month)::date),
  constraint monthly_order_jobs_status_check check (status in ('pending', 'delayed', 'done', 'skipped', 'cancelled'))
) with (fillfactor = 80);

create index monthly_order_jobs_due_idx on coffee.monthly_order_jobs (run_at, id) where status in ('pending', 'delayed');

comment on table coffee.monthly_order_jobs is 'One box to be packed: one for each month of a period. Written by billing, worked off by coffee.assemble_boxes.';
comment on column coffee.monthly_order_jobs.id is 'Identifies the job.';
comment on column coffee.monthly_order_jobs.subscription_id is 'Whose box it is.';
comment on column coffee.monthly_order_jobs.period_id is 'The period that pays for it.';
comment on column coffee.monthly_order_jobs.box_no is
  'Which box of the period, from 0; the numbers from interval_months on are boxes packed anew, because a payment came after they had been released.';
comment on column coffee.monthly_order_jobs.target_month is 'First day of the month that the box is for, in the zone of the subscription.';
comment on column coffee.monthly_order_jobs.run_at is 'When it is packed: the first with the start of the period, each other a month after the one before.';
comment on column coffee.monthly_order_jobs.status is 'pending; delayed: tried, out of stock, to be tried again at run_at; done; skipped; cancelled.';
comment on column coffee.monthly_order_jobs.attempts is 'How often packing was tried.';
comment on column coffee.monthly_order_jobs.last_error is 'Why it is delayed or was skipped.';
comment on column coffee.monthly_order_jobs.value is
  'What the box takes of the value of its period, less what was credited of it; null until it is packed or skipped.';
comment on column coffee.monthly_order_jobs.created_at is 'When it was written.';
comment on column coffee.monthly_order_jobs.updated_at is 'When it last changed.';

-- That a user has been told of a coming charge is a row of its own: the subscription's row is written by whoever changes or bills it.
create table coffee.billing_notices (
  subscription_id uuid not null,
  period_index    integer not null,
  amount          numeric(12, 2) not null,
  due_at          timestamptz not null,
  created_at      timestamptz not null default now(),
  constraint billing_notices_pkey primary key (subscription_id, period_index),
  constraint billing_notices_subscription_id_fkey foreign key (subscription_id) references coffee.coffee_subscriptions (id)
);

comment on table coffee.billing_notices is 'Which coming charge a user has been told of, once for each period.';
comment on column coffee.billing_notices.subscription_id is 'The subscription.';
comment on column coffee.billing_notices.period_index is 'The number of the period.';
comment on column coffee.billing_notices.amount is 'The amount that the user was told.';
comment on column coffee.billing_notices.due_at is 'The date that the user was told.';
comment on column coffee.billing_notices.created_at is 'When the user was told.';
