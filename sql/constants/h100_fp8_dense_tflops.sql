-- Peak dense 8-bit rate of one H100 SXM [TFLOP/s]: the reference of one H100e.
create or replace macro h100_fp8_dense_tflops() as 1979.0;
comment on macro h100_fp8_dense_tflops is 'Peak dense 8-bit rate of one H100 SXM, the reference of one H100e [TFLOP/s]';
