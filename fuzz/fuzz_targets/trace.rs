#![no_main]

#[allow(dead_code, reason = "each target feeds one edge")]
#[path = "../../tests/outside/edges.rs"]
mod edges;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| edges::trace(bytes));
