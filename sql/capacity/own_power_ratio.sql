-- What facility power and what follows from it are multiplied by at a site that keeps its own ratio of facility to IT power [1].
create or replace macro own_power_ratio(peak_pue_ratio, it_power, facility_power) as
    coalesce(peak_pue_ratio * it_power / facility_power, 1);
comment on macro own_power_ratio is 'Factor on facility power of a site that keeps its own ratio of facility to IT power [1]';
