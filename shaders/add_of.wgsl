// z = x + y

fn result(x: vec4f, y: vec4f) -> vec4f {
    return x + y;
}
