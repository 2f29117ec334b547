begin;
select plan(17);

create role tap_nobody;

select has_function('platform', 'cache_put', array['text', 'text', 'jsonb', 'interval'], 'it exists');
select function_returns('platform', 'cache_put', array['text', 'text', 'jsonb', 'interval'], 'void', 'it returns what it says');
select volatility_is('platform', 'cache_put', array['text', 'text', 'jsonb', 'interval'], 'volatile', 'it is volatile');
select isnt_definer('platform', 'cache_put', array['text', 'text', 'jsonb', 'interval'], 'it runs as its caller');
select function_privs_are('platform', 'cache_put', array['text', 'text', 'jsonb', 'interval'], 'tap_nobody', '{}', 'applications do not call it');

select is((select c.relpersistence from pg_class as c where c.oid = 'platform.cache'::regclass), 'u', 'its table is not logged');
set local role moadb_owner;
set local moadb.now = '2027-01-01 00:00+00';
select lives_ok($$ select platform.cache_put('tap.a', 'x', '1', '1 hour') $$, 'a value');
select lives_ok($$ select platform.cache_put('tap.a', 'x', '2', '2 hours') $$, 'another one under the same key');
select results_eq(
  'select c.space, c.key, c.value, c.expires_at from platform.cache as c',
  $$ values ('tap.a', 'x', '2'::jsonb, '2027-01-01 02:00+00'::timestamptz) $$, 'takes its place'
);
create temporary table before as select c.ctid as place from platform.cache as c;
select platform.cache_put('tap.a', 'x', '2', '2 hours');
select is((select c.ctid from platform.cache as c), (select b.place from before as b), 'the same again is not written');
select throws_ok(
  format('select platform.cache_put(%L, %L, %L, %L)', t.space, t.key, t.value, t.time_to_live), t.code, null, t.description
)
from (
  values
    (1, 'tap.a', 'x', '1', '0', 'MP062', 'no time'),
    (2, 'tap.a', 'x', '1', '-1 hour', 'MP062', 'a time that is over'),
    (3, 'tap.a', 'x', '1', null, 'MP062', 'a time is needed'),
    (4, 'tap.a', 'x', null, '1 hour', '23502', 'a value is needed'),
    (5, 'tap.a', null, '1', '1 hour', '23502', 'and a key'),
    (6, 'tap', 'x', '1', '1 hour', '23514', 'a space belongs to a schema'),
    (7, 'tap.a', repeat('x', 501), '1', '1 hour', '23514', 'a key is short')
) as t (place, space, key, value, time_to_live, code, description)
order by t.place;

select * from finish();
rollback;
