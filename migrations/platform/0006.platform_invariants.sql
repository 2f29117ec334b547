-- depends: 0002.platform_errors
--
-- What is always true of the data and no constraint can say, as data: each a query that finds the rows for which it is not.

create table platform.invariants (
  name        text not null,
  schema_name text not null,
  description text not null,
  query       text not null,
  constraint invariants_pkey primary key (name),
  constraint invariants_name_check check (name ~ '^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*$' and starts_with(name, schema_name || '.')),
  constraint invariants_query_check check (query ~* '^\s*(select|with)\s' and query !~ ';\s*$')
);

create index invariants_schema_name_idx on platform.invariants (schema_name);

comment on table platform.invariants is
  'Queries that must return no row. Filled from sql/<schema>/invariants.sql at every deploy; run by platform.check_invariants and `moadb check`.';
comment on column platform.invariants.name is 'schema.what_is_true.';
comment on column platform.invariants.schema_name is 'The schema whose data it is about.';
comment on column platform.invariants.description is 'What holds, in words, and what to suspect when it does not.';
comment on column platform.invariants.query is 'A select, without a semicolon, that returns the rows for which it does not hold; its columns are what the report shows of them.';
