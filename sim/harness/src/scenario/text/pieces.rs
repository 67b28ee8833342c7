//! Cuts a text into lines and braces. Knows quotes and comments, and nothing else of KDL.

use super::MAXIMUM_NESTING;

/// A part of the text.
#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub enum Piece {
    /// The text of a node, without its block.
    Head {
        /// Its first octet.
        start: usize,
        /// The octet after its last.
        end: usize,
        /// Its octets outside quotes.
        bare: usize,
    },
    /// A `{`.
    Open(usize),
    /// A `}`.
    Close(usize),
    /// A line break or `;`.
    Terminator,
    /// A comment or text that starts here and never ends.
    Unclosed {
        /// Its first octet.
        at: usize,
        /// `comment` or `text`.
        what: &'static str,
    },
    /// Comments within comments beyond the limit.
    CommentTooDeep(usize),
}

/// The pieces of `text` in order.
pub fn pieces(text: &str) -> Pieces<'_> {
    Pieces {
        text,
        at: if text.starts_with('\u{feff}') { 3 } else { 0 },
        head: None,
        continues: false,
        waiting: None,
    }
}

/// See [`pieces`].
pub struct Pieces<'a> {
    text: &'a str,
    at: usize,
    /// Start of the line that is being read, the end of its last word, its octets outside quotes.
    head: Option<(usize, usize, usize)>,
    /// A `\` stood last: the line goes on after the line break.
    continues: bool,
    /// A piece that comes after the head that was just given.
    waiting: Option<Piece>,
}

impl Iterator for Pieces<'_> {
    type Item = Piece;

    fn next(&mut self) -> Option<Piece> {
        if let Some(piece) = self.waiting.take() {
            return Some(piece);
        }
        while let Some(next) = self.text[self.at..].chars().next() {
            let start = self.at;
            let found = match next {
                '{' => self.step(next, Piece::Open(start)),
                '}' => self.step(next, Piece::Close(start)),
                ';' => self.step(next, Piece::Terminator),
                c if is_line_break(c) => {
                    if self.continues {
                        self.continues = false;
                        self.at += c.len_utf8();
                        None
                    } else {
                        self.step(c, Piece::Terminator)
                    }
                }
                _ => self.word(next),
            };
            if let Some(piece) = found {
                return Some(self.after_head(piece));
            }
        }
        self.take_head()
    }
}

impl Pieces<'_> {
    fn step(&mut self, c: char, piece: Piece) -> Option<Piece> {
        self.at += c.len_utf8();
        self.continues = false;
        Some(piece)
    }

    /// Gives the line before `piece`, if there is one, and `piece` after it.
    fn after_head(&mut self, piece: Piece) -> Piece {
        match self.take_head() {
            Some(head) => {
                self.waiting = Some(piece);
                head
            }
            None => piece,
        }
    }

    fn take_head(&mut self) -> Option<Piece> {
        let (start, end, bare) = self.head.take()?;
        Some(Piece::Head { start, end, bare })
    }

    /// What is neither brace nor line break: a comment, a text, or anything else.
    fn word(&mut self, next: char) -> Option<Piece> {
        let rest = &self.text.as_bytes()[self.at..];
        if rest.starts_with(b"//") {
            self.at += line_length(&self.text[self.at..]);
            return None;
        }
        if rest.starts_with(b"/*") {
            return self.comment();
        }
        let hashes = rest.iter().take_while(|octet| **octet == b'#').count();
        if next == '"' || (hashes > 0 && rest.get(hashes) == Some(&b'"')) {
            return self.quoted(hashes);
        }
        let length = hashes.max(next.len_utf8());
        if !next.is_whitespace() {
            self.extend(length, length);
            self.continues = next == '\\';
        } else {
            self.at += length;
        }
        None
    }

    /// The next `length` octets belong to the line; `bare` of them stand outside quotes.
    fn extend(&mut self, length: usize, bare: usize) {
        let (start, _, before) = self.head.unwrap_or((self.at, self.at, 0));
        self.at += length;
        self.head = Some((start, self.at, before + bare));
        self.continues = false;
    }

    fn comment(&mut self) -> Option<Piece> {
        let octets = self.text.as_bytes();
        let begin = self.at;
        let mut depth = 0_usize;
        let mut at = begin;
        while at < octets.len() {
            if octets[at..].starts_with(b"/*") {
                depth += 1;
                at += 2;
                if depth > MAXIMUM_NESTING {
                    self.at = octets.len();
                    self.head = None;
                    return Some(Piece::CommentTooDeep(begin));
                }
            } else if octets[at..].starts_with(b"*/") {
                depth -= 1;
                at += 2;
                if depth == 0 {
                    self.at = at;
                    return None;
                }
            } else {
                at += 1;
            }
        }
        self.at = octets.len();
        Some(Piece::Unclosed {
            at: begin,
            what: "comment",
        })
    }

    fn quoted(&mut self, hashes: usize) -> Option<Piece> {
        let rest = &self.text[self.at + hashes..];
        let multi_line = rest.starts_with("\"\"\"");
        let quotes = if multi_line { 3 } else { 1 };
        match text_length(rest, quotes, hashes) {
            Some(length) => {
                self.extend(hashes + length, 2 * (hashes + quotes));
                None
            }
            None if multi_line => {
                let begin = self.at;
                self.at = self.text.len();
                Some(Piece::Unclosed {
                    at: begin,
                    what: "text",
                })
            }
            // The line ends inside the text: what is there is read as a line, and found wrong.
            None => {
                let length = line_length(&self.text[self.at..]);
                self.extend(length, hashes + 1);
                None
            }
        }
    }
}

/// Octets of the text at the start of `rest`, from its first quote to its last hash, or `None` where it does not end.
fn text_length(rest: &str, quotes: usize, hashes: usize) -> Option<usize> {
    let octets = rest.as_bytes();
    let mut at = quotes;
    while at < octets.len() {
        let closes = octets[at..].len() >= quotes + hashes
            && octets[at..at + quotes].iter().all(|octet| *octet == b'"')
            && octets[at + quotes..at + quotes + hashes]
                .iter()
                .all(|octet| *octet == b'#');
        if closes {
            return Some(at + quotes + hashes);
        }
        let next = rest[at..].chars().next()?;
        if next == '\\' && hashes == 0 {
            let after = &rest[at + 1..];
            let blank = after.len() - after.trim_start().len();
            let skipped = after.chars().next().map_or(0, char::len_utf8);
            at += 1 + blank.max(skipped);
        } else if is_line_break(next) && quotes == 1 {
            return None;
        } else {
            at += next.len_utf8();
        }
    }
    None
}

/// Octets up to the end of the line.
fn line_length(rest: &str) -> usize {
    rest.find(is_line_break).unwrap_or(rest.len())
}

/// The line breaks of KDL.
fn is_line_break(c: char) -> bool {
    matches!(
        c,
        '\n' | '\r' | '\u{85}' | '\u{b}' | '\u{c}' | '\u{2028}' | '\u{2029}'
    )
}
