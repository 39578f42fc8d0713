//! The launch styles: ways to get the same dispatches to the GPU.

use super::super::DeviceError;
use super::context::Context;
use super::staging::Staging;
use crate::clock;
use crate::record::LaunchStyle;

/// A kernel ready to be dispatched.
pub(super) struct Dispatch {
    pub(super) pipeline: wgpu::ComputePipeline,
    pub(super) bind_group: Option<wgpu::BindGroup>,
    pub(super) grid: [u32; 2],
}

/// Where the output goes in the style that reads it back.
pub(super) struct Returned<'a> {
    pub(super) staging: &'a Staging,
    pub(super) output: &'a wgpu::Buffer,
    pub(super) host: &'a mut [f32],
}

/// Puts the dispatches of `rounds` jobs into one compute pass of the encoder.
pub(super) fn encode_pass(
    encoder: &mut wgpu::CommandEncoder,
    dispatches: &[Dispatch],
    rounds: u32,
    timestamp_writes: Option<wgpu::ComputePassTimestampWrites<'_>>,
) {
    let mut pass = encoder.begin_compute_pass(&wgpu::ComputePassDescriptor { label: None, timestamp_writes });
    for _ in 0..rounds {
        for dispatch in dispatches {
            pass.set_pipeline(&dispatch.pipeline);
            if let Some(bind_group) = &dispatch.bind_group {
                pass.set_bind_group(0, bind_group, &[]);
            }
            pass.dispatch_workgroups(dispatch.grid[0], dispatch.grid[1], 1);
        }
    }
}

/// Launches `rounds` jobs in that style, and returns when all are done: the seconds in which the host recorded and
/// finished command buffers.
pub(super) async fn launch(
    context: &Context,
    style: LaunchStyle,
    dispatches: &[Dispatch],
    rounds: u32,
    returned: Returned<'_>,
) -> Result<f64, DeviceError> {
    let mut encoding = 0.0;
    let mut recorded = |passes: u32, rounds: u32| {
        let start = clock::now();
        let mut encoder = context.encoder();
        for _ in 0..passes {
            encode_pass(&mut encoder, dispatches, rounds, None);
        }
        let commands = encoder.finish();
        encoding += clock::seconds_since(start);
        commands
    };
    let submission = match style {
        LaunchStyle::OnePass => context.queue.submit([recorded(1, rounds)]),
        LaunchStyle::PassEach => context.queue.submit([recorded(rounds, 1)]),
        LaunchStyle::CommandBufferEach => {
            let commands: Vec<wgpu::CommandBuffer> = (0..rounds).map(|_| recorded(1, 1)).collect();
            context.queue.submit(commands)
        }
        LaunchStyle::SubmitEach => {
            for _ in 1..rounds {
                context.queue.submit([recorded(1, 1)]);
            }
            context.queue.submit([recorded(1, 1)])
        }
        LaunchStyle::WaitEach => {
            for _ in 1..rounds {
                let submission = context.queue.submit([recorded(1, 1)]);
                context.wait(Some(submission), "a dispatch")?;
            }
            context.queue.submit([recorded(1, 1)])
        }
        LaunchStyle::ReadBackEach => {
            for _ in 0..rounds {
                context.queue.submit([recorded(1, 1)]);
                returned.staging.read(context, returned.output, returned.host).await?;
            }
            return Ok(encoding);
        }
    };
    context.wait(Some(submission), "the dispatches")?;
    Ok(encoding)
}
