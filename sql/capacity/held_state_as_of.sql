-- The states in which the claimed sites of programmes are in each quarter. held_id is a hash, the same for equal states, so that
-- quarters in which nothing changes are summed once. One row per programme, quarter and measure with a state.
create or replace macro held_state_as_of(as_of) as table
with claimed_site as (
    select list(distinct site_id) as sites
    from claim
    where known_on <= as_of
),

served as (
    select distinct
        programme_id,
        site_id,
    from claim_line_as_of(as_of)
)

select
    served.programme_id,
    quarter.quarter_end,
    quarter.measure,
    list(quarter.state_id order by quarter.state_id) as state_ids,
    md5_number_lower(concat(served.programme_id, ':', array_to_string(state_ids, ';'))) as held_id,
from served
inner join site_quarter_as_of(as_of, sites := (select sites from claimed_site)) as quarter using (site_id)
group by served.programme_id, quarter.quarter_end, quarter.measure;
comment on macro table held_state_as_of is 'States in which the claimed sites of programmes are in each quarter; one row per programme, quarter and measure';
