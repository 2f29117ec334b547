-- depends: 0004.coffee_billing
--
-- An order is one box. What lies in it is in order_items, bag by bag in qr_codes; the specification's coffee_items and qr_codes of the
-- order repeat that as JSON and are written with it.
-- In a blind box the customer does not learn what it is until they have guessed or reveal_at has come: coffee._is_hidden.

create sequence coffee.order_numbers as bigint;

create table coffee.subscription_orders (
  id                  uuid not null default gen_random_uuid(),
  subscription_id     uuid not null,
  user_id             uuid not null,
  period_id           bigint not null,
  order_job_id        bigint not null,
  order_month         date not null,
  order_number        varchar(50) not null,
  status              varchar(20) not null default 'pending',
  coffee_items        jsonb not null,
  total_price         numeric(12, 2) not null,
  currency            text not null default 'KRW',
  credit              numeric(12, 2) not null default 0,
  shipping_address    jsonb not null,
  is_blind            boolean not null default false,
  reveal_at           timestamptz,
  shipped_at          timestamptz,
  delivered_at        timestamptz,
  tracking_number     varchar(100),
  cancelled_at        timestamptz,
  cancellation_reason text,
  qr_codes            jsonb,
  created_at          timestamptz not null default now(),
  updated_at          timestamptz not null default now(),
  constraint subscription_orders_pkey primary key (id),
  constraint subscription_orders_order_number_key unique (order_number),
  constraint subscription_orders_order_job_id_key unique (order_job_id),
  constraint subscription_orders_subscription_id_fkey foreign key (subscription_id) references coffee.coffee_subscriptions (id),
  constraint subscription_orders_user_id_fkey foreign key (user_id) references coffee.users (id),
  constraint subscription_orders_period_id_fkey foreign key (period_id) references coffee.billing_periods (id),
  constraint subscription_orders_order_job_id_fkey foreign key (order_job_id) references coffee.monthly_order_jobs (id),
  constraint subscription_orders_order_month_check check (isfinite(order_month) and order_month = date_trunc('month', order_month)::date),
  constraint subscription_orders_status_check check (status in ('pending', 'paid', 'shipped', 'delivered', 'cancelled')),
  constraint subscription_orders_amounts_check check (least(total_price, credit) >= 0 and greatest(total_price, credit) < 'NaN'),
  constraint subscription_orders_shipped_check check ((status in ('shipped', 'delivered')) = (shipped_at is not null)),
  constraint subscription_orders_delivered_check check ((status = 'delivered') = (delivered_at is not null)),
  constraint subscription_orders_cancelled_check check ((status = 'cancelled') = (cancelled_at is not null)),
  constraint subscription_orders_reveal_at_check
    check (
      case
        when is_blind then num_nulls(reveal_at, shipped_at) in (0, 2) and (reveal_at > shipped_at) is not false
        else reveal_at is null
      end
    ),
  constraint subscription_orders_times_check check (isfinite(created_at) and isfinite(shipped_at) and isfinite(delivered_at))
) with (fillfactor = 80);

create index subscription_orders_subscription_id_idx on coffee.subscription_orders (subscription_id, order_month);
create index subscription_orders_user_id_idx on coffee.subscription_orders (user_id, created_at desc, id desc);
create index subscription_orders_period_idx on coffee.subscription_orders (period_id, subscription_id);
create index subscription_orders_order_month_idx on coffee.subscription_orders (order_month);
create index subscription_orders_status_idx on coffee.subscription_orders (status);

create table coffee.order_items (
  id            bigint generated always as identity,
  order_id      uuid not null,
  coffee_id     uuid not null,
  unit          varchar(10) not null,
  lot_id        bigint not null,
  quantity      integer not null,
  unit_price    numeric(12, 2) not null,
  is_extra      boolean not null default false,
  is_substitute boolean not null default false,
  constraint order_items_pkey primary key (id),
  constraint order_items_order_id_fkey foreign key (order_id) references coffee.subscription_orders (id),
  constraint order_items_coffee_unit_fkey foreign key (coffee_id, unit) references coffee.coffee_inventory (coffee_id, unit),
  constraint order_items_lot_id_fkey foreign key (lot_id) references coffee.stock_lots (id),
  constraint order_items_quantity_check check (quantity > 0),
  constraint order_items_unit_price_check check (unit_price >= 0 and unit_price < 'NaN')
);

create index order_items_order_id_idx on coffee.order_items (order_id, coffee_id);
create index order_items_coffee_unit_idx on coffee.order_items (coffee_id, unit);
create index order_items_lot_id_idx on coffee.order_items (lot_id);

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
  constraint qr_codes_record_key unique (record_id, record_created_at),
  constraint qr_codes_order_item_id_fkey foreign key (order_item_id) references coffee.order_items (id),
  constraint qr_codes_scanned_by_fkey foreign key (scanned_by) references coffee.users (id),
  constraint qr_codes_token_check check (length(token) >= 32),
  constraint qr_codes_bag_no_check check (bag_no > 0),
  constraint qr_codes_scanned_check check ((scanned_by is null) = (scanned_at is null)),
  constraint qr_codes_record_check
    check ((record_id is null) = (record_created_at is null) and (record_id is null or scanned_by is not null))
);

create index qr_codes_scanned_by_idx on coffee.qr_codes (scanned_by);

create table coffee.subscription_feedback (
  id                    uuid not null default gen_random_uuid(),
  user_id               uuid not null,
  order_id              uuid not null,
  coffee_id             uuid not null,
  overall_rating        integer,
  would_buy_again       boolean,
  lab_record_id         uuid,
  lab_record_created_at timestamptz,
  taste_match_score     numeric(5, 2),
  blind_guess           jsonb,
  blind_guess_coffee_id uuid,
  blind_guess_correct   boolean,
  blind_guess_score     numeric(5, 2),
  guessed_at            timestamptz,
  guess_transaction     xid8,
  feedback_text         text,
  created_at            timestamptz not null default now(),
  updated_at            timestamptz not null default now(),
  constraint subscription_feedback_pkey primary key (id),
  constraint subscription_feedback_item_key unique (order_id, coffee_id),
  constraint subscription_feedback_user_id_fkey foreign key (user_id) references coffee.users (id),
  constraint subscription_feedback_order_id_fkey foreign key (order_id) references coffee.subscription_orders (id),
  constraint subscription_feedback_coffee_id_fkey foreign key (coffee_id) references coffee.coffees (id),
  constraint subscription_feedback_blind_guess_coffee_id_fkey foreign key (blind_guess_coffee_id) references coffee.coffees (id),
  constraint subscription_feedback_overall_rating_check check (overall_rating between 1 and 5),
  constraint subscription_feedback_scores_check check (taste_match_score between 0 and 100 and blind_guess_score between 0 and 100),
  constraint subscription_feedback_guess_check
    check (num_nulls(blind_guess, blind_guess_correct, blind_guess_score, guessed_at, guess_transaction) in (0, 5)),
  constraint subscription_feedback_guess_correct_check
    check (
      blind_guess_correct = coalesce(blind_guess_coffee_id = coffee_id, false) and (not blind_guess_correct or blind_guess_score = 100)
    ),
  constraint subscription_feedback_lab_record_check check ((lab_record_id is null) = (lab_record_created_at is null))
);

create index subscription_feedback_created_at_idx on coffee.subscription_feedback (created_at);
create index subscription_feedback_guessed_at_idx on coffee.subscription_feedback (guessed_at) where guessed_at is not null;
create index subscription_feedback_user_id_idx on coffee.subscription_feedback (user_id);
create index subscription_feedback_coffee_id_idx on coffee.subscription_feedback (coffee_id);
create index subscription_feedback_blind_guess_coffee_id_idx on coffee.subscription_feedback (blind_guess_coffee_id);

comment on sequence coffee.order_numbers is 'Numbers of orders. One that was rolled back leaves a gap.';

comment on table coffee.subscription_orders is 'A box: one for each month that a subscription''s period pays for. Source: specification 000.';
comment on column coffee.subscription_orders.id is 'Key.';
comment on column coffee.subscription_orders.subscription_id is 'The subscription that it belongs to.';
comment on column coffee.subscription_orders.user_id is 'Who gets it.';
comment on column coffee.subscription_orders.period_id is 'The billing period that pays for it.';
comment on column coffee.subscription_orders.order_job_id is 'The request that it fulfils: there is no second box for one.';
comment on column coffee.subscription_orders.order_month is 'First day of the month that it is for.';
comment on column coffee.subscription_orders.order_number is 'What people call it: CB, year and month, a number.';
comment on column coffee.subscription_orders.status is 'pending (packed on paper, stock reserved), paid, shipped, delivered; or cancelled.';
comment on column coffee.subscription_orders.coffee_items is 'order_items as the specification has them: [{"coffee_id", "quantity", "unit"}].';
comment on column coffee.subscription_orders.total_price is 'What the box costs, extras included and what is missing from it taken off.';
comment on column coffee.subscription_orders.currency is 'Currency of the amounts.';
comment on column coffee.subscription_orders.credit is 'What the bill asks for and the box does not hold; credited to the subscription when the box is paid.';
comment on column coffee.subscription_orders.shipping_address is 'The subscription''s address when the box was packed.';
comment on column coffee.subscription_orders.is_blind is 'Its coffees, extras excepted, are hidden from the customer until guessed or until reveal_at.';
comment on column coffee.subscription_orders.reveal_at is 'When a blind box tells by itself; set when it is shipped.';
comment on column coffee.subscription_orders.shipped_at is 'When it left.';
comment on column coffee.subscription_orders.delivered_at is 'When it arrived.';
comment on column coffee.subscription_orders.tracking_number is 'The carrier''s number.';
comment on column coffee.subscription_orders.cancelled_at is 'When it was cancelled.';
comment on column coffee.subscription_orders.cancellation_reason is 'Why it was cancelled.';
comment on column coffee.subscription_orders.qr_codes is 'qr_codes as the specification has them: [{"coffee_id", "qr_code", "created_at"}], one for each bag.';
comment on column coffee.subscription_orders.created_at is 'When it was assembled.';
comment on column coffee.subscription_orders.updated_at is 'When the row was last changed.';

comment on table coffee.order_items is 'What lies in a box: so many bags of a coffee from one lot.';
comment on column coffee.order_items.id is 'Key. In a blind box the items are in random order, so that it tells nothing.';
comment on column coffee.order_items.order_id is 'The box.';
comment on column coffee.order_items.coffee_id is 'The coffee.';
comment on column coffee.order_items.unit is 'Size of a bag, 60g or 100g.';
comment on column coffee.order_items.lot_id is 'The lot whose bags are reserved, and leave with the box.';
comment on column coffee.order_items.quantity is 'Bags.';
comment on column coffee.order_items.unit_price is 'Of an extra, what the customer pays for a bag; else what a bag would cost by itself, and the box has one price.';
comment on column coffee.order_items.is_extra is 'Added and paid for by itself.';
comment on column coffee.order_items.is_substitute is 'Stands in for a chosen coffee that was out of stock.';

comment on table coffee.qr_codes is 'The code on each bag. Source: specification 000, qr_codes of subscription_orders.';
comment on column coffee.qr_codes.token is 'The secret that is printed on the bag: 128 random bits in hexadecimal digits.';
comment on column coffee.qr_codes.order_item_id is 'The item that the bag belongs to.';
comment on column coffee.qr_codes.bag_no is 'Which of the item''s bags, from 1.';
comment on column coffee.qr_codes.scanned_by is 'Who scanned it: the customer.';
comment on column coffee.qr_codes.scanned_at is 'When it was scanned first.';
comment on column coffee.qr_codes.record_id is 'The taste record of the bag.';
comment on column coffee.qr_codes.record_created_at is 'The time in that record''s key.';
comment on column coffee.qr_codes.created_at is 'When the code was made.';

comment on table coffee.subscription_feedback is 'What a customer says of a coffee in a box, and guessed of it. Source: specification 000.';
comment on column coffee.subscription_feedback.id is 'Key.';
comment on column coffee.subscription_feedback.user_id is 'The customer.';
comment on column coffee.subscription_feedback.order_id is 'The box.';
comment on column coffee.subscription_feedback.coffee_id is 'The coffee that really lay in it.';
comment on column coffee.subscription_feedback.overall_rating is 'Stars, 1 to 5; null: only guessed, or not rated.';
comment on column coffee.subscription_feedback.would_buy_again is 'Whether the customer would buy it again.';
comment on column coffee.subscription_feedback.lab_record_id is 'The customer''s taste record of the coffee; no foreign key leads to partitions.';
comment on column coffee.subscription_feedback.lab_record_created_at is 'The time in that record''s key.';
comment on column coffee.subscription_feedback.taste_match_score is 'How well it met the customer''s taste, 0 to 100.';
comment on column coffee.subscription_feedback.blind_guess is 'What was guessed: coffee_id, roaster_id, origin_country, processing_method, whichever were stated.';
comment on column coffee.subscription_feedback.blind_guess_coffee_id is 'The coffee that was guessed.';
comment on column coffee.subscription_feedback.blind_guess_correct is 'Whether it was that coffee.';
comment on column coffee.subscription_feedback.blind_guess_score is '100 when right, else up to 80 for roaster, country and process.';
comment on column coffee.subscription_feedback.guessed_at is 'When it was guessed.';
comment on column coffee.subscription_feedback.guess_transaction is 'The transaction of the guess: the answer is told in a later one, never in one that could take the guess back.';
comment on column coffee.subscription_feedback.feedback_text is 'In the customer''s words.';
comment on column coffee.subscription_feedback.created_at is 'When the row was made.';
comment on column coffee.subscription_feedback.updated_at is 'When the row was last changed.';
