//! The rungs of the launch ladder: ways to get the same dispatches to the GPU.

use super::super::{DeviceError, Launch};
use super::context::Context;
use super::staging::Staging;

/// A kernel ready to be dispatched.
pub(super) struct Dispatch {
    pub(super) pipeline: wgpu::ComputePipeline,
    pub(super) bind_group: Option<wgpu::BindGroup>,
    pub(super) grid: [u32; 2],
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

/// Launches `rounds` jobs by that rung, and returns when all are done.
pub(super) async fn launch(
    context: &Context,
    rung: Launch,
    dispatches: &[Dispatch],
    rounds: u32,
    read_back: &Staging,
    output: &wgpu::Buffer,
    host: &mut [f32],
) -> Result<(), DeviceError> {
    let one_job = || {
        let mut encoder = context.encoder();
        encode_pass(&mut encoder, dispatches, 1, None);
        encoder.finish()
    };
    let submission = match rung {
        Launch::OnePass => {
            let mut encoder = context.encoder();
            encode_pass(&mut encoder, dispatches, rounds, None);
            context.queue.submit([encoder.finish()])
        }
        Launch::PassEach => {
            let mut encoder = context.encoder();
            for _ in 0..rounds {
                encode_pass(&mut encoder, dispatches, 1, None);
            }
            context.queue.submit([encoder.finish()])
        }
        Launch::CommandBufferEach => {
            let buffers: Vec<wgpu::CommandBuffer> = (0..rounds).map(|_| one_job()).collect();
            context.queue.submit(buffers)
        }
        Launch::SubmitEach => {
            for _ in 1..rounds {
                context.queue.submit([one_job()]);
            }
            context.queue.submit([one_job()])
        }
        Launch::WaitEach => {
            for _ in 1..rounds {
                let submission = context.queue.submit([one_job()]);
                context.wait(Some(submission), "a dispatch")?;
            }
            context.queue.submit([one_job()])
        }
        Launch::ReadBackEach => {
            for _ in 0..rounds {
                context.queue.submit([one_job()]);
                read_back.read(context, output, host).await?;
            }
            return Ok(());
        }
    };
    context.wait(Some(submission), "the dispatches")
}
