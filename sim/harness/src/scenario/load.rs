//! Where scenario files come from: folders, a table in memory, or nowhere.

use std::collections::BTreeMap;
use std::io::Read;
use std::path::Path;

/// The longest file that is read, in octets.
pub const MAXIMUM_FILE_LENGTH: usize = 1 << 20;

/// Why a file could not be read.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum LoadError {
    /// There is none; the names of the files in the same folder follow, as far as they are known.
    NotFound(Vec<String>),
    /// It is longer than [`MAXIMUM_FILE_LENGTH`].
    TooLong,
    /// It is not UTF-8.
    NotText,
    /// Another reason, in words.
    Other(String),
}

/// Gives the text of scenario files by path, `/` between folders.
pub trait Loader {
    /// The whole text of the file.
    ///
    /// # Errors
    /// [`LoadError`].
    fn load(&self, path: &str) -> Result<String, LoadError>;
}

/// Reads files from the disk.
#[derive(Copy, Clone, Debug, Default)]
pub struct FileLoader;

/// Knows no files: for a text that stands alone.
#[derive(Copy, Clone, Debug, Default)]
pub struct NoFiles;

/// Files in memory by path, such as those built into the binary.
#[derive(Clone, Debug, Default)]
pub struct MemoryLoader {
    /// Path to text.
    pub files: BTreeMap<String, String>,
}

impl Loader for FileLoader {
    fn load(&self, path: &str) -> Result<String, LoadError> {
        let metadata = std::fs::metadata(path).map_err(|error| not_read(path, &error))?;
        if !metadata.is_file() {
            return Err(LoadError::Other("it is not a regular file".to_owned()));
        }
        let file = std::fs::File::open(path).map_err(|error| not_read(path, &error))?;
        let mut octets = Vec::new();
        file.take(MAXIMUM_FILE_LENGTH as u64 + 1)
            .read_to_end(&mut octets)
            .map_err(|error| not_read(path, &error))?;
        if octets.len() > MAXIMUM_FILE_LENGTH {
            return Err(LoadError::TooLong);
        }
        String::from_utf8(octets).map_err(|_| LoadError::NotText)
    }
}

impl Loader for NoFiles {
    fn load(&self, _path: &str) -> Result<String, LoadError> {
        Err(LoadError::NotFound(Vec::new()))
    }
}

impl Loader for MemoryLoader {
    fn load(&self, path: &str) -> Result<String, LoadError> {
        if let Some(text) = self.files.get(path) {
            return if text.len() > MAXIMUM_FILE_LENGTH {
                Err(LoadError::TooLong)
            } else {
                Ok(text.clone())
            };
        }
        let folder = path.rfind('/').map_or("", |end| &path[..=end]);
        let neighbours = self.files.keys().filter_map(|key| key.strip_prefix(folder));
        Err(LoadError::NotFound(neighbours.map(str::to_owned).collect()))
    }
}

fn not_read(path: &str, error: &std::io::Error) -> LoadError {
    if error.kind() == std::io::ErrorKind::NotFound {
        LoadError::NotFound(neighbours(Path::new(path)))
    } else {
        LoadError::Other(error.kind().to_string())
    }
}

/// The scenario files beside a path that does not exist.
fn neighbours(path: &Path) -> Vec<String> {
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty())
        .unwrap_or(Path::new("."));
    let Ok(entries) = std::fs::read_dir(folder) else {
        return Vec::new();
    };
    let mut names: Vec<String> = entries
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .filter(|name| name.ends_with(".kdl"))
        .take(1000)
        .collect();
    names.sort();
    names
}

/// `path` as seen from the file `including`: relative to its folder, with `.` and `..` worked out as far as they can be.
pub fn relative_to(including: &str, path: &str) -> String {
    let folder = including.rfind('/').map_or("", |end| &including[..end]);
    let absolute = path.starts_with('/') || (including.starts_with('/') && !path.is_empty());
    let mut parts: Vec<&str> = Vec::new();
    let whole = if path.starts_with('/') {
        path.split('/').chain("".split('/'))
    } else {
        folder.split('/').chain(path.split('/'))
    };
    for part in whole {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    format!("{}{}", if absolute { "/" } else { "" }, parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_relative_to_the_including_file() {
        assert_eq!(relative_to("a/b.kdl", "c.kdl"), "a/c.kdl");
        assert_eq!(relative_to("b.kdl", "./f/c.kdl"), "f/c.kdl");
        assert_eq!(relative_to("a/b/c.kdl", "../../d.kdl"), "d.kdl");
        assert_eq!(relative_to("a.kdl", "../d.kdl"), "../d.kdl");
        assert_eq!(relative_to("/x/a.kdl", "d.kdl"), "/x/d.kdl");
        assert_eq!(relative_to("a.kdl", "/d.kdl"), "/d.kdl");
    }

    #[test]
    fn a_missing_file_names_its_neighbours() {
        let mut loader = MemoryLoader::default();
        loader.files.insert("f/call.kdl".into(), String::new());
        assert_eq!(
            loader.load("f/cal.kdl"),
            Err(LoadError::NotFound(vec!["call.kdl".into()]))
        );
        assert!(matches!(
            FileLoader.load("no-such-folder/a.kdl"),
            Err(LoadError::NotFound(_))
        ));
    }

    #[test]
    fn a_folder_is_no_file() {
        assert!(matches!(FileLoader.load("."), Err(LoadError::Other(_))));
    }
}
