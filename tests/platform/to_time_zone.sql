begin;
select plan(11);

create role tap_nobody;

select has_function('platform', 'to_time_zone', array['text'], 'it exists');
select function_returns('platform', 'to_time_zone', array['text'], 'platform.time_zone', 'it returns a time zone');
select volatility_is('platform', 'to_time_zone', array['text'], 'stable', 'zones change with the server''s data');
select isnt_definer('platform', 'to_time_zone', array['text'], 'it runs as its caller');
select function_privs_are('platform', 'to_time_zone', array['text'], 'tap_nobody', '{}', 'applications do not call it');

select is(platform.to_time_zone('Asia/Seoul')::text, 'Asia/Seoul', 'what is a zone comes back');
select is(platform.to_time_zone(null)::text, null, 'null, too');

select throws_ok(
  format('select platform.to_time_zone(%L)', t.name), 'MP033', format('there is no time zone %s', t.name), t.description
)
from (
  values
    (1, 'Asia/Soul', 'one that the server does not know'),
    (2, 'KST', 'an abbreviation'),
    (3, 'UTC+9', 'a POSIX rule'),
    (4, '', 'nothing')
) as t (place, name, description)
order by t.place;

select * from finish();
rollback;
