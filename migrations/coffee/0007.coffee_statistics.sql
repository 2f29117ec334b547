-- depends: 0006.coffee_tasting
--
-- What users did on a local day and in a local month, for those who did something. Nothing refers to these rows and all of them can be
-- computed again; which days are computed is known for days without rows, too, so that a day which the job missed is found.

create table coffee.user_growth_metrics (
  user_id                    uuid not null,
  date                       date not null,
  records_created            integer not null default 0,
  unique_coffees             integer not null default 0,
  subscription_coffees_tried integer not null default 0,
  taste_accuracy             numeric(5, 2),
  consistency_score          numeric(5, 2),
  blind_test_results         jsonb,
  blind_box_accuracy         numeric(5, 2),
  new_flavors_detected       integer not null default 0,
  complexity_level           integer not null default 1,
  expertise_score            numeric(5, 2),
  total_records              integer not null default 0,
  total_unique_coffees       integer not null default 0,
  total_subscription_months  integer not null default 0,
  constraint user_growth_metrics_pkey primary key (user_id, date),
  constraint user_growth_metrics_user_id_fkey foreign key (user_id) references coffee.users (id),
  constraint user_growth_metrics_counts_check check (
    records_created >= 0 and unique_coffees between 0 and records_created and subscription_coffees_tried between 0 and records_created
    and new_flavors_detected >= 0 and complexity_level >= 1
    and total_records >= records_created and total_unique_coffees between unique_coffees and total_records
    and total_subscription_months >= 0
  ),
  constraint user_growth_metrics_scores_check check (
    taste_accuracy between 0 and 100 and consistency_score between 0 and 100
    and blind_box_accuracy between 0 and 100 and expertise_score between 0 and 100
  )
) partition by range (date);

create index user_growth_metrics_date_idx on coffee.user_growth_metrics (date);

comment on table coffee.user_growth_metrics is
  'What a user tasted and guessed on a local day, and the totals as of its end; no row on days without. Source: specification 000.';
comment on column coffee.user_growth_metrics.user_id is 'User.';
comment on column coffee.user_growth_metrics.date is 'Day in the user''s time zone.';
comment on column coffee.user_growth_metrics.records_created is 'Taste records of the day.';
comment on column coffee.user_growth_metrics.unique_coffees is 'Different coffees among them.';
comment on column coffee.user_growth_metrics.subscription_coffees_tried is 'Those of the records that are of a subscription''s coffee.';
comment on column coffee.user_growth_metrics.taste_accuracy is
  'Mean match score, 0 to 100, of the latest analysis of each of the day''s records and of the day''s feedback; null: none.';
comment on column coffee.user_growth_metrics.consistency_score is
  'How alike the user describes the same coffee: mean cosine similarity of each record''s taste vector and that of the user''s record of the coffee before it, 0 to 100; null: no such pair.';
comment on column coffee.user_growth_metrics.blind_test_results is
  'Blind guesses of the day: {"guesses", "correct", "average_score"}; null: none.';
comment on column coffee.user_growth_metrics.blind_box_accuracy is 'Mean score of the day''s blind guesses, 0 to 100; null: none.';
comment on column coffee.user_growth_metrics.new_flavors_detected is 'Flavours of the wheel that the user named for the first time.';
comment on column coffee.user_growth_metrics.complexity_level is 'Most taste layers told apart in one record of the day, at least 1.';
comment on column coffee.user_growth_metrics.expertise_score is
  'Mean of taste_accuracy, consistency_score and blind_box_accuracy as far as there are any, times total_records / (total_records + 10); null: none of the three.';
comment on column coffee.user_growth_metrics.total_records is 'Taste records to the end of the day.';
comment on column coffee.user_growth_metrics.total_unique_coffees is 'Different coffees among them.';
comment on column coffee.user_growth_metrics.total_subscription_months is 'Months, to the end of the day, of which a box was paid for.';

create table coffee.user_growth_monthly (
  user_id                    uuid not null,
  month                      date not null,
  records_created            integer not null default 0,
  unique_coffees             integer not null default 0,
  subscription_coffees_tried integer not null default 0,
  taste_accuracy             numeric(5, 2),
  blind_box_accuracy         numeric(5, 2),
  constraint user_growth_monthly_pkey primary key (user_id, month),
  constraint user_growth_monthly_user_id_fkey foreign key (user_id) references coffee.users (id),
  constraint user_growth_monthly_month_check check (month = date_trunc('month', month)::date),
  constraint user_growth_monthly_counts_check check (
    records_created >= 0 and unique_coffees between 0 and records_created and subscription_coffees_tried between 0 and records_created
  ),
  constraint user_growth_monthly_scores_check check (taste_accuracy between 0 and 100 and blind_box_accuracy between 0 and 100)
);

create index user_growth_monthly_month_idx on coffee.user_growth_monthly (month);

comment on table coffee.user_growth_monthly is
  'What a user tasted and guessed in a local month: what the specification writes into the daily table. Source: specification 000, aggregate_monthly_stats.';
comment on column coffee.user_growth_monthly.user_id is 'User.';
comment on column coffee.user_growth_monthly.month is 'First day of the month in the user''s time zone.';
comment on column coffee.user_growth_monthly.records_created is 'Taste records of the month.';
comment on column coffee.user_growth_monthly.unique_coffees is 'Different coffees among them.';
comment on column coffee.user_growth_monthly.subscription_coffees_tried is 'Those of the records that are of a subscription''s coffee.';
comment on column coffee.user_growth_monthly.taste_accuracy is 'As in user_growth_metrics, of the month.';
comment on column coffee.user_growth_monthly.blind_box_accuracy is 'As in user_growth_metrics, of the month.';

create table coffee.growth_days (
  date          date not null,
  calculated_at timestamptz not null,
  constraint growth_days_pkey primary key (date),
  constraint growth_days_date_check check (isfinite(date))
);

comment on table coffee.growth_days is
  'The days whose user_growth_metrics were computed when they were over everywhere, also those on which nobody did anything.';
comment on column coffee.growth_days.date is 'Local day of all users.';
comment on column coffee.growth_days.calculated_at is
  'When that was first done, not before noon UTC of the next day: only then is the day over in all time zones.';
