begin;
select plan(12);

create role tap_nobody;

select has_function('coffee', 'list_notifications', array['uuid', 'integer', 'bigint', 'boolean'], 'it exists');
select function_returns(
  'coffee', 'list_notifications', array['uuid', 'integer', 'bigint', 'boolean'], 'setof record', 'it returns what it says'
);
select volatility_is('coffee', 'list_notifications', array['uuid', 'integer', 'bigint', 'boolean'], 'stable', 'it is stable');
select is_definer('coffee', 'list_notifications', array['uuid', 'integer', 'bigint', 'boolean'], 'it runs as its owner');
select function_privs_are(
  'coffee', 'list_notifications', array['uuid', 'integer', 'bigint', 'boolean'], 'tap_nobody', '{}', 'nobody else calls it'
);
select function_privs_are(
  'coffee', 'list_notifications', array['uuid', 'integer', 'bigint', 'boolean'], 'coffee_app', '{EXECUTE}', 'coffee_app calls it'
);
select function_privs_are(
  'coffee', 'list_notifications', array['uuid', 'integer', 'bigint', 'boolean'], 'coffee_admin', '{EXECUTE}', 'coffee_admin calls it'
);

insert into coffee.users (id, email, username) values ('00000000-0000-0000-0000-0000000000b1', 'b1@example.com', 'one'), ('00000000-0000-0000-0000-0000000000b2', 'b2@example.com', null);

select coffee._notify('00000000-0000-0000-0000-0000000000b1', 'tap', n::text) from generate_series(1, 7) as n;
select coffee._notify('00000000-0000-0000-0000-0000000000b2', 'tap', 'other');
update coffee.notifications set read_at = now() where content in ('6', '7');
set local role coffee_app;
select results_eq(
  $$ select l.content from coffee.list_notifications('00000000-0000-0000-0000-0000000000b1', 3) as l $$, $$ values ('7'), ('6'), ('5') $$, 'the newest first'
);
select results_eq(
  $$
    select l.content
    from coffee.list_notifications('00000000-0000-0000-0000-0000000000b1', 3, (select min(p.notification_id) from coffee.list_notifications('00000000-0000-0000-0000-0000000000b1', 3) as p)) as l
  $$,
  $$ values ('4'), ('3'), ('2') $$, 'the next page'
);
select results_eq(
  $$ select l.content, l.read_at from coffee.list_notifications('00000000-0000-0000-0000-0000000000b1', 2, null, true) as l $$,
  $$ values ('5', null::timestamptz), ('4', null) $$, 'unread ones'
);
select is_empty($$ select * from coffee.list_notifications('00000000-0000-0000-0000-0000000000ff') $$, 'nobody is told nothing');
select is_empty($$ select * from coffee.list_notifications('00000000-0000-0000-0000-0000000000b1', -1) $$, 'none is none');

select * from finish();
rollback;
