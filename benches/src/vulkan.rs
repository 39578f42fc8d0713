//! A bare Vulkan loop: the launches that amdahl makes through wgpu, with nothing between the program and the driver.

use std::ffi::CStr;
use std::time::Instant;

use amdahl::device::gpu::Adapter;
use amdahl::workload;
use ash::{Device, Entry, Instance, vk};
use naga::back::{pipeline_constants, spv};
use naga::valid::{Capabilities, ValidationFlags, Validator};
use naga::{ShaderStage, front::wgsl};

use crate::Fault;

/// The entry point of amdahl's kernels.
const MAIN: &CStr = c"main";

/// Nanoseconds after which a wait is given up.
const PATIENCE: u64 = 20_000_000_000;

/// An open device with everything that launches of the empty kernel need.
pub(crate) struct Vulkan {
    // The library must outlive what it made.
    _entry: Entry,
    instance: Instance,
    device: Device,
    queue: vk::Queue,
    pool: vk::CommandPool,
    commands: vk::CommandBuffer,
    fence: vk::Fence,
    pipeline: vk::Pipeline,
}

impl Vulkan {
    /// Opens the same adapter.
    pub(crate) fn open(adapter: &Adapter) -> Result<Self, Fault> {
        let words = spirv()?;
        let application = vk::ApplicationInfo::default().api_version(vk::API_VERSION_1_2);
        // SAFETY: every object is made from live ones and from structures that live until the call returns, as the
        // specification of Vulkan asks. Objects that are left behind by an early return end with the program.
        unsafe {
            let entry = Entry::load()?;
            let instance =
                entry.create_instance(&vk::InstanceCreateInfo::default().application_info(&application), None)?;
            let physical = find(&instance, adapter)?;
            let family = compute_family(&instance, physical)?;
            let queues = [vk::DeviceQueueCreateInfo::default().queue_family_index(family).queue_priorities(&[1.0])];
            let opened = vk::DeviceCreateInfo::default().queue_create_infos(&queues);
            let device = instance.create_device(physical, &opened, None)?;
            let queue = device.get_device_queue(family, 0);
            let pool = vk::CommandPoolCreateInfo::default()
                .queue_family_index(family)
                .flags(vk::CommandPoolCreateFlags::TRANSIENT);
            let pool = device.create_command_pool(&pool, None)?;
            let buffer = vk::CommandBufferAllocateInfo::default().command_pool(pool).command_buffer_count(1);
            let commands = device.allocate_command_buffers(&buffer)?[0];
            let fence = device.create_fence(&vk::FenceCreateInfo::default(), None)?;
            let pipeline = pipeline(&device, &words)?;
            Ok(Self { _entry: entry, instance, device, queue, pool, commands, fence, pipeline })
        }
    }

    /// Records so many dispatches, submits them and waits: the seconds of all.
    pub(crate) fn dispatches(&self, count: u32) -> Result<f64, Fault> {
        let start = Instant::now();
        self.launch(count)?;
        Ok(start.elapsed().as_secs_f64())
    }

    /// The same one by one, each recorded, submitted and waited for by itself.
    pub(crate) fn waits(&self, count: u32) -> Result<f64, Fault> {
        let start = Instant::now();
        for _ in 0..count {
            self.launch(1)?;
        }
        Ok(start.elapsed().as_secs_f64())
    }

    fn launch(&self, count: u32) -> Result<(), vk::Result> {
        let (device, commands) = (&self.device, [self.commands]);
        let once = vk::CommandBufferBeginInfo::default().flags(vk::CommandBufferUsageFlags::ONE_TIME_SUBMIT);
        // SAFETY: the launch before was waited for, so the pool, the command buffer and the fence are in no use.
        unsafe {
            device.reset_command_pool(self.pool, vk::CommandPoolResetFlags::empty())?;
            device.begin_command_buffer(self.commands, &once)?;
            device.cmd_bind_pipeline(self.commands, vk::PipelineBindPoint::COMPUTE, self.pipeline);
            for _ in 0..count {
                device.cmd_dispatch(self.commands, 1, 1, 1);
            }
            device.end_command_buffer(self.commands)?;
            device.queue_submit(self.queue, &[vk::SubmitInfo::default().command_buffers(&commands)], self.fence)?;
            device.wait_for_fences(&[self.fence], true, PATIENCE)?;
            device.reset_fences(&[self.fence])
        }
    }
}

impl Drop for Vulkan {
    fn drop(&mut self) {
        // SAFETY: every launch was waited for, or the program is about to end with a fault.
        unsafe {
            self.device.destroy_pipeline(self.pipeline, None);
            self.device.destroy_fence(self.fence, None);
            self.device.destroy_command_pool(self.pool, None);
            self.device.destroy_device(None);
            self.instance.destroy_instance(None);
        }
    }
}

/// Finds the physical device that wgpu shows as this adapter, by its name and its place on the bus.
unsafe fn find(instance: &Instance, adapter: &Adapter) -> Result<vk::PhysicalDevice, Fault> {
    // SAFETY: the caller's instance is alive, and so are the structures.
    unsafe {
        for physical in instance.enumerate_physical_devices()? {
            let mut bus = vk::PhysicalDevicePCIBusInfoPropertiesEXT::default();
            let mut all = vk::PhysicalDeviceProperties2::default().push_next(&mut bus);
            instance.get_physical_device_properties2(physical, &mut all);
            let name = all.properties.device_name_as_c_str()?.to_string_lossy().trim().to_owned();
            let place = format!("{:04x}:{:02x}:{:02x}", bus.pci_domain, bus.pci_bus, bus.pci_device);
            let pci = adapter.info.pci.as_deref();
            if name == adapter.info.name && pci.is_none_or(|pci| pci.starts_with(&place)) {
                return Ok(physical);
            }
        }
    }
    Err(format!("bare Vulkan does not find {}", adapter.info.name).into())
}

/// Returns the first family of queues that computes: the one that wgpu takes on usual devices.
unsafe fn compute_family(instance: &Instance, physical: vk::PhysicalDevice) -> Result<u32, Fault> {
    // SAFETY: the physical device is one of the caller's instance.
    let families = unsafe { instance.get_physical_device_queue_family_properties(physical) };
    let computes = |family: &vk::QueueFamilyProperties| family.queue_flags.contains(vk::QueueFlags::COMPUTE);
    let index = families.iter().position(computes).ok_or("no queue of this device computes")?;
    Ok(index as u32)
}

/// Compiles the kernel.
unsafe fn pipeline(device: &Device, words: &[u32]) -> Result<vk::Pipeline, Fault> {
    // SAFETY: the device is alive, and so are the structures; module and layout are used by no other thread. They end
    // with the program: nothing of a pipeline needs them afterwards, but it is made once.
    unsafe {
        let module = device.create_shader_module(&vk::ShaderModuleCreateInfo::default().code(words), None)?;
        let layout = device.create_pipeline_layout(&vk::PipelineLayoutCreateInfo::default(), None)?;
        let stage =
            vk::PipelineShaderStageCreateInfo::default().stage(vk::ShaderStageFlags::COMPUTE).module(module).name(MAIN);
        let made = [vk::ComputePipelineCreateInfo::default().stage(stage).layout(layout)];
        let made = device.create_compute_pipelines(vk::PipelineCache::null(), &made, None);
        Ok(made.map_err(|(_, error)| error)?[0])
    }
}

/// Translates amdahl's empty kernel as wgpu does.
fn spirv() -> Result<Vec<u32>, Fault> {
    let text = workload::EMPTY.variants()[0].shaders[0].text();
    let module = wgsl::parse_str(&text)?;
    let info = Validator::new(ValidationFlags::all(), Capabilities::empty()).validate(&module)?;
    let entry = spv::PipelineOptions { shader_stage: ShaderStage::Compute, entry_point: "main".to_owned() };
    let constants = [("WG".to_owned(), 1.0)].into_iter().collect();
    let stage = Some((entry.shader_stage, entry.entry_point.as_str()));
    let (module, info) = pipeline_constants::process_overrides(&module, &info, stage, &constants)?;
    Ok(spv::write_vec(&module, &info, &spv::Options::default(), Some(&entry))?)
}
