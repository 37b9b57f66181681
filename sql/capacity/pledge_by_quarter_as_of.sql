-- What programmes had pledged by the end of each quarter, from the statements known at as_of, with intervals.
-- In it_power, chips, compute and total_capex; unknown if a deal's amount is.
-- One row per programme, quarter and measure; a programme without a statement of capacity has none.
create or replace macro pledge_by_quarter_as_of(as_of) as table
select
    pledge.programme_id,
    pledge.quarter_end,
    interval_of.measure,
    interval_of.amount_mean as pledged_mean,
    interval_of.amount[1] as pledged_p05,
    interval_of.amount[2] as pledged_p50,
    interval_of.amount[3] as pledged_p95,
from pledged_deal_as_of(as_of) as pledge
inner join pledge_interval_as_of(as_of) as interval_of using (pledge_id);
comment on macro table pledge_by_quarter_as_of is 'What programmes had pledged by the end of each quarter, with intervals; one row per programme, quarter and measure';
