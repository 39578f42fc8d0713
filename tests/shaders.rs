//! Promise: every shader is valid WGSL and is what its twin in `src/workload` says it is. No GPU is needed.

use std::collections::BTreeSet;
use std::path::Path;

use amdahl::record::Case;
use amdahl::workload::{self, Buffer, Shader, Step, Variant, Workload};
use naga::back::pipeline_constants::process_overrides;
use naga::valid::{Capabilities, ModuleInfo, ValidationFlags, Validator};
use naga::{AddressSpace, GlobalVariable, Module, ScalarKind, ShaderStage, StorageAccess, TypeInner};

/// Workers and workgroup sizes that every variant can be asked for: squares, and whole workgroups.
const LAYOUTS: [(u64, u32); 4] = [(1, 1), (64, 16), (1 << 20, 64), (1 << 20, 256)];

/// What a step refers to: its workload, variant and shader.
type Visit<'a> = &'a dyn Fn(&dyn Workload, &Variant, &Shader, &Step, u32);

fn for_each_step(visit: Visit<'_>) {
    for workload in workload::all() {
        // Multiples of four, odd sizes and non-square ones.
        let problems = [Some(workload.problem(100)), Some(workload.problem(101)), workload.shaped([7, 30, 5])];
        let problems = || problems.into_iter().flatten();
        for (variant, problem) in workload.variants().iter().flat_map(|variant| problems().map(move |p| (variant, p))) {
            for (workers, size) in LAYOUTS {
                let size = variant.workgroup_size(size);
                let case = Case::new(problem, workers.next_multiple_of(size.into()), size);
                workload.check(variant, &case).expect("a case that can be expressed");
                for step in workload.steps(variant, &case) {
                    visit(*workload, variant, &variant.shaders[step.shader], &step, size);
                }
            }
        }
    }
}

fn shaders() -> impl Iterator<Item = (&'static dyn Workload, &'static Variant, &'static Shader)> {
    let variants = workload::all().iter().flat_map(|workload| workload.variants().iter().map(move |v| (*workload, v)));
    variants.flat_map(|(workload, variant)| variant.shaders.iter().map(move |shader| (workload, variant, shader)))
}

/// The shader parsed and validated, with the defaults of its overrides.
fn parsed(shader: &Shader) -> (Module, ModuleInfo) {
    let text = shader.text();
    let module = naga::front::wgsl::parse_str(&text)
        .unwrap_or_else(|error| panic!("{}: {}", shader.name(), error.emit_to_string(&text)));
    let needed = shader.extensions().into_iter().map(|name| match name {
        "f16" => Capabilities::SHADER_FLOAT16,
        "subgroups" => Capabilities::SUBGROUP,
        "wgpu_cooperative_matrix" => Capabilities::COOPERATIVE_MATRIX,
        other => panic!("{}: {other}", shader.name()),
    });
    let info = Validator::new(ValidationFlags::all(), needed.collect())
        .subgroup_stages(naga::valid::ShaderStages::COMPUTE)
        .subgroup_operations(naga::valid::SubgroupOperationSet::all())
        .validate(&module)
        .unwrap_or_else(|error| panic!("{}: {}", shader.name(), error.emit_to_string(&text)));
    (module, info)
}

fn binding(module: &Module, number: u32) -> Option<&GlobalVariable> {
    let bound = |global: &&GlobalVariable| global.binding.is_some_and(|b| b.group == 0 && b.binding == number);
    module.global_variables.iter().map(|(_, global)| global).find(bound)
}

#[test]
fn every_shader_is_valid_and_has_one_entry_point() {
    for (_, _, shader) in shaders() {
        let (module, _) = parsed(shader);
        let [entry] = module.entry_points.as_slice() else { panic!("{}: one entry point", shader.name()) };
        assert_eq!((entry.name.as_str(), entry.stage), ("main", ShaderStage::Compute), "{}", shader.name());
    }
}

/// No adapter of the tests need have matrix units, so their kernels are at least compiled, as for Vulkan.
#[test]
fn kernels_for_matrix_units_compile() {
    use naga::back::spv::{Capability, Options, PipelineOptions, write_vec};
    let cooperative: Vec<_> =
        shaders().filter(|(.., shader)| shader.extensions().contains(&"wgpu_cooperative_matrix")).collect();
    assert_eq!(cooperative.len(), 4, "two sizes of squares, each with rows in fours and without");
    for (_, variant, shader) in cooperative {
        let (module, info) = parsed(shader);
        let pipeline = PipelineOptions { shader_stage: ShaderStage::Compute, entry_point: "main".to_owned() };
        let words = write_vec(&module, &info, &Options::default(), Some(&pipeline))
            .unwrap_or_else(|error| panic!("{}: {error}", variant.name));
        let has = |opcode: u32| words.iter().any(|word| word & 0xffff == opcode);
        // OpCooperativeMatrixLoadKHR, StoreKHR and MulAddKHR.
        assert!([4457, 4458, 4459].into_iter().all(has), "{}", variant.name);
        assert!(words.contains(&(Capability::CooperativeMatrixKHR as u32)), "{}", variant.name);
    }
}

#[test]
fn the_parameters_are_those_of_the_twin() {
    for (_, _, shader) in shaders() {
        let (module, _) = parsed(shader);
        let Some(params) = binding(&module, 0) else {
            assert!(shader.params.is_empty(), "{} has no Params", shader.name());
            continue;
        };
        assert_eq!(params.space, AddressSpace::Uniform, "{}", shader.name());
        let TypeInner::Struct { members, .. } = &module.types[params.ty].inner else { panic!("{}", shader.name()) };
        let names: Vec<_> = members.iter().filter_map(|member| member.name.as_deref()).collect();
        assert_eq!(names, shader.params, "{}", shader.name());
        for member in members {
            let TypeInner::Scalar(scalar) = module.types[member.ty].inner else { panic!("{}", shader.name()) };
            assert_eq!((scalar.kind, scalar.width), (ScalarKind::Uint, 4), "{} {:?}", shader.name(), member.name);
        }
    }
}

#[test]
fn the_bindings_are_those_of_the_steps() {
    for_each_step(&|_, _, shader, step, _| {
        let (module, _) = parsed(shader);
        assert_eq!(step.params.len(), shader.params.len(), "{}", shader.name());
        for (number, buffer) in (1..).zip(&step.buffers) {
            let global = binding(&module, number).unwrap_or_else(|| panic!("{}: binding {number}", shader.name()));
            let last = number as usize == step.buffers.len();
            let access = if last { StorageAccess::LOAD | StorageAccess::STORE } else { StorageAccess::LOAD };
            assert_eq!(global.space, AddressSpace::Storage { access }, "{} binding {number}", shader.name());
            assert!(!last || !matches!(buffer, Buffer::Input(_)), "{} writes over an input", shader.name());
        }
        let bound = module.global_variables.iter().filter(|(_, global)| global.binding.is_some()).count();
        let expected = step.buffers.len() + usize::from(!step.params.is_empty());
        assert_eq!(bound, expected, "{}", shader.name());
    });
}

#[test]
fn the_constants_set_the_workgroup_and_its_memory() {
    for_each_step(&|_, variant, shader, step, size| {
        let (module, info) = parsed(shader);
        let constants = step.constants.iter().map(|&(name, value)| (name.to_owned(), value)).collect();
        let names: BTreeSet<_> = module.overrides.iter().filter_map(|(_, o)| o.name.as_deref()).collect();
        assert_eq!(names, step.constants.iter().map(|(name, _)| *name).collect(), "{}", shader.name());

        let entry = Some((ShaderStage::Compute, "main"));
        let (module, _) = process_overrides(&module, &info, entry, &constants)
            .unwrap_or_else(|error| panic!("{}: {error}", shader.name()));
        let invocations: u32 = module.entry_points[0].workgroup_size.iter().product();
        let expected = if shader.name() == "dot_total" { step.params[0].min(256) } else { size };
        assert_eq!(invocations, expected, "{}", shader.name());

        let shared = module.global_variables.iter().filter(|(_, global)| global.space == AddressSpace::WorkGroup);
        let bytes: u32 = shared.map(|(_, global)| module.types[global.ty].inner.size(module.to_ctx())).sum();
        let promised = (variant.workgroup_memory)(size);
        assert!(u64::from(bytes) <= promised, "{}: {bytes} bytes, {promised} promised", shader.name());
        assert!(bytes > 0 || promised == 0, "{} promises {promised} bytes and takes none", shader.name());
    });
}

#[test]
fn scratch_is_written_before_it_is_read_and_the_output_last() {
    for workload in workload::all() {
        for variant in workload.variants() {
            let size = variant.workgroup_size(16);
            let steps = workload.steps(variant, &Case::new(workload.problem(100), u64::from(4 * size), size));
            let mut written = Vec::new();
            for Step { buffers, scratch, workgroups, .. } in &steps {
                assert!(*workgroups > 0);
                let Some((target, sources)) = buffers.split_last() else { continue };
                for source in sources {
                    assert!(
                        matches!(source, Buffer::Input(_)) || written.contains(source),
                        "{source:?} is read unwritten"
                    );
                }
                assert_eq!(matches!(target, Buffer::Scratch(_)), !scratch.is_empty(), "scratch has a size");
                written.push(*target);
            }
            // A workload without output may still write to scratch.
            let last = written.last() == Some(&Buffer::Output);
            assert_eq!(last, workload.output_length(workload.problem(100)) > 0, "{}", workload.name());
        }
    }
}

/// A slice that began at the first element of all would do the work of the slices before it once more, and be right.
#[test]
fn a_slice_begins_at_its_own_first_element() {
    let slicing: Vec<_> = shaders().filter(|(_, _, shader)| shader.params.contains(&"first")).collect();
    assert!(slicing.len() >= 2);
    for (workload, variant, shader) in slicing {
        assert!(shader.text().contains("for (var i = params.first + id; i < params.n;"), "{}", shader.name());
        let case = Case::new(workload.problem(64), 16, 16);
        assert!(workload.slice(variant, &case, 16..32).is_some(), "{}", shader.name());
    }
}

#[test]
fn every_file_has_a_twin_of_its_name() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("shaders");
    let on_disk: BTreeSet<_> = std::fs::read_dir(&folder)
        .expect("the folder of shaders")
        .map(|entry| entry.expect("a file").file_name().into_string().expect("a plain name"))
        .collect();
    let files = || shaders().flat_map(|(_, _, shader)| shader.files);
    let named: BTreeSet<_> = files().map(|file| format!("{}.wgsl", file.name)).collect();
    assert_eq!(on_disk, named);
    for file in files() {
        let text = std::fs::read_to_string(folder.join(format!("{}.wgsl", file.name))).expect("a shader");
        assert_eq!(text, file.text, "{}", file.name);
    }
}

#[test]
fn every_shader_can_be_shown_to_a_class() {
    for file in shaders().flat_map(|(_, _, shader)| shader.files) {
        assert!(file.text.starts_with("// "), "{} says first what it computes", file.name);
        assert!(file.text.lines().count() <= 100, "{} is too long for a projector", file.name);
        assert!(file.text.lines().all(|line| line.len() <= 120), "{} has long lines", file.name);
    }
}

/// A loop that is marked and not written out would keep its sums in memory instead of registers.
#[test]
fn every_marked_loop_is_written_out() {
    for (_, _, shader) in shaders() {
        let marked = |text: &str| text.lines().any(|line| line.starts_with(' ') && line.ends_with("// unrolled"));
        assert!(!marked(&shader.text()), "{}", shader.name());
    }
}
