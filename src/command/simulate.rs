//! The law that `--simulate` plants.

use super::Failure;
use crate::device::simulated::PlantedLaw;
use crate::units;

/// What can be planted, as error messages show it.
const EXAMPLE: &str = "serial=0.01,knee=4096,kappa=0,launch=5us,noise=0.05,tail=0,drift=0,ridge=8,divergence=1,\
                       bounds=0.1,loop-bounds=0.05,zero-init=0";

/// Reads `key=value` pairs; keys that are missing keep their default.
pub(super) fn parse(text: &str) -> Result<PlantedLaw, Failure> {
    let mut law = PlantedLaw::default();
    for pair in text.split(',') {
        let wrong = |what: String| Failure::usage(format!("--simulate: {what} in {pair:?}; write it like {EXAMPLE}"));
        let (key, value) = pair.split_once('=').ok_or_else(|| wrong("there is no `=`".to_owned()))?;
        let value = value.trim();
        let number = |least: f64, most: f64| {
            let parsed = value.parse::<f64>().map_err(|_| wrong(format!("{value:?} is no number")))?;
            if !(least..=most).contains(&parsed) {
                return Err(wrong(format!("{value} is not between {least} and {most}")));
            }
            Ok(parsed)
        };
        match key.trim() {
            "serial" => law.serial = number(0.0, 1.0)?,
            "knee" => law.knee = number(1.0, 1e12)?,
            "ridge" => law.ridge = number(1e-3, 1e6)?,
            "bounds" => law.bounds = number(0.0, 0.3)?,
            "loop-bounds" => law.loop_bounds = number(0.0, 0.3)?,
            "zero-init" => law.zero_init = number(0.0, 0.3)?,
            "divergence" => law.divergence = number(0.0, 1.0)?,
            "kappa" => law.kappa = number(0.0, 1.0)?,
            "noise" => law.noise = number(0.0, 1.0)?,
            "tail" => law.tail = number(0.0, 1.0)?,
            "drift" => law.drift = number(0.0, 10.0)?,
            "launch" => law.launch = units::parse_duration(value).map_err(|error| wrong(error.to_string()))?,
            other => return Err(wrong(format!("{other:?} is no part of the law"))),
        }
    }
    Ok(law)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_is_read_and_the_others_keep_their_default() {
        let law = parse("serial=0.01, knee=64,launch=5us,noise=0").unwrap();
        assert!((law.launch - 5e-6).abs() < 1e-15);
        let expected = PlantedLaw { serial: 0.01, knee: 64.0, launch: law.launch, noise: 0.0, ..PlantedLaw::default() };
        assert_eq!(law, expected);
    }

    #[test]
    fn what_is_wrong_is_named() {
        for (text, named) in [
            ("serial", "no `=`"),
            ("speed=3", "\"speed\""),
            ("serial=2", "between 0 and 1"),
            ("knee=x", "no number"),
            ("", "no `=`"),
        ] {
            let message = parse(text).unwrap_err().to_string();
            assert!(message.contains(named), "{text:?}: {message}");
        }
    }
}
