//! Message lines: `pns -> pac Outgoing-Call-Request call=c1 …`, and `inject a ~> b …`.

use super::fields::Use;
use super::raw_work::RAW_WORDS;
use super::{Builder, Line};
use crate::scenario::ProfileValue;
use crate::scenario::model::{
    FieldPattern, MessageLine, MessageName, Name, NodeIndex, NodeSpec, View,
};
use crate::scenario::names::Kind;
use crate::scenario::parameters::Resolved;
use crate::scenario::source::SourceSpan;
use crate::scenario::suggest::suggestion;
use crate::scenario::vocabulary::{MESSAGES, abbreviation, sender};
use pptp_proto::Profile;
use pptp_wire::ControlMessageType;

/// Who sends what to whom.
#[derive(Copy, Clone, Debug)]
pub(super) struct Route {
    pub from: NodeIndex,
    pub to: NodeIndex,
    pub message: MessageName,
    /// The words `a -> b MESSAGE`.
    pub span: SourceSpan,
}

/// What a message line is for.
#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub(super) enum Purpose {
    /// A step: an expectation, or a message of a scripted node.
    Step(View),
    /// `inject`.
    Inject,
    /// A line of `ignore`: it only filters.
    Filter,
}

impl Builder<'_> {
    /// The words `a -> b MESSAGE`, of which `from` has been taken already.
    pub(super) fn route(&mut self, line: &mut Line, from: &Resolved, arrow: &str) -> Option<Route> {
        let arrow_word = line.argument();
        let arrow_fits = self.arrow(line, from, arrow_word.as_ref(), arrow);
        let to = line.argument();
        let message = line.argument();
        if !arrow_fits {
            line.take_arguments();
            return None;
        }
        let (Some(to), Some(message)) = (to, message) else {
            let diagnostic = self
                .wrong(
                    "incomplete-line",
                    line.span,
                    "this line ends too early",
                    "a node or a message is missing",
                )
                .help(format!("it reads NODE {arrow} NODE MESSAGE"));
            self.report(diagnostic);
            return None;
        };
        let from_index = self.node(from);
        let to_index = self.node(&to);
        let message_name = self.message(&message);
        let route = Route {
            from: from_index?,
            to: to_index?,
            message: message_name?,
            span: from.span.to(message.span),
        };
        self.check_route(&route).then_some(route)
    }

    fn arrow(
        &mut self,
        line: &Line,
        from: &Resolved,
        word: Option<&Resolved>,
        arrow: &str,
    ) -> bool {
        let text = word.and_then(Resolved::text).unwrap_or("");
        if text == arrow {
            return true;
        }
        let span = word.map_or(line.span, |word| word.span);
        let (message, help) = match (text, arrow) {
            ("~>", "->") => (
                "only `inject` sends with `~>`",
                "write `->` to expect the message, or begin the line with `inject`",
            ),
            ("->", "~>") => (
                "`inject` sends with `~>`",
                "write `~>`: the message is sent beside the endpoint",
            ),
            ("<-" | "<~" | "<=" | "←", _) => (
                "arrows point to the right",
                "put the sender first: NODE -> NODE MESSAGE",
            ),
            _ => (
                "an arrow is expected here",
                "the line reads NODE -> NODE MESSAGE",
            ),
        };
        let diagnostic = self
            .wrong("wrong-arrow", span, message, "not the arrow of this line")
            .also(from.span, "the sender");
        let diagnostic = diagnostic.help(help);
        self.report(diagnostic);
        false
    }

    /// The message of that name.
    pub(super) fn message(&mut self, value: &Resolved) -> Option<MessageName> {
        let Some(text) = value.text() else {
            self.mismatch("a message line", value, "the name of a message");
            return None;
        };
        if let Some(message) = MessageName::named(text) {
            return Some(message);
        }
        let mut diagnostic = self.wrong(
            "unknown-message",
            value.span,
            format!("no message is called `{text}`"),
            "unknown message",
        );
        if let Some(full) = abbreviation(text) {
            diagnostic = diagnostic.help(format!("names are written in full: `{full}`"));
        } else {
            let known = MESSAGES.iter().map(|row| row.message.name());
            diagnostic = match suggestion(text, known, "messages") {
                Some(help) => diagnostic.help(help),
                None => diagnostic.help(format!(
                    "messages: {}",
                    MESSAGES
                        .iter()
                        .map(|row| row.message.name())
                        .collect::<Vec<_>>()
                        .join(", ")
                )),
            };
        }
        self.report(diagnostic);
        None
    }

    /// Two nodes that a link joins, and a message that the sender's role allows.
    fn check_route(&mut self, route: &Route) -> bool {
        let from = self.node_name(route.from).to_owned();
        let to = self.node_name(route.to).to_owned();
        if route.from == route.to {
            let diagnostic = self.wrong(
                "same-node",
                route.span,
                format!("`{from}` sends to itself"),
                "both ends are the same node",
            );
            self.report(diagnostic);
            return false;
        }
        if !self.linked(route.from, route.to) {
            let diagnostic = self
                .wrong(
                    "not-linked",
                    route.span,
                    format!("no link joins `{from}` and `{to}`"),
                    "nothing can pass between them",
                )
                .help(format!("declare `link {from} {to} {{ … }}`"));
            self.report(diagnostic);
            return false;
        }
        true
    }

    /// A PAC sends no Outgoing-Call-Request: only scripted nodes and `inject` may.
    fn check_sender(&mut self, route: &Route, purpose: Purpose) {
        let node = &self.nodes[usize::from(route.from.0)];
        let Some(role) = node.role else { return };
        let Some(needed) = sender(route.message) else {
            return;
        };
        if node.scripted || purpose == Purpose::Inject || role == needed {
            return;
        }
        // One that answers messages of the wrong direction answers as the other role would.
        if answers_wrong_direction(node) {
            return;
        }
        let name = node.name.clone();
        let diagnostic = self
            .wrong(
                "wrong-sender",
                route.span,
                format!(
                    "only a {needed} sends {}, and `{name}` is a {role}",
                    route.message.name()
                ),
                "this would never come",
            )
            .help("turn the line round, or make the node scripted to have it break the rule");
        self.report(diagnostic);
    }

    /// A whole message line whose words up to the message are taken.
    pub(super) fn message_line(
        &mut self,
        mut line: Line,
        route: Route,
        purpose: Purpose,
    ) -> MessageLine {
        self.check_sender(&route, purpose);
        if route.message == MessageName::TcpSegment {
            let diagnostic = self
                .wrong(
                    "wrong-message",
                    route.span,
                    "only `delay` and `hasten` are about segments",
                    "is no message",
                )
                .help("name the message that travels in it");
            self.report(diagnostic);
        }
        let scripted = self.nodes[usize::from(route.from.0)].scripted;
        let sends = match purpose {
            Purpose::Inject => true,
            Purpose::Step(view) => scripted && view == View::Sent,
            Purpose::Filter => false,
        };
        let exact = self.exact(&mut line, sends);
        let call = self.call_of(&mut line, route.message);
        let connection = self.connection_of(&mut line, route.message);
        for (kind, name) in [(Kind::Call, &call), (Kind::Connection, &connection)] {
            let Some(name) = name else { continue };
            if matches!(purpose, Purpose::Step(_)) {
                self.uses.bind(kind, name);
            } else {
                self.uses.need(kind, name);
            }
        }
        let packets = self.packets(&mut line, route.message);
        let (after, within) = self.bounds(&mut line);
        let requirement = self.requirement(&mut line);
        let injects = purpose == Purpose::Inject;
        let raw = self.raw_work(&mut line, &route, (sends, injects));
        let may_be_refused = injects
            && !route.message.is_tcp()
            && self.boolean(&mut line, "may-be-refused").unwrap_or(false);
        if route.message == MessageName::TcpEnd && sends {
            let diagnostic = self.wrong(
                "wrong-message",
                route.span,
                "TCP-End stands for a close or a reset, and this line must send one of them",
                "cannot be sent",
            );
            let diagnostic = diagnostic.help("write `TCP-Close` or `TCP-Reset`");
            self.report(diagnostic);
        }
        let used = match (sends, packets) {
            (true, Some(_)) => Use::SentMany,
            (true, None) => Use::Sent,
            (false, _) if purpose == Purpose::Filter => Use::Compared,
            (false, _) => Use::Asked,
        };
        let fields = self.fields(&mut line, &route, used, sends);
        self.finish(line, route.message.name(), &[]);
        self.check_raw_source(&route, &raw, sends, &fields);
        MessageLine {
            from: route.from,
            to: route.to,
            view: match purpose {
                Purpose::Step(view) => view,
                _ => View::Sent,
            },
            sends,
            message: route.message,
            call,
            connection,
            fields,
            exact,
            packets,
            after,
            within,
            requirement,
            raw,
            may_be_refused,
        }
    }

    fn exact(&mut self, line: &mut Line, sends: bool) -> bool {
        let is_exact = line
            .peek()
            .is_some_and(|word| word.text() == Some("exact") && !word.quoted());
        if !is_exact {
            return false;
        }
        let Some(word) = line.argument() else {
            return false;
        };
        if sends {
            let diagnostic = self.wrong(
                "exact-on-sent",
                word.span,
                "`exact` is for expectations, and this line sends",
                "means nothing here",
            );
            self.report(diagnostic);
        }
        !sends
    }

    /// `call=`, where the message belongs to a call.
    pub(super) fn call_of(&mut self, line: &mut Line, message: MessageName) -> Option<Name> {
        let property = line.take_property("call")?;
        let belongs = match message {
            MessageName::Control(message_type) => {
                message_type >= ControlMessageType::OUTGOING_CALL_REQUEST
            }
            MessageName::Gre => true,
            _ => false,
        };
        if !belongs {
            let diagnostic = self.wrong(
                "no-call",
                property.span,
                format!("{} belongs to no call", message.name()),
                "carries no Call ID",
            );
            self.report(diagnostic);
            return None;
        }
        self.name("call", &property.value)
    }

    /// `connection=`, where the message travels on a control connection.
    pub(super) fn connection_of(&mut self, line: &mut Line, message: MessageName) -> Option<Name> {
        let property = line.take_property("connection")?;
        if message == MessageName::Gre {
            let diagnostic = self
                .wrong(
                    "no-connection",
                    property.span,
                    "GRE packets travel beside the control connections",
                    "belongs to none",
                )
                .help("name the call instead: `call=c1`");
            self.report(diagnostic);
            return None;
        }
        self.name("connection", &property.value)
    }

    fn packets(&mut self, line: &mut Line, message: MessageName) -> Option<u64> {
        let property = line.take_property("packets")?;
        if message != MessageName::Gre {
            let diagnostic = self.wrong(
                "not-gre",
                property.span,
                "only GRE packets are counted",
                format!("{} comes alone", message.name()),
            );
            self.report(diagnostic);
            return None;
        }
        self.number_of("packets", &property.value, 1, 1_000_000_000)
    }

    /// `after=` and `within=`.
    pub(super) fn bounds(
        &mut self,
        line: &mut Line,
    ) -> (
        Option<pptp_wire::time::Duration>,
        Option<pptp_wire::time::Duration>,
    ) {
        let after = self.duration(line, "after");
        let within = self.duration(line, "within");
        if let (Some(earliest), Some(latest)) = (after, within)
            && earliest > latest
        {
            let diagnostic = self
                .wrong(
                    "never-in-time",
                    line.span,
                    format!("nothing comes after {earliest} and within {latest}"),
                    "`after` is later than `within`",
                )
                .help("both count from the end of the step before");
            self.report(diagnostic);
        }
        (after, within)
    }

    fn fields(
        &mut self,
        line: &mut Line,
        route: &Route,
        used: Use,
        sends: bool,
    ) -> Vec<FieldPattern> {
        let mut fields = Vec::new();
        let mut others: Vec<&'static str> = vec!["after", "within", "requirement", "connection"];
        if route.message == MessageName::Gre {
            others = vec!["after", "within", "requirement", "call", "packets"];
        } else if !route.message.is_tcp() {
            others.push("call");
        }
        if sends {
            others.extend(RAW_WORDS);
        }
        for property in line.take_rest() {
            let key = &property.key;
            if !sends && RAW_WORDS.contains(&key.text.as_str()) {
                self.raw_on_expectation(route, &key.text.clone(), property.span);
                continue;
            }
            let Some((known, shape)) = self.field_of(route.message, &key.text, key.span, &others)
            else {
                continue;
            };
            if self.is_code_name(route.message, known, &property.value) {
                continue;
            }
            if let Some(pattern) = self.field_pattern(known, shape, &property.value, used) {
                fields.push(FieldPattern {
                    key: known,
                    pattern,
                    span: property.span,
                });
            }
        }
        fields
    }
}

/// Whether an endpoint takes part in exchanges of the other role (AMB-40).
fn answers_wrong_direction(node: &NodeSpec) -> bool {
    let key = "wrong-direction";
    let own = node.profile_fields.iter().find(|it| it.key == key);
    let value = match own {
        Some(setting) => Some(setting.value.clone()),
        None => Profile::named(&node.profile).and_then(|profile| profile.get(key)),
    };
    value == Some(ProfileValue::text("answer"))
}
