// The numbers of the matrices that a kernel multiplies: 32-bit floats, as its sums are.

alias number = f32;
alias number4 = vec4f;
