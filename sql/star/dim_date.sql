-- Every day of the years that facts speak of. One row per day.
create or replace view dim_date as
with fact_day as (
    select announced_on as day
    from deal
    union all
    select known_on as day
    from statement
    union all
    select known_on as day
    from milestone
    union all
    select on_date as day
    from milestone
    union all
    select known_on as day
    from claim
    union all
    select as_of as day
    from newest_known_on
    union all
    select as_of + interval 4 years as day
    from newest_known_on
),

span as (
    select
        date_trunc('year', min(day)::timestamp) as first_day,
        date_trunc('year', max(day)::timestamp) + interval 1 year as end_day,
    from fact_day
)

select
    unnest(range(first_day, end_day, interval 1 day))::date as date,
    year(date)::integer as calendar_year,
    quarter(date)::integer as calendar_quarter,
    month(date)::integer as calendar_month,
    concat(calendar_year, '-Q', calendar_quarter) as year_quarter,
    (date_trunc('quarter', date::timestamp) + interval 3 months - interval 1 day)::date as quarter_end,
    date = quarter_end as is_quarter_end,
from span;
comment on view dim_date is 'Every day of the years that facts speak of; one row per day';
