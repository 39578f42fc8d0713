//! Which rank each file is of.

use super::read::Distributed;

/// How the ranks are known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Source {
    /// `distributedInfo` in each file.
    DistributedInfo,
    /// The number after `rank` in each file's name.
    FileName,
    /// The order in which the files were given.
    Order,
}

impl Source {
    /// Writes it.
    pub(super) fn words(self) -> &'static str {
        match self {
            Self::DistributedInfo => "by `distributedInfo` in each file",
            Self::FileName => "by the file names",
            Self::Order => "by the order of the files",
        }
    }
}

/// Returns the rank of each file. Names and what the files say of themselves are taken only if every file has them.
///
/// # Errors
/// Names two files that say that they are the same rank.
pub(super) fn ranks(files: &[(&str, Distributed)]) -> Result<(Source, Vec<u64>), String> {
    let told: Option<Vec<u64>> = files.iter().map(|(_, info)| info.rank).collect();
    if let Some(ranks) = told {
        return match twin(&ranks) {
            None => Ok((Source::DistributedInfo, ranks)),
            Some((first, second)) => Err(format!(
                "{} and {} are both of rank {}; give one file for each rank",
                files[first].0, files[second].0, ranks[second]
            )),
        };
    }
    let named: Option<Vec<u64>> = files.iter().map(|(name, _)| in_name(name)).collect();
    match named.filter(|ranks| twin(ranks).is_none()) {
        Some(ranks) => Ok((Source::FileName, ranks)),
        None => Ok((Source::Order, (0..files.len() as u64).collect())),
    }
}

/// Finds two that are the same.
fn twin(ranks: &[u64]) -> Option<(usize, usize)> {
    let earlier = |(index, rank): (usize, &u64)| Some((ranks[..index].iter().position(|one| one == rank)?, index));
    ranks.iter().enumerate().find_map(earlier)
}

/// Returns the number after the last `rank` in a file's name.
fn in_name(path: &str) -> Option<u64> {
    let name = path.rsplit(['/', '\\']).next()?.to_ascii_lowercase();
    let after = &name[name.rfind("rank")? + "rank".len()..];
    let digits = after.trim_start_matches(['-', '_', '.', '=', ' ', '[']);
    let end = digits.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(digits.len());
    digits[..end].parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(files: &[(&str, Option<u64>)]) -> Result<(Source, Vec<u64>), String> {
        let files: Vec<_> = files.iter().map(|&(name, rank)| (name, Distributed { rank, world_size: None })).collect();
        ranks(&files)
    }

    #[test]
    fn ranks_are_told_named_or_counted() {
        assert_eq!(of(&[("b", Some(3)), ("a", Some(1))]), Ok((Source::DistributedInfo, vec![3, 1])));
        let named = [("x/rank-12.Jul_15.json", None), ("rank_2.json.gz", None), ("t_Rank=7", Some(1))];
        assert_eq!(of(&named), Ok((Source::FileName, vec![12, 2, 7])));
        assert_eq!(of(&[("rank1/a", None), ("rank1/b", None)]), Ok((Source::Order, vec![0, 1])));
        assert_eq!(of(&[("rank1", None), ("rank1.b", None)]), Ok((Source::Order, vec![0, 1])));
        let twice = of(&[("a", Some(1)), ("b", Some(0)), ("c", Some(1))]).unwrap_err();
        assert!(twice.starts_with("a and c are both of rank 1"), "{twice}");
    }
}
