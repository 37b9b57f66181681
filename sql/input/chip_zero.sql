-- A rate, memory or power of a chip is above 0; what is unknown stays empty. One row per figure that is 0.
select
    _file,
    _line,
    _column,
    amount::varchar as _value,
    'expected more than 0, or an empty field where it is unknown' as _expected,
from (
    unpivot chip
    on fp8_dense_tflops, bf16_dense_tflops, hbm_gb, hbm_tb_per_s, tdp_w
    into name _column value amount
)
where amount = 0;
