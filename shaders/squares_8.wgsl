// A subgroup multiplies squares of 8 x 8 numbers together: 16-bit floats with 32-bit sums.
enable wgpu_cooperative_matrix;

alias OfA = coop_mat8x8<f16, A>;
alias OfB = coop_mat8x8<f16, B>;
alias Sums = coop_mat8x8<f32, C>;
