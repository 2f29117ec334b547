-- depends: 0001.coffee_catalogue

create table coffee.users (
  id                      uuid not null default gen_random_uuid(),
  email                   varchar(255) not null,
  username                varchar(50),
  time_zone               text not null default 'Asia/Seoul',
  profile                 jsonb not null default '{}',
  preferences             jsonb not null default '{}',
  level                   integer not null default 1,
  experience_points       integer not null default 0,
  badges                  jsonb not null default '[]',
  subscription_tier       varchar(20) not null default 'free',
  subscription_type       varchar(20),
  subscription_expires_at timestamptz,
  lab_pro_active          boolean not null default false,
  taste_dna               jsonb not null default '{}',
  taste_dna_version       integer not null default 1,
  taste_dna_updated_at    timestamptz,
  created_at              timestamptz not null default now(),
  updated_at              timestamptz not null default now(),
  deleted_at              timestamptz,
  constraint users_pkey primary key (id),
  constraint users_email_check check (email ~ '^[^@[:space:]]+@[^@[:space:]]+$'),
  constraint users_username_check check (username <> ''),
  constraint users_level_check check (level >= 1 and experience_points >= 0),
  constraint users_subscription_type_check check (subscription_type in ('monthly_pick', 'my_choice', 'blind_box'))
) with (fillfactor = 80);

create unique index users_email_key on coffee.users (lower(email)) where deleted_at is null;
create unique index users_username_key on coffee.users (lower(username)) where deleted_at is null;
create index users_subscription_idx on coffee.users (subscription_tier, subscription_expires_at);

create table coffee.levels (
  level             integer not null,
  experience_points integer not null,
  name              text not null,
  constraint levels_pkey primary key (level),
  constraint levels_experience_points_key unique (experience_points)
);

create table coffee.experience_entries (
  id         bigint generated always as identity,
  user_id    uuid not null,
  reason     text not null,
  reference  text not null,
  points     integer not null,
  created_at timestamptz not null default now(),
  constraint experience_entries_pkey primary key (id),
  constraint experience_entries_once_key unique (user_id, reason, reference),
  constraint experience_entries_user_id_fkey foreign key (user_id) references coffee.users (id)
);

create table coffee.badges (
  code        text not null,
  name        text not null,
  description text not null,
  measure     text not null,
  threshold   integer not null,
  constraint badges_pkey primary key (code)
);

create table coffee.user_badges (
  user_id    uuid not null,
  badge_code text not null,
  awarded_at timestamptz not null default now(),
  constraint user_badges_pkey primary key (user_id, badge_code),
  constraint user_badges_user_id_fkey foreign key (user_id) references coffee.users (id),
  constraint user_badges_badge_code_fkey foreign key (badge_code) references coffee.badges (code)
);

create index user_badges_badge_code_idx on coffee.user_badges (badge_code);

create table coffee.notifications (
  id         bigint generated always as identity,
  user_id    uuid not null,
  type       text not null,
  content    text not null,
  metadata   jsonb not null default '{}',
  dedupe_key text,
  created_at timestamptz not null default now(),
  read_at    timestamptz,
  constraint notifications_pkey primary key (id),
  constraint notifications_user_id_fkey foreign key (user_id) references coffee.users (id)
);

create unique index notifications_dedupe_key on coffee.notifications (user_id, dedupe_key) where dedupe_key is not null;
create index notifications_user_id_idx on coffee.notifications (user_id, id desc);

create unlogged table coffee.active_sessions (
  session_id    uuid not null default gen_random_uuid(),
  user_id       uuid not null,
  last_activity timestamptz not null default now(),
  expires_at    timestamptz not null,
  session_data  jsonb not null default '{}',
  constraint active_sessions_pkey primary key (session_id)
);

create index active_sessions_user_id_idx on coffee.active_sessions (user_id);
create index active_sessions_expires_at_idx on coffee.active_sessions (expires_at);
