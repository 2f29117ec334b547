begin;
select plan(12);

create role tap_nobody;

select has_function('coffee', 'claim_admin_tasks', array['text', 'integer', 'interval', 'text'], 'it exists');
select function_returns('coffee', 'claim_admin_tasks', array['text', 'integer', 'interval', 'text'], 'setof record', 'it returns what it says');
select volatility_is('coffee', 'claim_admin_tasks', array['text', 'integer', 'interval', 'text'], 'volatile', 'it is volatile');
select is_definer('coffee', 'claim_admin_tasks', array['text', 'integer', 'interval', 'text'], 'it runs as its owner');
select function_privs_are(
  'coffee', 'claim_admin_tasks', array['text', 'integer', 'interval', 'text'], 'tap_nobody', '{}', 'nobody else calls it'
);
select function_privs_are(
  'coffee', 'claim_admin_tasks', array['text', 'integer', 'interval', 'text'], 'coffee_admin', '{EXECUTE}', 'coffee_admin calls it'
);
select function_privs_are(
  'coffee', 'claim_admin_tasks', array['text', 'integer', 'interval', 'text'], 'coffee_app', '{}', 'coffee_app does not'
);

select platform.enqueue_task('coffee.low_stock', '{"name": "one"}');
set local role coffee_admin;
create temporary table claimed as select * from coffee.claim_admin_tasks('coffee.low_stock', 10, '2 minutes', 'tap');
select results_eq('select c.payload ->> ''name'', c.attempt from claimed as c', $$ values ('one', 1) $$, 'what is to be done');
select lives_ok('select platform.ack_task(c.task_id, c.lease_token) from claimed as c', 'is ended by who has the lease');
select throws_ok($$ select * from coffee.claim_admin_tasks('coffee.notify') $$, 'MF002', null, 'notifications are sent by applications');
select throws_ok($$ select * from coffee.claim_admin_tasks(null) $$, 'MF002', null, 'a topic is needed');
select throws_ok($$ select * from coffee.claim_admin_tasks('coffee.low_stock', 1, '0') $$, 'MP057', null, 'a lease is a time');

select * from finish();
rollback;
