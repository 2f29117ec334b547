begin;
select plan(16);

select has_function('marketing', '_require_campaign', array['bigint', 'text']);
select function_returns('marketing', '_require_campaign', array['bigint', 'text'], 'bigint');
select volatility_is('marketing', '_require_campaign', array['bigint', 'text'], 'stable');
select isnt_definer('marketing', '_require_campaign', array['bigint', 'text']);
select ok(not has_function_privilege('marketing_app', 'marketing._require_campaign(bigint, text)', 'execute'), 'applications may not call it');
select ok(not has_function_privilege('marketing_admin', 'marketing._require_campaign(bigint, text)', 'execute'), 'operators may not call it');
select ok(not has_function_privilege('marketing_read', 'marketing._require_campaign(bigint, text)', 'execute'), 'readers may not');

\ir team.psql

create function pg_temp.asked(p_campaign bigint, p_minimum text) returns bigint language sql security definer as $$
  select marketing._require_campaign(p_campaign, p_minimum);
$$;
create function pg_temp.told(p_actor bigint, p_id bigint, p_minimum text) returns text language plpgsql as $$
begin
  perform set_config('moadb.marketing_user', coalesce(p_actor::text, ''), true);
  perform pg_temp.asked(p_id, p_minimum);
  return 'yes';
exception
  when sqlstate 'MM002' or sqlstate 'MM003' or sqlstate 'MM007' or sqlstate 'MM008' then
    return sqlstate;
end;
$$;

select is(pg_temp.asked(9001, 'admin'), 9001::bigint, 'an operator may everything');
select throws_ok('select pg_temp.asked(-1, ''viewer'')', 'MM008', 'there is no campaign -1', 'but not where there is nothing');
set local role marketing_app;
select is(pg_temp.told(t.actor, t.campaign, t.minimum), t.told, t.description)
from (
  values
    (1, null, 9001, 'viewer', 'MM003', 'an application says who acts'),
    (2, null, -1, 'viewer', 'MM003', 'before anything else'),
    (3, 9002, 9001, 'user', 'yes', 'a user of a workspace that has its account'),
    (4, 9003, 9001, 'user', 'MM002', 'a viewer only reads'),
    (5, 9003, 9001, 'viewer', 'yes', 'which is to say: reads'),
    (6, 9004, 9001, 'viewer', 'MM008', 'others do not see it'),
    (7, 9001, -1, 'viewer', 'MM008', 'what there is not is told in the same words')
) as t (place, actor, campaign, minimum, told, description)
order by t.place;

select * from finish();
rollback;
