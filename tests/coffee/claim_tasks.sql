begin;
select plan(15);

create role tap_nobody;

select has_function('coffee', 'claim_tasks', array['text', 'integer', 'interval', 'text'], 'it exists');
select function_returns('coffee', 'claim_tasks', array['text', 'integer', 'interval', 'text'], 'setof record', 'it returns what it says');
select volatility_is('coffee', 'claim_tasks', array['text', 'integer', 'interval', 'text'], 'volatile', 'it is volatile');
select is_definer('coffee', 'claim_tasks', array['text', 'integer', 'interval', 'text'], 'it runs as its owner');
select function_privs_are(
  'coffee', 'claim_tasks', array['text', 'integer', 'interval', 'text'], 'tap_nobody', '{}', 'nobody else calls it'
);
select function_privs_are(
  'coffee', 'claim_tasks', array['text', 'integer', 'interval', 'text'], 'coffee_app', '{EXECUTE}', 'coffee_app calls it'
);
select function_privs_are(
  'coffee', 'claim_tasks', array['text', 'integer', 'interval', 'text'], 'coffee_admin', '{}', 'coffee_admin does not'
);

insert into coffee.users (id, email, username) values ('00000000-0000-0000-0000-0000000000b1', 'b1@example.com', 'one'), ('00000000-0000-0000-0000-0000000000b2', 'b2@example.com', null);

select platform.enqueue_task('tap.other', '{}');
select coffee._notify('00000000-0000-0000-0000-0000000000b1', 'tap', '가');
select coffee._notify('00000000-0000-0000-0000-0000000000b2', 'tap', '나');
set local role coffee_app;
create temporary table claimed as select * from coffee.claim_tasks('coffee.notify', 10, '2 minutes', 'tap');
select results_eq(
  'select c.payload ->> ''user_id'', c.attempt from claimed as c order by 1', $$ values ('00000000-0000-0000-0000-0000000000b1', 1), ('00000000-0000-0000-0000-0000000000b2', 1) $$, 'what is to be done'
);
select is_empty('select * from coffee.claim_tasks(''coffee.notify'', 10)', 'is claimed once');
select lives_ok('select platform.ack_task(c.task_id, c.lease_token) from claimed as c', 'and ended by who has the lease');
select throws_ok(
  $$ select * from coffee.claim_tasks('tap.other') $$, 'MF002', 'p_topic tap.other is not accepted: the topics are coffee.notify and coffee.refund_charge',
  'other systems have workers of their own'
);
select throws_ok($$ select * from coffee.claim_tasks('coffee.low_stock') $$, 'MF002', null, 'what purchasing is told names coffees of blind boxes');
select throws_ok($$ select * from coffee.claim_tasks('coffee.billing_refused') $$, 'MF002', null, 'nor what support is told');
select throws_ok($$ select * from coffee.claim_tasks(null) $$, 'MF002', null, 'a topic is needed');
select throws_ok($$ select * from coffee.claim_tasks('coffee.notify', 1, '0') $$, 'MP057', null, 'a lease is a time');

select * from finish();
rollback;
