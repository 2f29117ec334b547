-- depends: 0011.platform_token_buckets
--
-- What is sold and what lies in the stock. How much of a coffee there is, and how much of that is promised, are two columns of one row, so
-- that a reservation is one conditional update; the movements say how the row came to be what it is.

create schema coffee;

create table coffee.roasters (
  id                   uuid not null default gen_random_uuid(),
  name                 varchar(255) not null,
  location             jsonb,
  contact_info         jsonb,
  subscription_partner boolean not null default false,
  partnership_tier     varchar(20),
  monthly_quota        integer,
  average_rating       numeric(3, 2),
  total_reviews        integer not null default 0,
  created_at           timestamptz not null default now(),
  updated_at           timestamptz not null default now(),
  constraint roasters_pkey primary key (id),
  constraint roasters_name_check check (name <> ''),
  constraint roasters_partnership_tier_check check (partnership_tier in ('bronze', 'silver', 'gold', 'platinum')),
  constraint roasters_monthly_quota_check check (monthly_quota >= 0),
  constraint roasters_average_rating_check check (average_rating between 1 and 5),
  constraint roasters_total_reviews_check check (total_reviews >= 0 and (total_reviews = 0) = (average_rating is null))
);

create table coffee.roaster_quotas (
  roaster_id uuid not null,
  month      date not null,
  maximum    integer,
  used       integer not null default 0,
  constraint roaster_quotas_pkey primary key (roaster_id, month),
  constraint roaster_quotas_roaster_id_fkey foreign key (roaster_id) references coffee.roasters (id),
  constraint roaster_quotas_month_check check (month = date_trunc('month', month)::date),
  constraint roaster_quotas_used_check check (used >= 0 and used <= maximum)
);

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
  average_rating             numeric(3, 2),
  total_reviews              integer not null default 0,
  search_vector              tsvector not null,
  created_at                 timestamptz not null default now(),
  updated_at                 timestamptz not null default now(),
  constraint coffees_pkey primary key (id),
  constraint coffees_roaster_id_fkey foreign key (roaster_id) references coffee.roasters (id),
  constraint coffees_name_check check (name <> ''),
  constraint coffees_altitude_check check (altitude_min <= altitude_max),
  constraint coffees_subscription_units_check check (subscription_units <@ '["60g", "100g"]'),
  constraint coffees_prices_check check (subscription_price_60g >= 0 and subscription_price_100g >= 0)
);

create index coffees_roaster_id_idx on coffee.coffees (roaster_id);
create index coffees_origin_idx on coffee.coffees (origin_country, origin_region);
create index coffees_search_idx on coffee.coffees using gin (search_vector);
create index coffees_subscription_idx on coffee.coffees (id) where available_for_subscription;

create table coffee.coffee_inventory (
  id              uuid not null default gen_random_uuid(),
  coffee_id       uuid not null,
  roaster_id      uuid not null,
  unit            varchar(10) not null,
  current_stock   integer not null default 0,
  reserved_stock  integer not null default 0,
  min_stock_alert integer not null default 10,
  max_stock       integer not null default 100,
  unit_price      numeric(12, 2) not null,
  is_available    boolean not null default true,
  out_of_stock_at timestamptz,
  created_at      timestamptz not null default now(),
  updated_at      timestamptz not null default now(),
  constraint coffee_inventory_pkey primary key (id),
  constraint coffee_inventory_coffee_unit_key unique (coffee_id, unit),
  constraint coffee_inventory_coffee_id_fkey foreign key (coffee_id) references coffee.coffees (id),
  constraint coffee_inventory_roaster_id_fkey foreign key (roaster_id) references coffee.roasters (id),
  constraint coffee_inventory_unit_check check (unit in ('60g', '100g')),
  constraint coffee_inventory_stock_check check (reserved_stock between 0 and current_stock),
  constraint coffee_inventory_limits_check check (min_stock_alert >= 0 and max_stock >= 0),
  constraint coffee_inventory_unit_price_check check (unit_price >= 0)
) with (fillfactor = 70);

create index coffee_inventory_roaster_id_idx on coffee.coffee_inventory (roaster_id);
create index coffee_inventory_available_idx on coffee.coffee_inventory (is_available, current_stock);

-- Bags of one roast. remaining and reserved of the lots of an inventory row sum to its current_stock and reserved_stock.
create table coffee.stock_lots (
  id           bigint generated always as identity,
  inventory_id uuid not null,
  lot_code     text,
  roast_date   date not null,
  best_before  date not null,
  received_at  timestamptz not null default now(),
  quantity     integer not null,
  remaining    integer not null,
  reserved     integer not null default 0,
  constraint stock_lots_pkey primary key (id),
  constraint stock_lots_inventory_id_fkey foreign key (inventory_id) references coffee.coffee_inventory (id),
  constraint stock_lots_lot_code_key unique (inventory_id, lot_code),
  constraint stock_lots_dates_check check (best_before >= roast_date),
  constraint stock_lots_remaining_check check (remaining between 0 and quantity and reserved between 0 and remaining)
) with (fillfactor = 70);

create index stock_lots_pick_idx on coffee.stock_lots (inventory_id, roast_date desc, id) where remaining > reserved;

-- Append only: every change of a lot's remaining or reserved has a row.
create table coffee.stock_movements (
  id             bigint generated always as identity,
  inventory_id   uuid not null,
  lot_id         bigint not null,
  kind           text not null,
  stock_change   integer not null,
  reserve_change integer not null,
  order_item_id  bigint,
  reason         text,
  moved_at       timestamptz not null default now(),
  constraint stock_movements_pkey primary key (id),
  constraint stock_movements_inventory_id_fkey foreign key (inventory_id) references coffee.coffee_inventory (id),
  constraint stock_movements_lot_id_fkey foreign key (lot_id) references coffee.stock_lots (id),
  constraint stock_movements_kind_check check (kind in ('receive', 'reserve', 'release', 'ship', 'adjust', 'return'))
);

create index stock_movements_inventory_id_idx on coffee.stock_movements (inventory_id, moved_at);
create index stock_movements_lot_id_idx on coffee.stock_movements (lot_id);
create index stock_movements_order_item_id_idx on coffee.stock_movements (order_item_id);
