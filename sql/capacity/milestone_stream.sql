-- The stream of the spread of a milestone [text]: one for each site and measure, so that the stages of a site move together.
create or replace macro milestone_stream(site_id, measure) as concat('milestone.', site_id, '.', measure);
comment on macro milestone_stream is 'Stream of the spread of a milestone, one for each site and measure [text]';
