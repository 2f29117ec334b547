-- depends: 0005.coffee_boxes

create table coffee.taste_records (
  id                    uuid not null default gen_random_uuid(),
  user_id               uuid not null,
  coffee_id             uuid not null,
  mode                  varchar(10) not null,
  subscription_order_id uuid,
  is_subscription_coffee boolean not null default false,
  qr_scanned            boolean not null default false,
  taste_layers          jsonb not null,
  taste_vector          extensions.vector(128),
  taste_confidence      numeric(3, 2),
  extraction_method     varchar(50),
  extraction_params     jsonb,
  extraction_metrics    jsonb,
  location              point,
  weather_conditions    jsonb,
  time_of_day           time,
  mood                  varchar(50),
  blind_mode            boolean not null default false,
  reference_profile_id  uuid,
  images                jsonb,
  notes                 text,
  created_at            timestamptz not null default now(),
  updated_at            timestamptz not null default now(),
  constraint taste_records_pkey primary key (id, created_at),
  constraint taste_records_user_id_fkey foreign key (user_id) references coffee.users (id),
  constraint taste_records_coffee_id_fkey foreign key (coffee_id) references coffee.coffees (id),
  constraint taste_records_subscription_order_id_fkey foreign key (subscription_order_id) references coffee.subscription_orders (id),
  constraint taste_records_mode_check check (mode in ('cafe', 'lab')),
  constraint taste_records_taste_layers_check check (jsonb_typeof(taste_layers) = 'object'),
  constraint taste_records_taste_confidence_check check (taste_confidence between 0 and 1),
  constraint taste_records_location_check check (location[0] between -180 and 180 and location[1] between -90 and 90)
) partition by range (created_at);

create index taste_records_user_created_idx on coffee.taste_records (user_id, created_at desc);
create index taste_records_coffee_idx on coffee.taste_records (coffee_id, created_at desc);
create index taste_records_subscription_order_id_idx on coffee.taste_records (subscription_order_id) where subscription_order_id is not null;
create index taste_records_location_idx on coffee.taste_records using gist (location);
create index taste_records_vector_idx on coffee.taste_records using hnsw (taste_vector extensions.vector_cosine_ops);

create table coffee.ai_analyses (
  id                    uuid not null default gen_random_uuid(),
  record_id             uuid not null,
  record_created_at     timestamptz not null,
  analysis_type         varchar(50) not null,
  model_version         varchar(20) not null,
  match_score           numeric(5, 2),
  score_breakdown       jsonb not null,
  confidence_scores     jsonb not null,
  insights              jsonb not null,
  recommendations       jsonb not null,
  growth_areas          jsonb,
  subscription_insights jsonb,
  explanation           jsonb,
  feature_importance    jsonb,
  processing_time_ms    integer,
  created_at            timestamptz not null default now(),
  constraint ai_analyses_pkey primary key (id),
  constraint ai_analyses_match_score_check check (match_score between 0 and 100),
  constraint ai_analyses_processing_time_ms_check check (processing_time_ms >= 0)
);

create index ai_analyses_record_idx on coffee.ai_analyses (record_id, created_at desc);
create index ai_analyses_type_idx on coffee.ai_analyses (analysis_type, model_version);
