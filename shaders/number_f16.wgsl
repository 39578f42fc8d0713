// The numbers of the matrices that a kernel multiplies: 16-bit floats, half as many bytes. Its sums have 32 bits.
enable f16;

alias number = f16;
alias number4 = vec4h;
