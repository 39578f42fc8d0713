//! What is kept of a file while its events go by: unions of busy times, steps, and sums by name.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::Range;

use super::event::Event;
use super::host::Operation;
use super::kind::{Kind, Naming, Place, step};
use super::spans::Spans;
use crate::units;

/// Most threads and streams of a file, and most events that may be open at a time.
const MOST: usize = 100_000;

/// Most names with sums of their own.
const MOST_NAMES: usize = 10_000;

/// The name of the others.
const OTHERS: &str = "all other names";

/// Most operations of the host that are kept, until the first event of a device: 64 MiB.
const MOST_OPERATIONS: usize = 1 << 21;

/// Busy times of one device, or of one process.
#[derive(Debug, Default)]
pub(super) struct Busy {
    pub(super) compute: Spans,
    pub(super) communication: Spans,
    pub(super) copies: Spans,
}

impl Busy {
    /// Returns the times of a kind.
    pub(super) fn of(&mut self, kind: Kind) -> &mut Spans {
        match kind {
            Kind::Compute => &mut self.compute,
            Kind::Communication => &mut self.communication,
            Kind::Copy => &mut self.copies,
        }
    }
}

/// Sum of the events of one name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Sum {
    pub(super) kind: Kind,
    pub(super) count: u64,
    pub(super) nanoseconds: i64,
}

/// Sums by name.
#[derive(Debug, Default)]
pub(super) struct Names(pub(super) HashMap<String, Sum>);

impl Names {
    fn add(&mut self, name: String, kind: Kind, nanoseconds: i64) {
        self.sum(name, kind, 1, nanoseconds);
    }

    /// Adds a number of events, and the time that they took together.
    pub(super) fn sum(&mut self, name: String, kind: Kind, count: u64, nanoseconds: i64) {
        let known = self.0.len() < MOST_NAMES || self.0.contains_key(&name);
        let name = if known { name } else { OTHERS.to_owned() };
        let sum = self.0.entry(name).or_insert(Sum { kind, count: 0, nanoseconds: 0 });
        sum.count += count;
        sum.nanoseconds = sum.nanoseconds.saturating_add(nanoseconds);
    }
}

/// Names with a number each, since many operations share one.
#[derive(Debug, Default)]
pub(super) struct Numbered {
    numbers: HashMap<String, u32>,
    pub(super) names: Vec<String>,
}

impl Numbered {
    fn number(&mut self, name: String) -> u32 {
        if let Some(number) = self.numbers.get(&name) {
            return *number;
        }
        if self.names.len() > MOST_NAMES {
            return 0;
        }
        if self.names.is_empty() {
            self.names.push(OTHERS.to_owned());
        }
        let number = self.names.len() as u32;
        self.names.push(name.clone());
        self.numbers.insert(name, number);
        number
    }
}

/// Marked steps by number.
pub(super) type Steps = BTreeMap<u64, Range<i64>>;

/// A process with one of its threads, or a device with one of its streams.
type Thread = (String, String);

/// What is kept of one file.
#[derive(Debug, Default)]
pub(super) struct Gathered {
    pub(super) events: u64,
    /// Events that should have had a begin and a length, and had not.
    pub(super) untimed: u64,
    /// Begins without an end, and ends without a begin.
    pub(super) unpaired: u64,
    pub(super) devices: BTreeMap<String, Busy>,
    /// Streams of the devices.
    pub(super) streams: BTreeSet<Thread>,
    /// Operations of the host by thread, until the first event of a device.
    pub(super) host: BTreeMap<Thread, Vec<Operation>>,
    /// Their names.
    pub(super) host_names: Numbered,
    operations: usize,
    /// Steps as the devices worked on them, by device.
    pub(super) device_steps: BTreeMap<String, Steps>,
    /// Steps as the host went through them.
    pub(super) host_steps: Steps,
    pub(super) names: Names,
    /// Begins without an end so far.
    open: HashMap<Thread, Vec<Open>>,
    opened: usize,
}

/// An event that has begun.
#[derive(Debug)]
struct Open {
    name: String,
    category: String,
    start: i64,
}

impl Gathered {
    /// Takes the next event.
    ///
    /// # Errors
    /// Says which number grows without bounds.
    pub(super) fn take(&mut self, event: Event, naming: &Naming) -> Result<(), String> {
        self.events += 1;
        match event.ph.as_str() {
            "X" => match (event.ts, event.dur) {
                (Some(start), Some(length)) if length >= 0 => {
                    let span = start..start.saturating_add(length);
                    self.complete((event.pid, event.tid), event.name, &event.cat, span, naming)?;
                }
                _ => self.untimed += 1,
            },
            "B" => self.begin(event)?,
            "E" => self.end(event, naming)?,
            _ => {}
        }
        Ok(())
    }

    fn begin(&mut self, event: Event) -> Result<(), String> {
        let Some(start) = event.ts else {
            self.untimed += 1;
            return Ok(());
        };
        self.opened += 1;
        if self.opened > MOST {
            return Err(format!("more than {MOST} events began (ph B) and none of them ended (ph E)"));
        }
        let open = Open { name: event.name, category: event.cat, start };
        self.open.entry((event.pid, event.tid)).or_default().push(open);
        Ok(())
    }

    fn end(&mut self, event: Event, naming: &Naming) -> Result<(), String> {
        let Some(end) = event.ts else {
            self.untimed += 1;
            return Ok(());
        };
        let thread = (event.pid, event.tid);
        let open = self.open.get_mut(&thread);
        let Some(begun) = open.and_then(Vec::pop) else {
            self.unpaired += 1;
            return Ok(());
        };
        self.opened -= 1;
        if end < begun.start {
            self.unpaired += 1;
            return Ok(());
        }
        self.complete(thread, begun.name, &begun.category, begun.start..end, naming)
    }

    fn complete(
        &mut self,
        thread: Thread,
        name: String,
        category: &str,
        span: Range<i64>,
        naming: &Naming,
    ) -> Result<(), String> {
        if let Some(number) = step(&name) {
            let on_device = category.eq_ignore_ascii_case("gpu_user_annotation");
            let of_device = || self.device_steps.entry(thread.0).or_default();
            let steps = if on_device { of_device() } else { &mut self.host_steps };
            let hull = steps.entry(number).or_insert(span.clone());
            *hull = hull.start.min(span.start)..hull.end.max(span.end);
            return Ok(());
        }
        let kind = naming.kind(category, &name);
        match naming.place(category, &name) {
            Place::Device => self.on_device(thread, name, kind, span),
            Place::Host if self.devices.is_empty() => self.on_host(thread, name, kind, span),
            Place::Host | Place::Nowhere => {}
        }
        if self.streams.len() + self.host.len() > MOST {
            return Err(format!("more than {MOST} threads and streams"));
        }
        Ok(())
    }

    fn on_device(&mut self, thread: Thread, name: String, kind: Kind, span: Range<i64>) {
        if self.devices.is_empty() {
            self.forget_host();
            self.names.0.clear();
        }
        self.names.add(name, kind, span.end - span.start);
        self.devices.entry(thread.0.clone()).or_default().of(kind).add(span);
        self.streams.insert(thread);
    }

    fn on_host(&mut self, thread: Thread, name: String, kind: Kind, span: Range<i64>) {
        // Operations contain each other, so those that are no communication are summed when all are known.
        if kind == Kind::Communication {
            self.names.add(name.clone(), kind, span.end - span.start);
        }
        if span.is_empty() || self.is_full() {
            return;
        }
        self.operations += 1;
        if self.is_full() {
            // A device may still come, and then they are not needed.
            self.forget_host();
            return;
        }
        let name = self.host_names.number(name);
        self.host.entry(thread).or_default().push(Operation { span, kind, name });
    }

    fn forget_host(&mut self) {
        (self.host, self.host_names) = (BTreeMap::new(), Numbered::default());
    }

    fn is_full(&self) -> bool {
        self.operations > MOST_OPERATIONS
    }

    /// Returns why nothing can be told, if the host did too much and no device did anything.
    pub(super) fn fault(&self) -> Option<String> {
        (self.is_full() && self.devices.is_empty()).then(|| {
            format!(
                "it has more than {} operations of the host and none of a device; profile fewer steps",
                units::count(MOST_OPERATIONS as u64)
            )
        })
    }

    /// Counts what never ended.
    pub(super) fn close(&mut self) {
        self.unpaired += self.opened as u64;
        (self.open, self.opened) = (HashMap::new(), 0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn operations_without_end_are_forgotten_and_a_device_goes_before_them() {
        let (mut gathered, naming) = (Gathered::default(), Naming::default());
        let event = |category: &str, start: i64| Event {
            ph: "X".to_owned(),
            name: "add".to_owned(),
            cat: category.to_owned(),
            ts: Some(start),
            dur: Some(1),
            ..Event::default()
        };
        for start in 0..=i64::try_from(MOST_OPERATIONS).unwrap() {
            assert_eq!(gathered.fault(), None);
            gathered.take(event("cpu_op", start), &naming).unwrap();
        }
        assert!(gathered.host.is_empty() && gathered.fault().unwrap().contains("2,097,152 operations"));
        gathered.take(event("kernel", 0), &naming).unwrap();
        assert_eq!(gathered.fault(), None);
    }
}
