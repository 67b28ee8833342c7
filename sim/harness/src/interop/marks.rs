//! A meeting at a glance: one mark a question.

use std::fmt;

use pptp_wire::Severity;
use pptp_wire::time::Duration;

use super::meanings::Question;
use super::meeting::Meeting;
use super::way::{Wait, Way};

/// A mark that stands for what RFC 2637 asks for, or leaves free.
const AS_ASKED: char = '.';
/// An acknowledgment that comes later than this is late: more than any delay or reordering time that is known (AMB-08, AMB-09).
const IN_TIME: Duration = Duration::from_millis(1500);
/// An end that still has the call after so long has not understood that it ended.
const AT_ONCE: Duration = Duration::from_secs(5);

/// The marks of one meeting; `.` stands for what RFC 2637 asks for, or leaves free.
#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub struct Marks {
    /// Whether the call came up.
    pub call: char,
    /// Data to the PAC, data to the PNS.
    pub data: [char; 2],
    /// Acknowledged by the PAC, acknowledged by the PNS.
    pub acknowledgment: [char; 2],
    /// How the call ended.
    pub call_end: char,
    /// How the control connection ended.
    pub control_end: char,
}

impl Marks {
    /// The marks of a meeting.
    pub fn of(meeting: &Meeting) -> Marks {
        Marks {
            call: match meeting.up {
                [true, true] => AS_ASKED,
                _ => 'x',
            },
            data: [0, 1].map(|sender| data_mark(&meeting.ways[sender])),
            acknowledgment: [0, 1].map(|sender| acknowledgment_mark(&meeting.ways[sender])),
            call_end: call_end_mark(meeting),
            control_end: control_end_mark(meeting),
        }
    }

    /// Each question's marks with the ends that can be the cause of each: 0 the PNS, 1 the PAC.
    pub fn each(&self, meeting: &Meeting) -> Vec<(Question, char, Vec<usize>)> {
        let [to_pac, to_pns] = self.data;
        let [by_pac, by_pns] = self.acknowledgment;
        // What is never sent waits for the other end's acknowledgments.
        let receiver = |mark: char, receiver: usize| match mark {
            'w' => vec![0, 1],
            _ => vec![receiver],
        };
        vec![
            (Question::Call, self.call, vec![0, 1]),
            (Question::Data, to_pac, receiver(to_pac, 1)),
            (Question::Data, to_pns, receiver(to_pns, 0)),
            (Question::Acknowledgment, by_pac, vec![1]),
            (Question::Acknowledgment, by_pns, vec![0]),
            (
                Question::CallEnd,
                self.call_end,
                ends_of_call(self, meeting),
            ),
            (
                Question::ControlEnd,
                self.control_end,
                ends_of_control(self, meeting),
            ),
        ]
    }

    /// Whether everything is as RFC 2637 asks for.
    pub fn is_clean(&self) -> bool {
        self.to_string()
            .chars()
            .all(|mark| mark == AS_ASKED || mark == ' ')
    }
}

impl fmt::Display for Marks {
    /// `. .. p. n.`: call, data, acknowledgments, ends.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Marks {
            call,
            data: [to_pac, to_pns],
            acknowledgment: [by_pac, by_pns],
            call_end,
            control_end,
        } = self;
        write!(
            formatter,
            "{call} {to_pac}{to_pns} {by_pac}{by_pns} {call_end}{control_end}"
        )
    }
}

fn data_mark(way: &Way) -> char {
    let missing = way.arrived.saturating_sub(way.passed_on);
    if way.passed_on == 0 {
        'x'
    } else if way.unsent > 0 {
        'w'
    } else if !way.in_order || !way.unique || way.damaged > 0 {
        'o'
    } else if missing > way.thrown_away {
        'h'
    } else if missing > 0 {
        'd'
    } else {
        AS_ASKED
    }
}

fn acknowledgment_mark(way: &Way) -> char {
    let late = |wait: Wait| match wait {
        Wait::Nothing => false,
        Wait::For(span) => span > IN_TIME,
        Wait::Never => true,
    };
    let never = way.alone + way.on_data == 0;
    match (late(way.first_wait), late(way.later_wait)) {
        _ if way.arrived == 0 => AS_ASKED,
        _ if never => 'x',
        (false, false) => AS_ASKED,
        _ if way.alone == 0 => 'p',
        (true, false) => 'z',
        (_, true) => 'l',
    }
}

fn call_end_mark(meeting: &Meeting) -> char {
    let ending = &meeting.ending;
    let faulty = broken(meeting, 1, "CDN-");
    let kept = |end| ending.lingered(end).is_none_or(|span| span > AT_ONCE);
    if meeting.up != [true, true] {
        AS_ASKED
    } else if !ending.notified {
        '-'
    } else if kept(0) {
        'k'
    } else if faulty {
        'n'
    } else {
        AS_ASKED
    }
}

fn control_end_mark(meeting: &Meeting) -> char {
    let ending = &meeting.ending;
    match ending.stopped_by {
        _ if ending.reset_by.is_some() => 'R',
        None if ending.closed_by.is_some() => 'F',
        None => AS_ASKED,
        Some(_) if !ending.stop_answered => 'u',
        Some(by) if broken(meeting, by, "STCRQ-") => 's',
        Some(_) => AS_ASKED,
    }
}

/// Whether an end has broken a requirement of this kind, and not just by a note.
fn broken(meeting: &Meeting, end: usize, kind: &str) -> bool {
    meeting.findings[end].iter().any(|found| {
        found.requirement.id().starts_with(kind)
            && matches!(found.severity, Severity::Error | Severity::Warning)
    })
}

fn ends_of_call(marks: &Marks, meeting: &Meeting) -> Vec<usize> {
    match marks.call_end {
        'n' => vec![1],
        'k' if broken(meeting, 1, "CDN-") => vec![0, 1],
        'k' => vec![0],
        '-' => meeting.ending.closed_by.into_iter().collect(),
        _ => vec![0, 1],
    }
}

fn ends_of_control(marks: &Marks, meeting: &Meeting) -> Vec<usize> {
    let ending = &meeting.ending;
    let culprit = match marks.control_end {
        'R' => ending.reset_by,
        'F' => ending.closed_by,
        'u' => ending.stopped_by.map(|by| 1 - by),
        _ => ending.stopped_by,
    };
    culprit.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::interop::{Ending, FindingSummary, MEANINGS};
    use pptp_wire::time::Instant;
    use pptp_wire::{Requirement, Severity};

    /// Everything as it should be; the PNS clears at 10 s.
    fn good() -> Meeting {
        let mut way = Way::new();
        (way.sent, way.arrived, way.passed_on, way.alone) = (3, 3, 3, 1);
        way.first_wait = Wait::For(Duration::from_millis(100));
        let at = |seconds| Some(Instant::START + Duration::from_secs(seconds));
        Meeting {
            up: [true; 2],
            ways: [way.clone(), way],
            ending: Ending {
                notified: true,
                began: at(10),
                over: [at(10), at(10)],
                ..Ending::default()
            },
            findings: [Vec::new(), Vec::new()],
            failure: None,
        }
    }

    fn found(requirement: Requirement) -> FindingSummary {
        FindingSummary {
            requirement,
            severity: Severity::Error,
            times: 1,
            detail: String::new(),
        }
    }

    fn marks(change: impl Fn(&mut Meeting)) -> String {
        let mut meeting = good();
        change(&mut meeting);
        Marks::of(&meeting).to_string()
    }

    #[test]
    fn each_question_has_each_of_its_marks() {
        assert!(Marks::of(&good()).is_clean());
        let late = Wait::For(Duration::from_secs(2));
        type Change<'a> = &'a dyn Fn(&mut Meeting);
        let cases: &[(&str, Change<'_>)] = &[
            ("x .. .. ..", &|meeting| meeting.up[1] = false),
            (". x. .. ..", &|meeting| meeting.ways[0].passed_on = 0),
            (". .w .. ..", &|meeting| meeting.ways[1].unsent = 1),
            (". o. .. ..", &|meeting| meeting.ways[0].in_order = false),
            (". .o .. ..", &|meeting| meeting.ways[1].unique = false),
            (". h. .. ..", &|meeting| meeting.ways[0].passed_on = 2),
            (". d. .. ..", &|meeting| {
                meeting.ways[0].passed_on = 2;
                meeting.ways[0].thrown_away = 1;
            }),
            (". .. x. ..", &|meeting| meeting.ways[0].alone = 0),
            (". .. p. ..", &|meeting| {
                meeting.ways[0].alone = 0;
                meeting.ways[0].on_data = 1;
                meeting.ways[0].later_wait = Wait::Never;
            }),
            (". .. .z ..", &|meeting| meeting.ways[1].first_wait = late),
            (". .. .l ..", &|meeting| meeting.ways[1].later_wait = late),
            (". .. .. -.", &|meeting| meeting.ending.notified = false),
            (". .. .. k.", &|meeting| meeting.ending.over[0] = None),
            (". .. .. n.", &|meeting| {
                meeting.findings[1].push(found(Requirement::Cdn003));
            }),
            (". .. .. .F", &|meeting| meeting.ending.closed_by = Some(0)),
            (". .. .. .R", &|meeting| meeting.ending.reset_by = Some(0)),
            (". .. .. .u", &|meeting| meeting.ending.stopped_by = Some(0)),
            (". .. .. .s", &|meeting| {
                meeting.ending.stopped_by = Some(1);
                meeting.ending.stop_answered = true;
                meeting.findings[1].push(found(Requirement::Stcrq002));
            }),
        ];
        for (expected, change) in cases {
            assert_eq!(marks(change), *expected);
        }
        for meaning in MEANINGS {
            assert!(
                cases.iter().any(|(marks, _)| marks.contains(meaning.mark)),
                "{}",
                meaning.mark
            );
        }
    }

    #[test]
    fn every_field_behind_a_mark_is_one_of_a_profile() {
        for field in MEANINGS.iter().flat_map(|meaning| meaning.fields) {
            assert!(pptp_proto::ProfileField::by_key(field).is_some(), "{field}");
        }
    }
}
