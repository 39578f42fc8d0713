// z = x + y

fn of(x: vec4f, y: vec4f) -> vec4f {
    return x + y;
}
