//! Moves data between host memory and device buffers, through staging buffers that are reused.
//!
//! A new staging buffer for every transfer takes three to four times as long, because its memory is touched for the
//! first time.

use std::cell::RefCell;
use std::slice;

use futures_intrusive::channel::shared::oneshot_channel;

use super::super::DeviceError;
use super::context::Context;

/// Returns the staging bytes for slices of these lengths in elements. Each slice starts at a multiple of the map
/// alignment.
pub(super) fn upload_bytes(lengths: &[u64]) -> u64 {
    lengths.iter().map(|length| (4 * length).next_multiple_of(wgpu::MAP_ALIGNMENT)).sum()
}

/// A buffer that the host can map, for copies to or from the device. It grows to the largest transfer, and the jobs of
/// a device share it.
pub(super) struct Staging {
    buffer: RefCell<Option<wgpu::Buffer>>,
    label: &'static str,
    usage: wgpu::BufferUsages,
    mode: wgpu::MapMode,
}

impl Staging {
    /// Returns staging for data on the way to the device.
    pub(super) fn upload() -> Self {
        let usage = wgpu::BufferUsages::MAP_WRITE | wgpu::BufferUsages::COPY_SRC;
        Self { buffer: RefCell::default(), label: "upload staging", usage, mode: wgpu::MapMode::Write }
    }

    /// Returns staging for data on the way to the host.
    pub(super) fn read_back() -> Self {
        let usage = wgpu::BufferUsages::MAP_READ | wgpu::BufferUsages::COPY_DST;
        Self { buffer: RefCell::default(), label: "read-back staging", usage, mode: wgpu::MapMode::Read }
    }

    /// Reserves room for a transfer of this number of bytes.
    pub(super) fn reserve(&self, context: &Context, bytes: u64) {
        let mut buffer = self.buffer.borrow_mut();
        if buffer.as_ref().is_none_or(|buffer| buffer.size() < bytes) {
            *buffer = Some(context.buffer(self.label, bytes, self.usage));
        }
    }

    /// Returns the buffer, to be put back if a larger one cannot be had.
    pub(super) fn kept(&self) -> Option<wgpu::Buffer> {
        self.buffer.borrow().clone()
    }

    /// Puts a buffer back.
    pub(super) fn put_back(&self, kept: Option<wgpu::Buffer>) {
        self.buffer.replace(kept);
    }

    /// Returns the buffer. wgpu's handles are counted references.
    fn buffer(&self) -> Result<wgpu::Buffer, DeviceError> {
        self.buffer.borrow().clone().ok_or_else(|| refused("no room was reserved"))
    }

    /// Copies each slice into its buffer, and returns when all copies are done.
    pub(super) async fn write(
        &self,
        context: &Context,
        data: &[Vec<f32>],
        targets: &[wgpu::Buffer],
    ) -> Result<(), DeviceError> {
        let buffer = self.buffer()?;
        map(context, slice::from_ref(&buffer), self.mode).await?;
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

    /// Copies the beginning of a device buffer into `values`, and returns when the copy is done.
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
        map(context, slice::from_ref(&buffer), self.mode).await?;
        drain(&buffer, bytes)
    }
}

/// Maps the buffers when everything submitted so far is done. One wait is enough for all.
pub(super) async fn map(context: &Context, buffers: &[wgpu::Buffer], mode: wgpu::MapMode) -> Result<(), DeviceError> {
    let mut receivers = Vec::with_capacity(buffers.len());
    for buffer in buffers {
        let (sender, receiver) = oneshot_channel();
        buffer.map_async(mode, .., move |result| {
            // The receiver lives until the callback was called, and nothing is sent twice.
            let _ = sender.send(result);
        });
        receivers.push(receiver);
    }
    context.wait(None, "a buffer to be mapped")?;
    for receiver in receivers {
        match receiver.receive().await {
            Some(Ok(())) => {}
            Some(Err(error)) => return Err(refused(error)),
            None => return Err(refused("the callback was dropped")),
        }
    }
    Ok(())
}

/// Copies into the beginning of a mapped buffer, and unmaps it.
pub(super) fn fill(buffer: &wgpu::Buffer, bytes: &[u8]) -> Result<(), DeviceError> {
    buffer.get_mapped_range_mut(0..bytes.len() as u64).map_err(refused)?.copy_from_slice(bytes);
    buffer.unmap();
    Ok(())
}

/// Copies from the beginning of a mapped buffer, and unmaps it.
pub(super) fn drain(buffer: &wgpu::Buffer, bytes: &mut [u8]) -> Result<(), DeviceError> {
    bytes.copy_from_slice(&buffer.get_mapped_range(0..bytes.len() as u64).map_err(refused)?);
    buffer.unmap();
    Ok(())
}

fn refused(error: impl Into<Box<dyn std::error::Error>>) -> DeviceError {
    DeviceError::refused("mapping a staging buffer", &error.into().to_string())
}
