begin;
select plan(29);

create role tap_nobody;

select has_function('platform', 'search_query', array['text'], 'it exists');
select function_returns('platform', 'search_query', array['text'], 'tsquery', 'it returns a text search query');
select volatility_is('platform', 'search_query', array['text'], 'immutable', 'it depends on the text alone');
select is_strict('platform', 'search_query', array['text'], 'null in, null out');
select isnt_definer('platform', 'search_query', array['text'], 'it runs as its caller');
select function_privs_are('platform', 'search_query', array['text'], 'tap_nobody', '{}', 'applications do not call it');

select is(platform.search_query(t.text), t.query::tsquery, t.description)
from (
  values
    (1, '커피', $$ '커피' $$, 'two syllables'),
    (2, '티오피', $$ '티오' <-> '오피' $$, 'three: a phrase'),
    (3, '콩', $$ '콩':* $$, 'one: whatever begins with it'),
    (4, '에티 커피', $$ '에티' & '커피' $$, 'two pieces, in any order'),
    (5, 'Ethi', $$ 'ethi':* $$, 'the last word may still be being typed'),
    (6, 'Ethiopia g', $$ 'ethiopia' & 'g':* $$, 'only the last'),
    (7, 'G1 커피', $$ 'g1' & '커피' $$, 'only where it is a word of Latin letters'),
    (8, '원두100g', $$ '원두' <-> '두' <-> '100g':* $$, 'what is written together is found together'),
    (9, '3.5', $$ '3' <-> '5':* $$, 'also with punctuation between'),
    (10, E'\t CAFÉ ', $$ 'cafe':* $$, 'as in the vector'),
    (11, 'a & !b | c:* ''d''', $$ 'a' & 'b' & 'c' & 'd':* $$, 'nothing is an operator'),
    (12, normalize('티오피', nfd), $$ '티오' <-> '오피' $$, 'decomposed or not')
) as t (place, text, query, description)
order by t.place;

select is(numnode(platform.search_query(t.text)), 0, t.description)
from (values (1, '', 'nothing'), (2, ' !?, ', 'punctuation'), (3, E'🎉\u200b', 'pictures and what has no width')) as t (place, text, description)
order by t.place;
select ok(not platform.search_vector('a b c') @@ platform.search_query('?'), 'an empty query finds nothing');
select is(platform.search_query(null), null, 'null is no query');
select is(length(platform.search_query(repeat('가', 100000))::text) < 20000, true, 'a long query is cut');

-- Against looking for the characters themselves: 400 texts, 1,500 queries, of an alphabet so small that they often meet.
select setseed(0.42);

create temporary table texts as
select t.id, string_agg(t.piece, '' order by t.place) as text
from (
  select
    n as id, m as place,
    (array['가', '나', '다', '가', '나', 'a', 'b', '1', ' ', ' ', ', '])[1 + floor(random() * 11)::integer] as piece
  from generate_series(1, 400) as n
  cross join generate_series(1, 14) as m
) as t
group by t.id;

create temporary table queries as
select distinct q.text
from (
  select string_agg(p.piece, '' order by p.place) as text
  from (
    select
      n as id, m as place,
      (array['가', '나', '다', '가', '나', 'a', 'b', '1', ' '])[1 + floor(random() * 9)::integer] as piece
    from generate_series(1, 1500) as n
    cross join generate_series(1, 5) as m
    where m <= 1 + n % 5
  ) as p
  group by p.id
) as q
where q.text ~ '\S';

-- one regular expression for each piece: a run of Latin has to begin and end there, the last of the query only to begin;
-- a run of Hangul may begin and end anywhere, unless something follows or precedes it in the piece
create temporary table pieces as
select
  q.text as query,
  regexp_replace(
    regexp_replace(p.piece, '([a-z0-9]+)', '(?<![a-z0-9])\1(?![a-z0-9])', 'g'), '(?<=[가-힣])(?=\(\?<!)|(?<=\))(?=[가-힣])', '[ ,]*', 'g'
  ) as pattern,
  p.place = max(p.place) over (partition by q.text) as is_last
from queries as q
cross join lateral regexp_split_to_table(btrim(q.text), ' +') with ordinality as p (piece, place);

update pieces as p set pattern = regexp_replace(p.pattern, '\(\?!\[a-z0-9\]\)$', '') where p.is_last;

create temporary table found as
select q.text as query, t.id
from queries as q
join texts as t on platform.search_vector(t.text) @@ platform.search_query(q.text);

create temporary table expected as
select p.query, t.id
from pieces as p
cross join texts as t
group by p.query, t.id
having bool_and(t.text ~ p.pattern);

select cmp_ok((select count(*) from expected), '>', 10000::bigint, 'texts and queries meet often enough to tell');
select is_empty('select query, id from found except select query, id from expected', 'nothing is found that is not there');
select is_empty('select query, id from expected except select query, id from found', 'nothing that is there is missed');

-- Any part of two syllables or more of any word, as the manual promises.
select is_empty(
  $$
    select w.word, substr(w.word, b.start, e.length)
    from unnest('{에티오피아,예가체프,콜드브루,무산소발효,과테말라안티구아}'::text[]) as w (word)
    cross join generate_series(1, length(w.word) - 1) as b (start)
    cross join generate_series(2, length(w.word)) as e (length)
    where b.start + e.length - 1 <= length(w.word)
      and not platform.search_vector('오늘의 ' || w.word || '입니다.') @@ platform.search_query(substr(w.word, b.start, e.length))
  $$,
  'any part of two syllables or more is found'
);
select ok(not platform.search_vector('가나 나다') @@ platform.search_query('가나다'), 'pairs that are not next to each other are no word');

select * from finish();
rollback;
