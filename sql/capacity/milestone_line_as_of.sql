-- Every operational and planned milestone known at a date as a line to be converted, with the days on which it is in force:
-- from its date until the next one of its site, stage, measure and chip (a total without a chip ends those by chip).
-- A newer schedule replaces the older dates that it spans. Chip, spread and own ratio as in site_line_as_of.
-- One row per milestone in force on some day.
create or replace macro milestone_line_as_of(as_of) as table
with cancellation as (
    select
        site_id,
        max(known_on) as cancelled_known_on,
    from milestone
    where stage = 'cancelled' and known_on <= as_of and on_date <= as_of
    group by site_id
),

known as (
    select milestone.*
    from milestone
    left join cancellation using (site_id)
    where
        milestone.known_on <= as_of
        and (
            (milestone.stage = 'operational' and milestone.on_date <= as_of)
            or (milestone.stage = 'planned' and coalesce(milestone.known_on > cancelled_known_on, true))
        )
    qualify row_number() over (
        partition by milestone.site_id, milestone.on_date, milestone.stage, milestone.measure, milestone.chip_id
        order by milestone.known_on desc, milestone.milestone_id
    ) = 1
),

current_schedule as (
    select *
    from known
    where not exists (
        select 1
        from known as newer
        where
            newer.site_id = known.site_id
            and newer.stage = known.stage
            and newer.measure = known.measure
            and newer.chip_id is not distinct from known.chip_id
            and newer.known_on > known.known_on
        having min(newer.on_date) <= known.on_date and max(newer.on_date) >= known.on_date
    )
),

site_chip as (
    select
        site_id,
        coalesce(min(chip_id) filter (chip_is_assumed), min(chip_id)) as chip_id,
    from site_line_as_of(as_of)
    group by site_id
),

own_ratio as (
    select
        it.site_id,
        it.stage,
        it.on_date,
        facility.amount_best / it.amount_best as peak_pue_ratio,
    from current_schedule as it
    inner join current_schedule as facility using (site_id, stage, on_date)
    where
        it.measure = 'it_power'
        and it.amount_best > 0
        and it.chip_id is null
        and facility.measure = 'facility_power'
        and facility.chip_id is null
        and facility.amount_best >= it.amount_best
)

select
    state.milestone_id as line_id,
    state.site_id,
    state.stage,
    state.measure,
    measure.physical_rank,
    state.on_date,
    coalesce(
        least(
            lead(state.on_date) over (
                partition by state.site_id, state.stage, state.measure, state.chip_id
                order by state.on_date
            ),
            case
                when state.chip_id is not null
                    then min(state.on_date) filter (state.chip_id is null)
                        over (partition by state.site_id, state.stage, state.measure)
            end
        ),
        '9999-12-31'::date
    ) as until_date,
    stated_amount('exact', state.amount_low, state.amount_best, state.amount_high) as face_amount,
    milestone_stream(state.site_id, state.measure) as stream_id,
    spread_end(state.amount_low, state.amount_low, state.amount_high, face_amount) as low,
    spread_end(state.amount_high, state.amount_low, state.amount_high, face_amount) as high,
    spread_shape(state.amount_low) as distribution,
    coalesce(state.chip_id, site_chip.chip_id, 'industry-mix') as chip_id,
    rated_year(year(state.on_date)) as year,
    own_ratio.peak_pue_ratio,
from current_schedule as state
inner join measure using (measure)
left join site_chip on state.site_id = site_chip.site_id
left join own_ratio
    on state.site_id = own_ratio.site_id and state.stage = own_ratio.stage and state.on_date = own_ratio.on_date
where measure.physical_rank is not null and face_amount is not null;
comment on macro table milestone_line_as_of is 'Operational and planned milestones known at a date as lines with the days on which they are in force; one row per milestone';
