//! Moving data between host memory and device buffers, through staging buffers that are reused.
//!
//! A fresh staging buffer for every transfer costs three to four times as much: its pages are new each time.

use std::cell::RefCell;

use futures_intrusive::channel::shared::oneshot_channel;

use super::super::DeviceError;
use super::context::Context;

/// Bytes of staging for slices of that many elements, each of which starts where mapping allows it.
pub(super) fn upload_bytes(lengths: &[u64]) -> u64 {
    lengths.iter().map(|length| (4 * length).next_multiple_of(wgpu::MAP_ALIGNMENT)).sum()
}

/// A buffer that the host can map and that copies go through. It grows to the largest transfer and is shared by the
/// jobs of a device.
pub(super) struct Staging {
    buffer: RefCell<Option<wgpu::Buffer>>,
    label: &'static str,
    usage: wgpu::BufferUsages,
    mode: wgpu::MapMode,
}

impl Staging {
    /// Staging for data on its way to the device.
    pub(super) fn upload() -> Self {
        let usage = wgpu::BufferUsages::MAP_WRITE | wgpu::BufferUsages::COPY_SRC;
        Self { buffer: RefCell::default(), label: "upload staging", usage, mode: wgpu::MapMode::Write }
    }

    /// Staging for data on its way to the host.
    pub(super) fn read_back() -> Self {
        let usage = wgpu::BufferUsages::MAP_READ | wgpu::BufferUsages::COPY_DST;
        Self { buffer: RefCell::default(), label: "read-back staging", usage, mode: wgpu::MapMode::Read }
    }

    /// Makes room for transfers of that many bytes.
    pub(super) fn reserve(&self, context: &Context, bytes: u64) {
        let mut buffer = self.buffer.borrow_mut();
        if buffer.as_ref().is_none_or(|buffer| buffer.size() < bytes) {
            *buffer = Some(context.buffer(self.label, bytes, self.usage));
        }
    }

    /// The buffer itself; wgpu's handles are counted references.
    fn buffer(&self) -> Result<wgpu::Buffer, DeviceError> {
        self.buffer.borrow().clone().ok_or_else(|| refused("no room was reserved"))
    }

    /// Moves each slice into its buffer, and returns when all are there.
    pub(super) async fn write(
        &self,
        context: &Context,
        data: &[Vec<f32>],
        targets: &[wgpu::Buffer],
    ) -> Result<(), DeviceError> {
        let buffer = self.buffer()?;
        map(context, &buffer, self.mode).await?;
        let mut encoder = context.encoder();
        let mut offset = 0;
        for (values, target) in data.iter().zip(targets) {
            let bytes: &[u8] = bytemuck::cast_slice(values);
            let end = offset + bytes.len() as u64;
            buffer.get_mapped_range_mut(offset..end).map_err(refused)?.copy_from_slice(bytes);
            encoder.copy_buffer_to_buffer(&buffer, offset, target, 0, bytes.len() as u64);
            offset = end.next_multiple_of(wgpu::MAP_ALIGNMENT);
        }
        buffer.unmap();
        let submission = context.queue.submit([encoder.finish()]);
        context.wait(Some(submission), "an upload")
    }

    /// Moves the beginning of a device buffer into `values`, and returns when it is there.
    pub(super) async fn read<T: bytemuck::Pod>(
        &self,
        context: &Context,
        source: &wgpu::Buffer,
        values: &mut [T],
    ) -> Result<(), DeviceError> {
        let buffer = self.buffer()?;
        let bytes: &mut [u8] = bytemuck::cast_slice_mut(values);
        let mut encoder = context.encoder();
        encoder.copy_buffer_to_buffer(source, 0, &buffer, 0, bytes.len() as u64);
        context.queue.submit([encoder.finish()]);
        mapped(context, &buffer, self.mode, |buffer| {
            buffer.get_mapped_range(0..bytes.len() as u64).map(|view| bytes.copy_from_slice(&view))
        })
        .await
    }
}

/// Maps the buffer, lets `copy` do its work, and unmaps it again.
pub(super) async fn mapped(
    context: &Context,
    buffer: &wgpu::Buffer,
    mode: wgpu::MapMode,
    copy: impl FnOnce(&wgpu::Buffer) -> Result<(), wgpu::MapRangeError>,
) -> Result<(), DeviceError> {
    map(context, buffer, mode).await?;
    let copied = copy(buffer).map_err(refused);
    buffer.unmap();
    copied
}

/// Maps the buffer once everything submitted so far is done.
async fn map(context: &Context, buffer: &wgpu::Buffer, mode: wgpu::MapMode) -> Result<(), DeviceError> {
    let (sender, receiver) = oneshot_channel();
    buffer.map_async(mode, .., move |result| {
        // The receiver lives until the callback was called; a second send cannot happen.
        let _ = sender.send(result);
    });
    context.wait(None, "a buffer to be mapped")?;
    match receiver.receive().await {
        Some(Ok(())) => Ok(()),
        Some(Err(error)) => Err(refused(error)),
        None => Err(refused("the callback was dropped")),
    }
}

fn refused(error: impl Into<Box<dyn std::error::Error>>) -> DeviceError {
    DeviceError::Refused { context: "mapping a staging buffer", message: error.into().to_string() }
}
