-- The lines by which programmes are reckoned at a date, each as a weight [unit of its measure], a spread of its own and a path:
-- the top deals of programmes (target_measure: null) and the milestones chosen for claimed sites in each measure; with
-- is_every := true all deals and all sites.
-- A stated term divides the weight, so that contracts of any term share a path; a site's own ratio of facility to IT power is
-- part of the path only where it matters.
-- One row per deal, and per site, stage, target measure and milestone.
create or replace macro unit_line_as_of(as_of, measures, is_every := false) as table
with claimed as (
    select case when not is_every then list(distinct site_id) end as sites
    from claim
    where known_on <= as_of
),

choice as (
    select *
    from site_choice_as_of(as_of, measures, (select sites from claimed))
),

line as (
    select
        line_id,
        deal_id as owner_id,
        null as stage,
        null as target_measure,
        measure,
        face_amount,
        stream_id,
        low,
        best,
        high,
        distribution,
        smallest_factor,
        largest_factor,
        chip_id,
        year,
        announced_year,
        term_years,
        term_key,
        position_key,
        null as peak_pue_ratio,
    from deal_line_as_of(as_of)
    where is_every or deal_id in (select deal_id from top_deal)
    union all
    select
        line.line_id,
        line.site_id as owner_id,
        line.stage,
        choice.target_measure,
        line.measure,
        line.face_amount,
        line.stream_id,
        line.low,
        line.best,
        line.high,
        line.distribution,
        line.smallest_factor,
        line.largest_factor,
        line.chip_id,
        line.year,
        null as announced_year,
        null as term_years,
        'cloud_term_years@*@*' as term_key,
        null as position_key,
        line.peak_pue_ratio,
    from choice
    inner join site_line_as_of(as_of) as line using (line_id)
),

path as (
    select
        *,
        measure in ('lease_contract', 'cloud_contract', 'chip_hours') as is_contract,
        case when is_contract then coalesce(term_years, 1) else 1 end as stated_years,
        case when is_contract and term_years is null then term_key end as assumed_term,
        path_ratio(measure, target_measure, peak_pue_ratio) as own_ratio,
        case when year is null then announced_year end as lag_from_year,
        low < high as has_spread,
    from line
)

select
    line_id,
    owner_id,
    stage,
    target_measure,
    face_amount / stated_years as weight,
    case when has_spread then stream_id end as stream_id,
    case when has_spread then low end as low,
    case when has_spread then best end as best,
    case when has_spread then high end as high,
    case when has_spread then distribution end as distribution,
    case when has_spread then smallest_factor end as smallest_factor,
    case when has_spread then largest_factor end as largest_factor,
    measure,
    chip_id,
    year,
    lag_from_year,
    assumed_term,
    own_ratio,
    position_key,
    path_id(measure, chip_id, year, lag_from_year, assumed_term, own_ratio, position_key) as path_id,
from path;
comment on macro table unit_line_as_of is 'Lines by which programmes are reckoned at a date as weight, spread and path; one row per deal, and per site, stage, measure and milestone';
