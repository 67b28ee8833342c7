//! Finding scenario files: files, folders and names such as `outgoing/outgoing-call`.

use std::collections::BTreeSet;
use std::fmt;
use std::path::Path;

use super::built_in::BUILT_IN;
use crate::scenario::is_scenario_text;
use crate::scenario::load::{FileLoader, Loader};
use crate::scenario::suggest::nearest;

/// The folder that scenarios are looked for in.
pub const FOLDER: &str = "scenarios";
/// Folders within folders that are searched.
const MAXIMUM_DEPTH: usize = 16;
/// Files that one search gives at most.
const MAXIMUM_FILES: usize = 100_000;

/// A scenario file that was found.
#[derive(Clone, Debug, Eq, PartialEq, Ord, PartialOrd)]
pub struct Found {
    /// What it is called in reports: `outgoing/outgoing-call`.
    pub name: String,
    /// Where it is, with `/` between folders.
    pub path: String,
    /// Whether it is one of the files built into the binary.
    pub built_in: bool,
}

/// The place of what no file holds begins so.
const OF_SWARM: &str = "swarm:";

impl Found {
    /// What the swarm draws from a seed.
    pub fn of_swarm(seed: &str) -> Found {
        Found {
            name: format!("swarm/{seed}"),
            path: format!("{OF_SWARM}{seed}"),
            built_in: true,
        }
    }

    /// Whether the swarm draws it: no file holds it.
    pub fn is_of_swarm(&self) -> bool {
        self.path.starts_with(OF_SWARM)
    }
}

/// Why nothing could be found.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct FindError {
    /// What was asked for.
    pub asked: String,
    /// What is wrong with it.
    pub problem: String,
    /// What was perhaps meant, or where to look.
    pub help: Option<String>,
}

impl fmt::Display for FindError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {}", self.asked, self.problem)?;
        match &self.help {
            Some(help) => write!(formatter, "; {help}"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for FindError {}

/// The scenario files that are asked for, each once. Nothing asked for means the folder `scenarios` here, or, where there is
/// none, the built-in suite.
///
/// # Errors
/// A path that is not there, a folder without a scenario, a folder that cannot be read.
pub fn find(asked: &[String]) -> Result<Vec<Found>, FindError> {
    let mut found = Vec::new();
    if asked.is_empty() {
        if Path::new(FOLDER).is_dir() {
            folder(FOLDER, &mut found)?;
        } else {
            found = built_in();
        }
    }
    for text in asked {
        one(text, &mut found)?;
    }
    let mut seen = BTreeSet::new();
    found.retain(|file| seen.insert((file.built_in, file.path.clone())));
    tell_apart(&mut found);
    Ok(found)
}

/// The scenarios that are built in, in the order of their names.
pub fn built_in() -> Vec<Found> {
    let files = BUILT_IN.iter().filter(|(path, text)| {
        path.split('/').all(|part| part != "fragments") && is_scenario_text(text)
    });
    files.map(|(path, _)| built_in_file(path)).collect()
}

fn one(asked: &str, found: &mut Vec<Found>) -> Result<(), FindError> {
    let path = Path::new(asked);
    if path.is_dir() {
        return folder(asked, found);
    }
    if path.exists() {
        found.push(on_disk(asked));
        return Ok(());
    }
    let tidy = asked.trim_end_matches('/');
    for candidate in [format!("{tidy}.kdl"), format!("{FOLDER}/{tidy}.kdl")] {
        if Path::new(&candidate).is_file() {
            found.push(on_disk(&candidate));
            return Ok(());
        }
    }
    let topic = format!("{FOLDER}/{tidy}");
    if Path::new(&topic).is_dir() {
        return folder(&topic, found);
    }
    let before = found.len();
    found.extend(built_in().into_iter().filter(|file| {
        file.path == asked
            || file.name == tidy.strip_suffix(".kdl").unwrap_or(tidy)
            || file.name.starts_with(&format!("{tidy}/"))
    }));
    if found.len() == before {
        return Err(not_there(asked));
    }
    Ok(())
}

fn not_there(asked: &str) -> FindError {
    let mut known: Vec<String> = built_in().into_iter().map(|file| file.name).collect();
    let mut here = Vec::new();
    if Path::new(FOLDER).is_dir() && folder(FOLDER, &mut here).is_ok() {
        known.extend(here.into_iter().map(|file| file.name));
    }
    let parent = Path::new(asked).parent().and_then(Path::to_str);
    let parent = parent
        .filter(|parent| !parent.is_empty())
        .unwrap_or(".")
        .to_owned();
    let mut beside = Vec::new();
    if Path::new(&parent).is_dir() && walk(&parent, MAXIMUM_DEPTH, &mut beside).is_ok() {
        known.extend(beside);
    }
    let topics: BTreeSet<String> = known
        .iter()
        .filter_map(|name| name.rsplit_once('/').map(|(topic, _)| topic.to_owned()))
        .collect();
    let last = |name: &str| name.rsplit('/').next().unwrap_or(name).to_owned();
    let wanted = asked.strip_suffix(".kdl").unwrap_or(asked);
    let near = nearest(asked, known.iter().map(String::as_str))
        .or_else(|| nearest(wanted, known.iter().map(String::as_str)))
        .or_else(|| nearest(wanted, topics.iter().map(String::as_str)))
        .map(str::to_owned)
        .or_else(|| {
            // The right name in the wrong topic, or with a slip in its last part alone.
            let lasts: Vec<String> = known.iter().map(|name| last(name)).collect();
            let near = nearest(&last(wanted), lasts.iter().map(String::as_str))?;
            known.iter().find(|name| last(name) == near).cloned()
        });
    FindError {
        asked: asked.to_owned(),
        problem: "there is no such file, folder or scenario".to_owned(),
        help: Some(match near {
            Some(near) => format!("did you mean `{near}`?"),
            None => "`pptp-sim lint` lists the scenarios here".to_owned(),
        }),
    }
}

fn folder(path: &str, found: &mut Vec<Found>) -> Result<(), FindError> {
    let path = match path.trim_end_matches('/') {
        "" => "/",
        tidy => tidy,
    };
    let mut files = Vec::new();
    walk(path, 0, &mut files)?;
    files.sort();
    let before = found.len();
    for file in files {
        // A file that cannot be read is kept: the mistake is then shown.
        if FileLoader
            .load(&file)
            .map_or(true, |text| is_scenario_text(&text))
        {
            found.push(Found {
                name: name_below(&file, Some(path)),
                path: file,
                built_in: false,
            });
        }
    }
    if found.len() == before {
        return Err(FindError {
            asked: path.to_owned(),
            problem: "there is no scenario in this folder".to_owned(),
            help: Some("scenario files end in .kdl and hold one `scenario` each".to_owned()),
        });
    }
    Ok(())
}

/// Every `.kdl` file below a folder, but not below `fragments` or hidden folders. Links to folders are not followed.
fn walk(folder: &str, depth: usize, files: &mut Vec<String>) -> Result<(), FindError> {
    let unreadable = |problem: String| FindError {
        asked: folder.to_owned(),
        problem,
        help: None,
    };
    let entries = std::fs::read_dir(folder)
        .map_err(|error| unreadable(format!("this folder cannot be read: {error}")))?;
    for entry in entries.flatten() {
        let Ok(kind) = entry.file_type() else {
            continue;
        };
        let name = entry.file_name();
        let Some(name) = name.to_str() else {
            continue;
        };
        if name.starts_with('.') {
            continue;
        }
        let path = if folder == "." {
            name.to_owned()
        } else {
            format!("{}/{name}", folder.trim_end_matches('/'))
        };
        if kind.is_dir() {
            if depth < MAXIMUM_DEPTH && name != "fragments" {
                walk(&path, depth + 1, files)?;
            }
        } else if name.ends_with(".kdl") {
            files.push(path);
            if files.len() > MAXIMUM_FILES {
                return Err(unreadable(format!(
                    "there are more than {MAXIMUM_FILES} files here"
                )));
            }
        }
    }
    Ok(())
}

fn built_in_file(path: &str) -> Found {
    Found {
        name: name_below(path, None),
        path: path.to_owned(),
        built_in: true,
    }
}

fn on_disk(path: &str) -> Found {
    Found {
        name: name_below(path, None),
        path: path.to_owned(),
        built_in: false,
    }
}

/// The name of a file: what follows the last `scenarios/` of its path, else what follows `folder`, else its last part.
fn name_below(path: &str, folder: Option<&str>) -> String {
    let stem = path.strip_suffix(".kdl").unwrap_or(path);
    let parts: Vec<&str> = stem.split('/').collect();
    if let Some(position) = parts.iter().rposition(|part| *part == FOLDER)
        && position + 1 < parts.len()
    {
        return parts[position + 1..].join("/");
    }
    folder
        .and_then(|folder| stem.strip_prefix(folder))
        .map(|rest| rest.trim_start_matches('/').to_owned())
        .filter(|rest| !rest.is_empty())
        .unwrap_or_else(|| parts.last().copied().unwrap_or(stem).to_owned())
}

/// Where two files have one name, each gets its whole path for a name.
fn tell_apart(found: &mut [Found]) {
    let mut names: Vec<String> = found.iter().map(|file| file.name.clone()).collect();
    names.sort();
    let doubled = |name: &str| {
        let first = names.partition_point(|known| known.as_str() < name);
        names.get(first + 1).is_some_and(|next| next == name)
    };
    for file in found.iter_mut().filter(|file| doubled(&file.name)) {
        let stem = file.path.strip_suffix(".kdl").unwrap_or(&file.path);
        let parts: Vec<&str> = stem
            .split('/')
            .filter(|part| !matches!(*part, "" | "." | ".."))
            .collect();
        file.name = parts.join("/");
        if file.built_in {
            file.name = format!("built-in/{}", file.name);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_follow_the_folder_of_scenarios() {
        assert_eq!(name_below("scenarios/outgoing/a.kdl", None), "outgoing/a");
        assert_eq!(
            name_below("/x/scenarios/outgoing/a.kdl", Some("/x")),
            "outgoing/a"
        );
        assert_eq!(name_below("examples/b/a.kdl", Some("examples")), "b/a");
        assert_eq!(name_below("examples/b/a.kdl", None), "a");
        assert_eq!(name_below("a", None), "a");
    }

    #[test]
    fn equal_names_are_told_apart() {
        let file = |path: &str, built_in| Found {
            built_in,
            ..on_disk(path)
        };
        let mut found = vec![
            file("one/a.kdl", false),
            file("../two/a.kdl", false),
            file("b.kdl", false),
            file("scenarios/a.kdl", true),
        ];
        tell_apart(&mut found);
        let names: Vec<&str> = found.iter().map(|file| file.name.as_str()).collect();
        assert_eq!(names, ["one/a", "two/a", "b", "built-in/scenarios/a"]);
    }

    #[test]
    fn the_built_in_suite_has_no_fragments_and_no_registers() {
        let names: Vec<String> = built_in().into_iter().map(|file| file.name).collect();
        assert!(names.contains(&"outgoing/outgoing-call".to_owned()));
        assert!(!names.iter().any(|name| name.contains("fragments")
            || name == "requirements"
            || name == "deviations"));
    }

    #[test]
    fn a_name_finds_a_scenario_and_a_topic_finds_all_of_its_own() {
        let one = find(&["outgoing/outgoing-call".to_owned()]).expect("it is built in");
        assert_eq!(one.len(), 1);
        let topic = find(&["outgoing".to_owned(), "outgoing/outgoing-call".to_owned()])
            .expect("they are built in");
        assert!(topic.len() > 1 && topic.contains(&one[0]));
    }

    #[test]
    fn what_is_not_there_is_said_with_what_may_be_meant() {
        let message = |asked: &str| {
            find(&[asked.to_owned()])
                .expect_err("there is none")
                .to_string()
        };
        assert!(
            message("outgoing/outgoing-cal").ends_with("did you mean `outgoing/outgoing-call`?")
        );
        assert!(
            message("incoming/outgoing-call").ends_with("did you mean `outgoing/outgoing-call`?")
        );
        assert!(message("outgong").ends_with("did you mean `outgoing`?"));
        assert!(message("no/such/thing/qqq").contains("`pptp-sim lint` lists"));
    }
}
