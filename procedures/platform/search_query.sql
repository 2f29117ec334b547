-- What stands together in the query stands together in the text: within a piece between blanks, pairs of syllables and words are a phrase.
-- A run of syllables that something follows has to end there, so it takes the lexeme of its last syllable with it.
-- client_min_messages: an empty query would be reported with a notice.

create or replace function platform.search_query(p_text text)
  returns tsquery
  language plpgsql
  immutable
  strict
  parallel safe
  cost 1000
  set search_path = pg_catalog, pg_temp
  set client_min_messages = warning
as $$
begin
  return coalesce(
    (
      select string_agg(p.phrase, ' & ')::tsquery
      from (
        select string_agg(l.lexeme, ' <-> ' order by l.run, l.place) as phrase
        from (
          select
            c.place as chunk,
            r.place as run,
            s.place,
            count(*) over (partition by c.place, r.place) as syllables,
            r.place = max(r.place) over (partition by c.place) as ends_chunk,
            c.place = max(c.place) over () as in_last_chunk,
            r.word,
            s.syllable,
            lead(s.syllable) over (partition by c.place, r.place order by s.place) as next_syllable
          from regexp_split_to_table(platform._search_text(p_text, 200), '[[:space:]]+') with ordinality as c (chunk, place)
          cross join lateral platform._search_runs(c.chunk) as r
          left join lateral unnest(string_to_array(r.syllables, null)) with ordinality as s (syllable, place) on true
        ) as e
        cross join lateral (
          select
            e.chunk,
            format(
              '''%s''%s',
              coalesce(e.word, e.syllable || coalesce(e.next_syllable, '')),
              case when e.ends_chunk and (e.word is not null and e.in_last_chunk or e.word is null and e.syllables = 1) then ':*' else '' end
            ) as lexeme,
            e.run,
            e.place
          where e.word is not null or e.next_syllable is not null or e.syllables = 1 or not e.ends_chunk
        ) as l
        group by l.chunk
      ) as p
    ),
    ''
  );
end;
$$;

comment on function platform.search_query(text) is $$
What somebody typed, as a query for columns made with platform.search_vector. All pieces between blanks must be found, in any order. A piece
of Hangul (Han, kana) is found anywhere in a word, also a single syllable; a piece of Latin letters and digits is found as a whole word,
the last one of the query also as the beginning of one, because it may still be being typed. Nothing that is typed is an operator.
p_text: what was typed; its first 200 characters count.
Returns: tsquery; an empty one, which finds nothing, where there is neither a letter nor a digit; null for null.
$$;
