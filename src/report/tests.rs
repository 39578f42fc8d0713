//! The whole report on runs made by hand.

use crate::finding::fixture;

#[test]
fn show() {
    let run = fixture::full_run();
    println!("{}", super::text(&run));
}
