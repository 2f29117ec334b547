begin;
select plan(8);

create role tap_nobody;

select has_function('platform', '_partition_suffix', array['text', 'timestamp without time zone'], 'it exists');
select function_returns('platform', '_partition_suffix', array['text', 'timestamp without time zone'], 'text', 'it returns text');
select volatility_is('platform', '_partition_suffix', array['text', 'timestamp without time zone'], 'stable', 'it is stable');
select isnt_definer('platform', '_partition_suffix', array['text', 'timestamp without time zone'], 'it runs as its caller');
select function_privs_are(
  'platform', '_partition_suffix', array['text', 'timestamp without time zone'], 'tap_nobody', '{}', 'it is internal'
);

select results_eq(
  $$
    select platform._partition_suffix(u, '2026-11-02')
    from unnest(array['day', 'week', 'month', 'quarter', 'year']) with ordinality as t (u, n)
    order by n
  $$,
  $$ values ('_2026_11_02'), ('_2026_w45'), ('_2026_11'), ('_2026_q4'), ('_2026') $$,
  'every unit has its suffix'
);
select is(platform._partition_suffix('week', '2027-12-27'), '_2027_w52', 'weeks bear the ISO year');
select is(platform._partition_suffix('week', '2024-12-30'), '_2025_w01', 'which at the turn is not always the date''s');

select * from finish();
rollback;
