//! Where a piece of a scenario stands: files, offsets, lines and columns.

use std::sync::Arc;

/// A stretch of one source file, in octets from its start.
#[derive(Copy, Clone, Debug, Default, Eq, PartialEq, Ord, PartialOrd)]
pub struct SourceSpan {
    /// Index into [`Sources`].
    pub file: u16,
    /// Octets from the start of the file.
    pub offset: u32,
    /// Length in octets.
    pub length: u32,
}

impl SourceSpan {
    /// The octet after the last one.
    pub const fn end(self) -> u32 {
        self.offset.saturating_add(self.length)
    }

    /// From the start of `self` to the end of `last`, which stands behind it in the same file.
    #[must_use]
    pub const fn to(self, last: SourceSpan) -> SourceSpan {
        SourceSpan {
            length: last.end().saturating_sub(self.offset),
            ..self
        }
    }
}

/// One file as it was read.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct SourceFile {
    /// The path as it was given or included, with `/` between folders.
    pub path: String,
    /// Its whole text.
    pub text: Arc<str>,
}

/// A place for people: file, line and column, both counted from 1; columns count characters.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Location {
    /// The path of the file.
    pub path: String,
    /// The line.
    pub line: usize,
    /// The column.
    pub column: usize,
}

impl std::fmt::Display for Location {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{}:{}:{}", self.path, self.line, self.column)
    }
}

/// Every file that a scenario was read from: the scenario file first, then what it includes.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Sources {
    files: Vec<SourceFile>,
}

impl Sources {
    /// Adds a file and returns the index that spans name it by.
    pub fn add(&mut self, path: &str, text: Arc<str>) -> u16 {
        self.files.push(SourceFile {
            path: path.to_owned(),
            text,
        });
        u16::try_from(self.files.len() - 1).unwrap_or(u16::MAX)
    }

    /// The files, the scenario file first.
    pub fn files(&self) -> &[SourceFile] {
        &self.files
    }

    /// The file that `span` lies in.
    pub fn file(&self, span: SourceSpan) -> Option<&SourceFile> {
        self.files.get(usize::from(span.file))
    }

    /// The text that `span` covers; empty where the span does not fit its file.
    pub fn text(&self, span: SourceSpan) -> &str {
        let start = span.offset as usize;
        self.file(span)
            .and_then(|file| file.text.get(start..start + span.length as usize))
            .unwrap_or("")
    }

    /// File, line and column of the start of `span`.
    pub fn location(&self, span: SourceSpan) -> Location {
        let Some(file) = self.file(span) else {
            return Location {
                path: String::new(),
                line: 1,
                column: 1,
            };
        };
        let mut end = (span.offset as usize).min(file.text.len());
        while !file.text.is_char_boundary(end) {
            end -= 1;
        }
        let before = &file.text[..end];
        let line_start = before.rfind('\n').map_or(0, |position| position + 1);
        Location {
            path: file.path.clone(),
            line: before.matches('\n').count() + 1,
            column: before[line_start..].chars().count() + 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_location_counts_lines_and_characters_from_one() {
        let mut sources = Sources::default();
        let file = sources.add("a.kdl", "one\ntw\u{f6} three\n".into());
        let span = SourceSpan {
            file,
            offset: 9,
            length: 5,
        };
        assert_eq!(sources.text(span), "three");
        assert_eq!(sources.location(span).to_string(), "a.kdl:2:5");
    }

    #[test]
    fn a_span_that_does_not_fit_is_harmless() {
        let mut sources = Sources::default();
        sources.add("a.kdl", "\u{f6}".into());
        let span = SourceSpan {
            file: 0,
            offset: 1,
            length: 90,
        };
        assert_eq!(sources.text(span), "");
        assert_eq!(sources.location(span).to_string(), "a.kdl:1:1");
        let elsewhere = SourceSpan { file: 7, ..span };
        assert_eq!(sources.text(elsewhere), "");
        assert_eq!(sources.location(elsewhere).line, 1);
    }
}
