-- depends: 0001.coffee_catalogue 0012.platform_time_zone
--
-- Who drinks the coffee. What a user has earned is a ledger; its sums and counts are kept beside it (user_measures), and points, level and
-- badges in the user's row are copies that a trigger writes, whatever is given: nothing has to be counted to show them.

create table coffee.users (
  id                      uuid not null default gen_random_uuid(),
  email                   varchar(255) not null,
  username                varchar(50),
  time_zone               platform.time_zone not null default 'Asia/Seoul',
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
  constraint users_documents_check check (
    jsonb_typeof(profile) = 'object' and jsonb_typeof(preferences) = 'object' and jsonb_typeof(badges) = 'array'
  ),
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
  constraint levels_experience_points_key unique (experience_points),
  constraint levels_first_check check (level >= 1 and experience_points >= 0 and (level = 1) = (experience_points = 0)),
  constraint levels_name_check check (name <> '')
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
  constraint experience_entries_user_id_fkey foreign key (user_id) references coffee.users (id),
  constraint experience_entries_reason_check check (reason ~ '^[a-z][a-z0-9_]*$' and reason <> 'experience_points'),
  constraint experience_entries_reference_check check (length(reference) between 1 and 200)
);

create table coffee.user_measures (
  user_id uuid not null,
  measure text not null,
  value   integer not null,
  constraint user_measures_pkey primary key (user_id, measure),
  constraint user_measures_user_id_fkey foreign key (user_id) references coffee.users (id)
) with (fillfactor = 70);

create table coffee.badges (
  code        text not null,
  name        text not null,
  description text not null,
  measure     text not null,
  threshold   integer not null,
  constraint badges_pkey primary key (code),
  constraint badges_code_check check (code ~ '^[a-z][a-z0-9_]*$'),
  constraint badges_name_check check (name <> ''),
  constraint badges_measure_check check (measure ~ '^[a-z][a-z0-9_]*$'),
  constraint badges_threshold_check check (threshold > 0)
);

create index badges_measure_idx on coffee.badges (measure, threshold);

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
  constraint notifications_user_id_fkey foreign key (user_id) references coffee.users (id),
  constraint notifications_type_check check (type ~ '^[a-z][a-z0-9_]*$'),
  constraint notifications_dedupe_key_check check (length(dedupe_key) between 1 and 200)
);

create unique index notifications_dedupe_key on coffee.notifications (user_id, dedupe_key) where dedupe_key is not null;
create index notifications_user_id_idx on coffee.notifications (user_id, id desc);
create index notifications_read_at_idx on coffee.notifications (read_at) where read_at is not null;
create index notifications_unread_idx on coffee.notifications (user_id, id desc) where read_at is null;

-- Unlogged: a session is touched by every call, and whoever loses it in a crash signs in again. No index on expires_at: a touch changes it,
-- and stays on its page without one.
create unlogged table coffee.active_sessions (
  session_id    uuid not null default gen_random_uuid(),
  user_id       uuid not null,
  time_to_live  interval not null,
  last_activity timestamptz not null default now(),
  expires_at    timestamptz not null,
  session_data  jsonb not null default '{}',
  constraint active_sessions_pkey primary key (session_id),
  constraint active_sessions_time_to_live_check check (time_to_live > '0')
) with (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.05);

create index active_sessions_user_id_idx on coffee.active_sessions (user_id);

-- Ten levels, each a little further than the one before. Every user has the first.
insert into coffee.levels (level, experience_points, name)
values
  (1, 0, '커피 입문자'),
  (2, 50, '원두 탐험가'),
  (3, 150, '향미 수집가'),
  (4, 300, '홈 브루어'),
  (5, 600, '로스팅 애호가'),
  (6, 1000, '테이스터'),
  (7, 1600, '커퍼'),
  (8, 2500, '센서리 전문가'),
  (9, 4000, '마스터 테이스터'),
  (10, 6000, '커피 명인');

comment on table coffee.users is 'Who tastes and subscribes. Rows stay; coffee.delete_user takes out what is personal.';
comment on column coffee.users.id is 'Key.';
comment on column coffee.users.email is 'Address; one user has it, whatever its case, until that user is deleted.';
comment on column coffee.users.username is 'Name to show; likewise. Null: none.';
comment on column coffee.users.time_zone is 'IANA name of the zone of the user''s days.';
comment on column coffee.users.profile is 'What the application shows, a JSON object; not looked at by the database.';
comment on column coffee.users.preferences is 'Answers of the quiz and settings, a JSON object; recommendations begin with them.';
comment on column coffee.users.level is 'From coffee.levels by experience_points; kept by trigger.';
comment on column coffee.users.experience_points is 'Sum of experience_entries; kept by trigger.';
comment on column coffee.users.badges is 'Codes of user_badges in the order in which they were awarded, a JSON array; kept by trigger.';
comment on column coffee.users.subscription_tier is 'What the subscriptions of the user say; kept by trigger.';
comment on column coffee.users.subscription_type is 'Likewise: monthly_pick, my_choice or blind_box.';
comment on column coffee.users.subscription_expires_at is 'Likewise: to when it is known to last; null: without end, or none.';
comment on column coffee.users.lab_pro_active is 'Likewise: whether lab mode is open.';
comment on column coffee.users.taste_dna is 'Averages of the last three months of tastings; kept by trigger, other keys stay.';
comment on column coffee.users.taste_dna_version is 'Counts its changes (coffee.taste_dna_versions).';
comment on column coffee.users.taste_dna_updated_at is 'When it last changed.';
comment on column coffee.users.created_at is 'When the user was registered.';
comment on column coffee.users.updated_at is 'When the row last changed.';
comment on column coffee.users.deleted_at is 'When the user was deleted; null: is not.';

comment on table coffee.levels is 'How many points a level takes. A change moves the users.';
comment on column coffee.levels.level is '1 and up.';
comment on column coffee.levels.experience_points is 'From how many on; 0 for the first.';
comment on column coffee.levels.name is 'Name, as people see it.';

comment on table coffee.experience_entries is 'What users earned points for, each thing once: a ledger, only added to (coffee._award).';
comment on column coffee.experience_entries.id is 'Number.';
comment on column coffee.experience_entries.user_id is 'Who.';
comment on column coffee.experience_entries.reason is 'What for, e.g. feedback_given: also a measure of badges.';
comment on column coffee.experience_entries.reference is 'Which one, e.g. the order''s id.';
comment on column coffee.experience_entries.points is 'How many; negative: taken back; 0: counts for badges alone.';
comment on column coffee.experience_entries.created_at is 'When.';

comment on table coffee.user_measures is 'Sums over the ledger that badges go by; kept by trigger.';
comment on column coffee.user_measures.user_id is 'Whose.';
comment on column coffee.user_measures.measure is 'experience_points, or a reason of experience_entries.';
comment on column coffee.user_measures.value is 'Sum of the points, or number of the entries.';

comment on table coffee.badges is 'What can be won. A new one goes to everybody who has earned it already; none is taken away.';
comment on column coffee.badges.code is 'Its name for programs.';
comment on column coffee.badges.name is 'Its name for people.';
comment on column coffee.badges.description is 'What it is for.';
comment on column coffee.badges.measure is 'Which of user_measures decides.';
comment on column coffee.badges.threshold is 'From which value on.';

comment on table coffee.user_badges is 'Badges that were won.';
comment on column coffee.user_badges.user_id is 'By whom.';
comment on column coffee.user_badges.badge_code is 'Which.';
comment on column coffee.user_badges.awarded_at is 'When.';

comment on table coffee.notifications is 'What users are told (coffee._notify); a task coffee.notify goes with each, for who sends it.';
comment on column coffee.notifications.id is 'Number, ascending.';
comment on column coffee.notifications.user_id is 'To whom.';
comment on column coffee.notifications.type is 'Kind, e.g. stock_alert.';
comment on column coffee.notifications.content is 'The text.';
comment on column coffee.notifications.metadata is 'What programs need, a JSON object.';
comment on column coffee.notifications.dedupe_key is 'What it is about: a user is told once. Null: each time.';
comment on column coffee.notifications.created_at is 'When it was written.';
comment on column coffee.notifications.read_at is 'When it was read; null: not yet.';

comment on table coffee.active_sessions is 'Who is signed in. Empty after a crash of the server, and on standbys.';
comment on column coffee.active_sessions.session_id is 'Key, not to be guessed.';
comment on column coffee.active_sessions.user_id is 'Who.';
comment on column coffee.active_sessions.time_to_live is 'How long it lasts without being touched.';
comment on column coffee.active_sessions.last_activity is 'When it was last touched, give or take a minute.';
comment on column coffee.active_sessions.expires_at is 'When it ends.';
comment on column coffee.active_sessions.session_data is 'What the application keeps there, a JSON object.';
