-- The assumption that would have to move for the two statements of a pair to agree: the one with the largest share of the
-- variance of the logarithm of the ratio (first order: the squared correlation of the draws), and the factor of its median
-- at which the median ratio would be 1, all else as it is. An assumption that could not move so far (a share above 1) comes
-- only where none could; its factor is null. What a qualifier means stands here as its assumption, the interval that a source
-- itself states as `interval of` its measure. One row per pair with a spread.
create or replace macro pair_driver_as_of(as_of) as table
with pair as materialized (
    select *
    from pair_draw_as_of(as_of)
),

deal_wide as (
    select
        deal_path.deal_id,
        unnest([
            case when deal_path.year is null then 'delivery_lag_years@*@*' end,
        ]) as assumption_key,
    from deal_path
    where deal_path.deal_id in (select deal_id from pair)
),

rating as (
    select distinct
        pair.statement_a,
        pair.statement_b,
        parameter_choice.assumption_key,
    from pair
    inner join parameter_choice using (chip_id, year)
    inner join parameter
        on
            parameter_choice.parameter = parameter.parameter
            and list_has_any(string_split(parameter.measures, ';'), [pair.measure_a, pair.measure_b])
    union all
    select
        pair.statement_a,
        pair.statement_b,
        deal_wide.assumption_key,
    from pair
    inner join deal_wide using (deal_id)
    where deal_wide.assumption_key is not null
    union all
    select
        pair.statement_a,
        pair.statement_b,
        unnest([
            statement_line.position_key,
            case when statement_line.term_years is null then statement_line.term_key end,
        ]) as assumption_key,
    from pair
    inner join statement_line on statement_line.line_id in (pair.statement_a, pair.statement_b)
),

scaled as (
    select
        assumption_draw.assumption_key,
        assumption_row.assumption_id as driver,
        parameter.minimum as lowest,
        parameter.maximum as highest,
        assumption_row.distribution not in ('uniform', 'logit', 'normal') as is_factor,
        log_or_self(assumption_draw.draws, assumption_row.distribution) as deviates,
    from assumption_draw
    inner join assumption_row using (assumption_key)
    inner join parameter on assumption_row.parameter = parameter.parameter
    where
        assumption_key in (select assumption_key from rating)
        and list_min(assumption_draw.draws) < list_max(assumption_draw.draws)
),

candidate as (
    select
        rating.statement_a,
        rating.statement_b,
        scaled.* exclude (assumption_key),
    from rating
    inner join scaled using (assumption_key)
    union all
    select
        statement_a,
        statement_b,
        name_of_spread(qualifier_a, measure_a) as driver,
        case when qualifier_a = 'at_least' then 1 else 0 end as lowest,
        case when qualifier_a = 'up_to' then 1 else 'infinity'::double end as highest,
        true as is_factor,
        log_spread_a as deviates,
    from pair
    where has_spread_a
    union all
    select
        statement_a,
        statement_b,
        name_of_spread(qualifier_b, measure_b) as driver,
        case when qualifier_b = 'at_least' then 1 else 0 end as lowest,
        case when qualifier_b = 'up_to' then 1 else 'infinity'::double end as highest,
        true as is_factor,
        log_spread_b as deviates,
    from pair
    where has_spread_b and stream_b <> stream_a
),

share as (
    select
        candidate.* exclude (deviates),
        list_correlation(pair.log_ratio, candidate.deviates) as correlation,
        correlation ** 2 as variance_share,
        list_median(candidate.deviates) as middle,
        -list_median(pair.log_ratio) * list_stddev_pop(candidate.deviates)
        / nullif(correlation * list_stddev_pop(pair.log_ratio), 0) as shift,
        case when is_factor then exp(least(700, middle + shift)) else middle + shift end as needed,
        case
            when needed between lowest and highest then needed / case when is_factor then exp(middle) else middle end
        end as driver_factor,
    from pair
    inner join candidate using (statement_a, statement_b)
    where list_max(pair.log_ratio) - list_min(pair.log_ratio) > 1e-9
)

select
    statement_a,
    statement_b,
    driver,
    variance_share as driver_variance_share,
    driver_factor,
from share
where isfinite(variance_share)
qualify row_number() over (partition by statement_a, statement_b order by driver_factor is null, variance_share desc, driver) = 1;
comment on macro table pair_driver_as_of is 'Assumption that would have to move for the two statements of a pair to agree, and by which factor; one row per pair';
