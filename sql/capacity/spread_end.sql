-- An end of the interval that a source states, over the face value [1]; 1 where it states none.
create or replace macro spread_end(amount_end, amount_low, amount_high, face_amount) as
    case when amount_low < amount_high then amount_end / face_amount else 1 end;
comment on macro spread_end is 'End of the interval that a source states, over the face value; 1 where it states none [1]';
