//! The page of a run.

use serde_json::Value;

use crate::experiment::fixture::{full_run, run, software};
use crate::experiment::registry::chapters;
use crate::experiment::screen;
use crate::experiment::{explorer_page, report_page};
use crate::page::block::Block;
use crate::record::Run;

/// Bytes of a page at the most.
const LARGEST: usize = 400_000;

/// The page without its style and its scripts: what is seen of it if no script runs.
fn seen(page: &str) -> String {
    let mut rest = page;
    let mut seen = String::new();
    for (open, close) in [("<style>", "</style>"), ("<script", "</script>"), ("<script", "</script>")] {
        let (before, after) = rest.split_once(open).unwrap();
        seen.push_str(before);
        rest = after.split_once(close).unwrap().1;
    }
    seen + rest
}

fn data(page: &str) -> Value {
    let begin = page.split_once("id=\"data\">").unwrap().1;
    serde_json::from_str(begin.split_once("</script>").unwrap().0).unwrap()
}

/// Every text of a block.
fn texts(block: &Block) -> Vec<String> {
    match block {
        Block::Text(text) => vec![text.clone()],
        Block::Facts(facts) => facts.iter().map(|(_, value)| value.clone()).collect(),
        Block::Table(table) => table.rows.concat(),
        Block::Bars(bars) => bars.bars.iter().flat_map(|bar| bar.cells.clone()).collect(),
        Block::Findings(sentences) => sentences.clone(),
        Block::Plot(plot) => plot.series.iter().map(|series| series.name.clone()).collect(),
        _ => Vec::new(),
    }
}

#[test]
fn every_answer_is_there_without_a_script() {
    let run = full_run();
    let page = report_page(&run);
    let seen = seen(&page);
    for part in screen::parts(&run, &chapters(&run)) {
        let is_own = part.id != "also";
        assert!(!is_own || seen.contains(&format!("<section id=\"{}\"", part.id)), "{}", part.id);
        for text in part.blocks.iter().flat_map(texts) {
            let text = text.replace("<- ", "← ").replace('\'', "&#39;");
            assert!(seen.contains(&text), "{}: {text}", part.id);
        }
    }
    for place in ["laws-tools", "free-tools", "batch-tools", "explorer-tools"] {
        assert_eq!(
            page.matches(&format!("<div id=\"{place}\"></div>")).count(),
            usize::from(has(&run, place)),
            "{place}"
        );
    }
    assert!(seen.contains("href=\"samples.csv\"") && seen.contains("results checked, 0 wrong"));
    assert!(page.len() < LARGEST, "{} bytes", page.len());
}

/// Whether the run has a part with that place in it.
fn has(run: &Run, place: &str) -> bool {
    let part = match place {
        "laws-tools" => "laws",
        "free-tools" => "stops",
        "batch-tools" => "batch",
        _ => return true,
    };
    screen::parts(run, &chapters(run)).iter().any(|one| one.id == part)
}

#[test]
fn the_script_reads_every_curve_phase_and_launch() {
    let data = data(&report_page(&full_run()));
    assert_eq!((data["device"].as_str(), data["worker"].as_str()), (Some("Some GPU 4000"), Some("worker")));
    for curve in ["/same/kernel", "/same/whole_job", "/bigger/kernel", "/bigger/whole_job"] {
        let rows = data.pointer(curve).unwrap().as_array().unwrap();
        for row in rows {
            let [p, speedup, low, high, seconds, least, most] =
                [0, 1, 2, 3, 4, 5, 6].map(|index| row[index].as_f64().unwrap());
            assert!(p >= 1.0 && low <= speedup && speedup <= high, "{curve} {row}");
            assert!(least <= seconds && seconds <= most && seconds > 0.0, "{curve} {row}");
        }
        assert!(rows.len() > 3 && (rows[0][1].as_f64().unwrap() - 1.0).abs() < 0.05, "{curve}");
    }
    let fit = &data["fits"]["kernel"];
    assert!((fit["knee"].as_f64().unwrap() / 38_400.0 - 1.0).abs() < 0.1, "{fit}");
    let curve = fit["curve"].as_array().unwrap();
    assert_eq!((curve.len(), curve[0][0].as_f64()), (120, Some(1.0)));
    let alone = &data["phases"][0];
    let part = |name: &str| alone[name].as_f64().unwrap();
    let sum = ["set-up", "upload", "launch", "kernel", "read-back"].map(part).iter().sum::<f64>();
    assert!((sum / part("whole_job") - 1.0).abs() < 0.05, "{alone}");
    let launch = data["launch"].as_array().unwrap();
    assert_eq!((launch[0]["style"].as_str(), launch[0]["name"].as_str()), (Some("one-pass"), Some("all in one pass")));
    assert!(launch.iter().all(|one| one["one_more"].as_array().unwrap().len() == 3));
    assert_eq!(data["split"], Value::Array(Vec::new()), "it was not measured");
}

#[test]
fn a_run_of_one_experiment_and_no_run_at_all_have_pages_too() {
    let mut single = run(vec![full_run().experiments.remove(1)]);
    single.device = software();
    single.device.name = "<script>alert(1)</script>".to_owned();
    let page = report_page(&single);
    assert!(page.contains("Not a GPU: the CPU plays one") && !page.contains("<script>alert"));
    assert!(data(&page)["same"].is_null() && data(&page)["bigger"].is_object());
    let alone = explorer_page();
    assert_eq!(data(&alone), Value::Object(serde_json::Map::new()));
    assert!(alone.contains("<section id=\"explorer\"") && alone.contains("1,003.54") && !alone.contains("id=\"fold\""));
    for page in [page, alone] {
        assert!(!page.contains("://"), "the page loads nothing");
    }
}
