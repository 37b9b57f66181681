-- Dollars pledged per megawatt of IT identified at a date [USD/MW], with the verdict: the capital that the top deals of a programme
-- state (face value; all-in, or of unstated scope) over what runs, is built and is planned at its sites. Held against what the rates
-- make of the pledge: total capex per megawatt of the programme's chips and years, and site capex per megawatt.
-- has_every_deal: every top deal that states capacity states dollars; else there is no verdict.
-- One row per programme that is pledged in dollars and has a site with capacity.
create or replace macro identified_cost_as_of(as_of) as table
with dollar as (
    select
        deal_id,
        face_amount as pledged_usd,
    from statement_line
    where known_on <= as_of and measure in ('total_capex', 'unstated_capex')
    qualify row_number() over (partition by deal_id order by measure, known_on desc, line_id) = 1
),

pledge as (
    select
        top_deal.programme_id,
        sum(dollar.pledged_usd) as pledged_usd,
        count(*) = count(dollar.deal_id) as has_every_deal,
    from deal_line_as_of(as_of) as line
    inner join top_deal using (deal_id)
    left join dollar on line.deal_id = dollar.deal_id
    group by top_deal.programme_id
),

site_rate as (
    select
        1e6 * quantile_cont(usd_per_it_w, 0.05) as usd_per_it_mw_p05,
        1e6 * quantile_cont(usd_per_it_w, 0.95) as usd_per_it_mw_p95,
    from (
        select unnest(draws) as usd_per_it_w
        from assumption_draw
        where assumption_key = 'site_capex_usd_per_it_w@*@*'
    )
),

by_draw as (
    select
        programme_id,
        draw,
        max(pledged) filter (measure = 'total_capex') / max(pledged) filter (measure = 'it_power') as total_rate,
        nullif(
            max(operational + under_construction + planned) filter (measure = 'it_power'), 0
        ) as identified_it_mw,
    from reconciliation_draw_as_of(as_of, measures := ['it_power', 'total_capex'])
    where measure in ('it_power', 'total_capex')
    group by programme_id, draw
),

summary as (
    select
        by_draw.programme_id,
        any_value(pledge.pledged_usd) as pledged_usd,
        any_value(pledge.has_every_deal) as has_every_deal,
        avg(pledge.pledged_usd / by_draw.identified_it_mw) as usd_per_it_mw_mean,
        quantile_cont(pledge.pledged_usd / by_draw.identified_it_mw, [0.05, 0.50, 0.95]) as points,
        quantile_cont(by_draw.total_rate, [0.05, 0.95]) as total_points,
    from by_draw
    inner join pledge using (programme_id)
    where pledge.pledged_usd > 0
    group by by_draw.programme_id
    having count(by_draw.identified_it_mw) > 0
)

select
    summary.programme_id,
    summary.pledged_usd,
    summary.has_every_deal,
    summary.usd_per_it_mw_mean,
    summary.points[1] as usd_per_it_mw_p05,
    summary.points[2] as usd_per_it_mw_p50,
    summary.points[3] as usd_per_it_mw_p95,
    site_rate.usd_per_it_mw_p05 as site_capex_usd_per_it_mw_p05,
    site_rate.usd_per_it_mw_p95 as site_capex_usd_per_it_mw_p95,
    summary.total_points[1] as total_capex_usd_per_it_mw_p05,
    summary.total_points[2] as total_capex_usd_per_it_mw_p95,
    case
        when summary.has_every_deal
            then cost_verdict(
                summary.points[2],
                site_rate.usd_per_it_mw_p05,
                site_rate.usd_per_it_mw_p95,
                summary.total_points[1],
                summary.total_points[2]
            )
    end as verdict,
from summary
cross join site_rate
order by summary.programme_id;
comment on macro table identified_cost_as_of is 'Dollars pledged per megawatt of IT identified at a date, with the verdict; one row per programme that is pledged in dollars';
