-- depends: 0014.platform_search
--
-- What is sold and what lies in the stock. How much of a coffee there is, and how much of that is promised, are two columns of one row, so
-- that a reservation is decided under one row's lock; the movements say how the row came to be what it is, and nothing else moves it.

create schema coffee;

comment on schema coffee is 'Coffee: catalogue and stock, subscriptions and their billing, boxes, tasting and taste DNA (specification 000).';

create table coffee.roasters (
  id                   uuid not null default gen_random_uuid(),
  name                 varchar(255) not null,
  location             jsonb,
  contact_info         jsonb,
  subscription_partner boolean not null default false,
  partnership_tier     varchar(20),
  monthly_quota        integer,
  rating_total         bigint not null default 0,
  total_reviews        integer not null default 0,
  average_rating       numeric(3, 2) generated always as (round(rating_total::numeric / nullif(total_reviews, 0), 2)) stored,
  created_at           timestamptz not null default now(),
  updated_at           timestamptz not null default now(),
  constraint roasters_pkey primary key (id),
  constraint roasters_name_check check (name <> ''),
  constraint roasters_partnership_tier_check check (partnership_tier in ('bronze', 'silver', 'gold', 'platinum')),
  constraint roasters_monthly_quota_check check (monthly_quota >= 0),
  constraint roasters_ratings_check check (rating_total between total_reviews and 5::bigint * total_reviews and total_reviews >= 0)
) with (fillfactor = 80);

comment on table coffee.roasters is 'Who roasts the coffees.';
comment on column coffee.roasters.id is 'Key.';
comment on column coffee.roasters.name is 'Name, as people see it.';
comment on column coffee.roasters.location is 'Where it is, as a JSON object; not looked at by the database.';
comment on column coffee.roasters.contact_info is 'How it is reached, as a JSON object; not looked at by the database.';
comment on column coffee.roasters.subscription_partner is 'Whether it delivers for subscription boxes.';
comment on column coffee.roasters.partnership_tier is 'bronze, silver, gold or platinum; null: no partner.';
comment on column coffee.roasters.monthly_quota is 'How many bags of it the boxes of one month may hold; null: no limit.';
comment on column coffee.roasters.rating_total is 'Sum of the ratings of its coffees, kept by trigger.';
comment on column coffee.roasters.total_reviews is 'Number of the ratings of its coffees, kept by trigger.';
comment on column coffee.roasters.average_rating is 'Their average, 1 to 5, two digits; null: none yet.';
comment on column coffee.roasters.created_at is 'When it was added.';
comment on column coffee.roasters.updated_at is 'When it was last changed.';

create table coffee.roaster_quotas (
  roaster_id uuid not null,
  month      date not null,
  maximum    integer,
  used       integer not null default 0,
  constraint roaster_quotas_pkey primary key (roaster_id, month),
  constraint roaster_quotas_roaster_id_fkey foreign key (roaster_id) references coffee.roasters (id),
  constraint roaster_quotas_month_check check (month = date_trunc('month', month)::date),
  constraint roaster_quotas_used_check check (used >= 0 and used <= maximum)
) with (fillfactor = 50);

comment on table coffee.roaster_quotas is
  'How many bags of a roaster are in the boxes of a month. The limit stands beside it, so that the table itself refuses to pass it.';
comment on column coffee.roaster_quotas.roaster_id is 'The roaster.';
comment on column coffee.roaster_quotas.month is 'First day of the boxes'' month.';
comment on column coffee.roaster_quotas.maximum is 'The roaster''s monthly_quota, followed until the month is over; null: no limit.';
comment on column coffee.roaster_quotas.used is 'Bags reserved for boxes of the month, shipped or not, without those that were released.';

create table coffee.coffees (
  id                         uuid not null default gen_random_uuid(),
  name                       varchar(255) not null,
  roaster_id                 uuid not null,
  origin_country             varchar(100) not null,
  origin_region              varchar(100),
  origin_farm                varchar(100),
  variety                    varchar(100),
  processing_method          varchar(50),
  altitude_min               integer,
  altitude_max               integer,
  harvest_date               date,
  roast_date                 date,
  roaster_notes              jsonb,
  roast_level                varchar(20),
  flavor_profile             jsonb,
  flavor_vector              extensions.vector(128),
  available_for_subscription boolean not null default false,
  subscription_units         jsonb not null default '["60g", "100g"]',
  subscription_price_60g     numeric(12, 2),
  subscription_price_100g    numeric(12, 2),
  currency                   text not null default 'KRW',
  rating_total               bigint not null default 0,
  total_reviews              integer not null default 0,
  average_rating             numeric(3, 2) generated always as (round(rating_total::numeric / nullif(total_reviews, 0), 2)) stored,
  search_vector              tsvector not null,
  created_at                 timestamptz not null default now(),
  updated_at                 timestamptz not null default now(),
  constraint coffees_pkey primary key (id),
  constraint coffees_roaster_key unique (id, roaster_id),
  constraint coffees_roaster_id_fkey foreign key (roaster_id) references coffee.roasters (id),
  constraint coffees_currency_fkey foreign key (currency) references platform.currencies (code),
  constraint coffees_name_check check (name <> ''),
  constraint coffees_altitude_check check (altitude_min <= altitude_max),
  constraint coffees_flavor_vector_check check (
    extensions.vector_norm(flavor_vector) = 0 or extensions.vector_norm(flavor_vector) between 1e-6 and 1e6
  ),
  constraint coffees_subscription_units_check check (jsonb_typeof(subscription_units) = 'array' and subscription_units <@ '["60g", "100g"]'),
  constraint coffees_prices_check check (
    subscription_price_60g between 0 and 9999999999 and subscription_price_100g between 0 and 9999999999
  ),
  constraint coffees_ratings_check check (rating_total between total_reviews and 5::bigint * total_reviews and total_reviews >= 0)
) with (fillfactor = 80);

create index coffees_roaster_id_idx on coffee.coffees (roaster_id);
create index coffees_currency_idx on coffee.coffees (currency);
create index coffees_origin_idx on coffee.coffees (origin_country, origin_region);
create index coffees_search_idx on coffee.coffees using gin (search_vector);
create index coffees_subscription_idx on coffee.coffees (id) where available_for_subscription;

comment on table coffee.coffees is 'The coffees: what there is to know about them, and what they cost in a box.';
comment on column coffee.coffees.id is 'Key.';
comment on column coffee.coffees.name is 'Name, as people see it.';
comment on column coffee.coffees.roaster_id is 'Who roasts it; fixed as soon as it is in the stock.';
comment on column coffee.coffees.origin_country is 'Country of origin.';
comment on column coffee.coffees.origin_region is 'Region of origin.';
comment on column coffee.coffees.origin_farm is 'Farm or washing station.';
comment on column coffee.coffees.variety is 'Botanical variety, e.g. Gesha.';
comment on column coffee.coffees.processing_method is 'washed, natural, honey, anaerobic, …';
comment on column coffee.coffees.altitude_min is 'Lowest altitude it grows at, in metres.';
comment on column coffee.coffees.altitude_max is 'Highest altitude it grows at, in metres.';
comment on column coffee.coffees.harvest_date is 'Day of the harvest.';
comment on column coffee.coffees.roast_date is 'Day of the latest roast; each lot has its own.';
comment on column coffee.coffees.roaster_notes is 'What the roaster tastes: an array of notes or an object.';
comment on column coffee.coffees.roast_level is 'light, medium, dark, …';
comment on column coffee.coffees.flavor_profile is 'Taste layers as the roaster sees them: an object, layer → 0 to 10.';
comment on column coffee.coffees.flavor_vector is 'The profile in the space of taste_records.taste_vector, as long as that may be; null: not known.';
comment on column coffee.coffees.available_for_subscription is 'Whether boxes may hold it.';
comment on column coffee.coffees.subscription_units is 'Sizes that boxes may hold: an array of 60g and 100g.';
comment on column coffee.coffees.subscription_price_60g is 'Price of a 60 g bag; the same as the unit_price of its stock, whichever is written.';
comment on column coffee.coffees.subscription_price_100g is 'Price of a 100 g bag; likewise.';
comment on column coffee.coffees.currency is 'Of its prices (platform.currencies). Bags are added only to subscriptions in the same one.';
comment on column coffee.coffees.rating_total is 'Sum of the ratings in subscription_feedback, kept by trigger.';
comment on column coffee.coffees.total_reviews is 'Number of those ratings, kept by trigger.';
comment on column coffee.coffees.average_rating is 'Their average, 1 to 5, two digits; null: none yet.';
comment on column coffee.coffees.search_vector is 'What coffee.search_coffees looks at, kept by trigger.';
comment on column coffee.coffees.created_at is 'When it was added.';
comment on column coffee.coffees.updated_at is 'When it was last changed.';

create table coffee.coffee_inventory (
  id               uuid not null default gen_random_uuid(),
  coffee_id        uuid not null,
  roaster_id       uuid not null,
  unit             varchar(10) not null,
  current_stock    integer not null default 0,
  reserved_stock   integer not null default 0,
  min_stock_alert  integer not null default 10,
  max_stock        integer not null default 100,
  unit_price       numeric(12, 2) not null,
  is_available     boolean not null default true,
  out_of_stock_at  timestamptz,
  low_stock_since  timestamptz,
  low_stock_alerts integer not null default 0,
  created_at       timestamptz not null default now(),
  updated_at       timestamptz not null default now(),
  constraint coffee_inventory_pkey primary key (id),
  constraint coffee_inventory_coffee_unit_key unique (coffee_id, unit),
  constraint coffee_inventory_coffee_id_fkey foreign key (coffee_id, roaster_id) references coffee.coffees (id, roaster_id),
  constraint coffee_inventory_roaster_id_fkey foreign key (roaster_id) references coffee.roasters (id),
  constraint coffee_inventory_unit_check check (unit in ('60g', '100g')),
  constraint coffee_inventory_stock_check check (reserved_stock between 0 and current_stock),
  constraint coffee_inventory_limits_check check (min_stock_alert >= 0 and max_stock >= min_stock_alert),
  constraint coffee_inventory_unit_price_check check (unit_price between 0 and 9999999999),
  constraint coffee_inventory_out_of_stock_check check ((current_stock = reserved_stock) = (out_of_stock_at is not null)),
  constraint coffee_inventory_low_stock_check check (
    (current_stock - reserved_stock <= min_stock_alert) = (low_stock_since is not null) and low_stock_alerts >= 0
  )
) with (fillfactor = 70);

create index coffee_inventory_coffee_id_idx on coffee.coffee_inventory (coffee_id, roaster_id);
create index coffee_inventory_roaster_id_idx on coffee.coffee_inventory (roaster_id);
create index coffee_inventory_available_idx on coffee.coffee_inventory (is_available, current_stock);

comment on table coffee.coffee_inventory is
  'How many bags of a coffee there are in one size, and how many of them are promised: the sums over its lots, under one lock.';
comment on column coffee.coffee_inventory.id is 'Key.';
comment on column coffee.coffee_inventory.coffee_id is 'The coffee.';
comment on column coffee.coffee_inventory.roaster_id is 'Its roaster.';
comment on column coffee.coffee_inventory.unit is '60g or 100g.';
comment on column coffee.coffee_inventory.current_stock is
  'Bags on the shelf, promised ones among them. Who sets it says that bags were counted: lots and ledger follow.';
comment on column coffee.coffee_inventory.reserved_stock is 'Bags promised to boxes and not yet shipped.';
comment on column coffee.coffee_inventory.min_stock_alert is 'When no more than so many are left to promise, subscribers and purchasing are told, once.';
comment on column coffee.coffee_inventory.max_stock is 'Up to where purchasing orders (coffee.v_stock); more is not refused.';
comment on column coffee.coffee_inventory.unit_price is 'Price of a bag; the same as in coffees, whichever is written.';
comment on column coffee.coffee_inventory.is_available is 'False: nothing is promised from it any more.';
comment on column coffee.coffee_inventory.out_of_stock_at is 'Since when nothing is left to promise; null: something is.';
comment on column coffee.coffee_inventory.low_stock_since is 'Since when no more than min_stock_alert are left to promise; null: more are.';
comment on column coffee.coffee_inventory.low_stock_alerts is 'How often the stock has fallen to min_stock_alert.';
comment on column coffee.coffee_inventory.created_at is 'When it was added.';
comment on column coffee.coffee_inventory.updated_at is 'When it was last changed.';

create table coffee.stock_lots (
  id           bigint generated always as identity,
  inventory_id uuid not null,
  lot_code     text,
  roast_date   date not null,
  best_before  date not null,
  received_at  timestamptz not null default now(),
  quantity     integer not null,
  remaining    integer not null default 0,
  reserved     integer not null default 0,
  constraint stock_lots_pkey primary key (id),
  constraint stock_lots_inventory_key unique (id, inventory_id),
  constraint stock_lots_inventory_id_fkey foreign key (inventory_id) references coffee.coffee_inventory (id),
  constraint stock_lots_lot_code_key unique (inventory_id, lot_code),
  constraint stock_lots_lot_code_check check (length(lot_code) between 1 and 100),
  constraint stock_lots_dates_check check (best_before >= roast_date),
  constraint stock_lots_remaining_check check (quantity > 0 and remaining between 0 and quantity and reserved between 0 and remaining)
) with (fillfactor = 70);

create index stock_lots_pick_idx on coffee.stock_lots (inventory_id, roast_date desc, id) where remaining > reserved;
create index stock_lots_remaining_idx on coffee.stock_lots (inventory_id) where remaining > 0;

comment on table coffee.stock_lots is
  'Bags of one roast. A row that is added is received: its ledger starts with it. Remaining and reserved follow the ledger and sum to coffee_inventory.';
comment on column coffee.stock_lots.id is 'Key.';
comment on column coffee.stock_lots.inventory_id is 'The coffee in its size.';
comment on column coffee.stock_lots.lot_code is 'The roaster''s code of the roast; null: none.';
comment on column coffee.stock_lots.roast_date is 'Day of the roast: the freshest goes first.';
comment on column coffee.stock_lots.best_before is 'Last day on which a box may be packed with it.';
comment on column coffee.stock_lots.received_at is 'When it came in.';
comment on column coffee.stock_lots.quantity is 'Bags that came in, and those that a count found more.';
comment on column coffee.stock_lots.remaining is 'Bags on the shelf, promised ones among them; kept by the ledger.';
comment on column coffee.stock_lots.reserved is 'Bags promised and not yet shipped; kept by the ledger.';

create table coffee.stock_movements (
  id             bigint generated always as identity,
  inventory_id   uuid not null,
  lot_id         bigint not null,
  kind           text not null,
  stock_change   integer not null,
  reserve_change integer not null,
  quota_month    date,
  reason         text,
  moved_at       timestamptz not null default now(),
  constraint stock_movements_pkey primary key (id),
  constraint stock_movements_lot_id_fkey foreign key (lot_id, inventory_id) references coffee.stock_lots (id, inventory_id),
  constraint stock_movements_inventory_id_fkey foreign key (inventory_id) references coffee.coffee_inventory (id),
  constraint stock_movements_kind_check check (
    case kind
      when 'receive' then stock_change > 0 and reserve_change = 0
      when 'reserve' then stock_change = 0 and reserve_change > 0
      when 'release' then stock_change = 0 and reserve_change < 0
      when 'ship' then stock_change < 0 and reserve_change = stock_change
      when 'adjust' then stock_change <> 0 and reserve_change = 0
      else false
    end
  ),
  constraint stock_movements_quota_month_check check (
    (kind in ('reserve', 'release')) = (quota_month is not null) and quota_month = date_trunc('month', quota_month)::date
  )
);

create index stock_movements_inventory_id_idx on coffee.stock_movements (inventory_id, moved_at);
create index stock_movements_lot_id_idx on coffee.stock_movements (lot_id, inventory_id);

comment on table coffee.stock_movements is
  'The ledger of the stock, append only. A row that is added moves its lot and its inventory; nothing else does.';
comment on column coffee.stock_movements.id is 'Key.';
comment on column coffee.stock_movements.inventory_id is 'The coffee in its size.';
comment on column coffee.stock_movements.lot_id is 'The lot.';
comment on column coffee.stock_movements.kind is
  'receive; reserve: for a box; release: the box is not sent; ship: it is; adjust: counted more or fewer, broken, thrown away.';
comment on column coffee.stock_movements.stock_change is 'Bags more or fewer on the shelf.';
comment on column coffee.stock_movements.reserve_change is 'Bags more or fewer that are promised.';
comment on column coffee.stock_movements.quota_month is 'reserve, release: first day of the month of the box, in whose roaster_quotas it counts.';
comment on column coffee.stock_movements.reason is 'Why; null: the kind says it.';
comment on column coffee.stock_movements.moved_at is 'When.';
