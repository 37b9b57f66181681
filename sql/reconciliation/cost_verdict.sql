-- What dollars per megawatt of IT say [text], held against the 5 to 95 % of site capex and of total capex per megawatt.
-- within_total_capex: such as a whole data centre with its chips; within_site_capex: such as land, shell, power and cooling alone;
-- below, between or above: less than the site alone, between both, more than both (some of the money has no site yet).
create or replace macro cost_verdict(usd_per_it_mw, site_p05, site_p95, total_p05, total_p95) as
    case
        when usd_per_it_mw between total_p05 and total_p95 then 'within_total_capex'
        when usd_per_it_mw between site_p05 and site_p95 then 'within_site_capex'
        when usd_per_it_mw < site_p05 then 'below_site_capex'
        when usd_per_it_mw < total_p05 then 'between_site_and_total_capex'
        when usd_per_it_mw > total_p95 then 'above_total_capex'
    end;
comment on macro cost_verdict is 'What dollars per megawatt of IT say, held against site capex and total capex per megawatt [text]';
