begin;
select plan(4);

select has_function('coffee', '_ai_analyses_record', array[]::text[]);
select function_returns('coffee', '_ai_analyses_record', array[]::text[], 'trigger');
select trigger_is('coffee', 'ai_analyses', 'ai_analyses_record', 'coffee', '_ai_analyses_record', 'before');

select throws_ok(
  $$
    insert into coffee.ai_analyses (
      record_id, record_created_at, analysis_type, model_version, score_breakdown, confidence_scores, insights, recommendations
    )
    values (gen_random_uuid(), now(), 'taste_match', '1', '{}', '{}', '[]', '[]')
  $$,
  'MF100', null, 'of no record'
);

select * from finish();
rollback;
