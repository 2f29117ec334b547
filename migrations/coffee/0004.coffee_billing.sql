-- depends: 0003.coffee_subscriptions
--
-- That nobody pays twice for one day is a constraint: the periods of a subscription exclude each other, and a period has one billing
-- job. gist has no operator class for uuid in core, so the subscription stands in the constraint as a range of one number.

create table coffee.billing_periods (
  id              bigint generated always as identity,
  subscription_id uuid not null,
  subscription_no bigint not null,
  period_index    integer not null,
  part            smallint not null default 1,
  period          tstzrange not null,
  kind            text not null default 'billed',
  amount          numeric(12, 2) not null,
  value           numeric(12, 2) not null,
  created_at      timestamptz not null default now(),
  constraint billing_periods_pkey primary key (id),
  constraint billing_periods_subscription_fkey foreign key (subscription_id, subscription_no)
    references coffee.coffee_subscriptions (id, subscription_no),
  constraint billing_periods_period_index_key unique (subscription_id, period_index, part),
  constraint billing_periods_period_check check (not isempty(period) and lower(period) is not null and upper(period) is not null),
  constraint billing_periods_kind_check check (kind in ('billed', 'skipped', 'missed', 'carried', 'prepaid', 'changed', 'unpaid', 'out_of_stock')),
  constraint billing_periods_amount_check check (amount >= 0 and value >= 0),
  constraint billing_periods_no_overlap exclude using gist (
    int8range(subscription_no, subscription_no, '[]') with &&, period with &&
  )
);

create index billing_periods_subscription_idx on coffee.billing_periods (subscription_id, subscription_no);

create table coffee.subscription_credits (
  id              bigint generated always as identity,
  subscription_id uuid not null,
  period_id       bigint,
  amount          numeric(12, 2) not null,
  reason          text not null,
  created_at      timestamptz not null default now(),
  constraint subscription_credits_pkey primary key (id),
  constraint subscription_credits_subscription_id_fkey foreign key (subscription_id) references coffee.coffee_subscriptions (id),
  constraint subscription_credits_period_id_fkey foreign key (period_id) references coffee.billing_periods (id)
);

create index subscription_credits_subscription_id_idx on coffee.subscription_credits (subscription_id);
create index subscription_credits_period_id_idx on coffee.subscription_credits (period_id);

-- One row asks for one payment. It is claimed on lease like a task, and keeps the state of its dunning.
create table coffee.billing_jobs (
  id                bigint generated always as identity,
  subscription_id   uuid not null,
  period_id         bigint not null,
  amount            numeric(12, 2) not null,
  currency          char(3) not null default 'KRW',
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
  constraint billing_jobs_subscription_id_fkey foreign key (subscription_id) references coffee.coffee_subscriptions (id),
  constraint billing_jobs_period_id_fkey foreign key (period_id) references coffee.billing_periods (id),
  constraint billing_jobs_currency_fkey foreign key (currency) references platform.currencies (code),
  constraint billing_jobs_amount_check check (amount >= 0),
  constraint billing_jobs_status_check check (status in ('waiting', 'pending', 'processing', 'retrying', 'succeeded', 'failed', 'cancelled'))
) with (fillfactor = 70);

create index billing_jobs_subscription_id_idx on coffee.billing_jobs (subscription_id, due_date);
create index billing_jobs_claim_idx on coffee.billing_jobs (next_attempt_at, id) where status in ('pending', 'processing', 'retrying');

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
  constraint charge_attempts_result_check check (result in ('succeeded', 'failed', 'duplicate', 'unknown'))
);

create unique index charge_attempts_gateway_reference_key on coffee.charge_attempts (gateway_reference) where gateway_reference is not null;

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
  created_at      timestamptz not null default now(),
  updated_at      timestamptz not null default now(),
  constraint monthly_order_jobs_pkey primary key (id),
  constraint monthly_order_jobs_box_key unique (period_id, box_no),
  constraint monthly_order_jobs_subscription_id_fkey foreign key (subscription_id) references coffee.coffee_subscriptions (id),
  constraint monthly_order_jobs_period_id_fkey foreign key (period_id) references coffee.billing_periods (id),
  constraint monthly_order_jobs_target_month_check check (target_month = date_trunc('month', target_month)::date),
  constraint monthly_order_jobs_status_check check (status in ('pending', 'delayed', 'done', 'skipped', 'cancelled'))
) with (fillfactor = 80);

create index monthly_order_jobs_subscription_id_idx on coffee.monthly_order_jobs (subscription_id, target_month);
create index monthly_order_jobs_due_idx on coffee.monthly_order_jobs (run_at, id) where status in ('pending', 'delayed');
