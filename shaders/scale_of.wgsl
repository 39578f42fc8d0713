// y = a x

override A: f32 = 1.0;

fn result(x: vec4f) -> vec4f {
    return A * x;
}
