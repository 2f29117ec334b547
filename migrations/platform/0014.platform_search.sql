-- depends: 0001.platform_schema
--
-- Full-text search without a dictionary of Korean: particles and compounds have no blank before them, so a word is found by any part of it
-- that has two syllables. A run of syllables is written as its overlapping pairs, in order, and its last syllable alone; so each syllable
-- begins exactly one lexeme, and a part is a phrase of pairs. Han and kana are treated alike. Everything else between blanks and
-- punctuation is a word. Here and not among the repeatables, because generated columns and indexes are made of them: whoever changes what
-- they return has to write those anew.

create function platform._search_text(p_text text, p_length integer)
  returns text
  language sql
  immutable
  strict
  parallel safe
  return left(
    normalize(
      regexp_replace(normalize(lower(left(p_text, p_length)), nfkd), '[\u0300-\u036f\u200b-\u200d\u2060\ufe00-\ufe0f\ufeff]', '', 'g'), nfc
    ),
    p_length
  );

comment on function platform._search_text(text, integer) is $$
Text as it is compared in searches: lower case, full-width and half-width forms as ordinary ones, Hangul composed, accents and what has no
width left out.
p_text: the text.
p_length: how many characters to look at.
Returns: text; null for null.
$$;

create function platform._search_runs(p_text text)
  returns table (place bigint, syllables text, word text)
  language sql
  immutable
  strict
  parallel safe
  rows 20
  set search_path = pg_catalog, pg_temp
  set standard_conforming_strings = on
as $$
  select r.place, r.run[1], left(r.run[2], 100)
  from regexp_matches(
    p_text,
    '([\u1100-\u119d\u119f-\u11ff\u3005-\u3007\u3041-\u30fa\u30fc-\u30ff\u31f0-\u31ff\u3400-\u9fff\uac00-\ud7ff\uf900-\ufaff\U00020000-\U0003ffff]+)'
    '|([^\u0001-/:-@\[-`{-\u00bf\u00d7\u00f7\u1100-\u11ff\u1680\u2000-\u2bff\u2e00-\u9fff\uac00-\ud7ff\ue000-\ufaff\ufe10-\ufe6f\uff00-\uffff\U0001f000-\U0003ffff]+)',
    'g'
  ) with ordinality as r (run, place)
$$;

comment on function platform._search_runs(text) is $$
A text's runs of syllables (Hangul, Han, kana) and its words, in order; neither has a blank or punctuation in it.
p_text: the text, as platform._search_text returns it.
Returns: place, and syllables or word (the first 100 characters of it); the other is null.
$$;

create function platform.search_vector(p_text text)
  returns tsvector
  language plpgsql
  immutable
  strict
  parallel safe
  cost 1000
  set search_path = pg_catalog, pg_temp
as $$
begin
  return coalesce(
    (
      select string_agg(format('''%s'':%s', l.lexeme, l.position), ' ')::tsvector
      from (
        select
          coalesce(r.word, s.syllable || coalesce(lead(s.syllable) over (partition by r.place order by s.place), '')) as lexeme,
          row_number() over (order by r.place, s.place) as position
        from platform._search_runs(platform._search_text(p_text, 16000)) as r
        left join lateral unnest(string_to_array(r.syllables, null)) with ordinality as s (syllable, place) on true
      ) as l
    ),
    ''
  );
end;
$$;

comment on function platform.search_vector(text) is $$
What a text can be found by, for @@ platform.search_query(…). Runs of Hangul (Han, kana) as overlapping pairs of syllables, everything else
as words: lower case, without accents, full-width forms as ordinary ones, whatever the Unicode form. It does not depend on a
text search configuration. In a generated column or a trigger; parts by weight, with a GIN index:
setweight(platform.search_vector(name), 'A') || setweight(platform.search_vector(description), 'C')
p_text: the text; its first 16,000 characters can be found, of a word the first 100. Where a pair of syllables occurs more than 256 times,
phrases with later ones are not found.
Returns: tsvector; null for null. Use coalesce(platform.search_vector(…), '') where the text may be null.
$$;
