-- The domain of migration 0012.
begin;
select plan(37);

select domain_type_is('platform', 'time_zone', 'pg_catalog', 'text', 'it is a text');

select lives_ok(format('select %L::platform.time_zone', t.name), t.description)
from (
  values
    (1, 'Asia/Seoul', 'area and place'),
    (2, 'America/Argentina/ComodRivadavia', 'with a country between'),
    (3, 'America/Port-au-Prince', 'with hyphens'),
    (4, 'Africa/Dar_es_Salaam', 'with underscores'),
    (5, 'US/Pacific', 'an old area'),
    (6, 'UTC', 'UTC'),
    (7, 'Etc/UTC', 'and its long name'),
    (8, 'Etc/GMT+12', 'ships have a zone, too'),
    (9, 'Etc/GMT-14', 'to the east, with the sign of POSIX')
) as t (place, name, description)
order by t.place;

select throws_ok(
  format('select %L::platform.time_zone', t.name), '23514',
  'value for domain platform.time_zone violates check constraint "time_zone_check"', t.description
)
from (
  values
    (1, 'KST', 'an abbreviation'),
    (2, 'EST', 'one that is also an old name'),
    (3, 'EST5EDT', 'a POSIX rule'),
    (4, 'UTC+9', 'one that means the contrary of what it says'),
    (5, 'Asia/Seoul+9', 'one in disguise'),
    (6, 'Asia/Seoul9', 'or like this'),
    (7, 'EST5EDT,M3.2.0/2,M11.1.0/2', 'a whole one'),
    (8, '<KST>-9', 'a modern one'),
    (9, '+09', 'an offset'),
    (10, '09:00', 'or a time'),
    (11, 'Etc/GMT+13', 'no zone lies that far west'),
    (12, 'Etc/GMT-15', 'nor east'),
    (13, 'Etc/GMT0', 'a second name of UTC'),
    (14, 'ROK', 'a name without an area'),
    (15, 'asia/seoul', 'other programs do mind the case'),
    (16, 'posix/Asia/Seoul', 'a copy on some machines'),
    (17, 'right/Asia/Seoul', 'one with leap seconds'),
    (18, 'Asia/../Seoul', 'a path'),
    (19, '/etc/passwd', 'another'),
    (20, ' Asia/Seoul', 'a blank before it'),
    (21, E'Asia/Seoul\n', 'a newline after it'),
    (22, '', 'nothing'),
    (23, 'interval ''9 hours''', 'an interval'),
    (24, 'localtime', 'whatever the server thinks')
) as t (place, name, description)
order by t.place;

select throws_ok($$ select 'Asia/Soul'::platform.time_zone $$, '22023', 'time zone "Asia/Soul" not recognized', 'a place that there is not');

select is(null::platform.time_zone, null, 'null is up to the column');

-- It takes all names that the server has under an area, copies in posix/ and right/ apart.
select is_empty(
  $$
    select z.name
    from pg_timezone_names as z
    where z.name like '%/%' and z.name !~ '^(posix|right)/' and z.name <> all('{Etc/GMT0,Etc/GMT+0,Etc/GMT-0}')
      and not z.name ~ '^(UTC|Etc/GMT(\+([1-9]|1[0-2])|-([1-9]|1[0-4]))|[A-Z][A-Za-z_-]*(/[A-Z][A-Za-z_-]*)+)$'
  $$,
  'no zone with an area is left out'
);

select * from finish();
rollback;
