-- What people made is not deleted unasked (docs/deploying.md, Rollback).
do $$
declare
  v_lost text;
begin
  lock table marketing.marketing_accounts, marketing.campaigns, marketing.campaign_labels, marketing.utm_rules in access exclusive mode;
  select string_agg(format('%s (%s)', d.what, d.number), ', ') into v_lost
  from (values
    ('ad accounts', (select count(*) from marketing.marketing_accounts)),
    ('campaigns', (select count(*) from marketing.campaigns)),
    ('rules for visits', (select count(*) from marketing.utm_rules))
  ) as d (what, number)
  where d.number > 0;
  if v_lost is not null and current_setting('moadb.discard', true) is distinct from 'on' then
    raise exception 'the rollback of 0002.marketing_accounts would delete %', v_lost
      using errcode = 'object_not_in_prerequisite_state',
        hint = 'Save it first; with PGOPTIONS=''-c moadb.discard=on'' the rollback deletes it (docs/deploying.md, Rollback).';
  end if;
end;
$$;

drop table marketing.utm_rules;
drop table marketing.campaign_labels;
drop table marketing.channel_rules;
drop table marketing.campaign_versions;
drop table marketing.campaigns;
drop table marketing.channels;
drop table marketing.account_connections;
drop table marketing.marketing_accounts;
drop table marketing.platforms;
drop function marketing._my_campaigns();
drop function marketing._my_accounts();
