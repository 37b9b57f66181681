-- The share of a stage, which is cumulative, beyond what the stages before it have reached [1]: at least 0, and 0 where it is no
-- more than sources round. Null where either is unknown or the stage is empty.
create or replace macro share_beyond(stage_amount, reached) as
    case
        when reached / nullif(stage_amount, 0) > 1 - rounding_share() then 0
        else 1 - reached / nullif(stage_amount, 0)
    end;
comment on macro share_beyond is 'Share of a stage beyond what the stages before it have reached; what sources round is none [1]';
