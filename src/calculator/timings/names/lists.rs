//! The words of names, as people write them. Blanks stand between the words of a list.

use super::Statistic;

/// Time units by their names, with the seconds that one of them is, and the name that is shown.
pub(super) const UNITS: [(&str, f64, &str); 6] = [
    ("s", 1.0, "s sec secs second seconds segundos sekunden"),
    ("ms", 1e-3, "ms msec msecs millis millisecond milliseconds"),
    // U+00B5, the micro sign, becomes U+03BC, the Greek letter, on some keyboards.
    ("µs", 1e-6, "us µs μs usec usecs micros microsecond microseconds"),
    ("ns", 1e-9, "ns nsec nsecs nanos nanosecond nanoseconds"),
    ("min", 60.0, "min mins minute minutes"),
    ("h", 3600.0, "h hr hrs hour hours"),
];

/// Times of the whole job.
pub(super) const TIMES: &str = "\
    time times elapsed wall walltime wallclock clock real realtime runtime duration timing makespan latency t tiempo \
    tiempos zeit laufzeit temps tempo";

/// Times of processors, not of the clock on the wall.
pub(super) const CPU: &str = "user sys system cpu";

/// Words that add nothing to a name.
pub(super) const FILLERS: &str = "\
    n num nb nr no number numbers count counts of the total overall whole all max mpi omp openmp parameter used \
    active execution exec run running taken program job in numero número de del anzahl der nombre ejecución \
    ejecucion measured observed parallel solve solver application input";

/// Those of them that tell variants of a program apart, before a time.
pub(super) const VARIANTS: &str = "mpi omp openmp parallel solve solver";

/// Workers by their kinds.
pub(super) const PARALLEL: &str = "\
    workers worker threads thread cores core cpus cpu procs proc processes process processors processor ranks rank \
    gpus gpu devices device tasks task pes pe p np jobs slots workgroups invocations parallelism concurrency clients \
    users vus hilos hilo nucleos núcleos procesos procesadores kerne prozesse prozessoren coeurs processus fils \
    processi processos executors";

/// What holds several workers.
pub(super) const CONTAINERS: &str = "nodes node sockets socket hosts machines nodos knoten";

/// Work per time.
pub(super) const RATES: &str = "\
    throughput bandwidth flops gflops mflops tflops pflops gflop mlups glups mups gups tps fps qps rps iops gteps \
    mteps gbps mbps mips";

/// Whether a list holds a word.
pub(in super::super) fn holds(list: &str, word: &str) -> bool {
    list.split(' ').any(|other| other == word)
}

/// Results and side measurements: they differ between repetitions, and set nothing.
pub(super) const OUTPUTS: &str = "\
    result results checksum residual error errors energy power memory mem rss status exit answer output ipc misses \
    faults noise ideal theoretical expected amdahl gustafson flatt loss accuracy temperature temp watts joules \
    serial_fraction fraction overhead scalability percentage utilization user sys system pi sum";

/// How far numbers spread.
pub(super) const SPREADS: &str = "\
    std stddev stdev stdv sd dev deviation err stderr var variance ci cv rsd iqr mad confidence sigma noise spread \
    p5 p25 p75 p90 p95 p99";

/// Numbers that sum up.
pub(super) const STATISTICS: [(&str, Statistic); 4] = [
    ("median med p50", Statistic::Median),
    ("mean avg average promedio mittelwert media", Statistic::Mean),
    ("min minimum best fastest", Statistic::Least),
    ("max maximum worst slowest", Statistic::Most),
];

/// Numbers of repetitions, and what else tells only them apart.
pub(super) const REPETITIONS: &str = "\
    iteration iter itr rep reps repetition repeat run runs trial try seed sample attempt index idx id timestamp date \
    datetime jobid pid uuid row measurement versuch wiederholung";

/// Sizes of a job.
pub(super) const SIZES: &str = "\
    size sizes problem elements element length len points npoints cells rows dim dims dimension dimensions particles \
    bodies nbodies atoms dof dofs bytes ntot ntotal grid ngrid mesh matrix array vector data work workload tamaño \
    tamano größe groesse taille pixels items keys edges vertices nnz iterations steps timesteps problemsize \
    nelements global";
