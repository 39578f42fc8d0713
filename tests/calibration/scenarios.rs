//! Every planted truth that the fit must answer for.

use amdahl::law::Model::{
    Amdahl, AmdahlSaturation, AmdahlSaturationKappa, AmdahlSaturationSmooth, Ideal, Saturation, Usl,
};

use crate::planted::{Scenario, Twist};

/// Laws that are true, over a range that determines them: to be accepted.
pub(crate) fn determined() -> Vec<Scenario> {
    let new = Scenario::new;
    vec![
        new("Amdahl 1e-2", Amdahl, 1e-2),
        new("Amdahl 1e-3", Amdahl, 1e-3),
        new("Amdahl 1e-4", Amdahl, 1e-4),
        new("Amdahl 1e-2, 11 points", Amdahl, 1e-2).points(11),
        new("Amdahl 5e-2, 9 points", Amdahl, 5e-2).points(9),
        new("Amdahl 1e-3, 7 repetitions", Amdahl, 1e-3).repetitions(7),
        new("Amdahl 1e-3, noise 1 %", Amdahl, 1e-3).noise(0.01),
        new("Amdahl 1e-3, noise 20 %", Amdahl, 1e-3).noise(0.2),
        new("Amdahl 1e-3, point effects", Amdahl, 1e-3).point_effects(),
        new("Amdahl 1e-3, drift in blocks", Amdahl, 1e-3).twist(Twist::DriftInBlocks),
        new("Amdahl 1e-2, 1 or 20 rows, 6 %", Amdahl, 1e-2).points(14).noise(0.06).single_rows(),
        new("sharp knee 1e-3, K 1000", AmdahlSaturation, 1e-3).knee(1000.0, None),
        new("sharp knee 1e-4, K 4096", AmdahlSaturation, 1e-4).knee(4096.0, None),
        new("sharp knee 1e-3, point effects", AmdahlSaturation, 1e-3).knee(1000.0, None).point_effects(),
        new("sharp knee 1e-2, K 64, 11 points", AmdahlSaturation, 1e-2).knee(64.0, None).points(11),
        new("smooth knee 1e-3, K 3000, k 2", AmdahlSaturationSmooth, 1e-3).knee(3000.0, Some(2.0)).any_model(),
        new("smooth knee 1e-3, K 2000, k 2.5", AmdahlSaturationSmooth, 1e-3).knee(2000.0, Some(2.5)).any_model(),
        new("hidden knee 1e-2, K 2000", Amdahl, 1e-2).knee(2000.0, None).any_model(),
        new("hidden smooth knee 1e-2, K 4096", Amdahl, 1e-2).knee(4096.0, Some(2.0)).any_model(),
        new("hidden knee 5e-2, K 200, 11 points", Amdahl, 5e-2).knee(200.0, None).points(11).any_model(),
        new("USL 1e-2, 1e-6", Usl, 1e-2).kappa(1e-6),
        new("USL 1e-3, 1e-8", Usl, 1e-3).kappa(1e-8),
        new("USL 1e-2, point effects", Usl, 1e-2).kappa(1e-6).point_effects(),
        new("sharp knee and kappa", AmdahlSaturationKappa, 1e-3).knee(1000.0, None).kappa(1e-7),
    ]
}

/// Laws that are true, with a serial part near the limit of what the data can tell from a knee: a value for some draws,
/// a bound for the others.
pub(crate) fn at_the_limit() -> Vec<Scenario> {
    let new = Scenario::new;
    vec![
        new("sharp knee 1e-4, point effects", AmdahlSaturation, 1e-4).knee(3000.0, None).point_effects(),
        new("smooth knee 1e-3, K 1000, k 2", AmdahlSaturationSmooth, 1e-3).knee(1000.0, Some(2.0)),
        new("smooth knee 1e-3, K 700, k 2.5", AmdahlSaturationSmooth, 1e-3).knee(700.0, Some(2.5)),
        new("smooth knee 1e-4, K 4096, k 3", AmdahlSaturationSmooth, 1e-4).knee(4096.0, Some(3.0)),
        new("smooth knee 1e-4, K 3000, k 5", AmdahlSaturationSmooth, 1e-4).knee(3000.0, Some(5.0)).any_model(),
        new("smooth knee 1e-4, point effects", AmdahlSaturationSmooth, 1e-4).knee(4096.0, Some(2.0)).point_effects(),
        new("smooth knee 1e-2, K 64, 11 points", AmdahlSaturationSmooth, 1e-2).knee(64.0, Some(2.0)).points(11),
        new("Amdahl 1e-2, 1 or 20 rows, 15 %", Amdahl, 1e-2).points(14).noise(0.15).single_rows(),
    ]
}

/// Laws that are true, of which the data show too little, and data that follow no law: to be refused.
pub(crate) fn refusals() -> Vec<Scenario> {
    let new = Scenario::new;
    let twisted = |name, s, twist| new(name, Amdahl, s).twist(twist).any_model();
    vec![
        new("too short: 1e-4 to 64", Ideal, 1e-4).points(7).any_model(),
        new("too short: 1e-5 to 1024", Ideal, 1e-5).points(11).any_model(),
        new("too few points", Amdahl, 1e-2).points(5).any_model(),
        new("ideal", Ideal, 0.0),
        new("saturation, nothing serial", Saturation, 0.0).knee(3000.0, None),
        new("smooth saturation, 1e-6", AmdahlSaturationSmooth, 1e-6).knee(3000.0, Some(2.0)),
        twisted("superlinear: cache fits", 1e-3, Twist::CacheFits),
        twisted("superlinear: cache grows", 1e-4, Twist::CacheGrows),
        twisted("non-monotone: zigzag", 1e-3, Twist::Zigzag),
        twisted("non-monotone: spike", 1e-3, Twist::Spike),
        twisted("non-monotone: step", 1e-3, Twist::Step),
    ]
}

/// Laws measured less far than is asked, with the largest high/low of an interval four times beyond the data
/// that is still of use. Too short a curve leaves all between no limit and one that begins at once.
pub(crate) fn to_extrapolate() -> Vec<(Scenario, f64)> {
    let new = Scenario::new;
    vec![
        (new("beyond Amdahl", Amdahl, 1e-2).points(11), 1.6),
        (new("beyond Amdahl, too short", Amdahl, 1e-4).points(11), 16.0),
        (new("beyond a sharp knee", AmdahlSaturation, 1e-2).knee(64.0, None).points(12), 5.0),
        (new("beyond USL", Usl, 1e-2).kappa(1e-5).points(12), 1.3),
        (new("beyond a USL that looks like Amdahl", Usl, 1e-2).kappa(1e-7).points(12), 1.6),
    ]
}
