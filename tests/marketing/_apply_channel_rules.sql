begin;
select plan(11);

select has_function('marketing', '_apply_channel_rules', array['text']);
select function_returns('marketing', '_apply_channel_rules', array['text'], 'bigint');
select volatility_is('marketing', '_apply_channel_rules', array['text'], 'volatile');
select isnt_definer('marketing', '_apply_channel_rules', array['text']);
select ok(not has_function_privilege('marketing_app', 'marketing._apply_channel_rules(text)', 'execute'), 'applications may not call it');
select ok(not has_function_privilege('marketing_admin', 'marketing._apply_channel_rules(text)', 'execute'), 'operators may not call it');
select ok(not has_function_privilege('marketing_read', 'marketing._apply_channel_rules(text)', 'execute'), 'readers may not');

\ir team.psql

select is(marketing._apply_channel_rules('google_ads'), 0::bigint, 'nothing to move');
update marketing.channel_rules set priority = 1 where platform = 'google_ads' and field = 'name' and pattern ~ 'youtube';
update marketing.campaigns set campaign_name = 'Brand search youtube' where id = 9001;
select is(marketing._apply_channel_rules('google_ads'), 1::bigint, 'one moves');
select is((select h.name::text from marketing.campaigns as c join marketing.channels as h on h.id = c.channel_id where c.id = 9001), 'youtube', 'to where the rules say');
update marketing.campaigns set channel_is_set = true, channel_id = null where id = 9001;
select is(marketing._apply_channel_rules('google_ads'), 0::bigint, 'but not what somebody set');

select * from finish();
rollback;
