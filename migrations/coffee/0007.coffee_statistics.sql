-- depends: 0006.coffee_tasting

create table coffee.user_growth_metrics (
  user_id                   uuid not null,
  date                      date not null,
  records_created           integer not null default 0,
  unique_coffees            integer not null default 0,
  subscription_coffees_tried integer not null default 0,
  taste_accuracy            numeric(5, 2),
  consistency_score         numeric(5, 2),
  blind_test_results        jsonb,
  blind_box_accuracy        numeric(5, 2),
  new_flavors_detected      integer not null default 0,
  complexity_level          integer not null default 1,
  expertise_score           numeric(5, 2),
  total_records             integer not null default 0,
  total_unique_coffees      integer not null default 0,
  total_subscription_months integer not null default 0,
  constraint user_growth_metrics_pkey primary key (user_id, date),
  constraint user_growth_metrics_user_id_fkey foreign key (user_id) references coffee.users (id)
) partition by range (date);

create index user_growth_metrics_date_idx on coffee.user_growth_metrics (date);

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
  constraint user_growth_monthly_month_check check (month = date_trunc('month', month)::date)
);

create index user_growth_monthly_month_idx on coffee.user_growth_monthly (month);
