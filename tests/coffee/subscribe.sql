begin;
select plan(44);

select has_function('coffee', 'subscribe', array['uuid', 'bigint', 'jsonb', 'integer', 'jsonb', 'timestamp with time zone', 'text', 'numeric', 'text']);
select function_returns('coffee', 'subscribe', array['uuid', 'bigint', 'jsonb', 'integer', 'jsonb', 'timestamp with time zone', 'text', 'numeric', 'text'], 'uuid');
select volatility_is('coffee', 'subscribe', array['uuid', 'bigint', 'jsonb', 'integer', 'jsonb', 'timestamp with time zone', 'text', 'numeric', 'text'], 'volatile');
select is_definer('coffee', 'subscribe', array['uuid', 'bigint', 'jsonb', 'integer', 'jsonb', 'timestamp with time zone', 'text', 'numeric', 'text']);
select ok(
  has_function_privilege('coffee_app', 'coffee.subscribe(uuid, bigint, jsonb, integer, jsonb, timestamptz, text, numeric, text)', 'execute'),
  'applications may call it'
);

set local moadb.now = '2026-01-31 09:00+09';
insert into coffee.users (id, email, time_zone)
values
  ('c0000000-0000-0000-0000-000000000001', 'one@example.com', 'Asia/Seoul'),
  ('c0000000-0000-0000-0000-000000000002', 'two@example.com', 'America/New_York');
insert into coffee.users (id, email, deleted_at) values ('c0000000-0000-0000-0000-000000000003', 'gone@example.com', now());
insert into coffee.roasters (id, name) values ('c0000000-0000-0000-0000-000000000010', 'r');
insert into coffee.coffees (id, name, roaster_id, origin_country, available_for_subscription)
values
  ('c0000000-0000-0000-0000-000000000011', 'a', 'c0000000-0000-0000-0000-000000000010', 'Kenya', true),
  ('c0000000-0000-0000-0000-000000000012', 'b', 'c0000000-0000-0000-0000-000000000010', 'Kenya', true),
  ('c0000000-0000-0000-0000-000000000013', 'not offered', 'c0000000-0000-0000-0000-000000000010', 'Kenya', false);
insert into coffee.coffee_inventory (coffee_id, roaster_id, unit, unit_price)
select c.id, c.roaster_id, '100g', 15000 from coffee.coffees as c where c.roaster_id = 'c0000000-0000-0000-0000-000000000010';
create temporary table p as
select
  coffee.create_plan('t-pick', 'Pick', 'monthly_pick', 30000) as pick,
  coffee.create_plan('t-choice', 'Choice', 'my_choice', 28000, 'KRW', 3, false) as choice,
  coffee.create_plan('t-old', 'Old', 'blind_box', 25000, p_terms => '{"is_active": false}') as old,
  coffee.create_plan('t-usd', 'Dollars', 'blind_box', 25.50, 'USD') as usd;
grant select on p to coffee_app;
set local role coffee_app;

create temporary table s as
select
  coffee.subscribe('c0000000-0000-0000-0000-000000000001', p.pick, '{"street": "1"}') as a,
  coffee.subscribe(
    'c0000000-0000-0000-0000-000000000002', p.choice, '{"street": "2"}', 15,
    '[{"coffee_id": "c0000000-0000-0000-0000-000000000011"}, {"coffee_id": "c0000000-0000-0000-0000-000000000012", "quantity": 1, "unit": "100g"}]',
    '2026-02-28 12:00-05', p_price_per_month => 20000
  ) as b,
  coffee.subscribe('c0000000-0000-0000-0000-000000000002', p.usd, '{"street": "2"}', p_time_zone => 'UTC', p_request_key => 'k') as c
from p;
select is(
  (select coffee.subscribe('c0000000-0000-0000-0000-000000000002', p.usd, '{"street": "2"}', p_time_zone => 'UTC', p_request_key => 'k') from p),
  (select s.c from s), 'the same request again'
);
select throws_ok(
  $$select coffee.subscribe('c0000000-0000-0000-0000-000000000002', p.pick, '{"street": "2"}', p_time_zone => 'UTC', p_request_key => 'k') from p$$,
  'MP052', null, 'another request under its key'
);
select throws_ok($$select coffee.subscribe(null, p.pick, '{"a": 1}') from p$$, 'MF001', 'p_user_id is null', 'nobody');
select throws_ok(
  $$select coffee.subscribe('c0000000-0000-0000-0000-000000000001', null, '{"a": 1}')$$, 'MF001', 'p_plan_id is null', 'to nothing'
);
select throws_ok(
  $$select coffee.subscribe('c0000000-0000-0000-0000-000000000001', p.pick, null) from p$$, 'MF001', 'p_shipping_address is null', 'to nowhere'
);
select throws_ok(
  $$select coffee.subscribe('c0000000-0000-0000-0000-000000000003', p.pick, '{"a": 1}') from p$$, 'MF140', null, 'a user who is gone'
);
select throws_ok(
  $$select coffee.subscribe('c0000000-0000-0000-0000-000000000001', -1, '{"a": 1}')$$, 'MF021', 'there is no plan -1', 'no such plan'
);
select throws_ok(
  $$select coffee.subscribe('c0000000-0000-0000-0000-000000000001', p.old, '{"a": 1}') from p$$, 'MF022', 'plan t-old is not offered any more',
  'a plan that is retired'
);
select throws_ok(
  $$select coffee.subscribe('c0000000-0000-0000-0000-000000000001', p.pick, '[]') from p$$, 'MF002', null, 'no address'
);
select throws_ok(
  $$select coffee.subscribe('c0000000-0000-0000-0000-000000000001', p.pick, '{"a": 1}', 29) from p$$, 'MF002', null, 'a day that some months lack'
);
select throws_ok(
  $$select coffee.subscribe('c0000000-0000-0000-0000-000000000001', p.pick, '{"a": 1}', p_price_per_month => 0.5) from p$$, 'MF002', null,
  'half a won'
);
select throws_ok(
  $$select coffee.subscribe('c0000000-0000-0000-0000-000000000001', p.pick, '{"a": 1}', p_price_per_month => -1) from p$$, 'MF002', null,
  'less than nothing'
);
select throws_ok(
  $$select coffee.subscribe('c0000000-0000-0000-0000-000000000001', p.pick, '{"a": 1}', p_time_zone => 'KST') from p$$, 'MP033', null,
  'an abbreviation'
);
select throws_ok(
  $$select coffee.subscribe('c0000000-0000-0000-0000-000000000001', p.pick, '{"a": 1}', p_anchor_at => 'infinity') from p$$, 'MF002', null, 'never'
);
select throws_ok(
  $$select coffee.subscribe('c0000000-0000-0000-0000-000000000001', p.pick, '{"a": 1}', p_anchor_at => '1999-01-01') from p$$, 'MF002', null, 'long ago'
);
select throws_ok(
  $$select coffee.subscribe('c0000000-0000-0000-0000-000000000001', p.pick, '{"a": 1}', p_items => '[]') from p$$, 'MF023', null,
  'items for a plan that is filled by taste'
);
select throws_ok(
  format('select coffee.subscribe(%L, p.choice, %L, p_items => %L) from p', 'c0000000-0000-0000-0000-000000000001', '{"a": 1}', i.items),
  'MF023', null, coalesce(i.items, 'no items')
)
from (values
  (null), ('[]'), ('{}'), ('[1]'), ('[{"coffee_id": "x"}]'), ('[{"quantity": 1}]'),
  ('[{"coffee_id": "c0000000-0000-0000-0000-000000000011", "quantity": 3}]'),
  ('[{"coffee_id": "c0000000-0000-0000-0000-000000000011", "quantity": 0}]'),
  ('[{"coffee_id": "c0000000-0000-0000-0000-000000000011", "unit": "60g"}]'),
  ('[{"coffee_id": "c0000000-0000-0000-0000-000000000011"}, {"coffee_id": "c0000000-0000-0000-0000-000000000011"}]')
) as i (items);
select throws_ok(
  $$select coffee.subscribe('c0000000-0000-0000-0000-000000000001', p.choice, '{"a": 1}',
    p_items => '[{"coffee_id": "c0000000-0000-0000-0000-000000000013"}]') from p$$,
  'MF031', null, 'a coffee that is not offered'
);

reset role;
select results_eq(
  $$select t.type::text, t.status::text, t.price_per_month, t.time_zone::text, t.next_period, t.next_billing_at, t.anchor_at = t.next_billing_at
    from coffee.coffee_subscriptions as t join s on t.id in (s.a, s.b, s.c) order by t.subscription_no$$,
  $$values
    ('monthly_pick', 'active', 30000.00, 'Asia/Seoul', 0, '2026-01-31 00:00+00'::timestamptz, true),
    ('my_choice', 'active', 20000.00, 'America/New_York', 0, '2026-02-28 17:00+00', true),
    ('blind_box', 'active', 25.50, 'UTC', 0, '2026-01-31 00:00+00', true)$$,
  'due at the anchor, in the zone, at the price that was agreed'
);
select results_eq(
  $$select i.valid_from, i.coffee_id::text, i.unit::text, i.quantity
    from coffee.subscription_items as i join s on s.b = i.subscription_id order by i.coffee_id$$,
  $$values (0, 'c0000000-0000-0000-0000-000000000011', '100g', 1), (0, 'c0000000-0000-0000-0000-000000000012', '100g', 1)$$,
  'with its items'
);
select results_eq(
  $$select e.event, e.from_status, e.to_status from coffee.subscription_events as e join s on s.a = e.subscription_id$$,
  $$values ('subscribed', null, 'active')$$, 'the first event'
);
select results_eq(
  $$select u.subscription_tier::text, u.subscription_type::text, u.subscription_expires_at, u.lab_pro_active
    from coffee.users as u where u.id in ('c0000000-0000-0000-0000-000000000001', 'c0000000-0000-0000-0000-000000000002') order by u.id$$,
  $$values ('subscriber', 'monthly_pick', null::timestamptz, true), ('subscriber', 'blind_box', null, true)$$,
  'the user''s copy'
);
select is((select count(*) from coffee.coffee_subscriptions as t where t.user_id = 'c0000000-0000-0000-0000-000000000002'), 2::bigint, 'once for one key');
update coffee.coffee_subscriptions as t set next_period = 1 where t.id in (select s.a from s);
select is(
  (select t.next_billing_at from coffee.coffee_subscriptions as t join s on s.a = t.id), '2026-02-28 09:00+09'::timestamptz,
  'the next period follows from the anchor'
);

-- the login role decides what may be agreed upon
reset role;
create role t_app login;
grant coffee_app to t_app;
create role t_office login;
grant coffee_admin to t_office;
grant select on p to t_app, t_office;
set local session authorization t_app;
select throws_ok(
  $$select coffee.subscribe('c0000000-0000-0000-0000-000000000001', p.pick, '{"a": 1}', p_price_per_month => 0) from p$$, 'MF042',
  'p_price_per_month 0 is not for login role t_app to give: it is not the price of the plan', 'an application gives nothing away'
);
select throws_ok(
  $$select coffee.subscribe('c0000000-0000-0000-0000-000000000001', p.pick, '{"a": 1}', p_anchor_at => now() - interval '25 hours') from p$$,
  'MF042', null, 'and bills no past'
);
select lives_ok(
  $$select coffee.subscribe('c0000000-0000-0000-0000-000000000001', p.pick, '{"a": 1}', p_price_per_month => 30000) from p$$, 'the price of the plan'
);
select lives_ok(
  $$select coffee.subscribe('c0000000-0000-0000-0000-000000000001', p.pick, '{"a": 1}', p_anchor_at => now() - interval '23 hours') from p$$, 'a day'
);
set local session authorization t_office;
select lives_ok(
  $$select coffee.subscribe('c0000000-0000-0000-0000-000000000001', p.pick, '{"a": 1}', p_price_per_month => 0) from p$$, 'the office may give it away'
);
select lives_ok(
  $$select coffee.subscribe('c0000000-0000-0000-0000-000000000001', p.pick, '{"a": 1}', p_anchor_at => now() - interval '2 years') from p$$,
  'and say when it began'
);
reset session authorization;

select * from finish();
rollback;
