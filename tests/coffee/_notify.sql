begin;
select plan(13);

create role tap_nobody;

select has_function('coffee', '_notify', array['uuid', 'text', 'text', 'jsonb', 'text'], 'it exists');
select function_returns('coffee', '_notify', array['uuid', 'text', 'text', 'jsonb', 'text'], 'bigint', 'it returns an id');
select volatility_is('coffee', '_notify', array['uuid', 'text', 'text', 'jsonb', 'text'], 'volatile', 'it is volatile');
select isnt_definer('coffee', '_notify', array['uuid', 'text', 'text', 'jsonb', 'text'], 'it runs as its caller');
select function_privs_are('coffee', '_notify', array['uuid', 'text', 'text', 'jsonb', 'text'], 'tap_nobody', '{}', 'it is internal');

insert into coffee.users (id, email) values
  ('00000000-0000-0000-0000-0000000000b1', 'b1@example.com'), ('00000000-0000-0000-0000-0000000000b2', 'b2@example.com');
set local moadb.now = '2027-01-01 00:00+00';

select ok(coffee._notify('00000000-0000-0000-0000-0000000000b1', 'tap_news', '새 소식', '{"a": 1}', 'tap:1') is not null, 'a user is told');
select is(coffee._notify('00000000-0000-0000-0000-0000000000b1', 'tap_news', '또', '{}', 'tap:1'), null, 'once');
select ok(coffee._notify('00000000-0000-0000-0000-0000000000b2', 'tap_news', '새 소식', '{}', 'tap:1') is not null, 'another one, too');
select ok(
  coffee._notify('00000000-0000-0000-0000-0000000000b2', 'tap_news', '가')
  < coffee._notify('00000000-0000-0000-0000-0000000000b2', 'tap_news', '가', null),
  'without a key, each time'
);
select results_eq(
  $$
    select n.content, n.metadata, n.created_at, n.read_at
    from coffee.notifications as n where n.user_id = '00000000-0000-0000-0000-0000000000b1'
  $$,
  $$ values ('새 소식', '{"a": 1}'::jsonb, '2027-01-01 00:00+00'::timestamptz, null::timestamptz) $$, 'it is as it was told first'
);
select results_eq(
  $$
    select n.id, n.user_id
    from platform.tasks as t
    join coffee.notifications as n
      on n.id = (t.payload ->> 'notification_id')::bigint and n.user_id = (t.payload ->> 'user_id')::uuid
    where t.topic = 'coffee.notify'
    order by n.id
  $$,
  $$ select n.id, n.user_id from coffee.notifications as n order by n.id $$, 'a task goes with each'
);
select throws_ok(
  $$ select coffee._notify('00000000-0000-0000-0000-0000000000ff', 'tap_news', '가') $$, '23503',
  'insert or update on table "notifications" violates foreign key constraint "notifications_user_id_fkey"', 'there is somebody to tell'
);
select throws_ok(
  $$ select coffee._notify('00000000-0000-0000-0000-0000000000b1', 'tap news', '가') $$, '23514',
  'new row for relation "notifications" violates check constraint "notifications_type_check"', 'a type is a name'
);

select * from finish();
rollback;
