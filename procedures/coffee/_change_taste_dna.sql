-- The users' rows are locked first, in order; whoever else changes tastings of the same users waits there, and every statement after it
-- sees what those have committed. So days and windows need no locks of their own.
-- A window's sums are carried on as long as its first day is the same, and made anew from its days, 93 at most, when it is not: what a
-- record costs does not depend on how many there are. Sums are numeric, so carrying them on loses nothing.
-- Users and changes are joined with tables only, by their keys, and never with each other: a generic plan expects few of either, and would
-- compare all with all.
-- An average that has no record left keeps its last value: to know nothing new is not to know nothing.

create or replace function coffee._change_taste_dna(p_changes coffee.taste_days[])
  returns void
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_now       timestamptz := platform.now();
  v_first_day date := (v_now at time zone 'UTC' - interval '3 months')::date;
  v_users     uuid[];
begin
  select array_agg(distinct c.user_id) into v_users from unnest(p_changes) as c;
  perform from coffee.users as u where u.id = any(v_users) order by u.id for no key update;

  merge into coffee.taste_days as d
  using unnest(p_changes) as c
  on d.user_id = c.user_id and d.day = c.day
  when matched and d.records + c.records = 0 then
    delete
  when matched then
    update set
      records = d.records + c.records,
      layer_records = coffee._add_arrays(d.layer_records, c.layer_records),
      layer_totals = coffee._add_arrays(d.layer_totals, c.layer_totals)
  when not matched then
    insert values (c.user_id, c.day, c.records, c.layer_records, c.layer_totals);

  with parts as (
    select w.user_id, w.records, w.layer_records, w.layer_totals
    from coffee.taste_windows as w
    where w.user_id = any(v_users) and w.first_day = v_first_day
    union all
    select c.user_id, c.records, c.layer_records, c.layer_totals
    from unnest(p_changes) as c
    join coffee.taste_windows as w on w.user_id = c.user_id and w.first_day = v_first_day
    where c.day >= v_first_day
    union all
    select d.user_id, d.records, d.layer_records, d.layer_totals
    from unnest(v_users) as u (id)
    left join coffee.taste_windows as w on w.user_id = u.id and w.first_day = v_first_day
    join coffee.taste_days as d on d.user_id = u.id and d.day >= v_first_day
    where w.user_id is null
    union all
    select u.id, 0, n.zeros, n.zeros
    from unnest(v_users) as u (id)
    cross join (select array_agg(0::numeric) as zeros from unnest(coffee._taste_layers())) as n
  )
  insert into coffee.taste_windows as w (user_id, first_day, records, layer_records, layer_totals)
  select
    p.user_id, v_first_day, sum(p.records),
    array[
      sum(p.layer_records[1]), sum(p.layer_records[2]), sum(p.layer_records[3]), sum(p.layer_records[4]),
      sum(p.layer_records[5]), sum(p.layer_records[6]), sum(p.layer_records[7]), sum(p.layer_records[8])
    ],
    array[
      sum(p.layer_totals[1]), sum(p.layer_totals[2]), sum(p.layer_totals[3]), sum(p.layer_totals[4]),
      sum(p.layer_totals[5]), sum(p.layer_totals[6]), sum(p.layer_totals[7]), sum(p.layer_totals[8])
    ]
  from parts as p
  group by p.user_id
  on conflict (user_id) do update
  set first_day = excluded.first_day,
    records = excluded.records,
    layer_records = excluded.layer_records,
    layer_totals = excluded.layer_totals;

  with changed as (
    update coffee.users as u
    set taste_dna = u.taste_dna || n.dna || jsonb_build_object('last_updated', greatest(v_now, u.taste_dna_updated_at)),
      taste_dna_version = u.taste_dna_version + 1,
      taste_dna_updated_at = greatest(v_now, u.taste_dna_updated_at)
    from coffee.taste_windows as w
    cross join lateral (
      select jsonb_build_object('total_records', w.records)
        || coalesce(jsonb_object_agg(l.layer || '_preference', w.layer_totals[l.place] / w.layer_records[l.place]), '{}') as dna
      from unnest(coffee._taste_layers()) with ordinality as l (layer, place)
      where w.layer_records[l.place] > 0
    ) as n
    where w.user_id = any(v_users)
      and u.id = w.user_id
      and u.taste_dna || n.dna <> u.taste_dna
      and (w.records > 0 or u.taste_dna ? 'total_records')
    returning u.id, u.taste_dna_updated_at, u.taste_dna_version, u.taste_dna
  )
  insert into coffee.taste_dna_versions (user_id, valid_from, version, dna)
  select c.id, c.taste_dna_updated_at, c.taste_dna_version, c.taste_dna
  from changed as c;
end;
$$;

comment on function coffee._change_taste_dna(coffee.taste_days[]) is $$
Add changes to the sums of users' tastings, and bring the taste DNA of these users up to date: averages over the UTC days from three
months ago on. A DNA that comes out the same stays the version that it is.
p_changes: what is to be added to taste_days; one element for each user and day. Less than nothing for what was taken away.
Locks: the rows of these users, by id.
$$;
