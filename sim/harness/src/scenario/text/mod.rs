//! From text to a tree of nodes: blocks are found here without recursion, and each line is read by the `kdl` crate.
//!
//! The crate's own parser recurses for every block and for every error, so a hostile file would overflow the stack; fed one
//! line at a time it cannot. It also keeps a mistake to its line: all the others are still read, and checked.

mod explain;
mod pieces;
mod raw;

use super::diagnostic::{Diagnostic, Mistakes};
use super::source::{SourceSpan, Sources};
use explain::explain;
use pieces::{Piece, pieces};
pub use raw::{Datum, RawEntry, RawNode, RawText, RawValue};

/// Blocks within blocks, or comments within comments, beyond which a file is refused.
pub const MAXIMUM_NESTING: usize = 64;

/// Octets of one line, quoted texts aside, beyond which it is refused.
pub const MAXIMUM_LINE_LENGTH: usize = 1000;

/// Octets of one line with its quoted texts.
pub const MAXIMUM_LINE_WITH_TEXTS: usize = 16 * 1024;

/// The nodes of file number `file`; for a line that cannot be read, a mistake says so, and its node is not readable.
pub fn parse(sources: &Sources, file: u16, mistakes: &mut Mistakes) -> Vec<RawNode> {
    let Some(source) = sources.files().get(usize::from(file)) else {
        return Vec::new();
    };
    let text = source.text.clone();
    let mut builder = Builder {
        sources,
        file,
        mistakes,
        open: Vec::new(),
        level: Vec::new(),
        after_block: None,
        line_is_open: false,
        closed_too_often: false,
        rest_is_lost: false,
    };
    for piece in pieces(&text) {
        if builder.mistakes.is_full() {
            return Vec::new();
        }
        match piece {
            Piece::Head { start, end, bare } => builder.head(&text, start, end, bare),
            Piece::Open(at) => {
                if !builder.block_begins(at) {
                    return Vec::new();
                }
            }
            Piece::Close(at) => builder.block_ends(at),
            Piece::Terminator => builder.line_ends(),
            Piece::Unclosed { at, what } => builder.unclosed(at, what),
            Piece::CommentTooDeep(at) => {
                builder.too_deep(at, "comments within comments");
                return Vec::new();
            }
        }
    }
    builder.finish()
}

struct Builder<'a> {
    sources: &'a Sources,
    file: u16,
    mistakes: &'a mut Mistakes,
    /// Blocks that are open: the place of the brace, the node (none: it was wrong or is commented out), the nodes before it.
    open: Vec<(usize, Opened, Vec<RawNode>)>,
    /// The nodes of the innermost open block so far.
    level: Vec<RawNode>,
    /// A block has just ended: its brace.
    after_block: Option<usize>,
    /// A line has just been read: a brace would open its block.
    line_is_open: bool,
    /// A brace that closes nothing was reported: those behind it follow from it.
    closed_too_often: bool,
    /// A comment or text takes in the rest of the file, and with it the ends of all blocks.
    rest_is_lost: bool,
}

/// What a block belongs to.
enum Opened {
    /// This node.
    Node(RawNode),
    /// Nothing: its line is wrong or commented out.
    Nothing,
}

impl Builder<'_> {
    fn span(&self, start: usize, end: usize) -> SourceSpan {
        SourceSpan {
            file: self.file,
            offset: u32::try_from(start).unwrap_or(u32::MAX),
            length: u32::try_from(end.saturating_sub(start)).unwrap_or(u32::MAX),
        }
    }

    fn mistake(&mut self, diagnostic: Diagnostic) {
        self.mistakes.push(diagnostic);
    }

    /// A line, up to its brace, semicolon or end.
    fn head(&mut self, text: &str, start: usize, end: usize, bare: usize) {
        let head = &text[start..end];
        if let Some(brace) = self.after_block.take() {
            let span = self.span(start, end);
            self.mistake(
                Diagnostic::new(
                    self.sources,
                    "syntax",
                    span,
                    "after a block comes a new line",
                    "this must start on a line of its own",
                )
                .help("put a line break or `;` after the `}`")
                .also(self.span(brace, brace + 1), "the block ends here"),
            );
        }
        if bare > MAXIMUM_LINE_LENGTH || head.len() > MAXIMUM_LINE_WITH_TEXTS {
            let span = self.span(start, end);
            self.mistake(
                Diagnostic::new(
                    self.sources,
                    "line-too-long",
                    span,
                    format!("this line has {} octets", head.len()),
                    "too long",
                )
                .help(format!(
                    "a line may have {MAXIMUM_LINE_LENGTH} octets outside quotes, and {MAXIMUM_LINE_WITH_TEXTS} in all"
                )),
            );
            self.level.push(self.placeholder(start, end, true));
            self.line_is_open = true;
            return;
        }
        self.line_is_open = true;
        // `node /-{ … }`: the block is commented out.
        let (parsed, commented_block) = match head.strip_suffix("/-") {
            Some(front) if front.ends_with(char::is_whitespace) => (front, true),
            _ => (head, false),
        };
        match kdl::KdlDocument::parse_v2(parsed) {
            Ok(document) => {
                let mut nodes = raw::from_document(&document, self.file, start);
                if nodes.is_empty() {
                    nodes.push(self.placeholder(start, end, false));
                }
                if let Some(last) = nodes.last_mut() {
                    last.commented_block = commented_block;
                }
                if let Some(span) = nodes.iter().find_map(|node| node.annotated) {
                    self.mistake(
                        Diagnostic::new(
                            self.sources,
                            "syntax",
                            span,
                            "types in brackets mean nothing in a scenario",
                            "it has one",
                        )
                        .help("leave the bracket out"),
                    );
                    nodes = vec![self.placeholder(start, end, true)];
                }
                self.level.extend(nodes);
            }
            Err(error) => {
                let diagnostic = explain(self.sources, self.file, text, (start, end), &error);
                self.mistake(diagnostic);
                self.level.push(self.placeholder(start, end, true));
            }
        }
    }

    fn line_ends(&mut self) {
        self.after_block = None;
        self.line_is_open = false;
    }

    /// Stands for a line that could not be read or is commented out, so that its block is not taken for that of another line.
    fn placeholder(&self, start: usize, end: usize, broken: bool) -> RawNode {
        RawNode {
            name: RawText {
                text: String::new(),
                span: self.span(start, start),
            },
            entries: Vec::new(),
            children: None,
            head: self.span(start, end),
            readable: false,
            broken,
            annotated: None,
            commented_block: false,
        }
    }

    /// A `{`; false where it nests too deeply to go on.
    fn block_begins(&mut self, at: usize) -> bool {
        if self.open.len() >= MAXIMUM_NESTING {
            self.too_deep(at, "blocks within blocks");
            return false;
        }
        self.after_block = None;
        let owner = if std::mem::take(&mut self.line_is_open) {
            self.level.pop()
        } else {
            None
        };
        let opened = owner.map_or(Opened::Nothing, Opened::Node);
        if matches!(opened, Opened::Nothing) {
            let span = self.span(at, at + 1);
            self.mistake(
                Diagnostic::new(
                    self.sources,
                    "syntax",
                    span,
                    "this block belongs to no line",
                    "nothing stands before this brace",
                )
                .help("a block starts on the line that it belongs to: `flow {`"),
            );
        }
        let before = std::mem::take(&mut self.level);
        self.open.push((at, opened, before));
        true
    }

    fn block_ends(&mut self, at: usize) {
        self.line_ends();
        let Some((_, opened, before)) = self.open.pop() else {
            if std::mem::replace(&mut self.closed_too_often, true) {
                return;
            }
            let span = self.span(at, at + 1);
            self.mistake(
                Diagnostic::new(
                    self.sources,
                    "syntax",
                    span,
                    "this brace closes nothing",
                    "no block is open here",
                )
                .help("remove it, or look for a `{` that is missing above"),
            );
            return;
        };
        let children = std::mem::replace(&mut self.level, before);
        if let Opened::Node(mut node) = opened {
            node.children = Some(children).filter(|_| !node.commented_block);
            self.level.push(node);
        }
        self.after_block = Some(at);
    }

    fn unclosed(&mut self, at: usize, what: &'static str) {
        self.rest_is_lost = true;
        let span = self.span(at, at + 3);
        self.mistake(Diagnostic::new(
            self.sources,
            "syntax",
            span,
            format!("this {what} never ends"),
            format!("the {what} starts here"),
        ));
    }

    fn too_deep(&mut self, at: usize, what: &str) {
        let span = self.span(at, at + 1);
        self.mistake(
            Diagnostic::new(
                self.sources,
                "too-deep",
                span,
                format!("more than {MAXIMUM_NESTING} {what}"),
                "one level too many",
            )
            .help("the rest of the file was not read"),
        );
    }

    fn finish(mut self) -> Vec<RawNode> {
        while let Some((at, opened, before)) = self.open.pop() {
            let span = match &opened {
                Opened::Node(node) if node.readable => node.head.to(self.span(at, at + 1)),
                _ => self.span(at, at + 1),
            };
            if !self.rest_is_lost {
                self.mistake(
                    Diagnostic::new(
                        self.sources,
                        "syntax",
                        span,
                        "this block is never closed",
                        "opened here",
                    )
                    .help("a `}` is missing"),
                );
            }
            let children = std::mem::replace(&mut self.level, before);
            if let Opened::Node(mut node) = opened {
                node.children = Some(children);
                self.level.push(node);
            }
        }
        self.level
    }
}

#[cfg(test)]
mod tests;
