//! The lines of a golden file: a head, then one object a message, GRE packet or TCP event.

use std::collections::BTreeMap;
use std::fmt;

use serde_json::{Map, Value};

use crate::decode::{Item, ItemKind, golden_fields, message_name};

/// What the first line of a golden file names: format and version.
pub const FORMAT: &str = "pptp-sim golden 1";

/// The first line of a golden file.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Head {
    /// What the scenario proves, in a sentence.
    pub scenario: String,
    /// The case, where the scenario has a matrix.
    pub case: Option<String>,
    /// The seed of the run.
    pub seed: u64,
    /// The node whose interface the capture shows.
    pub node: String,
}

/// Octets of a message in one segment.
#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub struct Piece {
    /// The frame that carries the segment.
    pub frame: u64,
    /// How many octets of the message it carries.
    pub octets: u64,
}

/// A requirement that a rule found broken in what a line shows.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Judged {
    /// Its id.
    pub requirement: String,
    /// The node at fault.
    pub end: String,
    /// How hard: `error`, `warning`, `note`.
    pub severity: String,
    /// Whether it counts: not where a script or an impairment made the octets.
    pub graded: bool,
    /// What was wrong.
    pub detail: String,
}

/// One message, GRE packet or TCP event.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Line {
    /// The frame in which it ended, from 1.
    pub frame: u64,
    /// Seconds since the start of the run, with nine decimals.
    pub time: String,
    /// `ADDRESS:PORT`; `ADDRESS` for GRE.
    pub from: String,
    /// The same of the receiver.
    pub to: String,
    /// `control`, `gre` or `tcp`.
    pub plane: String,
    /// Its name: the RFC's in full, `GRE`, `TCP-Open`, `TCP-Close`, `TCP-Reset`.
    pub message: String,
    /// Every field, in the order of the octets: also constant, reserved and zero ones.
    pub fields: Map<String, Value>,
    /// What the message is wrong in, by itself: requirement and detail.
    pub findings: Vec<(String, String)>,
    /// The node that sent it.
    pub from_node: Option<String>,
    /// The node that it was for; `None` where nobody owns the address.
    pub to_node: Option<String>,
    /// `sent` or `arrived`, as seen at the node of the file.
    pub direction: Option<String>,
    /// How the octets were cut out of the stream: `whole`, `faulty`, `lost`, `out-of-step`, `unfinished`. Control messages alone.
    pub framing: Option<String>,
    /// The segments that carry it, in order. Control messages alone.
    pub segments: Vec<Piece>,
    /// The octets in hexadecimal: of a control message all, of a GRE packet those of the header.
    pub octets: String,
    /// Octets of the payload of a GRE packet.
    pub payload_octets: Option<u64>,
    /// What became of it, and who made it, as in the packet's comment.
    pub marks: Vec<String>,
    /// The worst grade of what the rules found: `pass`, `info`, `non-strict`, `fail`.
    pub verdict: Option<String>,
    /// What the rules found.
    pub requirements: Vec<Judged>,
}

/// Why a line of a golden file cannot be read.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ReadLineError(String);

impl fmt::Display for ReadLineError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl std::error::Error for ReadLineError {}

impl Head {
    /// The line, with its line feed.
    pub fn to_json(&self) -> String {
        let mut object = Map::new();
        object.insert("format".into(), FORMAT.into());
        object.insert("scenario".into(), self.scenario.as_str().into());
        object.insert("case".into(), self.case.as_deref().into());
        object.insert("seed".into(), self.seed.into());
        object.insert("node".into(), self.node.as_str().into());
        format!("{}\n", Value::Object(object))
    }

    /// Reads the first line of a golden file.
    ///
    /// # Errors
    /// It is no such line, or of a version that is not known.
    pub fn read(text: &str) -> Result<Head, ReadLineError> {
        let object = object(text)?;
        match object.get("format").and_then(Value::as_str) {
            Some(FORMAT) => {}
            Some(other) => {
                return Err(ReadLineError(format!(
                    "the format is `{other}`, not `{FORMAT}`"
                )));
            }
            None => {
                return Err(ReadLineError(format!(
                    "the first line does not name `{FORMAT}`"
                )));
            }
        }
        Ok(Head {
            scenario: text_of(&object, "scenario")?,
            case: optional_text(&object, "case"),
            seed: number_of(&object, "seed")?,
            node: text_of(&object, "node")?,
        })
    }
}

impl Line {
    /// What a capture alone shows of an item; `None` for what has no line.
    pub fn of(item: &Item<'_>) -> Option<Line> {
        let mut line = Line {
            frame: item.stamp.frame,
            time: format!(
                "{}.{:09}",
                item.stamp.at.0 / 1_000_000_000,
                item.stamp.at.0 % 1_000_000_000
            ),
            ..Line::default()
        };
        let findings = match &item.kind {
            ItemKind::Control(control) => {
                line.plane = "control".into();
                line.message = message_name(control).into();
                line.framing = Some(control.framing.key().into());
                line.octets = hexadecimal(control.octets);
                line.from = control.flow.from.to_string();
                line.to = control.flow.to.to_string();
                line.segments = vec![Piece {
                    frame: line.frame,
                    octets: control.octets.len() as u64,
                }];
                control.findings.as_slice()
            }
            ItemKind::Gre(gre) => {
                line.plane = "gre".into();
                line.message = "GRE".into();
                let payload = gre.packet.as_ref().map_or(0, |packet| packet.data().len());
                line.octets = hexadecimal(&gre.octets[..gre.octets.len() - payload]);
                line.payload_octets = Some(payload as u64);
                line.from = gre.from.to_string();
                line.to = gre.to.to_string();
                gre.findings.as_slice()
            }
            ItemKind::Opening(flow) | ItemKind::Closed(flow) | ItemKind::Reset(flow) => {
                line.plane = "tcp".into();
                line.message = match item.kind {
                    ItemKind::Opening(_) => "TCP-Open",
                    ItemKind::Closed(_) => "TCP-Close",
                    _ => "TCP-Reset",
                }
                .into();
                line.from = flow.from.to_string();
                line.to = flow.to.to_string();
                &[]
            }
            _ => return None,
        };
        line.fields = golden_fields(item);
        line.findings = findings
            .iter()
            .map(|finding| (finding.requirement.id().to_owned(), finding.detail.clone()))
            .collect();
        Some(line)
    }

    /// The line, with its line feed.
    pub fn to_json(&self) -> String {
        let mut object = Map::new();
        let mut put = |key: &str, value: Value| object.insert(key.to_owned(), value);
        put("frame", self.frame.into());
        put("time", self.time.as_str().into());
        put("from", self.from.as_str().into());
        put("to", self.to.as_str().into());
        put("plane", self.plane.as_str().into());
        put("message", self.message.as_str().into());
        put("fields", Value::Object(self.fields.clone()));
        let findings = self.findings.iter().map(|(requirement, detail)| {
            pairs([
                ("requirement", requirement.as_str().into()),
                ("detail", detail.as_str().into()),
            ])
        });
        put("findings", findings.collect());
        put("direction", self.direction.as_deref().into());
        put("from-node", self.from_node.as_deref().into());
        put("to-node", self.to_node.as_deref().into());
        if let Some(framing) = &self.framing {
            put("framing", framing.as_str().into());
            let segments = self.segments.iter().map(|piece| {
                pairs([
                    ("frame", piece.frame.into()),
                    ("octets", piece.octets.into()),
                ])
            });
            put("segments", segments.collect());
        }
        if self.plane != "tcp" {
            put("octets", self.octets.as_str().into());
        }
        if let Some(count) = self.payload_octets {
            put("payload-octets", count.into());
        }
        let marks = self.marks.iter().map(|mark| Value::from(mark.as_str()));
        put("marks", marks.collect());
        put("verdict", self.verdict.as_deref().into());
        let requirements = self.requirements.iter().map(|found| {
            pairs([
                ("requirement", found.requirement.as_str().into()),
                ("end", found.end.as_str().into()),
                ("severity", found.severity.as_str().into()),
                ("graded", found.graded.into()),
                ("detail", found.detail.as_str().into()),
            ])
        });
        put("requirements", requirements.collect());
        format!("{}\n", Value::Object(object))
    }

    /// Reads a line that [`Line::to_json`] wrote; keys that it does not know are left alone.
    ///
    /// # Errors
    /// What is missing or wrong.
    pub fn read(text: &str) -> Result<Line, ReadLineError> {
        let object = object(text)?;
        let list = |key: &str| -> Vec<&Value> {
            object
                .get(key)
                .and_then(Value::as_array)
                .map(|values| values.iter().collect())
                .unwrap_or_default()
        };
        let text_in = |value: &Value, key: &str| {
            let text = value.get(key).and_then(Value::as_str);
            text.map(str::to_owned)
                .ok_or_else(|| ReadLineError(format!("`{key}` is missing or no text")))
        };
        let number_in = |value: &Value, key: &str| {
            let number = value.get(key).and_then(Value::as_u64);
            number.ok_or_else(|| ReadLineError(format!("`{key}` is missing or no number")))
        };
        let fields = object.get("fields").and_then(Value::as_object).cloned();
        Ok(Line {
            frame: number_of(&object, "frame")?,
            time: text_of(&object, "time")?,
            from: text_of(&object, "from")?,
            to: text_of(&object, "to")?,
            plane: text_of(&object, "plane")?,
            message: text_of(&object, "message")?,
            fields: fields.ok_or_else(|| ReadLineError("`fields` is missing".into()))?,
            findings: list("findings")
                .into_iter()
                .map(|value| Ok((text_in(value, "requirement")?, text_in(value, "detail")?)))
                .collect::<Result<_, ReadLineError>>()?,
            from_node: optional_text(&object, "from-node"),
            to_node: optional_text(&object, "to-node"),
            direction: optional_text(&object, "direction"),
            framing: optional_text(&object, "framing"),
            segments: list("segments")
                .into_iter()
                .map(|value| {
                    Ok(Piece {
                        frame: number_in(value, "frame")?,
                        octets: number_in(value, "octets")?,
                    })
                })
                .collect::<Result<_, ReadLineError>>()?,
            octets: optional_text(&object, "octets").unwrap_or_default(),
            payload_octets: object.get("payload-octets").and_then(Value::as_u64),
            marks: list("marks")
                .into_iter()
                .filter_map(|value| value.as_str().map(str::to_owned))
                .collect(),
            verdict: optional_text(&object, "verdict"),
            requirements: list("requirements")
                .into_iter()
                .map(|value| {
                    Ok(Judged {
                        requirement: text_in(value, "requirement")?,
                        end: text_in(value, "end")?,
                        severity: text_in(value, "severity")?,
                        graded: value.get("graded").and_then(Value::as_bool).unwrap_or(true),
                        detail: text_in(value, "detail")?,
                    })
                })
                .collect::<Result<_, ReadLineError>>()?,
        })
    }

    /// The octets that [`Line::octets`] shows.
    pub fn raw(&self) -> Vec<u8> {
        let digits = self.octets.as_bytes();
        digits
            .chunks_exact(2)
            .filter_map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok())
            .collect()
    }

    /// The fields as text, by key.
    pub fn texts(&self) -> BTreeMap<&str, String> {
        let texts = self.fields.iter().map(|(key, value)| {
            let text = match value {
                Value::String(text) => text.clone(),
                other => other.to_string(),
            };
            (key.as_str(), text)
        });
        texts.collect()
    }
}

fn pairs<const N: usize>(pairs: [(&str, Value); N]) -> Value {
    let pairs = pairs
        .into_iter()
        .map(|(key, value)| (key.to_owned(), value));
    Value::Object(pairs.collect())
}

fn object(text: &str) -> Result<Map<String, Value>, ReadLineError> {
    match serde_json::from_str(text) {
        Ok(Value::Object(object)) => Ok(object),
        Ok(_) => Err(ReadLineError("no JSON object".into())),
        Err(error) => Err(ReadLineError(format!("no JSON: {error}"))),
    }
}

fn text_of(object: &Map<String, Value>, key: &str) -> Result<String, ReadLineError> {
    optional_text(object, key)
        .ok_or_else(|| ReadLineError(format!("`{key}` is missing or no text")))
}

fn optional_text(object: &Map<String, Value>, key: &str) -> Option<String> {
    object.get(key).and_then(Value::as_str).map(str::to_owned)
}

fn number_of(object: &Map<String, Value>, key: &str) -> Result<u64, ReadLineError> {
    let number = object.get(key).and_then(Value::as_u64);
    number.ok_or_else(|| ReadLineError(format!("`{key}` is missing or no number")))
}

fn hexadecimal(octets: &[u8]) -> String {
    use std::fmt::Write as _;
    let mut text = String::with_capacity(octets.len() * 2);
    for octet in octets {
        let _ = write!(text, "{octet:02X}");
    }
    text
}
