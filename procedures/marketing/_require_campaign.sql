create or replace function marketing._require_campaign(p_campaign_id bigint, p_minimum text)
  returns bigint
  language plpgsql
  stable
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_account bigint;
begin
  select c.marketing_account_id into v_account
  from marketing.campaigns as c
  where c.id = p_campaign_id
    and (marketing._acting_user() is null or c.marketing_account_id = any (marketing._my_accounts()));
  if not found then
    if marketing._acting_user() is null and not marketing._is_operator() then
      perform platform.fail('acting_user_required');
    end if;
    perform platform.fail('campaign_not_found', jsonb_build_object('campaign_id', p_campaign_id));
  end if;
  perform marketing._require_account(v_account, p_minimum);
  return v_account;
end;
$$;

comment on function marketing._require_campaign(bigint, text) is $$
Refuse whoever may not do something with a campaign, as marketing._require_account does with its account.
p_campaign_id: the campaign (campaigns.id).
p_minimum: the least role that may: viewer, user or admin.
Returns: its account.
Errors: MM003 acting_user_required, MM008 campaign_not_found; those of marketing._require_account.
$$;
