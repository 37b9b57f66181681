-- What of an amount is taken for the rounding of its source [1]: a count of chips beside their H100e differs by less. A convention.
create or replace macro rounding_share() as 0.0001;
comment on macro rounding_share is 'Share of an amount that is taken for the rounding of its source [1]';
