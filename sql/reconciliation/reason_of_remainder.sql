-- Why a programme has the remainder that it has.
-- within_interval: zero lies inside the 5-95 % interval; over_identified: more is identified than pledged;
-- site_without_figure: a claimed site states no capacity; unsited: pledged, and no site is known.
create or replace macro reason_of_remainder(unidentified_p05, unidentified_p95, sites_without_figure) as
    case
        when unidentified_p95 < 0 then 'over_identified'
        when unidentified_p05 <= 0 then 'within_interval'
        when unidentified_p05 > 0 and sites_without_figure > 0 then 'site_without_figure'
        when unidentified_p05 > 0 then 'unsited'
    end;
comment on macro reason_of_remainder is 'Why a programme has the remainder that it has: within_interval, over_identified, site_without_figure or unsited [text]';
