//! amdahl beside other programs: on one adapter, in one process, in turn.
//!
//! Matrix products of amdahl's kernels, of Burn on wgpu and of the processor's libraries; launches of amdahl and of a bare
//! Vulkan loop. What each number means is in `README.md`.

mod burn;
mod choice;
mod launches;
mod ours;
mod processor;
mod products;
mod race;
mod table;
mod versions;
mod vulkan;

use std::error::Error;
use std::time::SystemTime;

use amdahl::device::cpu::{host_processor, host_threads};
use amdahl::device::gpu::{self, Adapter};
use clap::Parser;

/// Elements of the vectors: beyond the caches.
const VECTORS: u64 = 1 << 24;

/// Whatever keeps a program from taking part.
type Fault = Box<dyn Error>;

/// Compares amdahl with other programs, on one adapter and in one process.
#[derive(Debug, Parser)]
#[command(version)]
struct Options {
    /// Part of the adapter's name; without it the best adapter is taken.
    #[arg(long)]
    device: Option<String>,

    /// Sides of the square matrices.
    #[arg(long, value_delimiter = ',', default_values_t = [256, 512, 1024])]
    sizes: Vec<u64>,

    /// Seconds for each table.
    #[arg(long, default_value_t = 30.0)]
    seconds: f64,

    /// Shows every kernel of amdahl's, not only the fastest and the simple ones.
    #[arg(long)]
    all: bool,

    /// Shows amdahl's choice of kernels alone, for each of the sizes, and for vectors.
    #[arg(long, conflicts_with_all = ["only_launches", "only_products"])]
    only_choice: bool,

    /// Leaves out the matrix products.
    #[arg(long)]
    only_launches: bool,

    /// Leaves out the launches.
    #[arg(long, conflicts_with = "only_launches")]
    only_products: bool,
}

fn main() -> Result<(), Fault> {
    let options = Options::parse();
    let adapter = adapter(options.device.as_deref())?;
    print_header(&adapter);
    if options.only_choice {
        let mut gpu = ours::open(&adapter)?;
        for &n in &options.sizes {
            choice::print_products(&mut gpu, n, options.seconds)?;
        }
        return choice::print_vectors(&mut gpu, VECTORS, options.seconds);
    }
    if !options.only_launches {
        for &n in &options.sizes {
            products::print(&adapter, n, options.seconds, options.all)?;
        }
    }
    if !options.only_products {
        launches::print(&adapter, options.seconds)?;
    }
    Ok(())
}

/// Returns the best adapter whose name has that part.
fn adapter(part: Option<&str>) -> Result<Adapter, Fault> {
    let part = part.unwrap_or_default().to_lowercase();
    let adapters = pollster::block_on(gpu::adapters());
    let found = adapters.into_iter().find(|adapter| adapter.info.name.to_lowercase().contains(&part));
    found.ok_or_else(|| format!("no graphics adapter with \"{part}\" in its name").into())
}

/// Says on what the numbers below were measured.
fn print_header(adapter: &Adapter) {
    let info = &adapter.info;
    let unknown = || "unknown".to_owned();
    println!("amdahl-benches, {}", humantime::format_rfc3339_seconds(SystemTime::now()));
    println!("Processor: {}, {} threads", host_processor().unwrap_or_else(unknown), host_threads());
    println!("Adapter:   {}, {}", info.name, info.backend.clone().unwrap_or_else(unknown));
    println!("Driver:    {}", info.driver.clone().unwrap_or_else(unknown));
    println!("Crates:    {}", versions::all().join(", "));
}
