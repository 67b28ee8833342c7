//! `node NAME role=… …`.

use super::{Builder, Line, RawNode, is_name};
use crate::scenario::model::{AutoSpec, NodeSpec, Outcome, ProfileSetting, TelephoneSpec};
use crate::scenario::quantity;
use crate::scenario::source::SourceSpan;
use crate::scenario::suggest::suggestion;
use crate::scenario::text::Datum;
use crate::scenario::vocabulary::{NODE_LIMITS, properties_of};
use crate::scenario::{ProfileValue, Role};
use pptp_proto::{PROFILE_FIELDS, PROFILES, ProfileField, ProfileKind};
use pptp_wire::Requirement;
use std::borrow::Cow;
use std::net::Ipv4Addr;

/// Nodes of one scenario.
const MAXIMUM_NODES: usize = 1000;

/// What stands in the block of a node.
#[derive(Default)]
struct NodeBlock {
    auto: AutoSpec,
    limits: Vec<(&'static str, u64, SourceSpan)>,
    misses: Vec<Requirement>,
    may_miss: Vec<Requirement>,
}

impl Builder<'_> {
    pub(super) fn node_line(&mut self, node: &RawNode) {
        let mut line = self.line(node);
        let Some(name) = self.node_name_of(&mut line) else {
            self.incomplete = true;
            return;
        };
        let number = self.nodes.len();
        if number >= MAXIMUM_NODES {
            let diagnostic = self.wrong(
                "too-much",
                line.span,
                format!("a scenario has at most {MAXIMUM_NODES} nodes"),
                "one too many",
            );
            self.report(diagnostic);
            return;
        }
        let role = line.take("role").and_then(|value| {
            self.word_of("role", &value, &[("PAC", Role::Pac), ("PNS", Role::Pns)])
        });
        let role_given =
            role.is_some() || line.asked().contains(&"role") && node.property("role").is_some();
        let scripted = self.boolean(&mut line, "scripted").unwrap_or(false);
        if !scripted && !role_given {
            let diagnostic = self
                .wrong(
                    "missing-property",
                    line.span,
                    format!("`{name}` needs a role"),
                    "no role is named",
                )
                .help("add `role=PAC` or `role=PNS`; only a scripted node may go without");
            self.report(diagnostic);
        }
        let addresses = self.node_addresses(&mut line, number);
        let profile = self.profile(&mut line, role);
        let telephone = self.telephone(&mut line, role);
        let profile_fields = self.profile_fields(&mut line, scripted);
        self.finish_node(line);
        let NodeBlock {
            auto,
            limits,
            misses,
            may_miss,
        } = self.node_block(node, scripted);
        self.nodes.push(NodeSpec {
            span: node.head,
            name,
            role,
            addresses,
            scripted,
            auto,
            profile,
            profile_fields,
            telephone,
            limits,
            misses,
            may_miss,
        });
    }

    fn node_name_of(&mut self, line: &mut Line) -> Option<String> {
        let Some(value) = line.argument() else {
            let diagnostic = self
                .wrong(
                    "incomplete-line",
                    line.span,
                    "a node needs a name",
                    "no name",
                )
                .help("it reads `node NAME role=PNS`");
            self.report(diagnostic);
            return None;
        };
        let text = match &value.datum {
            Datum::Text(text) => text.clone(),
            Datum::Reference(name) => {
                self.report_no_parameter(&value, &name.clone());
                return None;
            }
            _ => value.written.clone(),
        };
        let reserved = crate::scenario::vocabulary::WORDS
            .iter()
            .any(|word| word.name == text && word.place == "flow");
        let problem = if !is_name(&text) || text.starts_with(|c: char| c.is_ascii_digit()) {
            Some("a name is a word of letters, digits, `-` and `_` that begins with a letter")
        } else if reserved {
            Some("this word begins other lines: choose another name")
        } else {
            None
        };
        if let Some(help) = problem {
            let diagnostic = self
                .wrong(
                    "bad-name",
                    value.span,
                    format!("`{text}` cannot name a node"),
                    "not a name",
                )
                .help(help);
            self.report(diagnostic);
            return None;
        }
        if let Some(first) = self.nodes.iter().find(|node| node.name == text) {
            let diagnostic = self
                .wrong(
                    "doubled-node",
                    value.span,
                    format!("two nodes are called `{text}`"),
                    "again here",
                )
                .also(first.span, "first here");
            self.report(diagnostic);
            return None;
        }
        Some(text)
    }

    /// Its addresses; the n-th node has 10.0.0.n unless it names its own.
    fn node_addresses(&mut self, line: &mut Line, number: usize) -> Vec<Ipv4Addr> {
        self.addresses(line, "address").unwrap_or_else(|| {
            let host = u32::try_from(number + 1).unwrap_or(1);
            vec![Ipv4Addr::from(u32::from(Ipv4Addr::new(10, 0, 0, 0)) + host)]
        })
    }

    fn profile(&mut self, line: &mut Line, role: Option<Role>) -> String {
        let Some(value) = line.take("profile") else {
            return "rfc".to_owned();
        };
        let names: Vec<(&'static str, usize)> = PROFILES
            .iter()
            .enumerate()
            .map(|(index, profile)| (profile.name, index))
            .collect();
        let Some(index) = self.word_of("profile", &value, &names) else {
            return "rfc".to_owned();
        };
        let profile = &PROFILES[index];
        if let Some(role) = role
            && !profile.roles.contains(&role)
        {
            let roles: Vec<&str> = profile.roles.iter().map(|role| role.name()).collect();
            let diagnostic = self
                .wrong(
                    "wrong-role",
                    value.span,
                    format!("`{}` is never a {role}", profile.name),
                    "wrong role",
                )
                .help(format!("it can be: {}", roles.join(", ")));
            self.report(diagnostic);
        }
        profile.name.to_owned()
    }

    fn telephone(&mut self, line: &mut Line, role: Option<Role>) -> TelephoneSpec {
        let words = [
            "answers-after",
            "busy",
            "no-carrier",
            "no-dial-tone",
            "hangs-up-after",
        ];
        if role == Some(Role::Pns)
            && let Some(word) = words.iter().find(|word| line.has(word))
        {
            let diagnostic = self
                .wrong(
                    "wrong-role",
                    line.span,
                    "the telephone stands behind a PAC, and this is a PNS",
                    format!("`{word}` means nothing here"),
                )
                .help("put it on the node of the PAC");
            self.report(diagnostic);
        }
        let answers_after = self.duration(line, "answers-after");
        let hangs_up_after = self.duration(line, "hangs-up-after");
        let mut outcome = Outcome::Answer;
        for (key, meaning) in [
            ("busy", Outcome::Busy),
            ("no-carrier", Outcome::NoCarrier),
            ("no-dial-tone", Outcome::NoDialTone),
        ] {
            if self.boolean(line, key) != Some(true) {
                continue;
            }
            if outcome != Outcome::Answer {
                let diagnostic = self.wrong(
                    "contradiction",
                    line.span,
                    "the telephone cannot fail in two ways",
                    "only one of busy, no-carrier, no-dial-tone",
                );
                self.report(diagnostic);
            }
            outcome = meaning;
        }
        TelephoneSpec {
            answers_after,
            outcome,
            hangs_up_after,
        }
    }

    /// What is left on the line are profile fields under their own names.
    fn profile_fields(&mut self, line: &mut Line, scripted: bool) -> Vec<ProfileSetting> {
        let mut settings = Vec::new();
        for field in PROFILE_FIELDS {
            let Some(property) = line.take_property(field.key) else {
                continue;
            };
            if let Some(value) = self.profile_value(field, &property.value) {
                settings.push(ProfileSetting {
                    key: field.key,
                    value,
                    span: property.span,
                });
            }
            if scripted && !matches!(field.key, "host-name" | "vendor-name") {
                let diagnostic = self
                    .wrong(
                        "scripted-node",
                        property.span,
                        "a scripted node has no behaviour to set",
                        format!("`{}` means nothing here", field.key),
                    )
                    .help("name the field on the lines that send it");
                self.report(diagnostic);
            }
        }
        settings.sort_by_key(|setting| setting.span.offset);
        settings
    }

    fn profile_value(
        &mut self,
        field: &ProfileField,
        value: &crate::scenario::parameters::Resolved,
    ) -> Option<ProfileValue> {
        let found = match (field.kind, &value.datum) {
            (ProfileKind::Duration, Datum::Text(text)) => {
                quantity::duration(text).ok().map(ProfileValue::Duration)
            }
            (
                ProfileKind::Integer(most) | ProfileKind::IntegerOrDefault(most),
                Datum::Number(_),
            ) => {
                return self
                    .number_of(field.key, value, 0, most)
                    .map(ProfileValue::Integer);
            }
            (ProfileKind::IntegerOrDefault(_), Datum::Text(text)) if text == "default" => {
                Some(ProfileValue::text("default"))
            }
            (ProfileKind::Choice(words), Datum::Text(_)) => {
                let words: Vec<(&'static str, &'static str)> =
                    words.iter().map(|word| (*word, *word)).collect();
                return self
                    .word_of(field.key, value, &words)
                    .map(ProfileValue::text);
            }
            (ProfileKind::Boolean, Datum::Boolean(flag)) => Some(ProfileValue::Boolean(*flag)),
            (ProfileKind::Text(most), Datum::Text(text)) if text.len() <= most => {
                Some(ProfileValue::Text(Cow::Owned(text.clone())))
            }
            _ => None,
        };
        if found.is_none() {
            let expected = match field.kind {
                ProfileKind::Duration => "a span of time such as \"100ms\"".to_owned(),
                ProfileKind::Boolean => "`#true` or `#false`".to_owned(),
                kind => kind.to_string(),
            };
            self.mismatch(field.key, value, &expected);
        }
        found
    }

    /// Unknown words of a node line may be fields of a message, or misspelt profile fields.
    fn finish_node(&mut self, mut line: Line) {
        let known: Vec<&str> = properties_of("node")
            .map(|property| property.name)
            .chain(PROFILE_FIELDS.iter().map(|field| field.key))
            .collect();
        for property in line.take_rest() {
            let key = &property.key;
            let diagnostic = self.wrong(
                "unknown-property",
                key.span,
                format!("a node has no `{}`", key.text),
                "unknown",
            );
            let diagnostic = match suggestion(&key.text, known.iter().copied(), "it can have") {
                Some(help) => diagnostic.help(help),
                None => diagnostic.help("`pptp-sim vocabulary` lists the profile fields"),
            };
            self.report(diagnostic);
        }
        self.finish(line, "a node", &[]);
    }

    fn node_block(&mut self, node: &RawNode, scripted: bool) -> NodeBlock {
        let mut block = NodeBlock::default();
        for child in Self::block(node) {
            let mut line = self.line(child);
            self.no_block(child, "a line of a node");
            match line.word.text().unwrap_or("") {
                "auto" => {
                    if !scripted {
                        let diagnostic = self
                            .wrong(
                                "not-scripted",
                                child.head,
                                "`auto` is for scripted nodes; an endpoint does all this anyway",
                                "not scripted",
                            )
                            .help("add `scripted=#true` to the node, or remove this line");
                        self.report(diagnostic);
                    }
                    for word in line.take_arguments() {
                        match self.word_of("auto", &word, &[("echo", true), ("ack", false)]) {
                            Some(true) => block.auto.echo = true,
                            Some(false) => block.auto.ack = true,
                            None => {}
                        }
                    }
                    self.finish(line, "`auto`", &[]);
                }
                "limit" => {
                    for (name, _) in NODE_LIMITS {
                        let span = line.span;
                        if let Some(number) = self.number(&mut line, name, 1, u64::from(u32::MAX)) {
                            block.limits.push((*name, number, span));
                        }
                    }
                    self.finish(line, "`limit` of a node", &[]);
                }
                "misses" => self.misses(line, child, scripted, &mut block.misses),
                "may-miss" => self.misses(line, child, scripted, &mut block.may_miss),
                _ => self.unknown_word(
                    &line,
                    &["auto", "limit", "misses", "may-miss"],
                    "inside a node",
                ),
            }
        }
        block
    }

    /// `misses "CC-008" …`, `may-miss "CC-008" …`: requirements that an endpoint is known to miss, always or at times.
    fn misses(
        &mut self,
        mut line: Line,
        child: &RawNode,
        scripted: bool,
        misses: &mut Vec<Requirement>,
    ) {
        let words = line.take_arguments();
        let word = line.word.written.clone();
        if scripted || words.is_empty() {
            let (code, message, help) = if scripted {
                (
                    "scripted-node",
                    "what a scripted node sends is not graded".to_owned(),
                    "remove this line".to_owned(),
                )
            } else {
                (
                    "incomplete-line",
                    format!("`{word}` names requirements"),
                    format!("it reads `{word} \"CC-008\" \"CCLR-005\"`"),
                )
            };
            let diagnostic = self
                .wrong(code, child.head, message, "means nothing here")
                .help(help);
            self.report(diagnostic);
        }
        for word in words {
            if let Some(requirement) = self.requirement_of(&word)
                && !misses.contains(&requirement)
            {
                misses.push(requirement);
            }
        }
        self.finish(line, &format!("`{word}`"), &[]);
    }
}
