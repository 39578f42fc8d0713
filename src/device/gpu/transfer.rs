//! Moving data to the device and back, by the path that a case asks for.

use super::super::{DeviceError, Path};
use super::context::Context;
use super::staging::{Staging, mapped, upload_bytes};

/// Moves each slice into its buffer, and returns when all are there.
pub(super) async fn upload(
    context: &Context,
    path: Path,
    staging: &Staging,
    data: &[Vec<f32>],
    targets: &[wgpu::Buffer],
) -> Result<(), DeviceError> {
    match path {
        Path::Staged => staging.write(context, data, targets).await,
        Path::Fresh => {
            let lengths: Vec<u64> = data.iter().map(|values| values.len() as u64).collect();
            let staging = Staging::upload();
            staging.reserve(context, upload_bytes(&lengths));
            staging.write(context, data, targets).await
        }
        Path::WriteBuffer => {
            for (values, target) in data.iter().zip(targets) {
                context.queue.write_buffer(target, 0, bytemuck::cast_slice(values));
            }
            // What was written moves with the next submission, so an empty one is made.
            let submission = context.queue.submit([]);
            context.wait(Some(submission), "an upload")
        }
        Path::Mapped => {
            for (values, target) in data.iter().zip(targets) {
                let bytes: &[u8] = bytemuck::cast_slice(values);
                mapped(context, target, wgpu::MapMode::Write, |target| {
                    target.get_mapped_range_mut(0..bytes.len() as u64).map(|mut view| view.copy_from_slice(bytes))
                })
                .await?;
            }
            Ok(())
        }
    }
}

/// Moves the beginning of a device buffer into `values`, and returns when it is there.
pub(super) async fn read_back(
    context: &Context,
    path: Path,
    staging: &Staging,
    source: &wgpu::Buffer,
    values: &mut [f32],
) -> Result<(), DeviceError> {
    match path {
        Path::Staged | Path::WriteBuffer => staging.read(context, source, values).await,
        Path::Fresh => {
            let staging = Staging::read_back();
            staging.reserve(context, size_of_val(values) as u64);
            staging.read(context, source, values).await
        }
        Path::Mapped => {
            let bytes: &mut [u8] = bytemuck::cast_slice_mut(values);
            mapped(context, source, wgpu::MapMode::Read, |source| {
                source.get_mapped_range(0..bytes.len() as u64).map(|view| bytes.copy_from_slice(&view))
            })
            .await
        }
    }
}
