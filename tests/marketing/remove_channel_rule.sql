begin;
select plan(10);

select has_function('marketing', 'remove_channel_rule', array['bigint']);
select function_returns('marketing', 'remove_channel_rule', array['bigint'], 'void');
select volatility_is('marketing', 'remove_channel_rule', array['bigint'], 'volatile');
select is_definer('marketing', 'remove_channel_rule', array['bigint']);
select ok(not has_function_privilege('marketing_app', 'marketing.remove_channel_rule(bigint)', 'execute'), 'applications may not call it');
select ok(has_function_privilege('marketing_admin', 'marketing.remove_channel_rule(bigint)', 'execute'), 'operators may call it');
select ok(not has_function_privilege('marketing_read', 'marketing.remove_channel_rule(bigint)', 'execute'), 'readers may not');

\ir team.psql

create temporary table made on commit drop as select marketing.set_channel_rule('google_ads', 'name', '^brand', 'youtube', 1) as id;
grant select on made to public;
set local role marketing_admin;
select lives_ok('select marketing.remove_channel_rule(m.id) from made as m', 'taken away');
select throws_ok('select marketing.remove_channel_rule(m.id) from made as m', 'MM020', null, 'once');
reset role;
select is((select h.name::text from marketing.campaigns as c join marketing.channels as h on h.id = c.channel_id where c.id = 9001), 'google_search', 'campaigns move back');

select * from finish();
rollback;
