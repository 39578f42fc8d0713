//! One event of a trace, as the Chrome trace-event format has it. Unknown members are passed over.
//!
//! Source: "Trace Event Format", docs.google.com/document/d/1CvAClvFfyA5R-PhYUmn5OOQtYMH4h6I0nSsKchNAySU.

use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

/// Longest name that is kept, in bytes: kernels from templates have names of thousands.
const LONGEST_NAME: usize = 2048;

/// Times from here on, in nanoseconds, are no times: 73 years. Sums of smaller ones do not overflow.
const FARTHEST: u64 = 1 << 61;

/// An event. What is missing is empty.
#[derive(Debug, Default)]
pub(super) struct Event {
    /// Kind: `X` is a whole time, `B` its begin, `E` its end.
    pub(super) ph: String,
    pub(super) name: String,
    /// Category: `kernel`, `cpu_op`.
    pub(super) cat: String,
    /// Process, or the device of a kernel.
    pub(super) pid: String,
    /// Thread, or the stream of a kernel.
    pub(super) tid: String,
    /// Begin in nanoseconds.
    pub(super) ts: Option<i64>,
    /// Length in nanoseconds.
    pub(super) dur: Option<i64>,
}

#[derive(Deserialize)]
#[serde(field_identifier, rename_all = "lowercase")]
enum Key {
    Ph,
    Name,
    Cat,
    Pid,
    Tid,
    Ts,
    Dur,
    #[serde(other)]
    Other,
}

impl<'de> Deserialize<'de> for Event {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Members;
        impl<'de> Visitor<'de> for Members {
            type Value = Event;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an event: an object such as {\"ph\":\"X\",\"name\":\"add\",\"ts\":1,\"dur\":2}")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Event, A::Error> {
                let mut event = Event::default();
                while let Some(key) = members.next_key()? {
                    let text = match key {
                        Key::Ph => &mut event.ph,
                        Key::Name => &mut event.name,
                        Key::Cat => &mut event.cat,
                        Key::Pid => &mut event.pid,
                        Key::Tid => &mut event.tid,
                        Key::Ts => {
                            event.ts = members.next_value::<Scalar>()?.nanoseconds();
                            continue;
                        }
                        Key::Dur => {
                            event.dur = members.next_value::<Scalar>()?.nanoseconds();
                            continue;
                        }
                        Key::Other => {
                            members.next_value::<IgnoredAny>()?;
                            continue;
                        }
                    };
                    *text = members.next_value::<Scalar>()?.text();
                }
                Ok(event)
            }
        }
        deserializer.deserialize_map(Members)
    }
}

/// A text or a number; anything else is [`Scalar::Other`].
#[derive(Debug, PartialEq)]
pub(super) enum Scalar {
    Text(String),
    Whole(i64),
    Number(f64),
    Other,
}

impl Scalar {
    /// Returns a text, or a number as text.
    pub(super) fn text(self) -> String {
        match self {
            Self::Text(text) => text,
            Self::Whole(whole) => whole.to_string(),
            Self::Number(number) => number.to_string(),
            Self::Other => String::new(),
        }
    }

    /// Returns a whole number that is not negative, also one in a text.
    pub(super) fn count(&self) -> Option<u64> {
        match self {
            Self::Text(text) => text.trim().parse().ok(),
            Self::Whole(whole) => u64::try_from(*whole).ok(),
            Self::Number(_) | Self::Other => None,
        }
    }

    /// Returns microseconds as nanoseconds: numbers, and numbers in texts. Whole ones stay exact.
    fn nanoseconds(&self) -> Option<i64> {
        let rounded =
            |microseconds: f64| Some((microseconds * 1e3).round()).filter(|it| it.is_finite()).map(|it| it as i64);
        let nanoseconds = match self {
            Self::Text(text) => match text.trim().parse::<i64>() {
                Ok(whole) => whole.checked_mul(1000),
                Err(_) => text.trim().parse().ok().and_then(rounded),
            },
            Self::Whole(whole) => whole.checked_mul(1000),
            Self::Number(number) => rounded(*number),
            Self::Other => None,
        };
        nanoseconds.filter(|it| it.unsigned_abs() < FARTHEST)
    }
}

impl<'de> Deserialize<'de> for Scalar {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Any;
        impl<'de> Visitor<'de> for Any {
            type Value = Scalar;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a text or a number")
            }

            fn visit_str<E>(self, text: &str) -> Result<Scalar, E> {
                let end = (0..=LONGEST_NAME.min(text.len())).rev().find(|&end| text.is_char_boundary(end));
                Ok(Scalar::Text(text[..end.unwrap_or(0)].to_owned()))
            }

            fn visit_i64<E>(self, whole: i64) -> Result<Scalar, E> {
                Ok(Scalar::Whole(whole))
            }

            fn visit_u64<E>(self, whole: u64) -> Result<Scalar, E> {
                Ok(i64::try_from(whole).map_or(Scalar::Other, Scalar::Whole))
            }

            fn visit_f64<E>(self, number: f64) -> Result<Scalar, E> {
                Ok(Scalar::Number(number))
            }

            fn visit_bool<E>(self, _: bool) -> Result<Scalar, E> {
                Ok(Scalar::Other)
            }

            fn visit_unit<E>(self) -> Result<Scalar, E> {
                Ok(Scalar::Other)
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Scalar, A::Error> {
                while items.next_element::<IgnoredAny>()?.is_some() {}
                Ok(Scalar::Other)
            }

            fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Scalar, A::Error> {
                while members.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
                Ok(Scalar::Other)
            }
        }
        deserializer.deserialize_any(Any)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(text: &str) -> Event {
        serde_json::from_str(text).unwrap()
    }

    #[test]
    fn times_are_numbers_or_texts_in_microseconds() {
        for (ts, nanoseconds) in [
            ("1", Some(1000)),
            ("1.25", Some(1250)),
            ("\"1.25\"", Some(1250)),
            ("\" 7 \"", Some(7000)),
            ("1e3", Some(1_000_000)),
            ("-2", Some(-2000)),
            ("1623143089861157", Some(1_623_143_089_861_157_000)),
            ("\"1623143089861157\"", Some(1_623_143_089_861_157_000)),
            ("1e300", None),
            ("9223372036854775807", None),
            ("\"NaN\"", None),
            ("\"soon\"", None),
            ("null", None),
            ("[1]", None),
            ("{\"a\":1}", None),
            ("true", None),
        ] {
            assert_eq!(event(&format!("{{\"ts\":{ts}}}")).ts, nanoseconds, "{ts}");
        }
    }

    #[test]
    fn other_members_and_repeated_ones_do_no_harm() {
        let event =
            event(r#"{"args":{"a":[1,{}]},"name":"x","name":"y","tid":"stream 7","pid":0,"ph":"X","cat":null}"#);
        assert_eq!([event.name, event.tid, event.pid, event.ph, event.cat], ["y", "stream 7", "0", "X", ""]);
        assert!(serde_json::from_str::<Event>("[1]").unwrap_err().to_string().contains("an event: an object"));
    }

    #[test]
    fn a_long_name_is_cut_between_letters() {
        let name = "é".repeat(LONGEST_NAME);
        assert_eq!(event(&format!("{{\"name\":\"{name}\"}}")).name.len(), LONGEST_NAME);
    }
}
