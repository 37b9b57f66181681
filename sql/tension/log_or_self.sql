-- The draws of an assumption on the scale on which they act: logarithms of a factor, a share as it is.
create or replace macro log_or_self(draws, distribution) as
    case when distribution in ('uniform', 'logit', 'normal') then draws else [ln(draw) for draw in draws] end;
comment on macro log_or_self is 'Draws of an assumption on the scale on which they act: logarithms of a factor, a share as it is';
