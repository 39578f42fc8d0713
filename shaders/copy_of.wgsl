// y = x

fn result(x: vec4f) -> vec4f {
    return x;
}
