-- An export without ids makes campaigns that have their names for ids. When the platform tells which id has that name, it is the same
-- campaign: its figures stay where they are and are not there twice. Where two could be meant nothing is guessed, and both stay.

create or replace function marketing._adopt_campaigns(p_account_id bigint, p_campaigns jsonb)
  returns void
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
begin
  if exists (select from marketing.campaigns as c where c.marketing_account_id = p_account_id and c.is_named) then
    update marketing.campaigns as c
    set campaign_id = g.campaign_id, is_named = false
    from (
      select t.name, min(t.campaign_id) as campaign_id
      from (
        select e.value ->> 'campaign_id' as campaign_id, max(e.value ->> 'campaign_name') as name
        from jsonb_array_elements(p_campaigns) as e
        where jsonb_typeof(e.value) = 'object'
        group by e.value ->> 'campaign_id'
      ) as t
      group by t.name
      having count(*) = 1 and min(t.campaign_id) <> t.name
    ) as g
    where c.marketing_account_id = p_account_id
      and c.is_named
      and c.campaign_id = g.name
      and not exists (
        select
        from marketing.campaigns as o
        where o.marketing_account_id = p_account_id and o.id <> c.id and (o.campaign_id = g.campaign_id or o.campaign_name = g.name)
      );
  end if;
end;
$$;

comment on function marketing._adopt_campaigns(bigint, jsonb) is $$
Give campaigns that are known by their names alone the ids that a platform tells with these names: where one id has the name, no other
campaign of the account has it, and the id is new.
p_account_id: the account (marketing_accounts.id); the caller has it alone, as whoever makes campaigns.
p_campaigns: a JSON array, of whose objects "campaign_id" and "campaign_name" count.
Locks: the campaigns that get an id.
$$;
