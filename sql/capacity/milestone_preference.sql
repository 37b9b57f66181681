-- How much a milestone is preferred for a measure [1], larger first: the newest state, then stated in that measure, then the
-- most physical measure.
create or replace macro milestone_preference(on_date, stated_measure, target_measure, physical_rank) as
    date_diff('day', '1970-01-01'::date, on_date) * 1000
    + case when stated_measure = target_measure then 500 else 0 end
    - physical_rank;
comment on macro milestone_preference is 'Preference of a milestone for a measure, larger first: newest state, stated in that measure, most physical [1]';
