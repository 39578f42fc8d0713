//! Advice.

pub mod advice;
pub mod recommend;
