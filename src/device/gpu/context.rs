//! An open device with its queue: errors turned into values, waits with an end.

use std::mem;
use std::rc::Rc;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use super::super::DeviceError;
use super::adapter;

/// Longest wait for the GPU, far beyond any case that calibration lets through.
const PATIENCE: Duration = Duration::from_secs(20);

/// An open device.
pub(super) struct Context {
    pub(super) device: wgpu::Device,
    pub(super) queue: wgpu::Queue,
    faults: Arc<Mutex<Faults>>,
}

/// What the driver told outside of any call.
#[derive(Default)]
struct Faults {
    lost: Option<String>,
    uncaptured: Option<String>,
}

impl Context {
    pub(super) async fn open(adapter: &wgpu::Adapter) -> Result<Rc<Self>, DeviceError> {
        let (device, queue) = adapter::open(adapter).await?;
        let faults = Arc::new(Mutex::new(Faults::default()));
        let uncaptured = Arc::clone(&faults);
        device.on_uncaptured_error(Arc::new(move |error: wgpu::Error| {
            let mut faults = uncaptured.lock().unwrap_or_else(PoisonError::into_inner);
            faults.uncaptured.get_or_insert_with(|| error.to_string());
        }));
        let lost = Arc::clone(&faults);
        device.set_device_lost_callback(move |reason, message| {
            // Destroying the device at the end of the program is no loss.
            if reason != wgpu::DeviceLostReason::Destroyed {
                let mut faults = lost.lock().unwrap_or_else(PoisonError::into_inner);
                faults.lost.get_or_insert(message);
            }
        });
        Ok(Rc::new(Self { device, queue, faults }))
    }

    /// Runs `call` and turns every error that the driver or wgpu raises meanwhile into a value.
    pub(super) async fn guarded<T>(
        &self,
        context: &'static str,
        call: impl FnOnce() -> Result<T, DeviceError>,
    ) -> Result<T, DeviceError> {
        let internal = self.device.push_error_scope(wgpu::ErrorFilter::Internal);
        let memory = self.device.push_error_scope(wgpu::ErrorFilter::OutOfMemory);
        let validation = self.device.push_error_scope(wgpu::ErrorFilter::Validation);
        let outcome = call();
        let (validation, memory, internal) = (validation.pop(), memory.pop(), internal.pop());
        if let Some(error) = memory.await {
            return Err(DeviceError::OutOfMemory(format!("{context}: {error}")));
        }
        if let Some(error) = validation.await.or(internal.await) {
            return Err(DeviceError::Refused { context, message: error.to_string() });
        }
        self.check(context)?;
        outcome
    }

    /// Blocks until the submission is done, or everything submitted so far. The only place in which the program waits
    /// for a GPU.
    pub(super) fn wait(
        &self,
        submission: Option<wgpu::SubmissionIndex>,
        context: &'static str,
    ) -> Result<(), DeviceError> {
        let poll = wgpu::PollType::Wait { submission_index: submission, timeout: Some(PATIENCE) };
        match self.device.poll(poll) {
            Ok(_) => self.check(context),
            Err(wgpu::PollError::Timeout) => {
                self.check(context)?;
                // Dropping a busy device blocks until the kernel ends: this handle keeps it alive until the exit.
                mem::forget(self.device.clone());
                Err(DeviceError::Stuck { context, seconds: PATIENCE.as_secs() })
            }
            Err(error) => Err(DeviceError::Refused { context, message: error.to_string() }),
        }
    }

    /// After a loss wgpu's calls succeed silently; only the callbacks know.
    fn check(&self, context: &'static str) -> Result<(), DeviceError> {
        let faults = self.faults.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(reason) = &faults.lost {
            return Err(DeviceError::Lost(reason.clone()));
        }
        match &faults.uncaptured {
            Some(message) => Err(DeviceError::Refused { context, message: message.clone() }),
            None => Ok(()),
        }
    }

    pub(super) fn encoder(&self) -> wgpu::CommandEncoder {
        self.device.create_command_encoder(&wgpu::CommandEncoderDescriptor::default())
    }

    pub(super) fn buffer(&self, label: &str, bytes: u64, usage: wgpu::BufferUsages) -> wgpu::Buffer {
        self.device.create_buffer(&wgpu::BufferDescriptor {
            label: Some(label),
            size: bytes,
            usage,
            mapped_at_creation: false,
        })
    }
}
