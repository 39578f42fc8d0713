// z = a x + y, written to a third vector, so repeated dispatches give the same result.

override A: f32 = 1.0;

fn result(x: vec4f, y: vec4f) -> vec4f {
    return A * x + y;
}
