-- In code, not in a table: the sums in taste_days are arrays in this order, so a layer may be added at the end, but none moved or taken
-- out. Shorter arrays of earlier days count as zeros. Whoever adds one adds it to update_taste_dna and _change_taste_dna, too.

create or replace function coffee._taste_layers()
  returns text[]
  language sql
  immutable
  parallel safe
  return array['acidity', 'sweetness', 'body', 'bitterness', 'aroma', 'flavor', 'aftertaste', 'balance'];

comment on function coffee._taste_layers() is $$
The layers of taste that the taste DNA is made of. {layer}_preference is their name there.
Returns: their names in taste_records.taste_layers, in the order of the arrays of taste_days and taste_windows.
Source: specification 000, update_taste_dna: the first three.
$$;
