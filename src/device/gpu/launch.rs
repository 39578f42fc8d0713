//! The launch styles: different ways to send the same dispatches to the GPU.

use std::ops::Range;

use super::super::DeviceError;
use super::context::Context;
use super::staging::Staging;
use crate::clock;
use crate::record::LaunchStyle;

/// A kernel that is ready for dispatch.
pub(super) struct Dispatch {
    pub(super) pipeline: wgpu::ComputePipeline,
    pub(super) bound: Bound,
    pub(super) grid: [u32; 2],
}

/// The arguments of a dispatch.
#[derive(Default)]
pub(super) struct Bound {
    /// Bind group of all arguments; `None` for a kernel without arguments.
    pub(super) group: Option<wgpu::BindGroup>,
    /// Buffer of the parameters, and its contents.
    pub(super) params: Option<(wgpu::Buffer, Vec<u32>)>,
}

/// The dispatches of a job that is launched for several rounds.
#[derive(Clone, Copy)]
pub(super) struct Rounds<'a> {
    pub(super) dispatches: &'a [Dispatch],
    /// Whether each round runs only one of the dispatches, with newly written arguments, instead of all of them.
    pub(super) takes_turns: bool,
}

impl<'a> Rounds<'a> {
    /// Returns the dispatches of some rounds.
    pub(super) fn of(self, rounds: Range<u32>) -> impl Iterator<Item = &'a Dispatch> + Clone {
        rounds.flat_map(move |round| {
            let turn = round as usize % self.dispatches.len().max(1);
            if self.takes_turns { &self.dispatches[turn..=turn] } else { self.dispatches }
        })
    }

    /// Writes the arguments of some rounds.
    fn write(self, context: &Context, rounds: Range<u32>) {
        for dispatch in self.of(rounds).filter(|_| self.takes_turns) {
            if let Some((buffer, params)) = &dispatch.bound.params {
                context.queue.write_buffer(buffer, 0, bytemuck::cast_slice(params));
            }
        }
    }
}

/// Where the output goes in the launch style that reads it back.
pub(super) struct Returned<'a> {
    pub(super) staging: &'a Staging,
    pub(super) output: &'a wgpu::Buffer,
    pub(super) host: &'a mut [f32],
}

/// Records dispatches in one compute pass of the encoder.
pub(super) fn encode_pass<'a>(
    encoder: &mut wgpu::CommandEncoder,
    dispatches: impl Iterator<Item = &'a Dispatch>,
    timestamp_writes: Option<wgpu::ComputePassTimestampWrites<'_>>,
) {
    let mut pass = encoder.begin_compute_pass(&wgpu::ComputePassDescriptor { label: None, timestamp_writes });
    for dispatch in dispatches {
        pass.set_pipeline(&dispatch.pipeline);
        if let Some(group) = &dispatch.bound.group {
            pass.set_bind_group(0, group, &[]);
        }
        pass.dispatch_workgroups(dispatch.grid[0], dispatch.grid[1], 1);
    }
}

/// Launches a job for `rounds` rounds in a launch style, and waits until all are done. Returns the seconds in which the
/// host wrote arguments, and recorded and finished command buffers.
pub(super) async fn launch(
    context: &Context,
    style: LaunchStyle,
    job: Rounds<'_>,
    rounds: u32,
    returned: Returned<'_>,
) -> Result<f64, DeviceError> {
    let mut encoding = 0.0;
    // Records some of the rounds in one command buffer, with `each` rounds per pass.
    let mut recorded = |rounds: Range<u32>, each: u32| {
        let start = clock::now();
        job.write(context, rounds.clone());
        let mut encoder = context.encoder();
        for first in rounds.clone().step_by(each as usize) {
            encode_pass(&mut encoder, job.of(first..first + each), None);
        }
        let commands = encoder.finish();
        encoding += clock::seconds_since(start);
        commands
    };
    let last = rounds - 1;
    let submission = match style {
        LaunchStyle::OnePass => context.queue.submit([recorded(0..rounds, rounds)]),
        LaunchStyle::PassEach => context.queue.submit([recorded(0..rounds, 1)]),
        LaunchStyle::CommandBufferEach => {
            let commands: Vec<wgpu::CommandBuffer> = (0..rounds).map(|round| recorded(round..round + 1, 1)).collect();
            context.queue.submit(commands)
        }
        LaunchStyle::SubmitEach => {
            for round in 0..last {
                context.queue.submit([recorded(round..round + 1, 1)]);
            }
            context.queue.submit([recorded(last..rounds, 1)])
        }
        LaunchStyle::WaitEach => {
            for round in 0..last {
                let submission = context.queue.submit([recorded(round..round + 1, 1)]);
                context.wait(Some(submission), "a dispatch")?;
            }
            context.queue.submit([recorded(last..rounds, 1)])
        }
        LaunchStyle::ReadBackEach => {
            for round in 0..rounds {
                context.queue.submit([recorded(round..round + 1, 1)]);
                returned.staging.read(context, returned.output, returned.host).await?;
            }
            return Ok(encoding);
        }
    };
    context.wait(Some(submission), "the dispatches")?;
    Ok(encoding)
}
