-- Months that are over keep the quota that they had.

create or replace function coffee._roasters_quota()
  returns trigger
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
begin
  perform
  from coffee.roaster_quotas as q
  where q.roaster_id = new.id and q.month >= date_trunc('month', platform.now() at time zone 'UTC')::date
  order by q.month
  for no key update;

  update coffee.roaster_quotas as q
  set maximum = new.monthly_quota
  where q.roaster_id = new.id and q.month >= date_trunc('month', platform.now() at time zone 'UTC')::date;
  return null;
exception
  when check_violation then
    perform platform.fail('roaster_quota_used', jsonb_build_object(
      'roaster_id', new.id,
      'monthly_quota', new.monthly_quota,
      'used', (
        select max(q.used)
        from coffee.roaster_quotas as q
        where q.roaster_id = new.id and q.month >= date_trunc('month', platform.now() at time zone 'UTC')::date
      )
    ));
end;
$$;

comment on function coffee._roasters_quota() is $$
Trigger function: roaster_quotas of this and coming months follow the roaster's monthly_quota.
Returns: null (after trigger).
Errors: MF010 roaster_quota_used: more is promised of one of these months.
Locks: those rows of roaster_quotas, by ascending month.
$$;

create or replace trigger roasters_quota
  after update of monthly_quota on coffee.roasters
  for each row
  when (old.monthly_quota is distinct from new.monthly_quota)
  execute function coffee._roasters_quota();
