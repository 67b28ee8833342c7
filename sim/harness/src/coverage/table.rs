//! A set shown: for people and as JSON.

use pptp_proto::{Machine, ReachedItem, Transition, WindowState};
use serde_json::{Map, Value, json};

use super::{Coverage, CoverageItem, Dimension};

/// The width of the names of dimensions and points.
const NAME: usize = 28;
/// The width of a row's name in a table of windows.
const ROW: usize = 14;

/// How much of each dimension was reached, and what was not.
pub fn human(coverage: &Coverage) -> String {
    let mut text = String::from("coverage\n");
    for dimension in Dimension::ALL {
        let missing = coverage.missing(dimension);
        let reached = coverage.count(dimension);
        let of = reached + missing.len();
        text.push_str(&format!(
            "  {:<NAME$}{reached:>4} of {of}\n",
            dimension.key()
        ));
    }
    for dimension in Dimension::ALL {
        let missing = coverage.missing(dimension);
        if missing.is_empty() {
            continue;
        }
        match dimension {
            Dimension::Windows | Dimension::TransitionWindows => {
                text.push_str(&format!("{} (x reached, . never)\n", dimension.key()));
                text.push_str(&windows(coverage, dimension));
            }
            _ => {
                text.push_str(&format!("{} never reached\n", dimension.key()));
                for item in missing {
                    let line = format!("  {:<NAME$}{}", item.to_string(), item.doc());
                    text.push_str(line.trim_end());
                    text.push('\n');
                }
            }
        }
    }
    text
}

/// A row for each machine or transition, a column for each state of a window.
fn windows(coverage: &Coverage, dimension: Dimension) -> String {
    let mut text = format!("  {:ROW$}", "");
    for window in WindowState::ALL {
        text.push_str("  ");
        text.push_str(window.name());
    }
    text.push('\n');
    let mut row = |name: &str, item: &dyn Fn(WindowState) -> ReachedItem| {
        let known = CoverageItem::Endpoint(item(WindowState::ALL[0]));
        if CoverageItem::all().all(|one| one != known) {
            return;
        }
        let mut line = format!("  {name:<ROW$}");
        for window in WindowState::ALL {
            let reached = coverage.contains(CoverageItem::Endpoint(item(*window)));
            let mark = if reached { 'x' } else { '.' };
            line.push_str(&format!("  {mark:<width$}", width = window.name().len()));
        }
        text.push_str(line.trim_end());
        text.push('\n');
    };
    if dimension == Dimension::Windows {
        let machines = [
            Machine::PacIncoming,
            Machine::PnsIncoming,
            Machine::PacOutgoing,
            Machine::PnsOutgoing,
        ];
        for machine in machines {
            row(machine.name(), &|window| {
                ReachedItem::Window(machine, window)
            });
        }
    } else {
        for &transition in Transition::ALL {
            row(transition.id(), &|window| {
                ReachedItem::TransitionWindow(transition, window)
            });
        }
    }
    text
}

/// The same as one object.
pub fn json(coverage: &Coverage) -> Value {
    let mut object = Map::new();
    for dimension in Dimension::ALL {
        let never: Vec<String> = coverage
            .missing(dimension)
            .iter()
            .map(CoverageItem::to_string)
            .collect();
        let reached = coverage.count(dimension);
        let of = reached + never.len();
        object.insert(
            dimension.key().to_owned(),
            json!({"reached": reached, "of": of, "never": never}),
        );
    }
    Value::Object(object)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_says_what_was_reached_and_what_was_not() {
        let mut coverage = Coverage::default();
        for item in CoverageItem::all() {
            let name = item.to_string();
            let missing = ["T-CCO-02", "tail-drop", "T-PNSO-13 window=full"];
            if !missing.contains(&name.as_str()) {
                coverage.insert(&name).expect("a name");
            }
        }
        let text = human(&coverage);
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines[0], "coverage");
        assert!(
            lines.contains(&"  transitions                   94 of 95"),
            "{text}"
        );
        assert!(
            lines.contains(&"  T-CCO-02                    wait-ctl-reply: collision, we lose."),
            "{text}"
        );
        assert!(
            lines.contains(&"  T-PNSO-13       x     x     .     x       x            x        x"),
            "{text}"
        );
        assert!(!text.contains("call-states never"), "{text}");
        let value = json(&coverage);
        assert_eq!(
            value["transitions"],
            json!({"reached": 94, "of": 95, "never": ["T-CCO-02"]})
        );
        assert_eq!(value["call-states"]["never"], json!([]));
    }
}
