//! Finds adapters and describes them.

use super::super::DeviceError;
use crate::record::{DeviceInfo, DeviceKind, Limits, printable};

/// Memory on a GPU for the cases of one experiment together, in bytes. No portable call reports a GPU's memory; all
/// GPUs of the last ten years have more than this.
const MEMORY_BUDGET: u64 = 1 << 30;

/// A GPU, or a driver that acts like one, before it is opened.
#[derive(Debug, Clone)]
pub struct Adapter {
    /// Handle in wgpu.
    pub(super) handle: wgpu::Adapter,
    /// Description of the device.
    pub info: DeviceInfo,
}

impl Adapter {
    /// Returns its address on the PCI bus, if the driver reports it.
    pub(super) fn bus(&self) -> Option<String> {
        Some(self.handle.get_info().device_pci_bus_id).filter(|bus| !bus.is_empty())
    }
}

/// Graphics APIs that are measured: those with compute shaders and a native driver.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Backend {
    /// Vulkan: Linux, Windows, Android.
    Vulkan,
    /// Metal: macOS.
    Metal,
    /// Direct3D 12: Windows.
    Dx12,
}

impl Backend {
    /// Returns the name used in records.
    pub fn name(self) -> &'static str {
        match self {
            Self::Vulkan => "vulkan",
            Self::Metal => "metal",
            Self::Dx12 => "dx12",
        }
    }

    /// Returns the only operating system that has it, as Rust and as people call it; `None` if several have.
    pub fn only_on(self) -> Option<(&'static str, &'static str)> {
        match self {
            Self::Vulkan => None,
            Self::Metal => Some(("macos", "macOS")),
            Self::Dx12 => Some(("windows", "Windows")),
        }
    }
}

/// Returns all adapters of Vulkan, Metal and DX12 that the graphics library shows, the best first: discrete,
/// integrated, virtual, software. The list is empty on a machine without a graphics driver.
pub async fn adapters() -> Vec<Adapter> {
    let all = enumerate(wgpu::InstanceFlags::empty()).await;
    sorted(all.into_iter().map(|handle| Adapter { info: describe(&handle), handle }).collect())
}

/// Returns all hidden adapters, each with the reason why the library hides it by default.
pub async fn hidden_adapters() -> Vec<Adapter> {
    let mut shown: Vec<wgpu::AdapterInfo> =
        enumerate(wgpu::InstanceFlags::empty()).await.iter().map(wgpu::Adapter::get_info).collect();
    let mut all = enumerate(wgpu::InstanceFlags::ALLOW_UNDERLYING_NONCOMPLIANT_ADAPTER).await;
    all.retain(|handle| match shown.iter().position(|info| *info == handle.get_info()) {
        Some(at) => {
            shown.swap_remove(at);
            false
        }
        None => true,
    });
    let hidden = Some("its driver has not passed the conformance tests of Vulkan".to_owned());
    let hidden = |handle| Adapter { info: DeviceInfo { hidden: hidden.clone(), ..describe(&handle) }, handle };
    sorted(all.into_iter().map(hidden).collect())
}

async fn enumerate(flags: wgpu::InstanceFlags) -> Vec<wgpu::Adapter> {
    let mut descriptor = wgpu::InstanceDescriptor::new_without_display_handle_from_env();
    descriptor.flags = flags;
    // An empty variable chooses nothing; it does not hide everything.
    if std::env::var("WGPU_BACKEND").is_ok_and(|chosen| chosen.trim().is_empty()) {
        descriptor.backends = wgpu::Backends::all();
    }
    // OpenGL would list the same devices again.
    descriptor.backends &= wgpu::Backends::VULKAN | wgpu::Backends::METAL | wgpu::Backends::DX12;
    let backends = descriptor.backends;
    wgpu::Instance::new(descriptor).enumerate_adapters(backends).await
}

/// Sorts adapters by rank, the best first.
fn sorted(mut adapters: Vec<Adapter>) -> Vec<Adapter> {
    adapters.sort_by_key(|adapter| adapter.info.kind.rank());
    adapters
}

fn describe(adapter: &wgpu::Adapter) -> DeviceInfo {
    let info = adapter.get_info();
    let limits = adapter.limits();
    let driver = [info.driver.trim(), info.driver_info.trim()].join(" ");
    DeviceInfo {
        name: printable(info.name.trim()),
        kind: match info.device_type {
            wgpu::DeviceType::DiscreteGpu => DeviceKind::Discrete,
            wgpu::DeviceType::IntegratedGpu => DeviceKind::Integrated,
            wgpu::DeviceType::VirtualGpu => DeviceKind::Virtual,
            wgpu::DeviceType::Cpu => DeviceKind::Software,
            wgpu::DeviceType::Other => DeviceKind::Other,
        },
        backend: Some(info.backend.to_str().to_owned()),
        driver: (!driver.trim().is_empty()).then(|| printable(driver.trim())),
        timestamps: adapter.features().contains(wgpu::Features::TIMESTAMP_QUERY),
        timestamp_period: None,
        no_timestamps: None,
        no_workgroups: None,
        pci: Some(info.device_pci_bus_id).filter(|id| !id.is_empty()),
        hidden: None,
        subgroup_sizes: (info.subgroup_max_size > 0).then_some([info.subgroup_min_size, info.subgroup_max_size]),
        f16: Some(adapter.features().contains(wgpu::Features::SHADER_F16)),
        subgroups: Some(adapter.features().contains(wgpu::Features::SUBGROUP)),
        cooperative: cooperative(adapter),
        stands_for: None,
        limits: Limits {
            // Kernels count elements and workers in 32 bits, and their sum must not overflow.
            workers: u64::from(u32::MAX / 2),
            workgroup_size: limits.max_compute_invocations_per_workgroup.min(limits.max_compute_workgroup_size_x),
            workgroups_per_dimension: Some(limits.max_compute_workgroups_per_dimension),
            workgroup_memory: Some(u64::from(limits.max_compute_workgroup_storage_size)),
            binding: limits.max_storage_buffer_binding_size.min(limits.max_buffer_size),
            memory: MEMORY_BUDGET.min(limits.max_buffer_size),
        },
    }
}

/// Returns the sides of the squares of 16-bit floats that a subgroup can multiply together with 32-bit sums.
fn cooperative(adapter: &wgpu::Adapter) -> Vec<u32> {
    let [numbers, sums] = [wgpu::CooperativeScalarType::F16, wgpu::CooperativeScalarType::F32];
    let mut sides: Vec<u32> = adapter
        .cooperative_matrix_properties()
        .into_iter()
        .filter(|one| [one.n_size, one.k_size] == [one.m_size; 2] && (one.ab_type, one.cr_type) == (numbers, sums))
        .map(|square| square.m_size)
        .collect();
    sides.sort_unstable();
    sides.dedup();
    sides
}

/// Returns the features that are used if the adapter has them. Matrix units need a kernel that knows their size.
/// Buffers shared by kernels and host are used only if both share memory anyway; otherwise every access would cross the
/// bus.
fn features(adapter: &wgpu::Adapter) -> wgpu::Features {
    let shared = matches!(adapter.get_info().device_type, wgpu::DeviceType::IntegratedGpu | wgpu::DeviceType::Cpu);
    let mappable = if shared { wgpu::Features::MAPPABLE_PRIMARY_BUFFERS } else { wgpu::Features::empty() };
    let cooperative = wgpu::Features::EXPERIMENTAL_COOPERATIVE_MATRIX;
    let cooperative = if self::cooperative(adapter).is_empty() { wgpu::Features::empty() } else { cooperative };
    let subgroups = wgpu::Features::SUBGROUP | wgpu::Features::SUBGROUP_BARRIER;
    let wanted = wgpu::Features::TIMESTAMP_QUERY | wgpu::Features::SHADER_F16 | subgroups;
    adapter.features() & (wanted | mappable | cooperative)
}

/// Allows wgpu's experimental features, if these features include some.
#[expect(unsafe_code, reason = "wgpu offers matrix units to no one who does not vouch for the kernels")]
fn experimental(features: wgpu::Features) -> wgpu::ExperimentalFeatures {
    if !features.intersects(wgpu::Features::all_experimental_mask()) {
        return wgpu::ExperimentalFeatures::disabled();
    }
    // SAFETY: cooperative matrices are the only experimental feature in use. wgpu does not check that their loads and
    // stores stay within an array. Our one kernel with them loads from and stores to arrays in workgroup memory. These
    // arrays get their sizes from the same constants. All other data move element by element. A user's kernel that
    // enables them is refused before it is compiled.
    unsafe { wgpu::ExperimentalFeatures::enabled() }
}

/// Opens a device on the adapter, with all limits that the adapter offers.
pub(super) async fn open(adapter: &wgpu::Adapter) -> Result<(wgpu::Device, wgpu::Queue), DeviceError> {
    let features = features(adapter);
    adapter
        .request_device(&wgpu::DeviceDescriptor {
            label: Some("amdahl"),
            required_features: features,
            experimental_features: experimental(features),
            required_limits: adapter.limits(),
            memory_hints: wgpu::MemoryHints::Performance,
            ..Default::default()
        })
        .await
        .map_err(|error| DeviceError::refused("opening the device", &error.to_string()))
}
