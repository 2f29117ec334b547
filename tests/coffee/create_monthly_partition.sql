begin;
select plan(15);

select has_function('coffee', 'create_monthly_partition', array['text', 'date']);
select function_returns('coffee', 'create_monthly_partition', array['text', 'date'], 'void');
select volatility_is('coffee', 'create_monthly_partition', array['text', 'date'], 'volatile');
select is_definer('coffee', 'create_monthly_partition', array['text', 'date']);
select ok(not has_function_privilege('coffee_app', 'coffee.create_monthly_partition(text, date)', 'execute'), 'not for applications');

insert into coffee.users (id, email) values ('00000000-0000-0000-0000-0000000000a1', 'a1@example.com');
insert into coffee.roasters (id, name) values ('00000000-0000-0000-0000-0000000000f0', 'r');
insert into coffee.coffees (id, name, roaster_id, origin_country)
values ('00000000-0000-0000-0000-0000000000c1', 'c', '00000000-0000-0000-0000-0000000000f0', 'KE');
insert into coffee.taste_records (user_id, coffee_id, mode, taste_layers, created_at)
select '00000000-0000-0000-0000-0000000000a1', '00000000-0000-0000-0000-0000000000c1', 'lab', '{}', d::timestamptz
from unnest(array['2019-12-31 23:59:59+00', '2020-01-01 00:00+00', '2020-01-31 23:59:59+00', '2020-02-01 00:00+00']) as d;
select lives_ok('select coffee.create_monthly_partition(''taste_records'', ''2020-01-15'')', 'a month long past');
select is((select count(*) from coffee.taste_records_2020_01), 2::bigint, 'its rows are in it');
select is((select count(*) from coffee.taste_records), 4::bigint, 'none is lost');
select lives_ok('select coffee.create_monthly_partition(''taste_records'', ''2020-01-01'')', 'again: it is there');
select lives_ok('select coffee.create_monthly_partition(''user_growth_metrics'', ''2020-01-31'')', 'of the other table');
select has_table('coffee', 'user_growth_metrics_2020_01', 'by its name');
select throws_ok('select coffee.create_monthly_partition(''users'', ''2020-01-01'')', 'MP035', null, 'not every table has months');
select throws_ok('select coffee.create_monthly_partition(null, ''2020-01-01'')', 'MF001', 'p_table_name is null', 'of which table');
select throws_ok('select coffee.create_monthly_partition(''taste_records'', ''infinity'')', 'MF002', null, 'of which month');
select throws_ok('select coffee.create_monthly_partition(''taste_records'', ''5874897-12-31'')', 'MF002', null, 'nor a day that no timestamp can tell');

select * from finish();
rollback;
