-- The delivery year whose rates serve a year [year]: rates are kept for 2020 to 2030, earlier and later years take the nearest.
-- Null for an unknown year (greatest and least alone would pass over it).
create or replace macro rated_year(delivery_year) as
    case when delivery_year is not null then greatest(2020, least(2030, delivery_year))::integer end;
comment on macro rated_year is 'Delivery year whose rates serve a year; rates are kept for 2020 to 2030 [year]';
