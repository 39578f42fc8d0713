//! The versions of the programs that are compared, as they were built.

/// The crates that the tables speak of.
const COMPARED: [&str; 6] = ["wgpu", "burn-wgpu", "cubek-matmul", "matrixmultiply", "gemm", "faer"];

/// Returns name and version of each crate.
pub(crate) fn all() -> Vec<String> {
    COMPARED.iter().map(|name| format!("{name} {}", version(name).unwrap_or("of unknown version"))).collect()
}

/// Returns the version of a crate in the lock file.
fn version(name: &str) -> Option<&'static str> {
    let lock = include_str!("../Cargo.lock");
    let entry = lock.split_once(&format!("name = \"{name}\"\nversion = \""))?.1;
    Some(entry.split_once('"')?.0)
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_compared_crate_is_locked() {
        assert!(super::COMPARED.iter().all(|name| super::version(name).is_some()));
        assert_eq!(super::version("nowhere"), None);
    }
}
