//! Moves data to the device and back with a case's transfer method.

use std::slice;

use super::super::DeviceError;
use super::context::Context;
use super::staging::{Staging, drain, fill, map, upload_bytes};
use crate::record::TransferMethod;

/// Copies each slice into its buffer, and returns when all copies are done.
pub(super) async fn upload(
    context: &Context,
    method: TransferMethod,
    staging: &Staging,
    data: &[Vec<f32>],
    targets: &[wgpu::Buffer],
) -> Result<(), DeviceError> {
    match method {
        TransferMethod::Staged => staging.write(context, data, targets).await,
        TransferMethod::Fresh => {
            let lengths: Vec<u64> = data.iter().map(|values| values.len() as u64).collect();
            let staging = Staging::upload();
            staging.reserve(context, upload_bytes(&lengths));
            staging.write(context, data, targets).await
        }
        TransferMethod::WriteBuffer => {
            for (values, target) in data.iter().zip(targets) {
                context.queue.write_buffer(target, 0, bytemuck::cast_slice(values));
            }
            // Written data move with the next submission, so an empty one is made.
            let submission = context.queue.submit([]);
            context.wait(Some(submission), "an upload")
        }
        TransferMethod::Mapped => {
            map(context, targets, wgpu::MapMode::Write).await?;
            for (values, target) in data.iter().zip(targets) {
                fill(target, bytemuck::cast_slice(values))?;
            }
            Ok(())
        }
    }
}

/// Copies the beginning of a device buffer into `values`, and returns when the copy is done.
pub(super) async fn read_back(
    context: &Context,
    method: TransferMethod,
    staging: &Staging,
    source: &wgpu::Buffer,
    values: &mut [f32],
) -> Result<(), DeviceError> {
    match method {
        TransferMethod::Staged | TransferMethod::WriteBuffer => staging.read(context, source, values).await,
        TransferMethod::Fresh => {
            let staging = Staging::read_back();
            staging.reserve(context, size_of_val(values) as u64);
            staging.read(context, source, values).await
        }
        TransferMethod::Mapped => {
            map(context, slice::from_ref(source), wgpu::MapMode::Read).await?;
            drain(source, bytemuck::cast_slice_mut(values))
        }
    }
}
