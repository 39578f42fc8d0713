//! Points, laws and lines of a picture.

use super::*;
use crate::page::plot::{Axis, Law};

fn exact(value: f64) -> Estimate {
    Estimate { value, low: value, high: value }
}

fn plot(x: Axis, y: Axis, points: Vec<(f64, Estimate)>, laws: Vec<Law<'_>>) -> Plot {
    Plot::of(x, y, vec![Points { name: "kernel".to_owned(), points }], laws).unwrap()
}

/// The points after `M` of every path of that class.
fn paths(svg: &str, class: &str) -> Vec<String> {
    let tag = format!("<path class=\"{class}\" d=\"");
    svg.split(&tag).skip(1).map(|rest| rest.split('"').next().unwrap().to_owned()).collect()
}

fn marks(svg: &str) -> Vec<[f64; 2]> {
    let field = &svg[svg.find("class=\"edge\"").unwrap()..];
    let place = |path: &String| {
        let numbers: Vec<f64> =
            path[1..].split('m').next().unwrap().split(' ').map(|number| number.parse().unwrap()).collect();
        [numbers[0], numbers[1]]
    };
    paths(field, "mark").iter().map(place).collect()
}

#[test]
fn points_stand_where_their_logarithms_are() {
    let points = vec![(1.0, exact(1.0)), (10.0, exact(10.0)), (100.0, exact(100.0))];
    let svg = plot(Axis::counts("workers"), Axis::counts("speedup"), points, Vec::new()).svg();
    let [low, middle, high] = marks(&svg)[..] else { panic!("{svg}") };
    assert!((low[0] + high[0] - 2.0 * middle[0]).abs() < 0.2 && (low[1] + high[1] - 2.0 * middle[1]).abs() < 0.2);
    // An axis has a margin of 3 % of its data at each end: the field is 1.06 times as wide as they are.
    assert!((low[1] - high[1] - FIELD / 1.06).abs() < 0.2, "{low:?} {high:?}");
}

#[test]
fn a_linear_axis_begins_at_nothing() {
    let points = vec![(50.0, exact(50.0)), (100.0, exact(100.0))];
    let svg = plot(Axis::counts("p").linear(), Axis::counts("S").linear(), points, Vec::new()).svg();
    let [half, whole] = marks(&svg)[..] else { panic!("{svg}") };
    let edge = paths(&svg, "edge")[0].clone();
    let bottom: f64 = edge[edge.find('V').unwrap() + 1..edge.find('H').unwrap()].parse().unwrap();
    assert!((bottom - whole[1] - FIELD / 1.03).abs() < 0.2, "{edge} {whole:?}");
    assert!((bottom - half[1] - FIELD / 1.03 / 2.0).abs() < 0.2, "{edge} {half:?}");
}

#[test]
fn a_law_is_solid_within_the_data_and_dashed_beyond_and_a_comparison_dotted() {
    let points = vec![(1.0, exact(1.0)), (1000.0, exact(100.0))];
    let laws = vec![
        Law::of_series(0, "law", Some((1.0, 1000.0)), |_| Some(30.0)),
        Law::to_compare("ideal", Some),
        Law::of_series(0, "", Some((1.0, 1000.0)), |_| None),
    ];
    let svg = plot(Axis::counts("workers"), Axis::counts("speedup"), points, laws).svg();
    let field = &svg[svg.find("class=\"edge\"").unwrap()..];
    let [law] = &paths(field, "law s0")[..] else { panic!("{svg}") };
    assert_eq!(law.matches(['M', 'L']).count(), 2, "a straight line needs its ends only: {law}");
    assert_eq!(paths(field, "law beyond s0").len(), 1, "{svg}");
    assert_eq!(paths(field, "compare faint").len(), 1, "{svg}");
}

#[test]
fn every_point_says_its_numbers_and_nothing_is_markup() {
    let name = "<script>alert(1)</script> & \"job\"";
    let wide = Estimate { value: 10.9, low: 5.6, high: 21.1 };
    let points = vec![(1.0, exact(1.0)), (16.0, wide)];
    let series = vec![Points { name: name.to_owned(), points }];
    let plot = Plot::of(Axis::counts("workers"), Axis::counts("speedup"), series, Vec::new()).unwrap();
    for svg in [plot.svg(), plot.svg_file()] {
        assert!(svg.contains("<title>16 workers: 10.9 (5.6–21.1), ") && svg.contains("<title>1 worker: 1, "), "{svg}");
        assert!(!svg.contains("<script") && svg.contains("&#60;script&#62;"), "{svg}");
        assert!(svg.contains("role=\"img\" aria-label=\"speedup over workers: "), "{svg}");
        assert_eq!(svg.matches("class=\"interval\"").count(), 1, "only one interval is wider than its mark");
    }
}

/// Seven decades are too many for a picture's width: every second one has its number.
#[test]
fn labels_are_left_out_evenly() {
    let points = vec![(1.0, exact(1.0)), (1e6, exact(100.0))];
    let svg = plot(Axis::counts("workers"), Axis::counts("speedup"), points, Vec::new()).svg();
    let labels: Vec<&str> =
        svg.split("class=\"middle\">").skip(1).map(|rest| rest.split('<').next().unwrap()).collect();
    assert_eq!(labels, ["1", "100", "10,000", "1 million"]);
}
