// z = x y, element by element

fn of(x: vec4f, y: vec4f) -> vec4f {
    return x * y;
}
