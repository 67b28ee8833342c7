//! A mistake in a scenario file: what is wrong, where it stands, what was expected, and what was perhaps meant.

use std::fmt;
use std::sync::Arc;

use miette::{
    GraphicalReportHandler, GraphicalTheme, LabeledSpan, MietteError, MietteSpanContents,
    SourceCode, SpanContents,
};

use super::source::{Location, SourceSpan, Sources};

/// How many mistakes are kept; a file with more has been shown enough.
pub const MAXIMUM_DIAGNOSTICS: usize = 100;

/// Octets of one line that are shown to either side of a mistake.
const LINE_REACH: usize = 100;

/// Columns of a line of help.
const HELP_WIDTH: usize = 96;

/// One mistake, ready to be shown.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Diagnostic {
    /// A short stable word for this kind of mistake: `unknown-node`.
    pub code: &'static str,
    /// What is wrong, one sentence.
    pub message: String,
    /// The places, the mistake itself first, each with a few words.
    pub labels: Vec<(SourceSpan, String)>,
    /// What was expected, or was perhaps meant.
    pub help: Option<String>,
    /// File, line and column of the mistake.
    pub location: Location,
    excerpt: Excerpt,
}

impl Diagnostic {
    /// A mistake at `span`, where `label` says in few words what stands there.
    pub fn new(
        sources: &Sources,
        code: &'static str,
        span: SourceSpan,
        message: impl Into<String>,
        label: impl Into<String>,
    ) -> Diagnostic {
        Diagnostic {
            code,
            message: message.into(),
            labels: vec![(span, label.into())],
            help: None,
            location: sources.location(span),
            excerpt: Excerpt::new(sources, span),
        }
    }

    /// The same with a line of help.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Diagnostic {
        let help = wrapped(&help.into());
        self.help = match self.help {
            Some(first) => Some(format!("{first}\n{help}")),
            None => Some(help),
        };
        self
    }

    /// The same with a second place, which must lie in the same file to be shown.
    #[must_use]
    pub fn also(mut self, span: SourceSpan, label: impl Into<String>) -> Diagnostic {
        if span.file == self.labels[0].0.file {
            self.labels.push((span, label.into()));
        }
        self
    }

    /// The same for another reader: as text with the source underlined; with `colour` in ANSI colours.
    pub fn render(&self, colour: bool) -> String {
        let theme = if colour {
            GraphicalTheme::unicode()
        } else {
            GraphicalTheme::unicode_nocolor()
        };
        let mut text = String::new();
        let outcome = GraphicalReportHandler::new_themed(theme)
            .with_width(4 * LINE_REACH)
            .with_wrap_lines(false)
            .with_links(false)
            .with_context_lines(0)
            .render_report(&mut text, self);
        if outcome.is_err() {
            return format!("{}: {}\n", self.location, self.message);
        }
        text.lines()
            .map(|line| format!("{}\n", line.trim_end()))
            .collect()
    }
}

/// The text in lines of at most [`HELP_WIDTH`] columns, broken at blanks alone: words with hyphens stay whole.
fn wrapped(text: &str) -> String {
    let mut lines: Vec<String> = Vec::new();
    for paragraph in text.lines() {
        let mut line = String::new();
        for word in paragraph.split(' ') {
            if !line.is_empty() && line.chars().count() + 1 + word.chars().count() > HELP_WIDTH {
                lines.push(std::mem::take(&mut line));
            }
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
        lines.push(line);
    }
    lines.join("\n")
}

/// Every mistake as text, one after the other in the order of the files.
pub fn render_all(diagnostics: &[Diagnostic], colour: bool) -> String {
    diagnostics
        .iter()
        .map(|diagnostic| diagnostic.render(colour))
        .collect::<Vec<_>>()
        .join("\n")
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message)
    }
}

impl std::error::Error for Diagnostic {}

impl miette::Diagnostic for Diagnostic {
    fn code<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        Some(Box::new(self.code))
    }

    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.help
            .as_ref()
            .map(|help| Box::new(help) as Box<dyn fmt::Display>)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        Some(&self.excerpt)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        Some(Box::new(self.labels.iter().enumerate().map(
            |(number, (span, label))| {
                let (offset, length) = self.excerpt.clamp(*span);
                if number == 0 {
                    LabeledSpan::new_primary_with_span(Some(label.clone()), (offset, length))
                } else {
                    LabeledSpan::new_with_span(Some(label.clone()), (offset, length))
                }
            },
        )))
    }
}

/// The source of one diagnostic; long lines are shown around the mistake alone.
#[derive(Clone, Debug, Eq, PartialEq)]
struct Excerpt {
    path: String,
    text: Arc<str>,
}

impl Excerpt {
    fn new(sources: &Sources, span: SourceSpan) -> Excerpt {
        match sources.file(span) {
            Some(file) => Excerpt {
                path: file.path.clone(),
                text: file.text.clone(),
            },
            None => Excerpt {
                path: String::new(),
                text: "".into(),
            },
        }
    }

    /// Offset and length of the part of `span` on its first line, at most [`LINE_REACH`] octets of it.
    fn clamp(&self, span: SourceSpan) -> (usize, usize) {
        let start = floor_boundary(&self.text, (span.offset as usize).min(self.text.len()));
        let longest = start
            .saturating_add((span.length as usize).min(LINE_REACH))
            .min(self.text.len());
        let end = floor_boundary(&self.text, longest);
        let line = self.text[start..end].find('\n').unwrap_or(end - start);
        (start, line)
    }
}

impl SourceCode for Excerpt {
    fn read_span<'a>(
        &'a self,
        span: &miette::SourceSpan,
        _before: usize,
        _after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let text = &*self.text;
        let start = floor_boundary(text, span.offset().min(text.len()));
        let end = floor_boundary(text, (span.offset() + span.len()).min(text.len())).max(start);
        let line_start = text[..start].rfind('\n').map_or(0, |position| position + 1);
        let line_end = text[end..]
            .find('\n')
            .map_or(text.len(), |position| end + position);
        let from = ceil_boundary(text, line_start.max(start.saturating_sub(LINE_REACH)));
        let to = floor_boundary(text, line_end.min(end + LINE_REACH));
        let data = text[from..to].trim_end_matches('\r');
        let line = text[..from].matches('\n').count();
        let column = text[line_start..start].chars().count();
        Ok(Box::new(MietteSpanContents::new_named(
            self.path.clone(),
            data.as_bytes(),
            (from, data.len()).into(),
            line,
            column,
            data.matches('\n').count() + 1,
        )))
    }
}

fn floor_boundary(text: &str, mut position: usize) -> usize {
    while !text.is_char_boundary(position) {
        position -= 1;
    }
    position
}

fn ceil_boundary(text: &str, mut position: usize) -> usize {
    while !text.is_char_boundary(position) {
        position += 1;
    }
    position
}

/// What is gathered while a file is read: mistakes, without doubles, up to [`MAXIMUM_DIAGNOSTICS`].
#[derive(Clone, Debug, Default)]
pub struct Mistakes {
    found: Vec<Diagnostic>,
}

impl Mistakes {
    /// Adds a mistake unless the same one was found before.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        let known = self.found.iter().any(|other| {
            other.labels[0].0 == diagnostic.labels[0].0 && other.message == diagnostic.message
        });
        if !known && !self.is_full() {
            self.found.push(diagnostic);
        }
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    /// Whether no more are kept: what is still unread may stay so.
    pub fn is_full(&self) -> bool {
        self.found.len() >= MAXIMUM_DIAGNOSTICS
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.found.len()
    }

    /// The mistakes in the order of files and lines.
    pub fn into_sorted(mut self) -> Vec<Diagnostic> {
        self.found
            .sort_by_key(|diagnostic| (diagnostic.labels[0].0.file, diagnostic.labels[0].0.offset));
        self.found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str, offset: u32, length: u32) -> Diagnostic {
        let mut sources = Sources::default();
        let file = sources.add("a.kdl", text.into());
        let span = SourceSpan {
            file,
            offset,
            length,
        };
        Diagnostic::new(&sources, "test", span, "wrong", "here")
    }

    #[test]
    fn a_mistake_shows_its_line_and_nothing_else() {
        let text = at("one\ntwo three\nfour\n", 8, 5).render(false);
        assert!(text.contains("a.kdl:2:5"), "{text}");
        assert!(text.contains("two three"), "{text}");
        assert!(!text.contains("four") && !text.contains('\u{1b}'), "{text}");
    }

    #[test]
    fn a_very_long_line_is_cut_around_the_mistake() {
        let long = "\u{f6} ".repeat(100_000);
        let text = at(&long, 150_000, 200).render(false);
        assert!(text.len() < 4_000, "{} octets", text.len());
    }

    #[test]
    fn a_span_outside_the_text_is_harmless() {
        for (offset, length) in [(0, 0), (1, 1), (500, 5), (u32::MAX, u32::MAX)] {
            assert!(at("\u{f6}", offset, length).render(true).contains("wrong"));
        }
    }
}
