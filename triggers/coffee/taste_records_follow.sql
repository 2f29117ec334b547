-- What refers to a record carries both halves of its key and goes where it goes: along when the time is set right, away when it is
-- deleted. Bags and feedback only forget it. This stands in place of foreign keys; whoever inserts such a companion holds the record's
-- row (triggers/coffee/ai_analyses_record.sql), so none comes after the record has gone.

create or replace function coffee._taste_records_follow()
  returns trigger
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
begin
  if tg_op = 'DELETE' then
    update coffee.qr_codes as q
    set record_id = null, record_created_at = null
    from old_rows as o
    where (q.record_id, q.record_created_at) = (o.id, o.created_at);

    update coffee.subscription_feedback as f
    set lab_record_id = null, lab_record_created_at = null
    from old_rows as o
    where (f.lab_record_id, f.lab_record_created_at) = (o.id, o.created_at);

    delete from coffee.ai_analyses as a
    using old_rows as o
    where (a.record_id, a.record_created_at) = (o.id, o.created_at);

    delete from coffee.taste_record_flavors as f
    using old_rows as o
    where (f.record_id, f.record_created_at) = (o.id, o.created_at);
    return null;
  end if;

  if exists (
    select from old_rows as o join new_rows as n on n.id = o.id where (n.created_at, n.user_id) <> (o.created_at, o.user_id)
  ) then
    update coffee.qr_codes as q
    set record_created_at = n.created_at
    from old_rows as o
    join new_rows as n on n.id = o.id
    where (q.record_id, q.record_created_at) = (o.id, o.created_at) and n.created_at <> o.created_at;

    update coffee.subscription_feedback as f
    set lab_record_created_at = n.created_at
    from old_rows as o
    join new_rows as n on n.id = o.id
    where (f.lab_record_id, f.lab_record_created_at) = (o.id, o.created_at) and n.created_at <> o.created_at;

    update coffee.ai_analyses as a
    set record_created_at = n.created_at
    from old_rows as o
    join new_rows as n on n.id = o.id
    where (a.record_id, a.record_created_at) = (o.id, o.created_at) and n.created_at <> o.created_at;

    update coffee.taste_record_flavors as f
    set record_created_at = n.created_at, user_id = n.user_id
    from old_rows as o
    join new_rows as n on n.id = o.id
    where (f.record_id, f.record_created_at) = (o.id, o.created_at) and (n.created_at, n.user_id) <> (o.created_at, o.user_id);
  end if;
  return null;
end;
$$;

comment on function coffee._taste_records_follow() is $$
Trigger function: what refers to taste records follows them. Analyses and flavours of a deleted record are deleted, bags and feedback
forget it; another time or user of a record is written there, too.
Returns: null (after trigger).
$$;

create or replace trigger taste_records_follow_update
  after update on coffee.taste_records
  referencing old table as old_rows new table as new_rows
  for each statement
  execute function coffee._taste_records_follow();

create or replace trigger taste_records_follow_delete
  after delete on coffee.taste_records
  referencing old table as old_rows
  for each statement
  execute function coffee._taste_records_follow();
