-- depends: 0005.coffee_boxes
--
-- What somebody tasted, and what follows from it. A taste DNA is an average over three months; it is kept as sums (of a day, of the
-- window), so that a new record costs the same after ten records as after a hundred thousand. Nothing refers to taste_records by a
-- foreign key: each check would lock every partition. Triggers look the record up instead, and take its companions along.

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
  dose_g                numeric(7, 2),
  beverage_g            numeric(7, 2),
  tds_percent           numeric(5, 2),
  brew_ratio            numeric generated always as (round(beverage_g / dose_g, 2)) stored,
  extraction_yield      numeric generated always as (round(tds_percent * beverage_g / dose_g, 2)) stored,
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
  constraint taste_records_taste_vector_check check (
    extensions.vector_norm(taste_vector) = 0 or extensions.vector_norm(taste_vector) between 1e-6 and 1e6
  ),
  constraint taste_records_taste_confidence_check check (taste_confidence between 0 and 1),
  constraint taste_records_location_check check (location[0] between -180 and 180 and location[1] between -90 and 90),
  constraint taste_records_extraction_check check (
    dose_g > 0 and dose_g < 'Infinity' and beverage_g >= 0 and beverage_g < 'Infinity' and tds_percent between 0 and 100
  ),
  constraint taste_records_created_at_check check (isfinite(created_at))
) partition by range (created_at);

-- with coffee_id, so that what a user has ever had is counted without reading the records
create index taste_records_user_created_idx on coffee.taste_records (user_id, created_at desc) include (coffee_id);
create index taste_records_coffee_idx on coffee.taste_records (coffee_id, created_at desc);
create index taste_records_subscription_order_id_idx on coffee.taste_records (subscription_order_id);
create index taste_records_location_idx on coffee.taste_records using gist (location);
create index taste_records_vector_idx on coffee.taste_records using hnsw (taste_vector extensions.vector_cosine_ops);

comment on table coffee.taste_records is 'What a user tasted, a month to a partition. The key of a record is its id and its time.';
comment on column coffee.taste_records.id is 'First half of the key.';
comment on column coffee.taste_records.user_id is 'Who tasted.';
comment on column coffee.taste_records.coffee_id is 'What was tasted. Not to be told to the user while their blind box is not revealed.';
comment on column coffee.taste_records.mode is 'cafe or lab.';
comment on column coffee.taste_records.subscription_order_id is 'The box that the bag came in; null: not from a box.';
comment on column coffee.taste_records.is_subscription_coffee is 'Whether it came in a box.';
comment on column coffee.taste_records.qr_scanned is 'Whether it was recorded by the QR code on the bag.';
comment on column coffee.taste_records.taste_layers is
  'What it tasted of: {"acidity": 7.5, …}. Numbers from 0 to 100 under the names of coffee._taste_layers() count for the taste DNA; anything else may stand here, too.';
comment on column coffee.taste_records.taste_vector is
  'The taste in 128 dimensions, made outside of the database; its length is 0 or from 1e-6 to 1e6. A zero vector has no direction: it is found by no search.';
comment on column coffee.taste_records.taste_confidence is 'How sure the taster was, 0 to 1.';
comment on column coffee.taste_records.extraction_method is 'How it was brewed, e.g. espresso.';
comment on column coffee.taste_records.extraction_params is 'Settings of the brew: grind, temperature, time, …';
comment on column coffee.taste_records.extraction_metrics is 'Measurements beyond dose, beverage and TDS.';
comment on column coffee.taste_records.dose_g is 'Dry coffee, grams.';
comment on column coffee.taste_records.beverage_g is 'Beverage in the cup, grams.';
comment on column coffee.taste_records.tds_percent is 'Total dissolved solids of the beverage, per cent.';
comment on column coffee.taste_records.brew_ratio is 'Beverage to dose: 16.67 is 1:16.67.';
comment on column coffee.taste_records.extraction_yield is 'Per cent of the dose that is in the cup: TDS × beverage ÷ dose.';
comment on column coffee.taste_records.location is 'Where: (longitude, latitude), degrees WGS 84.';
comment on column coffee.taste_records.weather_conditions is 'The weather meanwhile.';
comment on column coffee.taste_records.time_of_day is 'The taster''s clock.';
comment on column coffee.taste_records.mood is 'The taster''s mood.';
comment on column coffee.taste_records.blind_mode is 'Whether the taster did not know what it was.';
comment on column coffee.taste_records.reference_profile_id is 'A profile that was tasted against, in the application''s own numbering.';
comment on column coffee.taste_records.images is 'Addresses of pictures.';
comment on column coffee.taste_records.notes is 'In the taster''s words.';
comment on column coffee.taste_records.created_at is 'When it was tasted; second half of the key.';
comment on column coffee.taste_records.updated_at is 'When the row was last changed.';

-- The sums of a user's records of one UTC day. Position n of the arrays is layer n of coffee._taste_layers().
create table coffee.taste_days (
  user_id       uuid not null,
  day           date not null,
  records       integer not null,
  layer_records numeric[] not null,
  layer_totals  numeric[] not null,
  constraint taste_days_pkey primary key (user_id, day),
  constraint taste_days_user_id_fkey foreign key (user_id) references coffee.users (id),
  constraint taste_days_records_check check (records > 0)
) with (fillfactor = 80);

comment on table coffee.taste_days is 'Sums of a user''s taste records of one UTC day. Trigger update_taste_dna keeps them.';
comment on column coffee.taste_days.user_id is 'The user.';
comment on column coffee.taste_days.day is 'The UTC day that the records'' created_at lies in.';
comment on column coffee.taste_days.records is 'Number of records.';
comment on column coffee.taste_days.layer_records is 'For each layer of coffee._taste_layers(), the number of records that have a valid value of it.';
comment on column coffee.taste_days.layer_totals is 'For each layer, the sum of those values.';

-- The same sums over the window that the DNA looks at; made anew from its days, 93 at most, on a user's first change of a day.
create table coffee.taste_windows (
  user_id       uuid not null,
  first_day     date not null,
  records       integer not null,
  layer_records numeric[] not null,
  layer_totals  numeric[] not null,
  constraint taste_windows_pkey primary key (user_id),
  constraint taste_windows_user_id_fkey foreign key (user_id) references coffee.users (id),
  constraint taste_windows_records_check check (records >= 0)
) with (fillfactor = 50);

comment on table coffee.taste_windows is
  'Sums of a user''s taste_days from first_day on: what the taste DNA is computed from. Trigger update_taste_dna keeps them.';
comment on column coffee.taste_windows.user_id is 'The user.';
comment on column coffee.taste_windows.first_day is 'First UTC day of the three months, as of the last change of the user''s records.';
comment on column coffee.taste_windows.records is 'Number of records.';
comment on column coffee.taste_windows.layer_records is 'As in taste_days.';
comment on column coffee.taste_windows.layer_totals is 'As in taste_days.';

-- A version is valid until the next one begins, so versions have no gaps and cannot overlap, and a new one changes no other row.
create table coffee.taste_dna_versions (
  user_id    uuid not null,
  valid_from timestamptz not null,
  version    integer not null,
  dna        jsonb not null,
  constraint taste_dna_versions_pkey primary key (user_id, valid_from, version),
  constraint taste_dna_versions_user_id_fkey foreign key (user_id) references coffee.users (id)
);

comment on table coffee.taste_dna_versions is 'Every taste DNA that a user has had: users.taste_dna through time.';
comment on column coffee.taste_dna_versions.user_id is 'The user.';
comment on column coffee.taste_dna_versions.valid_from is 'Since when; until the next version''s valid_from. Of versions that began at the same time the highest holds.';
comment on column coffee.taste_dna_versions.version is 'users.taste_dna_version.';
comment on column coffee.taste_dna_versions.dna is 'users.taste_dna.';

create table coffee.flavors (
  id        bigint generated by default as identity,
  code      text not null,
  name      text not null,
  name_ko   text not null,
  parent_id bigint,
  path      bigint[] not null,
  constraint flavors_pkey primary key (id),
  constraint flavors_code_key unique (code),
  constraint flavors_parent_id_fkey foreign key (parent_id) references coffee.flavors (id),
  constraint flavors_code_check check (code ~ '^[a-z0-9_]+$'),
  constraint flavors_name_check check (name <> '' and name_ko <> ''),
  constraint flavors_path_check check (path[cardinality(path)] = id and path[cardinality(path) - 1] is not distinct from parent_id)
);

create index flavors_parent_id_idx on coffee.flavors (parent_id);
create index flavors_path_idx on coffee.flavors using gin (path);

comment on table coffee.flavors is 'The flavour wheel: what coffee can taste of, from the general to the particular.';
comment on column coffee.flavors.id is 'Key.';
comment on column coffee.flavors.code is 'What applications call it, e.g. black_tea.';
comment on column coffee.flavors.name is 'English name.';
comment on column coffee.flavors.name_ko is 'Korean name.';
comment on column coffee.flavors.parent_id is 'The more general flavour; null: in the middle of the wheel.';
comment on column coffee.flavors.path is 'Ids from the middle of the wheel to this one; path @> array[x] is x and all below it. A trigger keeps it.';

create table coffee.taste_record_flavors (
  record_id         uuid not null,
  record_created_at timestamptz not null,
  flavor_id         bigint not null,
  user_id           uuid not null,
  constraint taste_record_flavors_pkey primary key (record_id, record_created_at, flavor_id),
  constraint taste_record_flavors_flavor_id_fkey foreign key (flavor_id) references coffee.flavors (id),
  constraint taste_record_flavors_user_id_fkey foreign key (user_id) references coffee.users (id)
);

create index taste_record_flavors_flavor_id_idx on coffee.taste_record_flavors (flavor_id);
create index taste_record_flavors_user_id_idx on coffee.taste_record_flavors (user_id, flavor_id);

comment on table coffee.taste_record_flavors is 'Which flavours were found in a tasting.';
comment on column coffee.taste_record_flavors.record_id is 'The taste record: its id,';
comment on column coffee.taste_record_flavors.record_created_at is 'and its time.';
comment on column coffee.taste_record_flavors.flavor_id is 'The flavour.';
comment on column coffee.taste_record_flavors.user_id is 'Whose record it is.';

-- SCA's form of 2004: seven attributes from 6 to 10 in quarters, three that are counted in cups (10 points when all cups pass), and
-- defects. The form of 2023 describes instead, in sections.
create table coffee.cuppings (
  id           bigint generated always as identity,
  user_id      uuid not null,
  coffee_id    uuid not null,
  cups         smallint not null default 5,
  fragrance    numeric(4, 2),
  flavor       numeric(4, 2),
  aftertaste   numeric(4, 2),
  acidity      numeric(4, 2),
  body         numeric(4, 2),
  balance      numeric(4, 2),
  overall      numeric(4, 2),
  uniform_cups smallint,
  clean_cups   smallint,
  sweet_cups   smallint,
  taint_cups   smallint not null default 0,
  fault_cups   smallint not null default 0,
  final_score  numeric generated always as (
    fragrance + flavor + aftertaste + acidity + body + balance + overall
      + round(10.0 * (uniform_cups + clean_cups + sweet_cups) / cups, 2) - 2 * taint_cups - 4 * fault_cups
  ) stored,
  notes        text,
  created_at   timestamptz not null default now(),
  constraint cuppings_pkey primary key (id),
  constraint cuppings_user_id_fkey foreign key (user_id) references coffee.users (id),
  constraint cuppings_coffee_id_fkey foreign key (coffee_id) references coffee.coffees (id),
  constraint cuppings_cups_check check (cups between 1 and 5),
  constraint cuppings_scored_check check (
    num_nonnulls(fragrance, flavor, aftertaste, acidity, body, balance, overall, uniform_cups, clean_cups, sweet_cups) in (0, 10)
  ),
  constraint cuppings_attributes_check check (
    fragrance between 6 and 10 and flavor between 6 and 10 and aftertaste between 6 and 10 and acidity between 6 and 10
    and body between 6 and 10 and balance between 6 and 10 and overall between 6 and 10
  ),
  constraint cuppings_quarters_check check (
    fragrance % 0.25 = 0 and flavor % 0.25 = 0 and aftertaste % 0.25 = 0 and acidity % 0.25 = 0
    and body % 0.25 = 0 and balance % 0.25 = 0 and overall % 0.25 = 0
  ),
  constraint cuppings_cup_counts_check check (
    uniform_cups between 0 and cups and clean_cups between 0 and cups and sweet_cups between 0 and cups
  ),
  constraint cuppings_defects_check check (taint_cups >= 0 and fault_cups >= 0 and taint_cups + fault_cups <= cups)
);

create index cuppings_user_id_idx on coffee.cuppings (user_id, id desc);
create index cuppings_coffee_id_idx on coffee.cuppings (coffee_id, created_at desc);

comment on table coffee.cuppings is 'Cuppings by the forms of the Specialty Coffee Association: scored, described, or both.';
comment on column coffee.cuppings.id is 'Key.';
comment on column coffee.cuppings.user_id is 'Who cupped.';
comment on column coffee.cuppings.coffee_id is 'What was cupped.';
comment on column coffee.cuppings.cups is 'Cups on the table, 1 to 5.';
comment on column coffee.cuppings.fragrance is 'Fragrance and aroma, 6 to 10 in quarters. All attributes are null in a cupping that is only described.';
comment on column coffee.cuppings.flavor is 'Flavour, likewise.';
comment on column coffee.cuppings.aftertaste is 'Aftertaste, likewise.';
comment on column coffee.cuppings.acidity is 'Quality of the acidity, likewise.';
comment on column coffee.cuppings.body is 'Body, likewise.';
comment on column coffee.cuppings.balance is 'Balance, likewise.';
comment on column coffee.cuppings.overall is 'The cupper''s own view, likewise.';
comment on column coffee.cuppings.uniform_cups is 'Cups that taste like the others.';
comment on column coffee.cuppings.clean_cups is 'Cups without an off taste.';
comment on column coffee.cuppings.sweet_cups is 'Cups that are sweet.';
comment on column coffee.cuppings.taint_cups is 'Cups with a taint: 2 points off for each.';
comment on column coffee.cuppings.fault_cups is 'Cups with a fault: 4 points off for each.';
comment on column coffee.cuppings.final_score is 'The sum of the attributes, with 10 points for each count of cups when all pass, less the defects.';
comment on column coffee.cuppings.notes is 'In the cupper''s words.';
comment on column coffee.cuppings.created_at is 'When it was cupped.';

create table coffee.cupping_sections (
  cupping_id  bigint not null,
  section     text not null,
  intensity   smallint not null,
  main_tastes text[] not null default '{}',
  constraint cupping_sections_pkey primary key (cupping_id, section),
  constraint cupping_sections_cupping_id_fkey foreign key (cupping_id) references coffee.cuppings (id) on delete cascade,
  constraint cupping_sections_section_check check (
    section in ('fragrance', 'aroma', 'flavor', 'aftertaste', 'acidity', 'sweetness', 'mouthfeel')
  ),
  constraint cupping_sections_intensity_check check (intensity between 0 and 15),
  constraint cupping_sections_main_tastes_check check (
    cardinality(main_tastes) <= 2
    and main_tastes <@ array['salty', 'sour', 'sweet', 'bitter', 'umami']
    and (main_tastes[1] = main_tastes[2]) is not true
  )
);

comment on table coffee.cupping_sections is 'The sections of a descriptive cupping.';
comment on column coffee.cupping_sections.cupping_id is 'The cupping.';
comment on column coffee.cupping_sections.section is 'fragrance, aroma, flavor, aftertaste, acidity, sweetness or mouthfeel.';
comment on column coffee.cupping_sections.intensity is 'How strong, 0 to 15.';
comment on column coffee.cupping_sections.main_tastes is 'At most two, different ones, of salty, sour, sweet, bitter, umami.';

create table coffee.cupping_descriptors (
  cupping_id bigint not null,
  section    text not null,
  place      smallint not null,
  flavor_id  bigint not null,
  constraint cupping_descriptors_pkey primary key (cupping_id, section, place),
  constraint cupping_descriptors_flavor_key unique (cupping_id, section, flavor_id),
  constraint cupping_descriptors_section_fkey foreign key (cupping_id, section)
    references coffee.cupping_sections (cupping_id, section) on delete cascade,
  constraint cupping_descriptors_flavor_id_fkey foreign key (flavor_id) references coffee.flavors (id),
  constraint cupping_descriptors_place_check check (place between 1 and 5)
);

create index cupping_descriptors_flavor_id_idx on coffee.cupping_descriptors (flavor_id);

comment on table coffee.cupping_descriptors is 'Flavours that a section of a cupping names, at most five: that is the range of place.';
comment on column coffee.cupping_descriptors.cupping_id is 'The cupping.';
comment on column coffee.cupping_descriptors.section is 'Its section.';
comment on column coffee.cupping_descriptors.place is 'First to fifth.';
comment on column coffee.cupping_descriptors.flavor_id is 'The flavour.';

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
  constraint ai_analyses_analysis_type_check check (analysis_type <> '' and model_version <> ''),
  constraint ai_analyses_match_score_check check (match_score between 0 and 100),
  constraint ai_analyses_processing_time_ms_check check (processing_time_ms >= 0)
);

create index ai_analyses_record_idx on coffee.ai_analyses (record_id, created_at desc);
create index ai_analyses_type_idx on coffee.ai_analyses (analysis_type, model_version);

comment on table coffee.ai_analyses is 'What a model says about a taste record.';
comment on column coffee.ai_analyses.id is 'Key.';
comment on column coffee.ai_analyses.record_id is 'The taste record: its id,';
comment on column coffee.ai_analyses.record_created_at is 'and its time.';
comment on column coffee.ai_analyses.analysis_type is 'What was asked, e.g. taste_match.';
comment on column coffee.ai_analyses.model_version is 'Which model answered.';
comment on column coffee.ai_analyses.match_score is 'How well the record fits what the coffee should taste of, 0 to 100.';
comment on column coffee.ai_analyses.score_breakdown is 'What the score is made of.';
comment on column coffee.ai_analyses.confidence_scores is 'How sure the model is of each part.';
comment on column coffee.ai_analyses.insights is 'What it noticed.';
comment on column coffee.ai_analyses.recommendations is 'What it advises.';
comment on column coffee.ai_analyses.growth_areas is 'What the taster may learn next.';
comment on column coffee.ai_analyses.subscription_insights is 'What follows for the subscription.';
comment on column coffee.ai_analyses.explanation is 'How the model came to it.';
comment on column coffee.ai_analyses.feature_importance is 'What weighed how much.';
comment on column coffee.ai_analyses.processing_time_ms is 'How long the model took, milliseconds.';
comment on column coffee.ai_analyses.created_at is 'When it was made.';
