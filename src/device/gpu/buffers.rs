//! Buffers on the device. Jobs with the same inputs share them and use them in turn.

use std::cell::{Cell, OnceCell, RefCell};
use std::rc::{Rc, Weak};

use super::super::Spec;
use super::context::Context;
use crate::record::TransferMethod;
use crate::workload::{Buffer, Step};

/// Inputs and output of a problem: device buffers, and the output on the host.
pub(super) struct Data {
    pub(super) inputs: Vec<wgpu::Buffer>,
    pub(super) output: wgpu::Buffer,
    /// The output on the host. It has one element if the workload has no output, for the launch style that reads back.
    /// Whoever takes it puts it back.
    pub(super) host: Cell<Vec<f32>>,
}

impl Data {
    /// Creates the buffers. The first run touches their memory.
    pub(super) fn new(context: &Context, spec: &Spec) -> Rc<Self> {
        let unmapped = wgpu::BufferUsages::empty();
        let (written, read) = if spec.transfer() == TransferMethod::Mapped {
            (wgpu::BufferUsages::MAP_WRITE, wgpu::BufferUsages::MAP_READ)
        } else {
            (unmapped, unmapped)
        };
        let output = spec.workload.output_length(spec.case.problem);
        let inputs = spec.workload.input_lengths(spec.case.problem).into_iter();
        Rc::new(Self {
            inputs: inputs.map(|length| make(context, "input", length, written)).collect(),
            output: make(context, "output", output, read),
            host: Cell::new(vec![0.0; output.max(1) as usize]),
        })
    }
}

fn make(context: &Context, label: &str, length: u64, mapped: wgpu::BufferUsages) -> wgpu::Buffer {
    let copied = wgpu::BufferUsages::COPY_DST | wgpu::BufferUsages::COPY_SRC;
    // An empty buffer cannot be bound, and an empty workload still reads something back. Kernels that take four
    // elements at a time need a multiple of four.
    context.buffer(label, 4 * length.max(1).next_multiple_of(4), wgpu::BufferUsages::STORAGE | copied | mapped)
}

/// All buffers of a job: the data, which other jobs may share, and intermediate results between its steps.
pub(super) struct Buffers {
    pub(super) data: Rc<Data>,
    scratch: Vec<wgpu::Buffer>,
}

impl Buffers {
    pub(super) fn new(context: &Context, data: Rc<Data>, steps: &[Step]) -> Self {
        let scratch = steps.iter().flat_map(|step| &step.scratch);
        let unmapped = wgpu::BufferUsages::empty();
        Self { data, scratch: scratch.map(|&length| make(context, "scratch", length, unmapped)).collect() }
    }

    pub(super) fn binding(&self, buffer: Buffer) -> wgpu::BindingResource<'_> {
        match buffer {
            Buffer::Input(index) => self.data.inputs[index].as_entire_binding(),
            Buffer::Output => self.data.output.as_entire_binding(),
            Buffer::Scratch(index) => self.scratch[index].as_entire_binding(),
            Buffer::InputOf { index, length } => part(&self.data.inputs[index], 0, length),
            Buffer::OutputOf { first, length } => part(&self.data.output, first, length),
        }
    }
}

/// Returns the binding of a range of elements of a buffer.
fn part(buffer: &wgpu::Buffer, first: u64, length: u64) -> wgpu::BindingResource<'_> {
    let size = wgpu::BufferSize::new(4 * length);
    wgpu::BindingResource::Buffer(wgpu::BufferBinding { buffer, offset: 4 * first, size })
}

/// Bytes of poison that are copied at a time.
const POISON_BYTES: u64 = 4 << 20;

/// Values that no kernel writes, kept on the device. An output is filled with them there: from the host it would take
/// as long as an upload.
#[derive(Default)]
pub(super) struct Poison(OnceCell<wgpu::Buffer>);

impl Poison {
    /// Returns the commands that fill a buffer.
    pub(super) fn fill(&self, context: &Context, buffer: &wgpu::Buffer) -> wgpu::CommandBuffer {
        let poison = self.0.get_or_init(|| {
            let usage = wgpu::BufferUsages::COPY_DST | wgpu::BufferUsages::COPY_SRC;
            let poison = context.buffer("poison", POISON_BYTES, usage);
            let values = vec![f32::NAN; POISON_BYTES as usize / size_of::<f32>()];
            context.queue.write_buffer(&poison, 0, bytemuck::cast_slice(&values));
            poison
        });
        let mut encoder = context.encoder();
        for begin in (0..buffer.size()).step_by(POISON_BYTES as usize) {
            encoder.copy_buffer_to_buffer(poison, 0, buffer, begin, POISON_BYTES.min(buffer.size() - begin));
        }
        encoder.finish()
    }
}

/// Key of shared data: the address of the inputs, the length of the output, and whether the host maps the buffers.
#[derive(PartialEq, Eq)]
struct Key {
    inputs: *const Vec<Vec<f32>>,
    output: u64,
    mapped: bool,
}

impl Key {
    fn of(spec: &Spec) -> Self {
        Self {
            inputs: Rc::as_ptr(&spec.inputs),
            output: spec.workload.output_length(spec.case.problem),
            mapped: spec.transfer() == TransferMethod::Mapped,
        }
    }
}

/// The data in use by the jobs of one device.
#[derive(Default)]
pub(super) struct Pool {
    used: RefCell<Vec<(Key, Weak<Data>)>>,
}

impl Pool {
    /// Returns the data of another job with the same inputs, if there is one.
    pub(super) fn find(&self, spec: &Spec) -> Option<Rc<Data>> {
        let mut used = self.used.borrow_mut();
        // A job keeps its inputs as long as its data, so no other inputs can have their address in the meantime.
        used.retain(|(_, data)| data.strong_count() > 0);
        let key = Key::of(spec);
        used.iter().find(|(known, _)| *known == key).and_then(|(_, data)| data.upgrade())
    }

    /// Stores data for later jobs with the same inputs.
    pub(super) fn keep(&self, spec: &Spec, data: &Rc<Data>) {
        self.used.borrow_mut().push((Key::of(spec), Rc::downgrade(data)));
    }
}
