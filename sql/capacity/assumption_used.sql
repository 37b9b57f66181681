-- The assumptions on which the conversion of a deal rests at a date: those that rate its chip in its delivery years for the
-- measures named (the stated one first), and those that stand in for a year, a term, a basis or a qualifier.
-- variance_share: share of the variance of the last measure named that goes with the assumption alone (first order).
-- A qualifier's assumption is drawn anew for the deal, see statement_line. One row per row of assumption.
create or replace macro assumption_used(as_of, of_deal_id, measures) as table
with line as (
    select *
    from deal_line_as_of(as_of)
    where deal_id = of_deal_id
),

target as (
    select list(amount order by draw) as draws
    from deal_draw_as_of(as_of, measures := [measures[-1]], deals := [of_deal_id])
    where deal_id = of_deal_id and measure = measures[-1]
),

rated as (
    select distinct
        chip_id,
        year,
    from line_bundle_as_of(as_of, 'deal', true, owners := [of_deal_id])
),

rating as (
    select distinct
        parameter_choice.parameter,
        parameter_choice.assumption_key,
    from parameter_choice
    inner join rated using (chip_id, year)
    inner join parameter using (parameter)
    inner join chip on parameter_choice.member_id = chip.chip_id
    left join parameter_choice as instead
        on
            parameter_choice.chip_id = instead.chip_id
            and parameter_choice.year = instead.year
            and parameter_choice.member_id = instead.member_id
            and parameter.replaced_by = instead.parameter
    where
        list_has_any(string_split(parameter.measures, ';'), measures)
        and instead.parameter is null
        and not exists (
            select 1 from line
            where line.position_key is not null and concat(line.measure, '_position') = parameter_choice.parameter
        )
        and not (coalesce(parameter.replaced_by, '') = 'tdp_w of the chip' and chip.tdp_w is not null)
        and not (coalesce(parameter.replaced_by, '') = 'bf16_dense_tflops of the chip' and chip.bf16_dense_tflops is not null)
    union
    select
        split_part(position_key, '.', 1) as parameter,
        position_key as assumption_key,
    from line
    where position_key is not null
    union
    select
        split_part(split_part(term_key, '@', 1), '.', 1) as parameter,
        term_key as assumption_key,
    from line
    where term_years is null and measure in ('lease_contract', 'cloud_contract', 'chip_hours')
    union
    select
        parameter,
        assumption_key,
    from assumption_row
    where
        applies_to = '*'
        and year = '*'
        and parameter in (
            select 'delivery_lag_years' as parameter
            from line
            where year is null
            union all
            select case qualifier
                when 'about' then 'about_factor'
                when 'up_to' then 'up_to_realised_share'
                when 'at_least' then 'at_least_overshoot'
            end as parameter
            from line
        )
),

own_stream as (
    select
        concat(case line.qualifier
            when 'about' then 'about_factor'
            when 'up_to' then 'up_to_realised_share'
            when 'at_least' then 'at_least_overshoot'
        end, '@*@*') as assumption_key,
        list(stratum.z order by stream_order(run.seed, line.stream_id, stratum.pair, stratum.is_upper)) as draws,
    from line
    cross join stratum
    cross join run
    group by line.qualifier
),

share as (
    select
        rating.assumption_key,
        coalesce(
            list_correlation(target.draws, coalesce(own_stream.draws, assumption_draw.draws)), 0
        ) ** 2 as variance_share,
    from rating
    inner join assumption_draw using (assumption_key)
    left join own_stream using (assumption_key)
    cross join target
)

select
    assumption_row.parameter,
    assumption_row.assumption_id,
    assumption_row.applies_to,
    assumption_row.year,
    assumption_row.low,
    assumption_row.best,
    assumption_row.high,
    assumption_row.unit,
    assumption_row.distribution,
    share.variance_share,
    assumption_row.source_id,
    source.title as source_title,
    source.url as source_url,
    assumption_row.note,
from share
inner join assumption_row using (assumption_key)
left join source using (source_id)
order by share.variance_share desc, assumption_row.assumption_id, assumption_row.applies_to, assumption_row.year;
comment on macro table assumption_used is 'Assumptions on which the conversion of a deal rests at a date, with their first-order share of variance; one row per row of assumption';
