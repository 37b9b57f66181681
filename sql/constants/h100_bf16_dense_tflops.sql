-- Peak dense 16-bit rate of one H100 SXM [TFLOP/s]: the reference of one H100e_bf16.
create or replace macro h100_bf16_dense_tflops() as 989.4;
comment on macro h100_bf16_dense_tflops is 'Peak dense 16-bit rate of one H100 SXM, the reference of one H100e_bf16 [TFLOP/s]';
