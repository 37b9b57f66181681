-- An amount of which only is known that it lies between two bases [unit of the bases]: position 0 is the lower, 1 the upper,
-- in logarithms.
create or replace macro between_bases(lower_basis, upper_basis, basis_position) as
    lower_basis * (upper_basis / lower_basis) ** basis_position;
comment on macro between_bases is 'Amount between two bases: position 0 is the lower, 1 the upper, in logarithms [unit of the bases]';
