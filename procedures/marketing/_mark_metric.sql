create or replace function marketing._mark_metric(p_campaign_id bigint, p_date date)
  returns void
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
begin
  perform from marketing.campaigns as c where c.id = p_campaign_id for no key update;
  if not found then
    perform platform.fail('campaign_not_found', jsonb_build_object('campaign_id', p_campaign_id));
  end if;
  insert into marketing.dirty_days (campaign_id, date) values (p_campaign_id, p_date) on conflict do nothing;
end;
$$;

comment on function marketing._mark_metric(bigint, date) is $$
Mark a day whose facts are written without the API, to be rolled up at the end of the statement.
p_campaign_id, p_date: the campaign and the day.
Errors: MM008 campaign_not_found.
Locks: the campaign, as a load does.
$$;
