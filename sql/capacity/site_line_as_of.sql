-- Milestones in force at a date as lines to be converted: face amount, spread and rating path.
-- Chip: the milestone's own, the chip most installed at the site, that of a deal that it serves, the mix of its operator
-- or owner, the industry mix; of equals the last by name.
-- Year: of the date; what is under construction is delivered when the plan says, else a year on.
-- A site that states IT and facility power for one date and stage keeps its own ratio.
-- One row per site, stage, measure and chip.
create or replace macro site_line_as_of(as_of) as table
with state as (
    select *
    from milestone_as_of(as_of)
),

installed as (
    select
        site_id,
        max_by(chip_id, row(amount_best, chip_id)) as chip_id,
    from state
    where measure = 'chips' and chip_id is not null and amount_best is not null
    group by site_id
),

served as (
    select
        claim.site_id,
        max_by(deal.chip_id, row(claim.share_best, deal.chip_id)) as chip_id,
    from claim
    inner join deal using (deal_id)
    where claim.known_on <= as_of and deal.chip_id is not null
    group by claim.site_id
),

ready as (
    select
        site_id,
        max(on_date) as on_date,
    from state
    where stage = 'planned'
    group by site_id
),

mix as (
    select distinct mix_id
    from chip_mix
),

own_ratio as (
    select
        it.site_id,
        it.stage,
        facility.amount_best / it.amount_best as peak_pue_ratio,
    from state as it
    inner join state as facility using (site_id, stage, on_date)
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
    state.on_date,
    state.measure,
    measure.physical_rank,
    stated_amount('exact', state.amount_low, state.amount_best, state.amount_high) as face_amount,
    milestone_stream(state.site_id, state.measure) as stream_id,
    spread_end(state.amount_low, state.amount_low, state.amount_high, face_amount) as low,
    1.0 as best,
    spread_end(state.amount_high, state.amount_low, state.amount_high, face_amount) as high,
    spread_shape(state.amount_low) as distribution,
    0.0 as smallest_factor,
    'infinity'::double as largest_factor,
    coalesce(
        state.chip_id,
        installed.chip_id,
        served.chip_id,
        operator_mix.mix_id,
        owner_mix.mix_id,
        'industry-mix'
    ) as chip_id,
    state.chip_id is null as chip_is_assumed,
    rated_year(year(case
        when state.stage <> 'under_construction' then state.on_date
        else coalesce(ready.on_date, state.on_date + to_years(1))
    end)) as year,
    own_ratio.peak_pue_ratio,
from state
inner join measure using (measure)
inner join site using (site_id)
left join installed using (site_id)
left join served using (site_id)
left join ready using (site_id)
left join mix as operator_mix on concat(site.operator_id, '-mix') = operator_mix.mix_id
left join mix as owner_mix on concat(site.owner_id, '-mix') = owner_mix.mix_id
left join own_ratio on state.site_id = own_ratio.site_id and state.stage = own_ratio.stage
where measure.physical_rank is not null and face_amount is not null;
comment on macro table site_line_as_of is 'Milestones in force at a date as lines to be converted; one row per site, stage, measure and chip';
