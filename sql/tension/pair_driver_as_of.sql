-- The assumption that would have to move for the two statements of a pair to agree: the one with the largest share of the
-- variance of the logarithm of the ratio (first order: the squared correlation of the draws), and the factor of its median
-- at which the median ratio would be 1, all else as it is; null where no value above 0 would do.
-- The spread of a statement of its own stands here under the name of its stream. One row per pair with a spread.
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
            case when deal_path.term_years is null then 'lease_term_years@*@*' end,
            case when deal_path.term_years is null then 'cloud_term_years@*@*' end,
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
),

scaled as (
    select
        assumption_draw.assumption_key,
        assumption_row.assumption_id as driver,
        assumption_row.distribution not in ('uniform', 'logit', 'normal') as is_factor,
        log_or_self(assumption_draw.draws, assumption_row.distribution) as deviates,
    from assumption_draw
    inner join assumption_row using (assumption_key)
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
        stream_a as driver,
        true as is_factor,
        log_spread_a as deviates,
    from pair
    where has_spread_a
    union all
    select
        statement_a,
        statement_b,
        stream_b as driver,
        true as is_factor,
        log_spread_b as deviates,
    from pair
    where has_spread_b and stream_b <> stream_a
),

share as (
    select
        candidate.* exclude (deviates),
        list_covariance(pair.log_ratio, candidate.deviates) as covariance,
        list_covariance(candidate.deviates, candidate.deviates) as variance,
        list_median(candidate.deviates) as middle,
        covariance ** 2 / (variance * list_covariance(pair.log_ratio, pair.log_ratio)) as variance_share,
        -list_median(pair.log_ratio) * variance / covariance as shift,
    from pair
    inner join candidate using (statement_a, statement_b)
    where list_max(pair.log_ratio) - list_min(pair.log_ratio) > 1e-9
)

select
    statement_a,
    statement_b,
    driver,
    variance_share as driver_variance_share,
    case
        when is_factor and abs(shift) < 100 then exp(shift)
        when not is_factor and middle + shift > 0 then (middle + shift) / middle
    end as driver_factor,
from share
where isfinite(variance_share)
qualify row_number() over (partition by statement_a, statement_b order by variance_share desc, driver) = 1;
comment on macro table pair_driver_as_of is 'Assumption that would have to move for the two statements of a pair to agree, and by which factor; one row per pair';
