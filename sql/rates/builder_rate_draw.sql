-- What one chip of a model or mix, delivered in a year, is worth in a measure to a builder of a kind [unit of the measure], draw by
-- draw: an amount of unstated basis lies where those of such builders do, all else is as in rate_draw. One row per draw.
create or replace macro builder_rate_draw(of_chip, of_year, of_measure, of_builder) as table
with placed as (
    select
        unnest(range(1, len(assumption_draw.draws) + 1))::integer as draw,
        unnest(assumption_draw.draws) as basis_position,
    from kind_choice
    inner join assumption_draw using (assumption_key)
    where kind_choice.parameter = concat(of_measure, '_position') and kind_choice.kind = of_builder
),

entry as (
    select
        draw,
        max(amount_per_chip) filter (measure = of_measure) as stated,
        max(amount_per_chip) filter (
            measure = case of_measure when 'unstated_power' then 'it_power' else 'site_capex' end
        ) as lower_basis,
        max(amount_per_chip) filter (
            measure = case of_measure when 'unstated_power' then 'utility_power' else 'total_capex' end
        ) as upper_basis,
    from rate_draw
    where chip_id = of_chip and year = of_year
    group by draw
)

select
    entry.draw,
    coalesce(between_bases(entry.lower_basis, entry.upper_basis, placed.basis_position), entry.stated) as amount_per_chip,
from entry
left join placed on entry.draw = placed.draw
where entry.stated is not null;
comment on macro table builder_rate_draw is 'What one chip of a model or mix, delivered in a year, is worth in a measure to a builder of a kind; one row per draw [unit of the measure]';
