//! What is kept of a file while its events go by: unions of busy times, steps, and sums by name.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::Range;

use super::event::Event;
use super::host::Operation;
use super::kind::{Kind, Naming, Place, step};
use super::spans::Spans;

/// Most threads and streams of a file, and most events that may be open at a time.
const MOST: usize = 100_000;

/// Most names with sums of their own.
const MOST_NAMES: usize = 10_000;

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
        let known = self.0.len() < MOST_NAMES || self.0.contains_key(&name);
        let name = if known { name } else { "all other names".to_owned() };
        let sum = self.0.entry(name).or_insert(Sum { kind, count: 0, nanoseconds: 0 });
        sum.count += 1;
        sum.nanoseconds = sum.nanoseconds.saturating_add(nanoseconds);
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
            self.host.clear();
            self.names.0.clear();
        }
        self.names.add(name, kind, span.end - span.start);
        self.devices.entry(thread.0.clone()).or_default().of(kind).add(span);
        self.streams.insert(thread);
    }

    fn on_host(&mut self, thread: Thread, name: String, kind: Kind, span: Range<i64>) {
        // Operations contain each other, so only those of communication have a sum that means something.
        if kind == Kind::Communication {
            self.names.add(name, kind, span.end - span.start);
        }
        if !span.is_empty() {
            self.host.entry(thread).or_default().push(Operation { span, kind });
        }
    }

    /// Counts what never ended.
    pub(super) fn close(&mut self) {
        self.unpaired += self.opened as u64;
        (self.open, self.opened) = (HashMap::new(), 0);
    }
}
