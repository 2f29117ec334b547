-- The functions of migration 0014; what is found by them is in search_query.sql.
begin;
select plan(36);

create role tap_nobody;

select has_function('platform', 'search_vector', array['text'], 'it exists');
select function_returns('platform', 'search_vector', array['text'], 'tsvector', 'it returns a text search vector');
select volatility_is('platform', 'search_vector', array['text'], 'immutable', 'generated columns may call it');
select is_strict('platform', 'search_vector', array['text'], 'null in, null out');
select isnt_definer('platform', 'search_vector', array['text'], 'it runs as its caller');
select function_privs_are('platform', 'search_vector', array['text'], 'tap_nobody', '{}', 'applications do not call it');
select has_function('platform', '_search_text', array['text', 'integer'], '_search_text exists');
select volatility_is('platform', '_search_text', array['text', 'integer'], 'immutable', '_search_text is immutable');
select function_privs_are('platform', '_search_text', array['text', 'integer'], 'tap_nobody', '{}', '_search_text is internal');
select has_function('platform', '_search_runs', array['text'], '_search_runs exists');
select volatility_is('platform', '_search_runs', array['text'], 'immutable', '_search_runs is immutable');
select function_privs_are('platform', '_search_runs', array['text'], 'tap_nobody', '{}', '_search_runs is internal');

select is(platform.search_vector(t.text), t.vector::tsvector, t.description)
from (
  values
    (1, '커피', $$ '커피':1 '피':2 $$, 'a word of two syllables: the pair, and the last one'),
    (2, '예가체프', $$ '예가':1 '가체':2 '체프':3 '프':4 $$, 'a longer one'),
    (3, '콩', $$ '콩':1 $$, 'one syllable'),
    (4, '원두 콩,물', $$ '원두':1 '두':2 '콩':3 '물':4 $$, 'blanks and punctuation end a word'),
    (5, 'Ethiopia G1', $$ 'ethiopia':1 'g1':2 $$, 'Latin words and digits, lower case'),
    (6, '원두100g입니다', $$ '원두':1 '두':2 '100g':3 '입니':4 '니다':5 '다':6 $$, 'Hangul and Latin without a blank'),
    (7, 'Café Crème', $$ 'cafe':1 'creme':2 $$, 'accents do not count'),
    (8, 'ＣＯＦＦＥＥ　１００', $$ 'coffee':1 '100':2 $$, 'full-width forms are ordinary ones'),
    (9, '漢字かな', $$ '漢字':1 '字か':2 'かな':3 'な':4 $$, 'Han and kana as Hangul'),
    (10, '가ㆍ나·다', $$ '가':1 '나':2 '다':3 $$, 'two kinds of middle dot'),
    (11, 'it''s \ "a:b" <-> (c|d)', $$ 'it':1 's':2 'a':3 'b':4 'c':5 'd':6 $$, 'what means something to tsvector does not'),
    (12, '☕ 커피🎉', $$ '커피':1 '피':2 $$, 'pictures are punctuation'),
    (13, E'커\u200b피', $$ '커피':1 '피':2 $$, 'what cannot be seen is not there'),
    (14, '', '', 'nothing'),
    (15, E' \t\n.,!', '', 'nothing but punctuation'),
    (16, 'Кофе 100', $$ 'кофе':1 '100':2 $$, 'other alphabets have words')
) as t (place, text, vector, description)
order by t.place;

select is(platform.search_vector(normalize('Café 예가체프', nfd)), platform.search_vector('Café 예가체프'), 'decomposed or not is the same');
select is(platform.search_vector(null), null, 'null has no vector');
select is(
  platform.search_vector(repeat('a', 5000)), array_to_tsvector(array[repeat('a', 100)]) || '' || platform.search_vector(repeat('a', 100)),
  'a word is cut, not refused'
);
select is(
  (select count(*) from unnest(platform.search_vector((select string_agg(chr(44032 + g), '') from generate_series(0, 11171) as g)))), 11172::bigint,
  'all the syllables that there are'
);
select is(
  (
    select max(p.position)::integer
    from unnest(platform.search_vector(repeat('가나다라 ', 40000) || '끝')) as v (lexeme, positions, weights)
    cross join lateral unnest(v.positions) as p (position)
  ) < 16383, true, 'a long text is cut before positions run out'
);
select is(
  (select count(*) from unnest(platform.search_vector(repeat('가 ﷽', 16000)))) > 0, true, 'also one that grows when it is normalised'
);

create temporary table tap_texts (
  title  text not null,
  body   text,
  vector tsvector generated always as (
    setweight(platform.search_vector(title), 'A') || setweight(coalesce(platform.search_vector(body), ''), 'C')
  ) stored
);
create index on tap_texts using gin (vector);
insert into tap_texts (title, body) values ('커피', '원두 이야기'), ('원두', null);
select results_eq(
  $$
    select t.title from tap_texts as t
    where t.vector @@ platform.search_query('원두')
    order by ts_rank(t.vector, platform.search_query('원두')) desc
  $$,
  $$ values ('원두'), ('커피') $$,
  'in a generated column, with weights'
);
select results_eq(
  $$ select t.title from tap_texts as t where t.vector @@ '이야:c'::tsquery $$, $$ values ('커피') $$, 'which can be asked for'
);

select * from finish();
rollback;
