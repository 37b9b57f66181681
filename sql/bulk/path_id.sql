-- The name of the path by which a line is rated [text]: lines of one path are worth the same per unit, draw by draw.
create or replace macro path_id(measure, chip_id, year, lag_from_year, assumed_term, own_ratio, position_key) as
    concat_ws('|', measure, chip_id, coalesce(year, -lag_from_year), assumed_term, own_ratio, position_key);
comment on macro path_id is 'Name of the path by which a line is rated [text]';
