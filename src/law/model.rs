//! The models of the speedup family, in order of complexity.

use serde::Serialize;

/// One member of `T(p) = T(1) · (φ + (1 − φ) g(p)/g(1) + κ (p − 1) + λ log₂ p)`, named by what limits the speedup.
#[derive(Serialize, Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[serde(rename_all = "kebab-case")]
pub enum Model {
    /// `T(p) = T(1)`: more workers change nothing.
    Constant,
    /// `T(p) = T(1)/p`: nothing limits the speedup.
    Ideal,
    /// `g = 1/p`: a serial part (Amdahl 1967).
    Amdahl,
    /// `φ = 0`, `g = 1/min(p, K)`: the hardware is full at K workers, and there is no serial part.
    Saturation,
    /// A serial part, and hardware that is suddenly full at K workers.
    AmdahlSaturation,
    /// A serial part, and hardware that fills gradually: `g = (p^−k + K^−k)^(1/k)`.
    AmdahlSaturationSmooth,
    /// A serial part, and a cost that grows with the workers: Gunther's Universal Scalability Law with α = φ and β = κ
    /// (N. J. Gunther, "Guerrilla Capacity Planning", 2007).
    Usl,
    /// A serial part, hardware that is full at K workers, and a cost that grows with the workers.
    AmdahlSaturationKappa,
    /// A serial part, and a cost of each doubling of the workers: it grows by their logarithm.
    AmdahlLog,
    /// A serial part, hardware that is full at K workers, and a cost of each doubling of the workers.
    AmdahlSaturationLog,
    /// A serial part, hardware that is full at K workers, a cost of each extra worker, and one of each doubling.
    AmdahlSaturationCosts,
}

/// Every model, the simplest first.
pub const MODELS: [Model; 11] = [
    Model::Constant,
    Model::Ideal,
    Model::Amdahl,
    Model::Saturation,
    Model::Usl,
    Model::AmdahlLog,
    Model::AmdahlSaturation,
    Model::AmdahlSaturationSmooth,
    Model::AmdahlSaturationKappa,
    Model::AmdahlSaturationLog,
    Model::AmdahlSaturationCosts,
];

impl Model {
    /// Returns the name used in options, records and reports, for example `amdahl-saturation`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Constant => "constant",
            Self::Ideal => "ideal",
            Self::Amdahl => "amdahl",
            Self::Saturation => "saturation",
            Self::AmdahlSaturation => "amdahl-saturation",
            Self::AmdahlSaturationSmooth => "amdahl-saturation-smooth",
            Self::Usl => "usl",
            Self::AmdahlSaturationKappa => "amdahl-saturation-kappa",
            Self::AmdahlLog => "amdahl-log",
            Self::AmdahlSaturationLog => "amdahl-saturation-log",
            Self::AmdahlSaturationCosts => "amdahl-saturation-costs",
        }
    }

    /// Returns the model with this name.
    pub fn from_name(name: &str) -> Option<Self> {
        MODELS.into_iter().find(|m| m.name() == name)
    }

    /// Returns the number of fitted parameters, `T(1)` included: the q in the degrees of freedom `n − q`.
    pub fn parameters(self) -> usize {
        match self {
            Self::Constant | Self::Ideal => 1,
            Self::Amdahl | Self::Saturation => 2,
            Self::AmdahlSaturation | Self::Usl | Self::AmdahlLog => 3,
            Self::AmdahlSaturationSmooth | Self::AmdahlSaturationKappa | Self::AmdahlSaturationLog => 4,
            Self::AmdahlSaturationCosts => 5,
        }
    }

    /// Returns whether the model fits a serial part φ.
    pub fn has_serial_part(self) -> bool {
        !matches!(self, Self::Ideal | Self::Saturation)
    }

    /// Returns whether some part gets faster with more workers.
    pub fn has_parallel_part(self) -> bool {
        self != Self::Constant
    }

    /// Returns whether the hardware is full at K workers.
    pub fn has_knee(self) -> bool {
        matches!(
            self,
            Self::Saturation
                | Self::AmdahlSaturation
                | Self::AmdahlSaturationSmooth
                | Self::AmdahlSaturationKappa
                | Self::AmdahlSaturationLog
                | Self::AmdahlSaturationCosts
        )
    }

    /// Returns whether the model has a cost κ per extra worker, so that its time can rise again.
    pub fn has_kappa(self) -> bool {
        matches!(self, Self::Usl | Self::AmdahlSaturationKappa | Self::AmdahlSaturationCosts)
    }

    /// Whether it has a cost λ of each doubling of the workers. Such a model is only tried where no other follows the
    /// points, or where the time surely grows with the workers.
    pub fn has_log(self) -> bool {
        matches!(self, Self::AmdahlLog | Self::AmdahlSaturationLog | Self::AmdahlSaturationCosts)
    }

    /// Fewest distinct worker counts at which it may be chosen: 11 with a knee, 6 without.
    pub fn fewest_to_choose(self) -> usize {
        if self.has_knee() { 11 } else { 6 }
    }

    /// Fewest distinct worker counts for which it is fitted if it is named: one more than it has parameters, and never
    /// fewer than 5 with a knee, or 3 without.
    pub fn fewest_if_named(self) -> usize {
        (self.parameters() + 1).max(if self.has_knee() { 5 } else { 3 })
    }
}

impl std::fmt::Display for Model {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_model_is_saved_under_its_name() {
        for model in MODELS {
            let saved = serde_json::to_string(&model).unwrap();
            assert_eq!(saved, format!("\"{}\"", model.name()));
            assert_eq!(Model::from_name(model.name()), Some(model));
        }
        assert_eq!(Model::from_name("Amdahl"), None);
    }

    /// A named model leaves at least one degree of freedom to judge it by.
    #[test]
    fn a_named_model_needs_one_count_more_than_parameters() {
        let needed = |model: Model| (model.fewest_if_named(), model.fewest_to_choose());
        assert_eq!(needed(Model::Amdahl), (3, 6));
        assert_eq!(needed(Model::Usl), (4, 6));
        assert_eq!(needed(Model::Saturation), (5, 11));
        assert!(MODELS.into_iter().all(|model| model.fewest_if_named() > model.parameters()));
    }

    #[test]
    fn models_are_listed_from_simple_to_full() {
        assert!(MODELS.windows(2).all(|m| m[0].parameters() <= m[1].parameters()));
    }
}
