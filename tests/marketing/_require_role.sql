begin;
select plan(25);

select has_function('marketing', '_require_role', array['bigint', 'text']);
select function_returns('marketing', '_require_role', array['bigint', 'text'], 'void');
select volatility_is('marketing', '_require_role', array['bigint', 'text'], 'stable');
select isnt_definer('marketing', '_require_role', array['bigint', 'text']);
select ok(not has_function_privilege('marketing_app', 'marketing._require_role(bigint, text)', 'execute'), 'applications may not call it');
select ok(not has_function_privilege('marketing_admin', 'marketing._require_role(bigint, text)', 'execute'), 'operators may not call it');
select ok(not has_function_privilege('marketing_read', 'marketing._require_role(bigint, text)', 'execute'), 'readers may not');

\ir team.psql

create function pg_temp.told(p_actor bigint, p_workspace bigint, p_minimum text) returns text language plpgsql as $$
begin
  perform set_config('moadb.marketing_user', p_actor::text, true);
  perform pg_temp.asked(p_workspace, p_minimum);
  return 'yes';
exception
  when sqlstate 'MM001' or sqlstate 'MM002' or sqlstate 'MM003' then
    return sqlstate;
end;
$$;
-- T16: a viewer writes nothing, and another workspace is none
create function pg_temp.asked(p_workspace bigint, p_minimum text) returns void language sql security definer as $$
  select marketing._require_role(p_workspace, p_minimum);
$$;
select lives_ok('select pg_temp.asked(9001, ''admin'')', 'an operator may everything');
select throws_ok('select pg_temp.asked(-1, ''viewer'')', 'MM001', 'there is no workspace -1', 'but not where there is nothing');
select throws_ok('select pg_temp.asked(null, ''viewer'')', 'MM001', 'there is no workspace null', 'nor in none');

set local role marketing_app;
select throws_ok('select pg_temp.asked(9001, ''viewer'')', 'MM003', 'nobody is said to be acting', 'an application says who acts');
select is(pg_temp.told(t.actor, t.workspace, t.minimum), t.told, t.description)
from (
  values
    (1, 9001, 9001, 'admin', 'yes', 'an admin is an admin'),
    (2, 9002, 9001, 'user', 'yes', 'a user is a user'),
    (3, 9002, 9001, 'viewer', 'yes', 'and reads'),
    (4, 9002, 9001, 'admin', 'MM002', 'and no more'),
    (5, 9003, 9001, 'viewer', 'yes', 'a viewer reads'),
    (6, 9003, 9001, 'user', 'MM002', 'and no more'),
    (7, 9004, 9001, 'viewer', 'MM001', 'of other workspaces nothing is known'),
    (8, 9001, 9002, 'viewer', 'MM001', 'nor the other way round'),
    (9, 9006, 9001, 'viewer', 'MM001', 'nor to who belongs nowhere'),
    (10, 9005, 9001, 'viewer', 'MM001', 'whoever is not active may nothing'),
    (11, 9001, -1, 'viewer', 'MM001', 'what there is not is told in the same words')
) as t (place, actor, workspace, minimum, told, description)
order by t.place;
set local moadb.marketing_user = 'x; drop table users';
select throws_ok('select pg_temp.asked(9001, ''viewer'')', 'MM003', null, 'what is no number is nobody');
set local moadb.marketing_user = '99999999999999999999999';
select throws_ok('select pg_temp.asked(9001, ''viewer'')', 'MM003', null, 'nor is what is none that can be');
reset role;
set local moadb.marketing_user = '9003';
select throws_ok(
  'select pg_temp.asked(9001, ''user'')', 'MM002', 'role viewer in workspace 9001 does not suffice: user is needed',
  'an operator who acts for somebody may what that one may'
);

select * from finish();
rollback;
