begin;
select plan(20);

select has_function('marketing', '_require_account', array['bigint', 'text']);
select function_returns('marketing', '_require_account', array['bigint', 'text'], 'void');
select volatility_is('marketing', '_require_account', array['bigint', 'text'], 'stable');
select isnt_definer('marketing', '_require_account', array['bigint', 'text']);
select ok(not has_function_privilege('marketing_app', 'marketing._require_account(bigint, text)', 'execute'), 'applications may not call it');
select ok(not has_function_privilege('marketing_admin', 'marketing._require_account(bigint, text)', 'execute'), 'operators may not call it');
select ok(not has_function_privilege('marketing_read', 'marketing._require_account(bigint, text)', 'execute'), 'readers may not');

\ir team.psql

create function pg_temp.asked(p_account bigint, p_minimum text) returns void language sql security definer as $$
  select marketing._require_account(p_account, p_minimum);
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

select lives_ok('select pg_temp.asked(9001, ''admin'')', 'an operator may everything');
select throws_ok('select pg_temp.asked(-1, ''viewer'')', 'MM007', 'there is no account -1', 'but not where there is nothing');
set local role marketing_app;
select is(pg_temp.told(t.actor, t.account, t.minimum), t.told, t.description)
from (
  values
    (1, null, 9001, 'viewer', 'MM003', 'an application says who acts'),
    (2, 9001, 9001, 'admin', 'yes', 'an admin of a workspace that has it'),
    (3, 9002, 9001, 'user', 'yes', 'a user'),
    (4, 9002, 9001, 'admin', 'MM002', 'who is no admin'),
    (5, 9003, 9001, 'user', 'MM002', 'a viewer only reads'),
    (6, 9003, 9001, 'viewer', 'yes', 'which is to say: reads'),
    (7, 9004, 9001, 'viewer', 'MM007', 'others do not see it'),
    (8, 9005, 9001, 'viewer', 'MM007', 'nor does who is not active'),
    (9, 9001, -1, 'viewer', 'MM007', 'what there is not is told in the same words')
) as t (place, actor, account, minimum, told, description)
order by t.place;
reset role;
insert into marketing.account_connections (workspace_id, marketing_account_id) values (9002, 9001);
insert into marketing.workspace_members (workspace_id, user_id, role) values (9002, 9003, 'admin');
select is(pg_temp.told(9003, 9001, 'admin'), 'yes', 'the best role in any workspace that has it counts');
update marketing.account_connections set disconnected_at = now(), access_token = null, token_key = null where workspace_id = 9001 and marketing_account_id = 9001;
select is(pg_temp.told(9002, 9001, 'viewer'), 'MM007', 'a workspace that had it has it no more');

select * from finish();
rollback;
