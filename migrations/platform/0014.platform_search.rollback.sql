drop function platform.search_vector;
drop function platform._search_runs;
drop function platform._search_text;
