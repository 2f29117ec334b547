-- depends: 0002.platform_errors
--
-- One table for every system whose specification does not name one of its own: who did what to which row. No foreign keys: a record
-- must outlive what it speaks of.

create table platform.audit_log (
  id          bigint generated always as identity,
  schema_name text not null,
  table_name  text not null,
  row_key     text,
  action      text not null,
  actor       text not null,
  client_ip   inet,
  user_agent  text,
  old_values  jsonb,
  new_values  jsonb,
  at          timestamptz not null default clock_timestamp(),
  constraint audit_log_pkey primary key (id),
  constraint audit_log_action_check check (action in ('insert', 'update', 'delete', 'truncate')),
  constraint audit_log_row_key_check check ((row_key is null) = (action = 'truncate')),
  constraint audit_log_old_values_check check ((old_values is null) = (action in ('insert', 'truncate'))),
  constraint audit_log_new_values_check check ((new_values is null) = (action in ('delete', 'truncate')))
);

create index audit_log_row_idx on platform.audit_log (schema_name, table_name, row_key, at);
create index audit_log_at_idx on platform.audit_log (at);

comment on table platform.audit_log is
  'Who changed which row, and how. Written by the trigger function platform.audit_row; rows can be neither changed nor deleted, except by platform.prune_audit_log, which takes the oldest.';
comment on column platform.audit_log.id is 'Identifies the record.';
comment on column platform.audit_log.schema_name is 'The schema of the changed table.';
comment on column platform.audit_log.table_name is 'The changed table; for a partitioned table the parent.';
comment on column platform.audit_log.row_key is 'The row''s key; several columns are joined with commas. Null for truncate.';
comment on column platform.audit_log.action is 'insert, update, delete or truncate. An update that changes the key is a delete and an insert.';
comment on column platform.audit_log.actor is 'Who did it: what platform.set_actor was told in the same transaction, else the login role.';
comment on column platform.audit_log.client_ip is 'Where from: as told to platform.set_actor; for a login role the address of its connection (null over a socket).';
comment on column platform.audit_log.user_agent is 'With what: as told to platform.set_actor.';
comment on column platform.audit_log.old_values is 'The columns before: all of a deleted row, of an updated one those that changed. Columns that the trigger hides are "***".';
comment on column platform.audit_log.new_values is 'The columns after: all of an inserted row, of an updated one those that changed. Columns that the trigger hides are "***".';
comment on column platform.audit_log.at is 'When, by the wall clock: a moved clock (platform.now) does not move it.';
