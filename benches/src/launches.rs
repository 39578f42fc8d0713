//! Launches: amdahl's ladder beside a bare Vulkan loop.

use amdahl::device::gpu::Adapter;
use amdahl::record::LaunchStyle;
use amdahl::units;

use crate::race::{Contestant, race, ratio, typical};
use crate::vulkan::Vulkan;
use crate::{Fault, ours, table};

/// Launches of the longer series: what one more costs is the slope from the shorter one.
const DISPATCHES: u32 = 1024;
const WAITS: u32 = 64;

/// Seconds that so many launches take.
type Launch = Box<dyn FnMut(u32) -> Result<f64, Fault>>;

/// What one more launch costs: the time of a long series less that of a single launch.
struct OneMore {
    name: &'static str,
    launch: Launch,
    many: u32,
}

impl Contestant for OneMore {
    fn name(&self) -> String {
        self.name.to_owned()
    }

    fn seconds(&mut self, times: u32) -> Result<f64, Fault> {
        let mut total = 0.0;
        for _ in 0..times {
            let one = (self.launch)(1)?;
            total += ((self.launch)(self.many)? - one) / f64::from(self.many - 1);
        }
        Ok(total / f64::from(times))
    }
}

/// Measures one more dispatch in a pass and one more submit that is waited for, and prints the table.
pub(crate) fn print(adapter: &Adapter, seconds: f64) -> Result<(), Fault> {
    let styles = [
        ("one more dispatch in a pass", LaunchStyle::OnePass, DISPATCHES),
        ("one more submit that is waited for", LaunchStyle::WaitEach, WAITS),
    ];
    let (mut rows, mut blocks) = (Vec::new(), 0);
    for (name, style, many) in styles {
        let mut contestants = [through_wgpu(adapter, style, many)?, bare(adapter, style, many)?];
        let laps = race(&mut contestants, seconds / 2.0)?;
        blocks = laps[0].len().max(blocks);
        let time = |times| typical(times).map(|time| units::seconds_interval(time.value, time.low, time.high));
        let factor = ratio(&laps[0], &laps[1])?;
        let factor = units::ratio_interval(factor.value, factor.low, factor.high);
        rows.push(vec![name.to_owned(), time(&laps[0])?, time(&laps[1])?, factor]);
    }
    println!("\nLaunches of an empty kernel, up to {blocks} blocks");
    table::print(&["launch", "amdahl (95 %)", "bare Vulkan (95 %)", "amdahl / bare (95 %)"], &rows);
    Ok(())
}

/// amdahl's launches, on a device of their own.
fn through_wgpu(adapter: &Adapter, style: LaunchStyle, many: u32) -> Result<Box<OneMore>, Fault> {
    let mut job = ours::launches(&mut ours::open(adapter)?, style)?;
    let launch = Box::new(move |count| Ok(job.seconds(count)? * f64::from(count)));
    Ok(Box::new(OneMore { name: "amdahl", launch, many }))
}

/// The same launches on a bare device.
fn bare(adapter: &Adapter, style: LaunchStyle, many: u32) -> Result<Box<OneMore>, Fault> {
    let vulkan = Vulkan::open(adapter)?;
    let launch: Launch = match style {
        LaunchStyle::WaitEach => Box::new(move |count| vulkan.waits(count)),
        _ => Box::new(move |count| vulkan.dispatches(count)),
    };
    Ok(Box::new(OneMore { name: "bare Vulkan", launch, many }))
}
