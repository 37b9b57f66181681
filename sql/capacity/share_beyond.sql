-- The share of a stage, which is cumulative, beyond what the stages before it have reached [1]: at least 0. A ten-thousandth is
-- how sources round (a count of chips beside their H100e), no capacity. Null where either is unknown or the stage is empty.
create or replace macro share_beyond(stage_amount, reached) as
    case
        when reached / nullif(stage_amount, 0) > 0.9999 then 0
        else 1 - reached / nullif(stage_amount, 0)
    end;
comment on macro share_beyond is 'Share of a stage beyond what the stages before it have reached; a ten-thousandth is rounding [1]';
