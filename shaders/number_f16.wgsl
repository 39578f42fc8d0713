// The input matrices hold 16-bit floats, half as many bytes. Sums have 32 bits.
enable f16;

alias number = f16;
alias number4 = vec4h;
