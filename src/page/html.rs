//! The page: blocks as HTML that needs nothing but itself.
//!
//! Templates and styles stand in `html/`. Every text is escaped by the library of the templates. The page loads nothing
//! and runs no script but its own: its policy names both by their hashes.

use askama::Template;
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use super::block::{Bar, Bars, Block, Stack, Table};
use super::{clean, words};

/// Colours and lines of pictures: of the page, and of pictures that stand alone.
pub(crate) const PLOT_STYLE: &str = include_str!("html/plot.css");

/// Everything else of the page.
const PAGE_STYLE: &str = concat!(include_str!("html/page.css"), include_str!("html/tools.css"));

/// What makes the page move. All that it shows is there without it.
const SCRIPT: &str = concat!(
    include_str!("html/formulas.js"),
    include_str!("html/numbers.js"),
    include_str!("html/controls.js"),
    include_str!("html/axis.js"),
    include_str!("html/figure.js"),
    include_str!("html/laws.js"),
    include_str!("html/explorer.js"),
    include_str!("html/explorer-parts.js"),
    include_str!("html/free.js"),
    include_str!("html/batch.js"),
    include_str!("html/page.js"),
);

/// What remarks on the row to look at begin with.
const ARROW: &str = "<- ";

/// A page.
#[derive(Debug, Default)]
pub(crate) struct Page {
    /// Its name.
    pub(crate) title: String,
    /// What stands under the name, as names and values: device, date.
    pub(crate) facts: Vec<(String, String)>,
    /// What a reader must know before any number.
    pub(crate) badges: Vec<Badge>,
    /// The questions with their answers.
    pub(crate) parts: Vec<Section>,
    /// A few more answers, each with one picture.
    pub(crate) small: Vec<Section>,
    /// The law to play with.
    pub(crate) explorer: Explorer,
    /// What is folded away: all tables.
    pub(crate) fold: Vec<Section>,
    /// Files beside the page, each with what it holds.
    pub(crate) files: Vec<(&'static str, &'static str)>,
    /// What the script reads.
    pub(crate) data: Value,
}

/// The laws without a run.
#[derive(Debug, Default)]
pub(crate) struct Explorer {
    /// What they say.
    pub(crate) law: &'static str,
    pub(crate) picture: Option<Block>,
    /// What is folded away.
    pub(crate) numbers: Vec<Block>,
}

/// A warning that unfolds.
#[derive(Debug)]
pub(crate) struct Badge {
    /// In a few words.
    pub(crate) short: String,
    /// In full.
    pub(crate) text: String,
    /// Whether it is no warning.
    pub(crate) good: bool,
}

/// A part of a page.
#[derive(Debug, Default)]
pub(crate) struct Section {
    /// Its name for links; empty if it has none.
    pub(crate) id: String,
    /// Its heading.
    pub(crate) title: String,
    /// What stands beside the heading.
    pub(crate) subtitle: String,
    pub(crate) blocks: Vec<Block>,
}

#[derive(Template)]
#[template(path = "page.html")]
struct Written<'a> {
    page: &'a Page,
    policy: String,
    style: &'a str,
    script: &'static str,
    data: String,
}

#[derive(Template)]
#[template(path = "blocks.html")]
struct Document<'a> {
    policy: String,
    style: &'a str,
    title: &'a str,
    blocks: &'a [Block],
}

/// Returns the page.
pub(crate) fn page(page: &Page) -> String {
    let style = style();
    // A tag in the data would end them.
    let data = page.data.to_string().replace('<', "\\u003c");
    let written = Written { page, policy: policy(&style), style: &style, script: SCRIPT, data };
    clean(&rendered(&written))
}

/// Returns blocks as a page of nothing but them.
pub(crate) fn render(blocks: &[Block]) -> String {
    let style = style();
    let title =
        blocks.iter().find_map(|block| if let Block::Title(title) = block { Some(title.as_str()) } else { None });
    let document = Document { policy: policy(&style), style: &style, title: title.unwrap_or("amdahl"), blocks };
    clean(&rendered(&document))
}

/// Returns what a template writes.
pub(crate) fn rendered(template: &impl Template) -> String {
    template.render().expect("memory takes every letter, and texts and numbers can be written")
}

fn style() -> String {
    [PLOT_STYLE, PAGE_STYLE].concat()
}

/// What the page may do: nothing but look as its style says, and run its script.
fn policy(style: &str) -> String {
    let hash = |text: &str| BASE64_STANDARD.encode(Sha256::digest(text));
    format!(
        "default-src 'none'; style-src 'sha256-{}'; script-src 'sha256-{}'; base-uri 'none'; form-action 'none'",
        hash(style),
        hash(SCRIPT)
    )
}

/// What is remarked on a row of a table or a bar, with a proper arrow.
fn remark(text: &str) -> String {
    text.strip_prefix(ARROW).map_or_else(|| text.to_owned(), |rest| format!("← {rest}"))
}

/// Whether a row is the one to look at.
fn is_marked(text: Option<&String>) -> bool {
    text.is_some_and(|text| text.starts_with(ARROW))
}

/// A head of a table on one line. In a terminal long ones are parted.
fn head(text: &str) -> String {
    text.replace("-\n", "").replace("–\n", "–").replace('\n', " ")
}

impl Table {
    /// Whether any column has a head.
    fn has_heads(&self) -> bool {
        self.heads.iter().any(|head| !head.is_empty())
    }
}

impl Bars {
    /// Returns how much of a bar is solid, in words.
    fn solid(&self, bar: &Bar) -> Option<String> {
        let [name, _] = self.halves?;
        Some(format!("{} {name}", Stack::part(bar.solid?)))
    }

    /// Returns each bar with its length, that of its solid part, and that of its hatched part, in hundredths of the
    /// longest.
    fn lengths(&self) -> impl Iterator<Item = (&Bar, [String; 3])> {
        self.shares().map(|(bar, share)| {
            let solid = share * bar.solid.unwrap_or(1.0);
            (bar, [share, solid, share - solid].map(|length| format!("{:.1}", 100.0 * length)))
        })
    }
}

impl Stack {
    /// Returns where each part begins, and its length, in a whole that is so long.
    pub(crate) fn places(&self, length: f64) -> impl Iterator<Item = (String, String)> {
        let mut from = 0.0;
        self.shares().map(move |(_, share)| {
            let (begin, width) = (from, length * share);
            from += width;
            (format!("{begin:.1}"), format!("{width:.1}"))
        })
    }
}

impl Section {
    /// Returns the answer in short, for the top of the page: who is marked among the bars, and the first sentences.
    fn brief(&self) -> String {
        let marked = self.blocks.iter().find_map(|block| match block {
            Block::Bars(bars) => bars.bars.iter().find(|bar| is_marked(Some(&bar.remark))),
            _ => None,
        });
        let marked = marked.map(|bar| format!("{}: {}.", words::capital(&bar.name), bar.cells.join(", ")));
        let first = self.blocks.iter().find_map(|block| if let Block::Text(text) = block { Some(text) } else { None });
        marked.into_iter().chain(first.cloned()).collect::<Vec<_>>().join(" ")
    }
}

impl Page {
    /// Whether the explorer follows the part that shows both laws; otherwise it stands alone.
    fn shows_laws(&self) -> bool {
        self.parts.iter().any(|part| part.id == "laws")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What stands between two texts.
    fn between<'a>(page: &'a str, from: &str, to: &str) -> &'a str {
        let start = page.find(from).unwrap_or_else(|| panic!("no {from:?}")) + from.len();
        &page[start..start + page[start..].find(to).unwrap()]
    }

    #[test]
    fn the_policy_allows_the_style_and_the_script_of_the_page_and_nothing_else() {
        let page = page(&Page { title: "a".to_owned(), ..Page::default() });
        let policy = between(&page, "Content-Security-Policy\" content=\"", "\">").replace("&#39;", "'");
        let hash = |text: &str| format!("'sha256-{}'", BASE64_STANDARD.encode(Sha256::digest(text)));
        let style = hash(between(&page, "<style>", "</style>"));
        let script = hash(between(&page, "<script>", "</script>"));
        let expected =
            format!("default-src 'none'; style-src {style}; script-src {script}; base-uri 'none'; form-action 'none'");
        assert_eq!(policy, expected);
        assert!(!page.contains("://") && !page.contains(" style=") && !page.contains(" onclick="));
        assert!(!SCRIPT.contains("</script") && !style.contains("</style"));
    }

    #[test]
    fn no_text_becomes_markup() {
        let evil = "</script><script>alert(1)</script>\"'&\u{1}\u{0}\u{7f}=1";
        let text = || evil.to_owned();
        let mut table = Table::new(&[evil]).words(&[0]);
        table.push([text()]);
        let bar =
            Bar { name: text(), cells: vec![text()], value: 1.0, remark: text(), solid: Some(0.5), ..Bar::default() };
        let blocks = vec![
            Block::Title(text()),
            Block::Section { title: text(), question: text() },
            Block::Banner(text()),
            Block::Facts(vec![(text(), text())]),
            Block::Text(text()),
            Block::Table(table),
            Block::Bars(Bars { bars: vec![bar], log: true, caption: "", halves: Some(["a", "b"]) }),
            Block::Stack(Stack { whole: text(), parts: vec![(text(), 1.0)] }),
            Block::Findings(vec![text()]),
            Block::List { lead: text(), items: vec![text()] },
            Block::Lines(vec![text()]),
        ];
        let section = || Section { id: "laws".to_owned(), title: text(), subtitle: text(), blocks: blocks.clone() };
        let whole = Page {
            title: text(),
            facts: vec![(text(), text())],
            badges: vec![Badge { short: text(), text: text(), good: false }],
            parts: vec![section()],
            small: vec![section()],
            fold: vec![section()],
            data: serde_json::json!({ "device": evil }),
            ..Page::default()
        };
        for page in [page(&whole), render(&blocks)] {
            assert!(!page.contains("<script>alert") && !page.contains("</script><script>alert"), "{page}");
            assert!(!page.chars().any(|letter| letter.is_control() && letter != '\n'), "control characters");
            assert!(page.contains("&#60;script&#62;alert(1)"));
        }
        let page = page(&whole);
        let data: Value = serde_json::from_str(between(&page, "id=\"data\">", "</script>")).unwrap();
        assert_eq!(data["device"], evil.replace('\u{7f}', "\u{fffd}"), "the script reads the name nearly as it is");
    }

    #[test]
    fn heads_and_remarks_are_told_on_one_line() {
        assert_eq!(
            ["speed-\nup", "Karp–\nFlatt", "of its\nlimit"].map(head),
            ["speedup", "Karp–Flatt", "of its limit"]
        );
        assert_eq!([remark("<- enough"), remark("a <- b")], ["← enough", "a <- b"]);
    }
}
