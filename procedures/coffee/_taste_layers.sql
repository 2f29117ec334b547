-- In code, not in a table: the sums in taste_days are arrays in this order, so a layer may be added at the end, but none moved or taken
-- out. Shorter arrays of earlier days count as zeros. Whoever adds one adds it to update_taste_dna and _change_taste_dna, too.

create or replace function coffee._taste_layers()
  returns table (place integer, layer text)
  language sql
  immutable
  parallel safe
begin atomic
  values
    (1, 'acidity'), (2, 'sweetness'), (3, 'body'), (4, 'bitterness'),
    (5, 'aroma'), (6, 'flavor'), (7, 'aftertaste'), (8, 'balance');
end;

comment on function coffee._taste_layers() is $$
The layers of taste that the taste DNA is made of. {layer}_preference is their name there.
Returns: a row for each: its place in the arrays of taste_days and taste_windows, and its name in taste_records.taste_layers.
Source: specification 000, update_taste_dna: the first three.
$$;
