//! The mark before the fraction of a number, on which people do not agree.

/// The mark before a fraction.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Decimal {
    /// 1.5; commas set thousands apart.
    #[default]
    Point,
    /// 1,5; points set thousands apart.
    Comma,
}

impl Decimal {
    /// Its name as an option's value.
    pub fn name(self) -> &'static str {
        match self {
            Self::Point => "point",
            Self::Comma => "comma",
        }
    }
}
