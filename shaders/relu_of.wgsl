// y = max(x, 0)

fn result(x: vec4f) -> vec4f {
    return max(x, vec4f(0.0));
}
