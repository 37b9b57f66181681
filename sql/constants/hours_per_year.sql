-- Hours in a year [h]: 365.25 days, declared once.
create or replace macro hours_per_year() as 8766.0;
comment on macro hours_per_year is 'Hours in a year of 365.25 days [h]';
