//! Six GPUs in numbers. Counts, clocks and memory rates are those that the makers publish; what no maker publishes is
//! assumed, and said so beside it.
//!
//! Assumed everywhere: cycles of an item and of a multiply-add (from compiled kernels and published instruction
//! latencies), launch floors, round trips, rates of caches, governors, and the processors.

use super::hardware::{Faults, Governor, Hardware, HostModel, Memory, PerItem};
use super::numbers::Numbers;
use crate::record::DeviceKind;

/// A desktop processor of eight cores: assumed.
const DESKTOP: HostModel =
    HostModel { threads: 16, scalar: 4e9, vector: 30e9, one_thread: 15e9, all_threads: 50e9, wake: 8e-6 };

/// A laptop's processor: assumed.
const LAPTOP: HostModel = HostModel { threads: 8, all_threads: 40e9, ..DESKTOP };

const KEEPS: Governor = Governor { idle: 0.3, duty: 0.3, holds: true };

const FALLS: Governor = Governor { idle: 0.4, duty: 0.4, holds: false };

const FAULTLESS: Faults = Faults { bad_stamps: 0.0, wrap: 0.0, battery: 0.0, drift: 0.0 };

/// NVIDIA's instruction costs: 172 instructions for an item with 64 multiply-adds, a dependent one every 4 cycles.
const NVIDIA: (PerItem, PerItem) = (PerItem { item: 424.0, step: 4.0 }, PerItem { item: 108.0, step: 1.0 });

/// Every preset.
pub static PRESETS: [Hardware; 6] = [
    Hardware {
        preset: "h100",
        name: "NVIDIA H100 SXM (model)",
        source: "132 SM of 4 schedulers, 1.755 GHz, 50 MB L2, 3.35 TB/s, f16 at twice and i32 at half the rate of \
                 f32: NVIDIA's data sheet and architecture paper; assumed: L2 at 5.5 TB/s, launch floor 3 us, round \
                 trip 25 us",
        stands_for: DeviceKind::Discrete,
        schedulers: 528,
        subgroup_sizes: [32, 32],
        lanes: 32,
        frequency: 1.755e9,
        latency: NVIDIA.0,
        issue: NVIDIA.1,
        numbers: Numbers { i32: 0.5, f16: 2.0 },
        sharpness: 6.0,
        per_workgroup: 1e-10,
        floor: 3e-6,
        round_trip: 25e-6,
        tick: 32e-9,
        memory: Memory {
            cache: 50e6,
            cache_rate: 5.5e12,
            rate: 3.35e12,
            latency: 6e-7,
            budget: 1 << 30,
            workgroup: 48 << 10,
        },
        transfer_rate: 20e9,
        governor: KEEPS,
        noise: 0.01,
        faults: FAULTLESS,
        host: HostModel { threads: 32, all_threads: 150e9, ..DESKTOP },
    },
    Hardware {
        preset: "rtx4060-laptop",
        name: "NVIDIA GeForce RTX 4060 Laptop (model)",
        source: "24 SM of 4 schedulers, 2.37 GHz boost, 32 MB L2, 256 GB/s, f16 at the rate of f32 and i32 at half of \
                 it: NVIDIA's product page and Ada architecture paper; assumed: L2 at 1.0 TB/s, launch floor 3 us, \
                 round trip 30 us",
        stands_for: DeviceKind::Discrete,
        schedulers: 96,
        subgroup_sizes: [32, 32],
        lanes: 32,
        frequency: 2.37e9,
        latency: NVIDIA.0,
        issue: NVIDIA.1,
        numbers: Numbers { i32: 0.5, f16: 1.0 },
        sharpness: 6.0,
        per_workgroup: 2e-10,
        floor: 3e-6,
        round_trip: 30e-6,
        tick: 32e-9,
        memory: Memory {
            cache: 32e6,
            cache_rate: 1.0e12,
            rate: 256e9,
            latency: 6e-7,
            budget: 1 << 30,
            workgroup: 48 << 10,
        },
        transfer_rate: 10e9,
        governor: KEEPS,
        noise: 0.01,
        faults: FAULTLESS,
        host: LAPTOP,
    },
    Hardware {
        preset: "rx7800xt",
        name: "AMD Radeon RX 7800 XT (model)",
        source: "60 CU of 2 SIMD units, 2.43 GHz boost, 64 MB Infinity Cache, 624 GB/s, f16 at twice the rate of \
                 f32: AMD's product page; assumed: cache at 2.0 TB/s, launch floor 5 us, round trip 35 us, subgroups \
                 of 64, i32 at a fifth (a quarter-rate product and a sum)",
        stands_for: DeviceKind::Discrete,
        schedulers: 120,
        subgroup_sizes: [32, 64],
        lanes: 64,
        frequency: 2.43e9,
        latency: PerItem { item: 680.0, step: 5.0 },
        issue: PerItem { item: 96.0, step: 1.0 },
        numbers: Numbers { i32: 0.2, f16: 2.0 },
        sharpness: 6.0,
        per_workgroup: 2e-10,
        floor: 5e-6,
        round_trip: 35e-6,
        tick: 10e-9,
        memory: Memory {
            cache: 64e6,
            cache_rate: 2.0e12,
            rate: 624e9,
            latency: 8e-7,
            budget: 1 << 30,
            workgroup: 64 << 10,
        },
        transfer_rate: 20e9,
        governor: FALLS,
        noise: 0.01,
        faults: FAULTLESS,
        host: DESKTOP,
    },
    Hardware {
        preset: "iris-xe",
        name: "Intel Iris Xe 96 EU (model)",
        source: "96 execution units of 8 lanes, 1.35 GHz, 3.8 MB L3, 68 GB/s of LPDDR4x-4266, f16 at twice the rate of \
                 f32: Intel's product pages; assumed: cache at 200 GB/s, launch floor 8 us, round trip 60 us, i32 at a \
                 quarter",
        stands_for: DeviceKind::Integrated,
        schedulers: 96,
        subgroup_sizes: [8, 32],
        lanes: 32,
        frequency: 1.35e9,
        latency: PerItem { item: 888.0, step: 8.0 },
        issue: PerItem { item: 432.0, step: 4.0 },
        numbers: Numbers { i32: 0.25, f16: 2.0 },
        sharpness: 6.0,
        per_workgroup: 5e-10,
        floor: 8e-6,
        round_trip: 60e-6,
        tick: 52.08e-9,
        memory: Memory {
            cache: 3.8e6,
            cache_rate: 200e9,
            rate: 68e9,
            latency: 8e-7,
            budget: 1 << 30,
            workgroup: 64 << 10,
        },
        transfer_rate: 12e9,
        governor: FALLS,
        noise: 0.01,
        faults: FAULTLESS,
        host: LAPTOP,
    },
    Hardware {
        preset: "m2",
        name: "Apple M2 10 cores (model)",
        source: "10 cores of 4 schedulers, 1.398 GHz, 8 MB system cache, 100 GB/s, f16 at the rate of f32 and i32 \
                 at a quarter: Apple's product page and public microbenchmarks; assumed: cache at 300 GB/s, launch \
                 floor 8 us, round trip 150 us",
        stands_for: DeviceKind::Integrated,
        schedulers: 40,
        subgroup_sizes: [4, 64],
        lanes: 32,
        frequency: 1.398e9,
        latency: PerItem { item: 444.0, step: 4.0 },
        issue: PerItem { item: 108.0, step: 1.0 },
        numbers: Numbers { i32: 0.25, f16: 1.0 },
        sharpness: 6.0,
        per_workgroup: 5e-10,
        floor: 8e-6,
        round_trip: 150e-6,
        tick: 41.67e-9,
        memory: Memory {
            cache: 8e6,
            cache_rate: 300e9,
            rate: 100e9,
            latency: 5e-7,
            budget: 1 << 30,
            workgroup: 32 << 10,
        },
        transfer_rate: 30e9,
        governor: FALLS,
        noise: 0.01,
        faults: FAULTLESS,
        host: LAPTOP,
    },
    Hardware {
        preset: "llvmpipe",
        name: "llvmpipe on 2 cores (model)",
        source: "2 threads of 8 lanes, a floor of 67 us, multiply-adds of 3.3 ns, i32 at half and f16 at an eighth of \
                 the rate of f32: measured, Mesa 22.3, two cores; assumed: caches and memory of the processor under it",
        stands_for: DeviceKind::Software,
        schedulers: 2,
        subgroup_sizes: [8, 8],
        lanes: 8,
        frequency: 3e9,
        latency: PerItem { item: 60.0, step: 10.0 },
        issue: PerItem { item: 60.0, step: 10.0 },
        numbers: Numbers { i32: 0.5, f16: 0.12 },
        sharpness: 30.0,
        per_workgroup: 2e-7,
        floor: 67e-6,
        round_trip: 80e-6,
        tick: 1e-9,
        memory: Memory { cache: 16e6, cache_rate: 6e9, rate: 3e9, latency: 5e-9, budget: 1 << 30, workgroup: 32 << 10 },
        transfer_rate: 5e9,
        governor: Governor { idle: 1.0, duty: 0.0, holds: true },
        noise: 0.02,
        faults: FAULTLESS,
        host: HostModel { threads: 2, ..LAPTOP },
    },
];

/// The preset of a name.
pub fn preset(name: &str) -> Option<&'static Hardware> {
    PRESETS.iter().find(|hardware| hardware.preset == name)
}
