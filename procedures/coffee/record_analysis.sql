create or replace function coffee.record_analysis(
  p_record_id uuid,
  p_created_at timestamptz,
  p_analysis_type text,
  p_model_version text,
  p_match_score numeric default null,
  p_score_breakdown jsonb default '{}',
  p_confidence_scores jsonb default '{}',
  p_insights jsonb default '[]',
  p_recommendations jsonb default '[]',
  p_growth_areas jsonb default null,
  p_subscription_insights jsonb default null,
  p_explanation jsonb default null,
  p_feature_importance jsonb default null,
  p_processing_time_ms integer default null,
  p_request_key text default null
)
  returns uuid
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
  set client_min_messages = warning
  set timezone = 'UTC'
as $$
declare
  v_answer jsonb;
  v_id     uuid;
begin
  v_answer := platform.claim_request('coffee.record_analysis', p_request_key, jsonb_build_object(
    'record_id', p_record_id, 'created_at', p_created_at, 'analysis_type', p_analysis_type, 'model_version', p_model_version,
    'match_score', p_match_score, 'parts', jsonb_build_array(
      p_score_breakdown, p_confidence_scores, p_insights, p_recommendations, p_growth_areas, p_subscription_insights, p_explanation,
      p_feature_importance
    )
  ));
  if v_answer is not null then
    return (v_answer ->> 'id')::uuid;
  end if;

  perform coffee._find_taste(p_record_id, p_created_at);
  begin
    insert into coffee.ai_analyses as a (
      record_id, record_created_at, analysis_type, model_version, match_score, score_breakdown, confidence_scores, insights,
      recommendations, growth_areas, subscription_insights, explanation, feature_importance, processing_time_ms, created_at
    )
    values (
      p_record_id, p_created_at, p_analysis_type, p_model_version, p_match_score, p_score_breakdown, p_confidence_scores, p_insights,
      p_recommendations, p_growth_areas, p_subscription_insights, p_explanation, p_feature_importance, p_processing_time_ms, platform.now()
    )
    returning a.id into v_id;
  exception
    when check_violation or not_null_violation or data_exception then
      perform platform.fail('taste_refused', jsonb_build_object('problem', sqlerrm));
  end;

  perform platform.complete_request('coffee.record_analysis', p_request_key, jsonb_build_object('id', v_id));
  return v_id;
end;
$$;

comment on function coffee.record_analysis(
  uuid, timestamptz, text, text, numeric, jsonb, jsonb, jsonb, jsonb, jsonb, jsonb, jsonb, jsonb, integer, text
) is $$
Keep what a model says about a taste record.
p_record_id: the record: its id,
p_created_at: and its time.
p_analysis_type, p_model_version: what was asked, and of which model.
p_match_score: how well the record fits what the coffee should taste of, 0 to 100.
p_score_breakdown, p_confidence_scores, p_insights, p_recommendations: what the model says, as JSON.
p_growth_areas, p_subscription_insights, p_explanation, p_feature_importance: likewise, or null.
p_processing_time_ms: how long it took, milliseconds.
p_request_key: names this request, 1 to 200 characters; the same request again under the same key gets the same analysis.
Returns: id of the analysis.
Errors: MF100 taste_record_not_found, MF101 taste_refused; of p_request_key MP051 request_key_invalid, MP052 request_key_reused.
Locks: the record's row, against deletion.
$$;
