//! Every plot of a run, and all its bars, as pictures in files of their own.

use crate::experiment::registry::chapters;
use crate::page::block::{Block, Stack};
use crate::record::Run;

/// A picture in a file.
#[derive(Debug, Clone, PartialEq)]
pub struct Picture {
    /// The name of its file: small letters, digits and dashes.
    pub file: String,
    /// The picture as scalable vector graphics.
    pub svg: String,
}

/// Returns the plots and bars of the short answer, and those of every section of the details.
pub fn pictures(run: &Run) -> Vec<Picture> {
    let chapters = chapters(run);
    let parts = super::parts(run, &chapters).map(|part| (part.id.to_owned(), part.blocks));
    let sections = chapters.iter().flat_map(|chapter| chapter.sections()).map(|blocks| (title(&blocks), blocks));
    let mut pictures: Vec<Picture> = Vec::new();
    for (name, blocks) in parts.chain(sections) {
        let (mut drawn, mut stacks) = (Vec::new(), Vec::new());
        for block in blocks {
            match block {
                Block::Plot(plot) => drawn.push(plot.svg_file()),
                Block::Bars(bars) => drawn.push(bars.svg_file()),
                Block::Stack(stack) => stacks.push(stack),
                _ => {}
            }
        }
        // Bars of the same parts belong together.
        drawn.extend((!stacks.is_empty()).then(|| Stack::svg_file(&stacks)));
        for svg in drawn {
            let file = free(&pictures, &plain(&name));
            pictures.push(Picture { file, svg });
        }
    }
    pictures
}

fn title(blocks: &[Block]) -> String {
    let title = blocks.iter().find_map(|block| match block {
        Block::Section { title, .. } => Some(title.clone()),
        _ => None,
    });
    title.unwrap_or_default()
}

/// A name in letters and digits that every file system takes.
fn plain(name: &str) -> String {
    let dashed: String =
        name.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' }).collect();
    let words: Vec<&str> = dashed.split('-').filter(|word| !word.is_empty()).collect();
    if words.is_empty() { "plot".to_owned() } else { words.join("-") }
}

/// A file name that no picture has yet: with a number where the name is taken.
fn free(pictures: &[Picture], name: &str) -> String {
    let mut names =
        (1..).map(|number| if number == 1 { format!("{name}.svg") } else { format!("{name}-{number}.svg") });
    names.find(|file| pictures.iter().all(|picture| picture.file != *file)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::fixture::full_run;

    #[test]
    fn every_plot_has_a_file_of_its_own() {
        let pictures = pictures(&full_run());
        let names: Vec<&str> = pictures.iter().map(|picture| picture.file.as_str()).collect();
        for name in ["laws.svg", "stops.svg", "batch.svg", "fixed-size-fma.svg", "launch-overhead-empty.svg"] {
            assert_eq!(names.iter().filter(|one| **one == name).count(), 1, "{names:?}");
        }
        for Picture { file, svg } in &pictures {
            assert!(svg.starts_with("<svg xmlns=\"http://www.w3.org/2000/svg\"") && svg.ends_with("</svg>"), "{file}");
            assert!(svg.contains("<style>") && (svg.contains("<title>") || svg.contains("<rect class=\"s")), "{file}");
        }
    }

    #[test]
    fn any_name_becomes_a_file_name() {
        assert_eq!(plain("fixed-size · saxpy/scalar"), "fixed-size-saxpy-scalar");
        assert_eq!(plain("../../\u{1}"), "plot");
    }
}
