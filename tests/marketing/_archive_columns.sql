begin;
select plan(7);

select has_function('marketing', '_archive_columns', array['regclass'], 'it exists');
select volatility_is('marketing', '_archive_columns', array['regclass'], 'stable', 'it is stable');
select isnt_definer('marketing', '_archive_columns', array['regclass'], 'whose rights it has');
select function_privs_are('marketing', '_archive_columns', array['regclass'], 'marketing_app', '{}', 'applications do not call it');
select function_privs_are('marketing', '_archive_columns', array['regclass'], 'marketing_admin', '{}', 'operators do, or nobody');

create table pg_temp.t (b numeric(20, 6), gone integer, a timestamptz, "C d" tstzrange);
alter table pg_temp.t drop column gone;
select is(
  marketing._archive_columns('pg_temp.t'),
  '[{"name": "b", "type": "numeric(20,6)"}, {"name": "a", "type": "timestamp with time zone"}, {"name": "C d", "type": "tstzrange"}]',
  'names and types in order, without what was dropped'
);
select is(
  (select count(*) from jsonb_array_elements(marketing._archive_columns('marketing.campaign_metrics'))),
  (select count(*) from information_schema.columns as c where (c.table_schema, c.table_name) = ('marketing', 'campaign_metrics')),
  'every column of the facts'
);

select * from finish();
rollback;
