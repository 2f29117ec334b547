-- The function of migration 0013 and the constraint that calls it.
begin;
select plan(18);

create role tap_nobody;

select has_function('platform', '_is_retry_plan', array['interval[]', 'interval'], 'it exists');
select function_returns('platform', '_is_retry_plan', array['interval[]', 'interval'], 'boolean', 'it says yes or no');
select volatility_is('platform', '_is_retry_plan', array['interval[]', 'interval'], 'immutable', 'a constraint calls it');
select isnt_definer('platform', '_is_retry_plan', array['interval[]', 'interval'], 'it runs as its caller');
select function_privs_are('platform', '_is_retry_plan', array['interval[]', 'interval'], 'tap_nobody', '{}', 'nobody else calls it');

select is(platform._is_retry_plan(t.retry_after::interval[], t.grace::interval), t.valid, t.description)
from (
  values
    (1, '{1 day,3 days}', '7 days', true, 'in order, within the grace'),
    (2, '{1 day,3 days}', '3 days', true, 'the last at its end'),
    (3, '{}', '0', true, 'no retry, no grace'),
    (4, '{12:00,36:00}', '3 days', true, 'hours'),
    (5, '{3 days,1 day}', '7 days', false, 'not in order'),
    (6, '{1 day,24:00}', '7 days', false, 'twice the same'),
    (7, '{1 day,8 days}', '7 days', false, 'after the grace'),
    (8, '{0}', '7 days', false, 'at once'),
    (9, '{1 day,NULL}', '7 days', false, 'null is no time'),
    (10, '{1 month}', '60 days', false, 'months differ'),
    (11, '{}', '1 year', false, 'years, too'),
    (12, '{}', '-1 day', false, 'backwards')
) as t (place, retry_after, grace, valid, description)
order by t.place;

select throws_ok(
  $$ insert into platform.dunning_policies (name, description, retry_after, grace, final_action) values ('tap', '', '{2 days}', '1 day', 'leave') $$,
  '23514', 'new row for relation "dunning_policies" violates check constraint "dunning_policies_retry_after_check"',
  'the table refuses what is not in order'
);

select * from finish();
rollback;
