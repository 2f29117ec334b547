-- requires: procedures/coffee/_change_taste_dna.sql
--
-- The specification reads the user's records of three months for every row that is inserted. Here a statement's rows are summed up, once
-- per user and day, and the sums are added to those that are there. The layers stand here one by one, in the order of
-- coffee._taste_layers(): a join with that list would make eight rows of each record, which cost more than the insert;
-- offset 0 keeps a value from being looked up once more for each use. They stand here twice, because a statement that names a transition
-- table can be planned only where that is there.

create or replace function coffee.update_taste_dna()
  returns trigger
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_new     coffee.taste_days[];
  v_old     coffee.taste_days[];
  v_changes coffee.taste_days[];
begin
  if tg_op <> 'DELETE' then
    select array_agg(row(d.user_id, d.day, d.records, d.layer_records, d.layer_totals)::coffee.taste_days) into v_new
    from (
      select
        v.user_id, v.day, count(*) as records,
        array[
          count(v.acidity), count(v.sweetness), count(v.body), count(v.bitterness),
          count(v.aroma), count(v.flavor), count(v.aftertaste), count(v.balance)
        ]::numeric[] as layer_records,
        array[
          coalesce(sum(v.acidity), 0), coalesce(sum(v.sweetness), 0), coalesce(sum(v.body), 0), coalesce(sum(v.bitterness), 0),
          coalesce(sum(v.aroma), 0), coalesce(sum(v.flavor), 0), coalesce(sum(v.aftertaste), 0), coalesce(sum(v.balance), 0)
        ] as layer_totals
      from (
        select
          r.user_id, (r.created_at at time zone 'UTC')::date as day,
          coffee._layer_value(r.taste_layers, 'acidity') as acidity,
          coffee._layer_value(r.taste_layers, 'sweetness') as sweetness,
          coffee._layer_value(r.taste_layers, 'body') as body,
          coffee._layer_value(r.taste_layers, 'bitterness') as bitterness,
          coffee._layer_value(r.taste_layers, 'aroma') as aroma,
          coffee._layer_value(r.taste_layers, 'flavor') as flavor,
          coffee._layer_value(r.taste_layers, 'aftertaste') as aftertaste,
          coffee._layer_value(r.taste_layers, 'balance') as balance
        from new_rows as r
        offset 0
      ) as v
      group by v.user_id, v.day
    ) as d;
  end if;

  if tg_op <> 'INSERT' then
    select array_agg(row(d.user_id, d.day, d.records, d.layer_records, d.layer_totals)::coffee.taste_days) into v_old
    from (
      select
        v.user_id, v.day, count(*) as records,
        array[
          count(v.acidity), count(v.sweetness), count(v.body), count(v.bitterness),
          count(v.aroma), count(v.flavor), count(v.aftertaste), count(v.balance)
        ]::numeric[] as layer_records,
        array[
          coalesce(sum(v.acidity), 0), coalesce(sum(v.sweetness), 0), coalesce(sum(v.body), 0), coalesce(sum(v.bitterness), 0),
          coalesce(sum(v.aroma), 0), coalesce(sum(v.flavor), 0), coalesce(sum(v.aftertaste), 0), coalesce(sum(v.balance), 0)
        ] as layer_totals
      from (
        select
          r.user_id, (r.created_at at time zone 'UTC')::date as day,
          coffee._layer_value(r.taste_layers, 'acidity') as acidity,
          coffee._layer_value(r.taste_layers, 'sweetness') as sweetness,
          coffee._layer_value(r.taste_layers, 'body') as body,
          coffee._layer_value(r.taste_layers, 'bitterness') as bitterness,
          coffee._layer_value(r.taste_layers, 'aroma') as aroma,
          coffee._layer_value(r.taste_layers, 'flavor') as flavor,
          coffee._layer_value(r.taste_layers, 'aftertaste') as aftertaste,
          coffee._layer_value(r.taste_layers, 'balance') as balance
        from old_rows as r
        offset 0
      ) as v
      group by v.user_id, v.day
    ) as d;
  end if;

  if v_old is null then
    v_changes := v_new;
  else
    select array_agg(row(c.*)::coffee.taste_days) into v_changes
    from (
      select
        coalesce(n.user_id, o.user_id), coalesce(n.day, o.day), coalesce(n.records, 0) - coalesce(o.records, 0),
        coffee._add_arrays(n.layer_records, o.layer_records, -1), coffee._add_arrays(n.layer_totals, o.layer_totals, -1)
      from unnest(v_new) as n
      full join unnest(v_old) as o on o.user_id = n.user_id and o.day = n.day
      where (n.records, n.layer_records, n.layer_totals) is distinct from (o.records, o.layer_records, o.layer_totals)
    ) as c;
  end if;

  if v_changes is not null then
    perform coffee._change_taste_dna(v_changes);
  end if;
  return null;
end;
$$;

comment on function coffee.update_taste_dna() is $$
Trigger function, after each statement that inserts, updates or deletes taste records: keeps taste_days and taste_windows, and with them
the taste DNA of the users concerned, in users and taste_dna_versions.
Returns: null (after trigger).
Locks: the rows of these users, by id.
Source: specification 000, update_taste_dna.
$$;

create or replace trigger update_taste_dna_trigger
  after insert on coffee.taste_records
  referencing new table as new_rows
  for each statement
  execute function coffee.update_taste_dna();

create or replace trigger update_taste_dna_trigger_update
  after update on coffee.taste_records
  referencing old table as old_rows new table as new_rows
  for each statement
  execute function coffee.update_taste_dna();

create or replace trigger update_taste_dna_trigger_delete
  after delete on coffee.taste_records
  referencing old table as old_rows
  for each statement
  execute function coffee.update_taste_dna();
