//! Turns a workload's steps into pipelines, bind groups and buffers, within the device's limits.

use super::super::{DeviceError, Spec, check_buffers, extensions};
use super::buffers::Buffers;
use super::context::Context;
use super::launch::Bound;
use crate::record::{Checks, DeviceInfo};
use crate::units;
use crate::workload::{self, Shader, Step, Workload};

/// Refuses what the device does not allow. wgpu checks no limit for sizes that come from an `override`.
pub(super) fn check(spec: &Spec, info: &DeviceInfo) -> Result<(), DeviceError> {
    let limits = &info.limits;
    let refuse = |reason: String| Err(DeviceError::Unsupported(reason));
    extensions::check(spec, info)?;
    if spec.workload.is_the_readers() && !is_safe(spec.case.series.checks()) {
        return refuse(workload::UNPROVEN.to_owned());
    }
    if spec.case.workgroup_size == 0 || spec.case.workgroup_size > limits.workgroup_size {
        return refuse(format!(
            "needs a workgroup of {}; this device allows 1 to {}",
            spec.case.workgroup_size, limits.workgroup_size
        ));
    }
    let shared = spec.workload.workgroup_memory(spec.variant, spec.case.workgroup_size);
    if let Some(memory) = limits.workgroup_memory.filter(|memory| shared > *memory) {
        return refuse(format!(
            "needs {} of workgroup memory; this device has {}",
            units::bytes(shared as f64),
            units::bytes(memory as f64)
        ));
    }
    if let Err(reason) = spec.workload.check(spec.variant, &spec.case) {
        return refuse(reason);
    }
    if let Err(reason) = cut(spec) {
        return refuse(reason);
    }
    check_buffers(spec, limits)?;
    let workgroups = spec.case.workgroups();
    if limits.workgroups_per_dimension.is_some_and(|most| workgroups > u64::from(most).pow(2)) {
        return refuse(format!("needs {workgroups} workgroups, more than one launch can start"));
    }
    Ok(())
}

/// Returns whether any kernel may be compiled with these checks.
fn is_safe(checks: Checks) -> bool {
    checks.bounds() && checks.loop_bounds()
}

/// Returns a pipeline for each step of the job. Slices of one job share a pipeline.
pub(super) fn pipelines(context: &Context, steps: &[Step], spec: &Spec) -> Vec<wgpu::ComputePipeline> {
    let mut pipelines: Vec<wgpu::ComputePipeline> = Vec::with_capacity(steps.len());
    for (number, step) in steps.iter().enumerate() {
        let same = |other: &Step| (other.shader, &other.constants) == (step.shader, &step.constants);
        let made = match steps[..number].iter().position(same) {
            Some(known) => pipelines[known].clone(),
            None => pipeline(context, &spec.variant.shaders[step.shader], &step.constants, spec.case.series.checks()),
        };
        pipelines.push(made);
    }
    pipelines
}

/// Returns the steps of the job. [`check`] must come first.
pub(super) fn steps(spec: &Spec) -> Vec<Step> {
    cut(spec).unwrap_or_default()
}

fn cut(spec: &Spec) -> Result<Vec<Step>, String> {
    if spec.case.parts > 1 {
        return workload::parts(spec.workload, spec.variant, &spec.case);
    }
    workload::slices(spec.workload, spec.variant, &spec.case)
}

/// Compiles one kernel with these checks.
pub(super) fn pipeline(
    context: &Context,
    shader: &Shader,
    constants: &[(&'static str, f64)],
    checks: Checks,
) -> wgpu::ComputePipeline {
    let module = module(context, shader, checks);
    context.device.create_compute_pipeline(&wgpu::ComputePipelineDescriptor {
        label: Some(shader.name()),
        layout: None,
        module: &module,
        entry_point: None,
        compilation_options: wgpu::PipelineCompilationOptions {
            constants,
            zero_initialize_workgroup_memory: checks.zero_init(),
        },
        cache: None,
    })
}

/// Creates the kernel's module. Without checks a kernel may read or write outside a buffer, or loop for ever. The
/// compiler's guarantees end only here.
#[expect(unsafe_code, reason = "what bounds checks and loop bounds cost can only be measured without them")]
fn module(context: &Context, shader: &Shader, checks: Checks) -> wgpu::ShaderModule {
    let descriptor =
        wgpu::ShaderModuleDescriptor { label: Some(shader.name()), source: wgpu::ShaderSource::Wgsl(shader.text()) };
    if is_safe(checks) {
        return context.device.create_shader_module(descriptor);
    }
    let mut runtime = wgpu::ShaderRuntimeChecks::checked();
    runtime.bounds_checks = checks.bounds();
    runtime.force_loop_bounding = checks.loop_bounds();
    runtime.int_div_checks = checks != Checks::Unchecked;
    // SAFETY: `check` has refused users' kernels, so this is one of our own. Its text is built in, and a test validates
    // it. Each of our kernels compares its indices with the lengths in its parameters before it uses them. It counts
    // its loops up to such a length or down to one, and divides only by sizes that are never zero. `check` has refused
    // parameters beyond the buffers. So the kernel stays in bounds by itself, whatever ran before it. Its output is
    // verified against a 64-bit reference before it is timed.
    unsafe { context.device.create_shader_module_trusted(descriptor, runtime) }
}

/// Binds the parameters and buffers of a step.
pub(super) fn bind(
    context: &Context,
    pipeline: &wgpu::ComputePipeline,
    (workload, step): (&dyn Workload, &Step),
    buffers: &Buffers,
) -> Bound {
    if step.params.is_empty() && step.buffers.is_empty() {
        return Bound::default();
    }
    let params = (!step.params.is_empty()).then(|| {
        let params: &[u8] = bytemuck::cast_slice(&step.params);
        let usage = wgpu::BufferUsages::UNIFORM | wgpu::BufferUsages::COPY_DST;
        let uniform = context.buffer("params", params.len() as u64, usage);
        context.queue.write_buffer(&uniform, 0, params);
        (uniform, step.params.clone())
    });
    let numbered = (1..).zip(step.buffers.iter().map(|&buffer| buffers.binding(buffer)));
    let entries: Vec<wgpu::BindGroupEntry<'_>> = params
        .iter()
        .map(|(uniform, _)| (0, uniform.as_entire_binding()))
        .chain(numbered)
        .map(|(index, resource)| wgpu::BindGroupEntry { binding: workload.binding(index), resource })
        .collect();
    let group = context.device.create_bind_group(&wgpu::BindGroupDescriptor {
        label: Some("job"),
        layout: &pipeline.get_bind_group_layout(0),
        entries: &entries,
    });
    Bound { group: Some(group), params }
}

/// Splits a number of workgroups into two dimensions, because one dimension ends at 65,535. The product may exceed the
/// number by less than the number of rows. In kernels, invocations beyond the last worker do nothing.
pub(super) fn grid(workgroups: u64, per_dimension: u32) -> [u32; 2] {
    let rows = workgroups.div_ceil(u64::from(per_dimension)).max(1);
    let columns = workgroups.div_ceil(rows).max(1);
    [columns as u32, rows as u32]
}

#[cfg(test)]
mod tests {
    use super::grid;

    #[test]
    fn the_grid_holds_every_workgroup_and_wastes_less_than_a_row() {
        for workgroups in [1, 65_535, 65_536, 65_537, 131_071, 1 << 20, 4_294_836_225] {
            let [columns, rows] = grid(workgroups, 65_535).map(u64::from);
            assert!(columns <= 65_535 && rows <= 65_535, "{workgroups}: {columns} x {rows}");
            assert!((workgroups..workgroups + rows).contains(&(columns * rows)), "{workgroups}: {columns} x {rows}");
        }
    }
}
