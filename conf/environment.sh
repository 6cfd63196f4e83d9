# What a process with a learner in it needs in its environment. Sourced by the scripts that start one.

# What a learner's matrix products get; the tasks of the job are what runs side by side.
export OMP_NUM_THREADS="${OMP_NUM_THREADS:-1}"

# OpenBLAS takes slow kernels on a processor that it does not know by name; what it can do says enough.
processor_has() {
  local flag
  for flag in "$@"; do
    grep -q -m 1 "^flags.* $flag\( \|\$\)" /proc/cpuinfo 2>/dev/null || return 1
  done
}
if [ -n "${OPENBLAS_CORETYPE:-}" ]; then
  :
elif processor_has avx512f avx512dq avx512cd avx512bw avx512vl; then
  export OPENBLAS_CORETYPE=SkylakeX
elif processor_has avx2 fma; then
  export OPENBLAS_CORETYPE=Haswell
fi
