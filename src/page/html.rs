//! The page: blocks as HTML that needs nothing but itself.
//!
//! Templates and styles stand in `html/`. Every text is escaped by the library of the templates. The page loads nothing
//! and runs no script but its own: its policy names both by their hashes.

use askama::Template;
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use super::block::{Bar, Bars, Block, Table};

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
    pub(crate) explorer: Vec<Block>,
    /// What is folded away: all tables.
    pub(crate) fold: Vec<Section>,
    /// Files beside the page, each with what it holds.
    pub(crate) files: Vec<(&'static str, &'static str)>,
    /// What the script reads.
    pub(crate) data: Value,
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
    clean(&written.render().unwrap_or_default())
}

/// Returns blocks as a page of nothing but them.
pub(crate) fn render(blocks: &[Block]) -> String {
    let style = style();
    let title =
        blocks.iter().find_map(|block| if let Block::Title(title) = block { Some(title.as_str()) } else { None });
    let document = Document { policy: policy(&style), style: &style, title: title.unwrap_or("amdahl"), blocks };
    clean(&document.render().unwrap_or_default())
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

/// Marks the places of control characters, which pages may not have. A device may have any name.
fn clean(page: &str) -> String {
    let is_allowed = |letter: char| letter == '\n' || letter == '\t' || !letter.is_control();
    page.chars().map(|letter| if is_allowed(letter) { letter } else { char::REPLACEMENT_CHARACTER }).collect()
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
    /// Returns each bar with its length in hundredths of the longest.
    fn lengths(&self) -> impl Iterator<Item = (&Bar, String)> {
        self.shares().map(|(bar, share)| (bar, format!("{:.1}", 100.0 * share)))
    }
}

impl Page {
    /// Whether the explorer follows the part that shows both laws; otherwise it stands alone.
    fn shows_laws(&self) -> bool {
        self.parts.iter().any(|part| part.id == "laws")
    }
}
