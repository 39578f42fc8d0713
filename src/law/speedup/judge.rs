//! The verdict on a fit. It tests first for superlinear points, then whether the law describes the points, then whether
//! they determine its parameters.

use crate::law::model::Model;
use crate::law::reason::{Law, Reason};

use super::data::Data;
use super::goodness::Goodness;
use super::interval::Range;
use super::shape::{dropping, rising, superlinear};

/// Widest interval of the serial fraction, as `high/low`, that counts as a value. A wider one is only a bound.
const WIDEST_FACTOR: f64 = 3.0;

/// Judges a fit of `model`, which was `forced` or chosen, by its goodness and the interval of its serial fraction.
pub(crate) fn judge(data: &Data, goodness: &Goodness, model: Model, forced: bool, serial: Option<Range>) -> Reason {
    let finite = |z: f64| Some(z).filter(|z| z.is_finite());
    if let Some(found) = superlinear(data, 0) {
        return Reason::MoreThanLinear { from: found.from, to: found.to, factor: found.factor, z: finite(found.z) };
    }
    if let Some(found) = dropping(data, 0) {
        return Reason::FallsTooFar { from: found.from, to: found.to, factor: found.factor, z: finite(found.z) };
    }
    match (goodness.off_curve(), rising(data)) {
        (Some(poor), Some(rise)) => {
            Reason::Rises { from: rise.from, to: rise.to, factor: rise.factor, z: finite(rise.z), poor: Box::new(poor) }
        }
        (Some(poor), None) => poor,
        (None, _) if forced && !model.has_serial_part() => Reason::ForcedWithoutSerialPart { model },
        (None, _) => judge_range(data, goodness, model, serial),
    }
}

/// Judges whether the interval of the serial fraction gives a value or only a bound.
fn judge_range(data: &Data, goodness: &Goodness, model: Model, serial: Option<Range>) -> Reason {
    let workers = data.workers.last().copied().unwrap_or(1.0);
    match serial {
        Some(Range { low, high: Some(high) }) if low > 0.0 && high <= WIDEST_FACTOR * low => {
            Reason::Describes { law: Law::Model(model), residual_sd: goodness.residual_sd }
        }
        Some(Range { low, high: Some(high) }) if low > 0.0 => Reason::WideRange { workers, low, high },
        _ => Reason::MayHaveNoSerialPart { workers },
    }
}
