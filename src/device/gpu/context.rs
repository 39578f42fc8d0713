//! An open device with its queue. Errors become values, and every wait ends.

use std::mem;
use std::rc::Rc;
use std::sync::{Arc, Mutex, PoisonError};

use super::super::{DeviceError, Wait, Waiting};
use super::adapter;
use crate::clock;

/// An open device, and how the host waits for it. Its parts are counted references, so a clone is the same device.
#[derive(Clone)]
pub(super) struct Context {
    pub(super) device: wgpu::Device,
    pub(super) queue: wgpu::Queue,
    pub(super) waiting: Waiting,
    faults: Arc<Mutex<Faults>>,
}

/// Errors that the driver reported outside of a call.
#[derive(Default)]
struct Faults {
    lost: Option<String>,
    uncaptured: Option<String>,
}

impl Context {
    pub(super) async fn open(adapter: &wgpu::Adapter, waiting: Waiting) -> Result<Rc<Self>, DeviceError> {
        let (device, queue) = adapter::open(adapter).await?;
        let faults = Arc::new(Mutex::new(Faults::default()));
        let uncaptured = Arc::clone(&faults);
        device.on_uncaptured_error(Arc::new(move |error: wgpu::Error| {
            let mut faults = uncaptured.lock().unwrap_or_else(PoisonError::into_inner);
            faults.uncaptured.get_or_insert_with(|| error.to_string());
        }));
        let lost = Arc::clone(&faults);
        device.set_device_lost_callback(move |reason, message| {
            // Destroying the device at the end of the program is not an error.
            if reason != wgpu::DeviceLostReason::Destroyed {
                let mut faults = lost.lock().unwrap_or_else(PoisonError::into_inner);
                faults.lost.get_or_insert(message);
            }
        });
        Ok(Rc::new(Self { device, queue, waiting, faults }))
    }

    /// Returns the same device with another way to wait.
    pub(super) fn waited_for_by(&self, strategy: Wait) -> Self {
        Self { waiting: Waiting { strategy, ..self.waiting }, ..self.clone() }
    }

    /// Runs `call`, and turns every error that the driver or wgpu reports during it into a value.
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
            return Err(DeviceError::refused(context, &error.to_string()));
        }
        self.check(context)?;
        outcome
    }

    /// Waits until the submission, or everything submitted so far, is done and the callbacks of maps were called. The
    /// program waits for a GPU only here.
    pub(super) fn wait(
        &self,
        submission: Option<wgpu::SubmissionIndex>,
        context: &'static str,
    ) -> Result<(), DeviceError> {
        let outcome = match self.waiting.strategy {
            Wait::Block => self.block(submission),
            Wait::Spin => self.spin(),
        };
        match outcome {
            Ok(true) => self.check(context),
            Ok(false) => {
                self.check(context)?;
                // Dropping a busy device or its queue blocks until the kernel ends. This clone keeps both for ever.
                mem::forget(self.clone());
                let stuck = DeviceError::Stuck { context, seconds: self.waiting.patience.as_secs_f64() };
                Err(stuck.unless_starved(context))
            }
            Err(error) => {
                // A submission that failed has no index to wait for; why it failed was reported before.
                self.check(context)?;
                Err(DeviceError::refused(context, &error.to_string()))
            }
        }
    }

    /// Frees the memory of everything that was dropped. Small writes keep a buffer until a submission carries them out,
    /// so an empty one is made.
    pub(super) fn settle(&self) -> Result<(), DeviceError> {
        let submission = self.queue.submit([]);
        self.wait(Some(submission), "dropped buffers to be freed")
    }

    /// Sleeps until the driver wakes the thread; returns `false` if the time is over first.
    fn block(&self, submission: Option<wgpu::SubmissionIndex>) -> Result<bool, wgpu::PollError> {
        let timeout = Some(self.waiting.patience);
        match self.device.poll(wgpu::PollType::Wait { submission_index: submission, timeout }) {
            Ok(_) => Ok(true),
            Err(wgpu::PollError::Timeout) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Polls until the queue is empty; returns `false` if the time is over first. Nothing is submitted after the
    /// awaited submission, so an empty queue means that it is done.
    fn spin(&self) -> Result<bool, wgpu::PollError> {
        let (start, patience) = (clock::now(), self.waiting.patience.as_secs_f64());
        loop {
            if self.device.poll(wgpu::PollType::Poll)?.is_queue_empty() {
                return Ok(true);
            }
            if clock::seconds_since(start) > patience {
                return Ok(false);
            }
            std::hint::spin_loop();
        }
    }

    /// Returns an error that a callback has reported. After a device is lost, wgpu's calls succeed silently.
    fn check(&self, context: &'static str) -> Result<(), DeviceError> {
        let faults = self.faults.lock().unwrap_or_else(PoisonError::into_inner);
        match (&faults.lost, &faults.uncaptured) {
            (Some(reason), _) => Err(DeviceError::lost(context, reason)),
            (None, Some(message)) => Err(DeviceError::refused(context, message)),
            (None, None) => Ok(()),
        }
    }

    /// Returns whether the host can map the buffers that kernels use.
    pub(super) fn mappable(&self) -> bool {
        self.device.features().contains(wgpu::Features::MAPPABLE_PRIMARY_BUFFERS)
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
