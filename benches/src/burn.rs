//! Burn's matrix product: CubeCL's kernels on wgpu, chosen by Burn's own tuning on this adapter.

use std::time::Instant;

use amdahl::device::gpu::Adapter;
use burn_backend::ops::FloatTensorOps;
use burn_backend::{Backend, TensorData};
use burn_wgpu::{CubeBackend, CubeTensor, RuntimeOptions, WgpuSetup, init_device, wgpu};

use crate::Fault;
use crate::products::{Product, Task};
use crate::race::Contestant;

/// Where Burn's tensors live.
type Device = <CubeBackend as burn_backend::BackendTypes>::Device;

/// Both matrices on the device.
pub(crate) struct Burn {
    device: Device,
    inputs: [CubeTensor; 2],
}

impl Burn {
    /// Opens Burn's device on the same adapter and takes the matrices there.
    pub(crate) fn new(adapter: &Adapter, task: &Task) -> Result<Self, Fault> {
        let device = Device::from(init_device(pollster::block_on(setup(adapter))?, RuntimeOptions::default()));
        let tensor = |index: usize| {
            let data = TensorData::new(task.inputs[index].clone(), [task.n, task.n]);
            CubeBackend::float_from_data(data, &device)
        };
        Ok(Self { inputs: [tensor(0), tensor(1)], device })
    }

    /// Asks for the product; nobody waits for it here.
    fn multiply(&self) -> CubeTensor {
        let [a, b] = self.inputs.clone();
        CubeBackend::float_matmul(a, b)
    }

    fn wait(&self) -> Result<(), Fault> {
        CubeBackend::sync(&self.device).map_err(|error| format!("Burn: {error:?}").into())
    }
}

/// Finds the adapter among wgpu's own and opens it as Burn does.
async fn setup(adapter: &Adapter) -> Result<WgpuSetup, Fault> {
    let instance = wgpu::Instance::new(wgpu::InstanceDescriptor::new_without_display_handle_from_env());
    let same = |info: wgpu::AdapterInfo| {
        let pci = Some(info.device_pci_bus_id.clone()).filter(|id| !id.is_empty());
        info.name.trim() == adapter.info.name
            && Some(info.backend.to_str()) == adapter.info.backend.as_deref()
            && pci == adapter.info.pci
    };
    let all = instance.enumerate_adapters(wgpu::Backends::all()).await;
    let adapter = all.into_iter().find(|one| same(one.get_info())).ok_or("Burn's wgpu does not find the adapter")?;
    let (device, queue) = adapter
        .request_device(&wgpu::DeviceDescriptor {
            required_features: adapter.features().difference(wgpu::Features::MAPPABLE_PRIMARY_BUFFERS),
            required_limits: adapter.limits(),
            memory_hints: wgpu::MemoryHints::MemoryUsage,
            // SAFETY: Burn opens its devices with these features and writes its kernels for them.
            experimental_features: unsafe { wgpu::ExperimentalFeatures::enabled() },
            ..Default::default()
        })
        .await?;
    let backend = adapter.get_info().backend;
    Ok(WgpuSetup { instance, adapter, device, queue, backend })
}

impl Contestant for Burn {
    fn name(&self) -> String {
        "Burn on wgpu, tuned".to_owned()
    }

    fn seconds(&mut self, times: u32) -> Result<f64, Fault> {
        let start = Instant::now();
        for _ in 0..times {
            self.multiply();
        }
        self.wait()?;
        Ok(start.elapsed().as_secs_f64() / f64::from(times))
    }
}

impl Product for Burn {
    fn output(&mut self) -> Result<Vec<f32>, Fault> {
        let product = pollster::block_on(CubeBackend::float_into_data(self.multiply()));
        let values = product.map_err(|error| format!("Burn: {error:?}"))?.try_to_vec();
        values.map_err(|error| format!("Burn: {error:?}").into())
    }
}
