//! Reads `--simulate`: a law, or the model of a GPU.

use super::Failure;
use crate::device::simulated::{Hardware, PRESETS, PlantedLaw, Truth, preset};
use crate::units;

/// A law, as error messages show it.
const EXAMPLE: &str = "serial=0.01,knee=4096,noise=0.05; `amdahl run --help` lists every key";

/// Reads the name of a model, or a law as `key=value` pairs. Missing keys keep their default. Faults of a model follow
/// its name as pairs.
pub(super) fn parse(text: &str) -> Result<Truth, Failure> {
    let (first, rest) = text.split_once(',').unwrap_or((text, ""));
    if !first.contains('=') {
        let name = first.trim();
        let hardware = preset(&name.to_lowercase()).ok_or_else(|| unknown(name))?;
        return Ok(Truth::Hardware(Box::new(with_faults(hardware.clone(), rest)?)));
    }
    let mut law = PlantedLaw::default();
    for pair in text.split(',') {
        let pair = Pair::of(pair, EXAMPLE)?;
        let number = |least: f64, most: f64| pair.number(least, most);
        match pair.key {
            "serial" => law.serial = number(0.0, 1.0)?,
            "knee" => law.knee = number(1.0, 1e12)?,
            "ridge" => law.ridge = number(1e-3, 1e6)?,
            "bounds" => law.bounds = number(0.0, 0.3)?,
            "loop-bounds" => law.loop_bounds = number(0.0, 0.3)?,
            "zero-init" => law.zero_init = number(0.0, 0.3)?,
            "divergence" => law.divergence = number(0.0, 1.0)?,
            "cache" => law.cache = number(2.0, 1e12)?,
            "cache-gain" => law.cache_gain = number(1.0, 100.0)?,
            "straggler" => law.straggler = number(1.0, 100.0)?,
            "communication" => law.communication = number(0.0, 1.0)?,
            "per-doubling" => law.per_doubling = number(0.0, 1.0)?,
            "kappa" => law.kappa = number(0.0, 1.0)?,
            "overlap" => law.overlap = number(0.0, 1.0)?,
            "noise" => law.noise = number(0.0, 1.0)?,
            "tail" => law.tail = number(0.0, 1.0)?,
            "drift" => law.drift = number(0.0, 10.0)?,
            "launch" => {
                law.launch = units::parse_duration(pair.value).map_err(|error| (pair.wrong)(error.to_string()))?;
            }
            other => return Err((pair.wrong)(format!("{other:?} is not a part of a law"))),
        }
    }
    check(&law, text)?;
    Ok(Truth::Law(law))
}

/// Refuses keys that do nothing without another one.
fn check(law: &PlantedLaw, text: &str) -> Result<(), Failure> {
    let has = |key: &str| text.split(',').any(|pair| pair.split('=').next().is_some_and(|name| name.trim() == key));
    let needs = |key: &str, what: &str| {
        Err(Failure::usage(format!("--simulate: {key}= alone changes nothing; it needs {what}, too")))
    };
    if has("cache-gain") && law.cache.is_infinite() {
        return needs("cache-gain", "cache=16, the workers from which on each share fits into a cache");
    }
    if law.overlap > 0.0 && law.communication + law.per_doubling + law.kappa == 0.0 {
        return needs("overlap", "communication=0.01, per-doubling=0.001 or kappa=1e-6, which it can hide");
    }
    Ok(())
}

/// The faults of a model, as error messages show them.
const FAULTY: &str = "h100,noise=0.01,drift=0,bad-stamps=0,wrap=0s,battery=0";

fn with_faults(mut hardware: Hardware, text: &str) -> Result<Hardware, Failure> {
    for text in text.split(',').filter(|text| !text.trim().is_empty()) {
        let pair = Pair::of(text, FAULTY)?;
        match pair.key {
            "noise" => hardware.noise = pair.number(0.0, 1.0)?,
            "drift" => hardware.faults.drift = pair.number(0.0, 10.0)?,
            "bad-stamps" => hardware.faults.bad_stamps = pair.number(0.0, 1.0)?,
            "wrap" => {
                hardware.faults.wrap =
                    units::parse_duration(pair.value).map_err(|error| (pair.wrong)(error.to_string()))?;
            }
            "battery" => hardware.faults.battery = pair.number(0.0, 0.9)?,
            other => return Err((pair.wrong)(format!("{other:?} is not a fault of a model"))),
        }
    }
    Ok(hardware)
}

fn unknown(name: &str) -> Failure {
    let names: Vec<&str> = PRESETS.iter().map(|hardware| hardware.preset).collect();
    Failure::usage(format!(
        "--simulate: no model {name:?}; there are: {}. A law looks like {EXAMPLE}",
        names.join(", ")
    ))
}

/// A `key=value` pair, and what to say of one that is wrong.
struct Pair<'a> {
    key: &'a str,
    value: &'a str,
    wrong: Box<dyn Fn(String) -> Failure + 'a>,
}

impl<'a> Pair<'a> {
    fn of(text: &'a str, example: &'a str) -> Result<Self, Failure> {
        let wrong =
            move |what: String| Failure::usage(format!("--simulate: {what} in {text:?}; write it like {example}"));
        let (key, value) = text.split_once('=').ok_or_else(|| wrong("no `=`".to_owned()))?;
        Ok(Self { key: key.trim(), value: value.trim(), wrong: Box::new(wrong) })
    }

    fn number(&self, least: f64, most: f64) -> Result<f64, Failure> {
        let value = self.value;
        let parsed = value.parse::<f64>().map_err(|_| (self.wrong)(format!("{value:?} is not a number")))?;
        if !(least..=most).contains(&parsed) {
            return Err((self.wrong)(format!("{value} is not between {least} and {most}")));
        }
        Ok(parsed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_is_read_and_the_others_keep_their_default() {
        let text = "serial=0.01, knee=64,launch=5us,noise=0";
        let launch = units::parse_duration("5us").unwrap();
        let expected = PlantedLaw { serial: 0.01, knee: 64.0, launch, noise: 0.0, ..PlantedLaw::default() };
        assert_eq!(parse(text).unwrap(), Truth::Law(expected));
    }

    #[test]
    fn every_lesson_is_read() {
        let text = "cache=16,cache-gain=2,straggler=1.5,communication=0.01,per-doubling=0.002,kappa=1e-6,overlap=0.8";
        let expected = PlantedLaw {
            cache: 16.0,
            cache_gain: 2.0,
            straggler: 1.5,
            communication: 0.01,
            per_doubling: 0.002,
            kappa: 1e-6,
            overlap: 0.8,
            ..PlantedLaw::default()
        };
        assert_eq!(parse(text).unwrap(), Truth::Law(expected));
    }

    #[test]
    fn a_model_is_found_by_its_name_and_may_be_faulty() {
        let Truth::Hardware(hardware) = parse("H100,bad-stamps=0.02,battery=0.4").unwrap() else { panic!("a law") };
        assert_eq!((hardware.preset, hardware.faults.bad_stamps, hardware.faults.battery), ("h100", 0.02, 0.4));
        assert!(parse("h200").unwrap_err().to_string().contains("rtx4060-laptop"));
        assert!(parse("m2,heat=1").unwrap_err().to_string().contains("heat"));
    }

    #[test]
    fn what_is_wrong_is_named() {
        for (text, named) in [
            ("serial", "no model"),
            ("serial=0.1,knee", "no `=`"),
            ("speed=3", "\"speed\""),
            ("serial=2", "between 0 and 1"),
            ("knee=x", "not a number"),
            ("", "no model"),
            ("cache=1", "between 2 and"),
            ("straggler=0.5", "between 1 and 100"),
            ("overlap=1.2", "between 0 and 1"),
            ("serial=0.1,cache-gain=2", "it needs cache="),
            ("overlap=0.5", "it needs communication="),
        ] {
            let message = parse(text).unwrap_err().to_string();
            assert!(message.contains(named), "{text:?}: {message}");
        }
    }
}
