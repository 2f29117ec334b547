begin;
select plan(26);

create role tap_nobody;

select has_function('coffee', 'delete_user', array['uuid'], 'it exists');
select function_returns('coffee', 'delete_user', array['uuid'], 'void', 'it returns what it says');
select volatility_is('coffee', 'delete_user', array['uuid'], 'volatile', 'it is volatile');
select is_definer('coffee', 'delete_user', array['uuid'], 'it runs as its owner');
select function_privs_are('coffee', 'delete_user', array['uuid'], 'tap_nobody', '{}', 'nobody else calls it');
select function_privs_are('coffee', 'delete_user', array['uuid'], 'coffee_app', '{EXECUTE}', 'coffee_app calls it');
select function_privs_are('coffee', 'delete_user', array['uuid'], 'coffee_admin', '{EXECUTE}', 'coffee_admin calls it');

insert into coffee.users (id, email, username) values ('00000000-0000-0000-0000-0000000000b1', 'b1@example.com', 'one'), ('00000000-0000-0000-0000-0000000000b2', 'b2@example.com', null);

insert into coffee.plans (id, code, name, type, price_per_month) values (999001, 'tap', 'tap', 'monthly_pick', 10000);
insert into coffee.coffee_subscriptions (
  user_id, plan_id, type, price_per_month, currency, includes_lab_pro, shipping_address, time_zone, interval_months, anchor_at
)
values ('00000000-0000-0000-0000-0000000000b1', 999001, 'monthly_pick', 10000, 'KRW', false, '{"city": "서울"}', 'Asia/Seoul', 1, platform.now());
update coffee.users set profile = '{"a": 1}', preferences = '{"b": 2}' where id = '00000000-0000-0000-0000-0000000000b1';
select coffee._notify('00000000-0000-0000-0000-0000000000b1', 'tap', '가');
select coffee.open_session('00000000-0000-0000-0000-0000000000b1');
insert into coffee.roasters (id, name) values ('00000000-0000-0000-0000-0000000000c1', 'r');
insert into coffee.coffees (id, name, roaster_id, origin_country) values ('00000000-0000-0000-0000-0000000000c2', 'c', '00000000-0000-0000-0000-0000000000c1', 'Kenya');
insert into coffee.taste_records (user_id, coffee_id, mode, taste_layers, location, weather_conditions, mood, images, notes)
select u::uuid, '00000000-0000-0000-0000-0000000000c2', 'cafe', '{"acidity": 7}', point(127, 37.5), '{"rain": true}', 'calm', '["me.jpg"]', 'at home'
from unnest(array['00000000-0000-0000-0000-0000000000b1', '00000000-0000-0000-0000-0000000000b2']) as u;
create temporary table dna as select u.taste_dna, u.taste_dna_version from coffee.users as u where u.id = '00000000-0000-0000-0000-0000000000b1';
select coffee._award('00000000-0000-0000-0000-0000000000b1', 'tap', '1', 60);

set local role coffee_app;
select throws_ok($$ select coffee.delete_user('00000000-0000-0000-0000-0000000000ff') $$, 'MF140', 'there is no user 00000000-0000-0000-0000-0000000000ff', 'somebody who is there');
select throws_ok(
  $$ select coffee.delete_user('00000000-0000-0000-0000-0000000000b1') $$, 'MF144', 'user 00000000-0000-0000-0000-0000000000b1 has a subscription that is not cancelled', 'not with a subscription'
);
reset role;
update coffee.coffee_subscriptions set status = 'cancelled', cancelled_at = platform.now() where user_id = '00000000-0000-0000-0000-0000000000b1';
set local moadb.now = '2099-01-01 00:00+00';
set local role coffee_app;
select lives_ok($$ select coffee.delete_user('00000000-0000-0000-0000-0000000000b1') $$, 'without');
select throws_ok($$ select coffee.delete_user('00000000-0000-0000-0000-0000000000b1') $$, 'MF140', 'there is no user 00000000-0000-0000-0000-0000000000b1', 'once');
select is(coffee.find_user('b1@example.com'), null, 'the address is nobody''s');
select ok(coffee.register_user('b1@example.com', 'one') is not null, 'and can be registered again, as the name');
reset role;
select results_eq(
  $$
    select u.email, u.username, u.profile, u.preferences, u.deleted_at, u.experience_points
    from coffee.users as u where u.id = '00000000-0000-0000-0000-0000000000b1'
  $$,
  $$ values ('deleted-00000000-0000-0000-0000-0000000000b1@invalid'::varchar, null::varchar, '{}'::jsonb, '{}'::jsonb, '2099-01-01 00:00+00'::timestamptz, 60) $$,
  'what is personal is gone, the row stays'
);
select is((select s.shipping_address from coffee.coffee_subscriptions as s where s.user_id = '00000000-0000-0000-0000-0000000000b1'), '{}', 'the address, too');
select is((select count(*) from coffee.notifications as n where n.user_id = '00000000-0000-0000-0000-0000000000b1'), 0::bigint, 'and what was said');
select is((select count(*) from coffee.active_sessions as a where a.user_id = '00000000-0000-0000-0000-0000000000b1'), 0::bigint, 'and sessions');
select is_empty(
  $$select from coffee.taste_records as r where r.user_id = '00000000-0000-0000-0000-0000000000b1' and num_nonnulls(r.location, r.weather_conditions, r.mood, r.images, r.notes) > 0$$,
  'of tastings what tells of the person'
);
select is((select count(*) from coffee.records_nearby(127, 37.5)), 1::bigint, 'where it was is not shown; that of others is');
select results_eq(
  $$select u.taste_dna, u.taste_dna_version from coffee.users as u where u.id = '00000000-0000-0000-0000-0000000000b1'$$, 'select * from dna', 'the DNA stays'
);
select is_empty($$select from coffee.list_tastes('00000000-0000-0000-0000-0000000000b1')$$, 'nobody lists tastings');
select is_empty($$select from coffee.list_subscriptions('00000000-0000-0000-0000-0000000000b1')$$, 'nor subscriptions');
select is(coffee._notify('00000000-0000-0000-0000-0000000000b1', 'tap', '상자'), null, 'nor is anything said to nobody');
insert into coffee.notifications (user_id, type, content) values ('00000000-0000-0000-0000-0000000000b1', 'tap', '가');
select is_empty(
  $$select from coffee.notifications as n cross join lateral coffee.get_notification(n.id) where n.user_id = '00000000-0000-0000-0000-0000000000b1'
    union all select from coffee.list_notifications('00000000-0000-0000-0000-0000000000b1')$$, 'and what is there all the same is sent to nobody'
);
select is(
  (select c.violations from platform.check_invariants('coffee') as c where c.invariant = 'coffee.deleted_users_are_blank'), 1::bigint, 'but found'
);
delete from coffee.notifications as n where n.user_id = '00000000-0000-0000-0000-0000000000b1';
select is_empty($$ select c.invariant, c.sample from platform.check_invariants('coffee') as c where c.violations > 0 $$, 'all is well');

select * from finish();
rollback;
