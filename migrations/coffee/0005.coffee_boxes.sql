-- depends: 0004.coffee_billing

create sequence coffee.order_numbers as bigint;

create table coffee.subscription_orders (
  id              uuid not null default gen_random_uuid(),
  subscription_id uuid not null,
  user_id         uuid not null,
  period_id       bigint not null,
  order_job_id    bigint not null,
  order_month     date not null,
  order_number    varchar(50) not null,
  status          varchar(20) not null default 'pending',
  coffee_items    jsonb not null,
  total_price     numeric(12, 2) not null,
  currency        char(3) not null default 'KRW',
  shipping_address jsonb not null,
  is_blind        boolean not null default false,
  reveal_at       timestamptz,
  shipped_at      timestamptz,
  delivered_at    timestamptz,
  tracking_number varchar(100),
  qr_codes        jsonb,
  created_at      timestamptz not null default now(),
  updated_at      timestamptz not null default now(),
  constraint subscription_orders_pkey primary key (id),
  constraint subscription_orders_order_number_key unique (order_number),
  constraint subscription_orders_order_job_id_key unique (order_job_id),
  constraint subscription_orders_subscription_id_fkey foreign key (subscription_id) references coffee.coffee_subscriptions (id),
  constraint subscription_orders_user_id_fkey foreign key (user_id) references coffee.users (id),
  constraint subscription_orders_period_id_fkey foreign key (period_id) references coffee.billing_periods (id),
  constraint subscription_orders_order_job_id_fkey foreign key (order_job_id) references coffee.monthly_order_jobs (id),
  constraint subscription_orders_order_month_check check (order_month = date_trunc('month', order_month)::date),
  constraint subscription_orders_status_check check (status in ('pending', 'paid', 'shipped', 'delivered', 'cancelled')),
  constraint subscription_orders_total_price_check check (total_price >= 0)
) with (fillfactor = 80);

create index subscription_orders_subscription_id_idx on coffee.subscription_orders (subscription_id, order_month);
create index subscription_orders_user_id_idx on coffee.subscription_orders (user_id, created_at desc);
create index subscription_orders_period_id_idx on coffee.subscription_orders (period_id);
create index subscription_orders_month_idx on coffee.subscription_orders (order_month);
create index subscription_orders_status_idx on coffee.subscription_orders (status);

create table coffee.order_items (
  id          bigint generated always as identity,
  order_id    uuid not null,
  coffee_id   uuid not null,
  unit        varchar(10) not null,
  lot_id      bigint not null,
  quantity    integer not null,
  unit_price  numeric(12, 2) not null,
  is_extra    boolean not null default false,
  is_substitute boolean not null default false,
  constraint order_items_pkey primary key (id),
  constraint order_items_order_id_fkey foreign key (order_id) references coffee.subscription_orders (id),
  constraint order_items_coffee_unit_fkey foreign key (coffee_id, unit) references coffee.coffee_inventory (coffee_id, unit),
  constraint order_items_lot_id_fkey foreign key (lot_id) references coffee.stock_lots (id),
  constraint order_items_quantity_check check (quantity > 0)
);

create index order_items_order_id_idx on coffee.order_items (order_id);
create index order_items_coffee_unit_idx on coffee.order_items (coffee_id, unit);
create index order_items_lot_id_idx on coffee.order_items (lot_id);

-- One for each bag. The token is the secret that is printed on it: 128 random bits.
create table coffee.qr_codes (
  token             text not null,
  order_item_id     bigint not null,
  bag_no            integer not null,
  scanned_by        uuid,
  scanned_at        timestamptz,
  record_id         uuid,
  record_created_at timestamptz,
  created_at        timestamptz not null default now(),
  constraint qr_codes_pkey primary key (token),
  constraint qr_codes_bag_key unique (order_item_id, bag_no),
  constraint qr_codes_order_item_id_fkey foreign key (order_item_id) references coffee.order_items (id),
  constraint qr_codes_scanned_by_fkey foreign key (scanned_by) references coffee.users (id),
  constraint qr_codes_record_check check ((record_id is null) = (record_created_at is null))
);

create index qr_codes_scanned_by_idx on coffee.qr_codes (scanned_by);

create table coffee.subscription_feedback (
  id                     uuid not null default gen_random_uuid(),
  user_id                uuid not null,
  order_id               uuid not null,
  coffee_id              uuid not null,
  overall_rating         integer,
  would_buy_again        boolean,
  lab_record_id          uuid,
  lab_record_created_at  timestamptz,
  taste_match_score      numeric(5, 2),
  blind_guess            jsonb,
  blind_guess_coffee_id  uuid,
  blind_guess_correct    boolean,
  blind_guess_score      numeric(5, 2),
  guessed_at             timestamptz,
  feedback_text          text,
  created_at             timestamptz not null default now(),
  updated_at             timestamptz not null default now(),
  constraint subscription_feedback_pkey primary key (id),
  constraint subscription_feedback_item_key unique (order_id, coffee_id),
  constraint subscription_feedback_user_id_fkey foreign key (user_id) references coffee.users (id),
  constraint subscription_feedback_order_id_fkey foreign key (order_id) references coffee.subscription_orders (id),
  constraint subscription_feedback_coffee_id_fkey foreign key (coffee_id) references coffee.coffees (id),
  constraint subscription_feedback_blind_guess_coffee_id_fkey foreign key (blind_guess_coffee_id) references coffee.coffees (id),
  constraint subscription_feedback_overall_rating_check check (overall_rating between 1 and 5),
  constraint subscription_feedback_scores_check check (taste_match_score between 0 and 100 and blind_guess_score between 0 and 100),
  constraint subscription_feedback_lab_record_check check ((lab_record_id is null) = (lab_record_created_at is null))
);

create index subscription_feedback_user_id_idx on coffee.subscription_feedback (user_id);
create index subscription_feedback_coffee_id_idx on coffee.subscription_feedback (coffee_id);
create index subscription_feedback_blind_guess_coffee_id_idx on coffee.subscription_feedback (blind_guess_coffee_id);
