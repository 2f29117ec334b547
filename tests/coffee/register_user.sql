begin;
select plan(23);

create role tap_nobody;

select has_function('coffee', 'register_user', array['text', 'text', 'text', 'jsonb', 'jsonb', 'text'], 'it exists');
select function_returns(
  'coffee', 'register_user', array['text', 'text', 'text', 'jsonb', 'jsonb', 'text'], 'uuid', 'it returns what it says'
);
select volatility_is('coffee', 'register_user', array['text', 'text', 'text', 'jsonb', 'jsonb', 'text'], 'volatile', 'it is volatile');
select is_definer('coffee', 'register_user', array['text', 'text', 'text', 'jsonb', 'jsonb', 'text'], 'it runs as its owner');
select function_privs_are(
  'coffee', 'register_user', array['text', 'text', 'text', 'jsonb', 'jsonb', 'text'], 'tap_nobody', '{}', 'nobody else calls it'
);
select function_privs_are(
  'coffee', 'register_user', array['text', 'text', 'text', 'jsonb', 'jsonb', 'text'], 'coffee_app', '{EXECUTE}', 'coffee_app calls it'
);
select function_privs_are(
  'coffee', 'register_user', array['text', 'text', 'text', 'jsonb', 'jsonb', 'text'], 'coffee_admin', '{EXECUTE}', 'coffee_admin calls it'
);

set local moadb.now = '2027-01-01 00:00+00';
set local role coffee_app;
select ok(coffee.register_user('Kim@Example.com', '커피왕', 'America/New_York', '{"a": 1}', '{"b": 2}', 'key 1') is not null, 'a user is registered');
select is(
  coffee.register_user('Kim@Example.com', '커피왕', 'America/New_York', '{"a": 1}', '{"b": 2}', 'key 1'),
  coffee.find_user('kim@example.com'), 'the same request again gets the same user'
);
select ok(coffee.register_user('lee@example.com') is not null, 'an address is enough');
reset role;
select results_eq(
  $$ select u.email, u.username, u.time_zone::text, u.profile, u.preferences, u.level, u.experience_points, u.created_at from coffee.users as u order by 1 $$,
  $$
    values
      ('Kim@Example.com'::varchar, '커피왕'::varchar, 'America/New_York', '{"a": 1}'::jsonb, '{"b": 2}'::jsonb, 1, 0, '2027-01-01 00:00+00'::timestamptz),
      ('lee@example.com', null, 'Asia/Seoul', '{}', '{}', 1, 0, '2027-01-01 00:00+00')
  $$,
  'it is as it was said'
);
set local role coffee_app;
select throws_ok($$ select coffee.register_user(null) $$, 'MF001', 'p_email is null', 'an address is needed');
select throws_ok(
  $$ select coffee.register_user('KIM@example.com') $$, 'MF141', 'there is a user with the address KIM@example.com already', 'whatever its case, once'
);
select throws_ok($$ select coffee.register_user('a@example.com', '커피왕') $$, 'MF142', 'there is a user 커피왕 already', 'a name, too');
select throws_ok(format('select coffee.register_user(%s)', t.arguments), t.code, null, t.description)
from (
  values
    (1, '''nobody''', 'MF143', 'what is no address'),
    (2, '''a@b@c''', 'MF143', 'two of them'),
    (3, '''a @b''', 'MF143', 'one with a blank'),
    (4, 'repeat(''a'', 300) || ''@b''', 'MF143', 'a long one'),
    (5, '''a@b'', ''''', 'MF143', 'an empty name'),
    (6, '''a@b'', null, null, ''[]''', 'MF143', 'a profile that is no object'),
    (7, '''a@b'', null, ''KST''', 'MP033', 'a zone that is none'),
    (8, '''x@b'', null, null, null, null, ''key 1''', 'MP052', 'another request under the same key'),
    (9, '''x@b'', null, null, null, null, ''''', 'MP051', 'a key that is none')
) as t (place, arguments, code, description)
order by t.place;

select * from finish();
rollback;
