// The input matrices hold 32-bit floats, like the sums.

alias number = f32;
alias number4 = vec4f;
