-- A site's own ratio of facility to IT power as far as it is part of the path by which a line is rated: where it matters [1].
create or replace macro path_ratio(measure, target_measure, peak_pue_ratio) as
    case
        when
            measure is distinct from target_measure
            and (
                measure in ('facility_power', 'utility_power', 'energy')
                or target_measure in ('facility_power', 'utility_power', 'energy')
            )
            then peak_pue_ratio
    end;
comment on macro path_ratio is 'Own ratio of facility to IT power of a site, where a line is rated by it [1]';
