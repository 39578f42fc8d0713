// A subgroup multiplies squares of 16 x 16 numbers together: 16-bit floats with 32-bit sums.
enable wgpu_cooperative_matrix;

alias OfA = coop_mat16x16<f16, A>;
alias OfB = coop_mat16x16<f16, B>;
alias Sums = coop_mat16x16<f32, C>;
