begin;
select plan(10);

select has_function('coffee', 'prune_notifications', array['interval', 'integer']);
select function_returns('coffee', 'prune_notifications', array['interval', 'integer'], 'bigint');
select volatility_is('coffee', 'prune_notifications', array['interval', 'integer'], 'volatile');
select isnt_definer('coffee', 'prune_notifications', array['interval', 'integer']);
select ok(not has_function_privilege('coffee_app', 'coffee.prune_notifications(interval, integer)', 'execute'), 'the job may call it');

insert into coffee.users (id, email) values ('00000000-0000-0000-0000-0000000000b1', 'b1@example.com');
insert into coffee.notifications (user_id, type, content, created_at, read_at)
select '00000000-0000-0000-0000-0000000000b1', 't', n.content, '2030-01-01 00:00+00', n.read_at
from (
  values
    ('old', '2035-01-01 00:00+00'::timestamptz), ('older', '2034-01-01 00:00+00'), ('a year', '2035-11-01 00:00+00'),
    ('less', '2035-11-01 00:00:01+00'), ('unread', null)
) as n (content, read_at);
set local moadb.now = '2036-11-01 00:00+00';
set local role moadb_owner;
select is(coffee.prune_notifications(p_limit => 1), 1::bigint, 'no more than the limit');
select set_eq('select n.content from coffee.notifications as n', array['old', 'a year', 'less', 'unread'], 'the oldest first');
select is(coffee.prune_notifications(), 2::bigint, 'what was read a year ago');
select set_eq('select n.content from coffee.notifications as n', array['less', 'unread'], 'and nothing else');
select is(coffee.prune_notifications('0'), 1::bigint, 'a month is the least');

select * from finish();
rollback;
